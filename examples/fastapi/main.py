"""A FastAPI app for people whom Vestibule signed in: it checks their tokens by itself, with Vestibule's public keys,
and keeps up with what Vestibule ended."""

import os
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer

from revocations import Revocations

VESTIBULE = os.environ.get("VESTIBULE_URL", "http://localhost:8000")  # its PUBLIC_URL, to the letter

revocations = Revocations(VESTIBULE, os.environ["VESTIBULE_USER"], os.environ["VESTIBULE_PASSWORD"])
app = FastAPI(lifespan=revocations.followed)
keys = jwt.PyJWKClient(f"{VESTIBULE}/.well-known/jwks.json", lifespan=60)
bearer = OAuth2PasswordBearer(tokenUrl=f"{VESTIBULE}/token")


def caller(token: Annotated[str, Depends(bearer)]) -> dict:
    if not revocations.are_known():
        raise HTTPException(503, "Vestibule cannot be reached")
    try:
        key = keys.get_signing_key_from_jwt(token)
        # Two machines' clocks may differ by some seconds: hence the leeway.
        found = jwt.decode_complete(token, key, ["ES256"], issuer=VESTIBULE, audience=VESTIBULE, leeway=30)
        if found["header"].get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("not an access token")
        if revocations.cover(found["payload"]):
            raise jwt.InvalidTokenError("ended before its time")
        return found["payload"]
    except jwt.PyJWKClientConnectionError:
        raise HTTPException(503, "Vestibule cannot be reached")
    except (jwt.InvalidTokenError, jwt.PyJWKClientError):
        raise HTTPException(401, "Could not validate credentials", {"WWW-Authenticate": "Bearer"})


@app.get("/hello")
def hello(who: Annotated[dict, Depends(caller)]):
    return {"hello": who["username"]}
