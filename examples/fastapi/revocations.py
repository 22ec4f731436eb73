"""What Vestibule ended before its time, asked for four times a second, for a service that checks tokens by itself."""

import asyncio
import logging
import math
import time
from contextlib import asynccontextmanager
from datetime import datetime

import httpx

#: Seconds without news after which no token is trusted. Vestibule is back from a restart sooner.
PATIENCE = 30

log = logging.getLogger("uvicorn.error")


class Revocations:
    def __init__(self, vestibule, username, password):
        self.vestibule = httpx.AsyncClient(base_url=vestibule, timeout=5)
        self.sign_in = {"username": username, "password": password, "scope": "tokens:introspect"}
        self.ended = {}  # of a session (`sid`) or a user (`sub`): until when made, and until when to be remembered
        self.changed = {}  # roles: the number of the last change, and until when to be remembered
        self.after = ""
        self.heard = -math.inf

    def are_known(self):
        return time.monotonic() - self.heard < PATIENCE

    def cover(self, claims):
        """Whether the token's session was ended, its user given other roles, or one of its roles changed after it was made."""
        made_until, _ = self.ended.get(claims["sub"], (0, 0))
        if claims["sid"] in self.ended or made_at(claims) <= made_until:
            return True
        knows_of = claims.get("rv", 0)
        return any(knows_of < self.changed.get(role, (0, 0))[0] for role in claims["roles"])

    @asynccontextmanager
    async def followed(self, _app):
        """To be FastAPI's `lifespan`: what was ended is known before the first request comes."""
        async with self.vestibule:
            await self.catch_up()
            following = asyncio.create_task(self.follow())
            yield
            following.cancel()

    async def follow(self):
        while True:
            # Whoever can't sign in should not try it four times a second.
            await asyncio.sleep(0.25 if await self.catch_up() else 2)

    async def catch_up(self):
        """Asks until there is nothing new; whether it was told."""
        try:
            while (news := await self.news())["items"]:
                for item in news["items"]:
                    self.take_in(item)
                self.after = news["next"]
            self.ended, self.changed = still_needed(self.ended), still_needed(self.changed)
            self.heard = time.monotonic()
            return True
        except Exception as why:  # whatever it is: who stops asking knows nothing from then on
            log.warning("Vestibule does not tell what it ended: %r", why)
            return False

    def take_in(self, item):
        if role := item.get("role"):
            self.changed[role] = (int(item["cursor"]), moments(item)[1])
        elif whose := item.get("sid") or item.get("sub"):
            self.ended[whose] = moments(item)

    async def news(self):
        answer = await self.vestibule.get("/revocations", params={"after": self.after})
        if answer.status_code == 401:  # at first, and when the token has expired
            signed_in = (await self.vestibule.post("/token", data=self.sign_in)).raise_for_status().json()
            self.vestibule.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
            answer = await self.vestibule.get("/revocations", params={"after": self.after})
        return answer.raise_for_status().json()


def still_needed(marks):
    return {whose: mark for whose, mark in marks.items() if mark[1] > time.time()}


def moments(item):
    return tuple(datetime.fromisoformat(item[name]).timestamp() for name in ("before", "expires"))


def made_at(claims):
    """To the millisecond, with which a `jti` begins (a UUID of version 7); `iat` counts whole seconds."""
    return int(claims["jti"][:12], 16) / 1000
