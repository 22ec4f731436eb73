"""The example beside a real Vestibule, called as its clients call it. `make test` runs this."""

import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import httpx
import jwt
import pytest

HERE = Path(__file__).parent
BINARY = os.environ.get("VESTIBULE", HERE.parent.parent / "target/debug/vestibule")
PASSWORD = "violet kettle orbit"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextmanager
def serving(command, ready, **where):
    """The command runs while the block does, which begins once it answers at `ready`."""
    with subprocess.Popen(command, **where) as process:
        try:
            for _ in range(300):
                assert process.poll() is None, f"{command} ended by itself"
                try:
                    httpx.get(ready).raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            else:
                pytest.fail(f"{command} does not answer at {ready}")
            yield
        finally:
            process.terminate()


@contextmanager
def example(vestibule):
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port), "--log-level", "warning"]
    with serving(command, f"{url}/openapi.json", cwd=HERE, env={**os.environ, "VESTIBULE_URL": vestibule}):
        yield httpx.Client(base_url=url)


@pytest.fixture(scope="module")
def vestibule():
    url = f"http://127.0.0.1:{(port := free_port())}"
    settings = {"PORT": str(port), "PUBLIC_URL": url, "BCRYPT_COST": "10"}
    with tempfile.TemporaryDirectory(prefix="vestibule-example-") as directory:
        with open(f"{directory}/log", "w") as log:
            with serving([BINARY], f"{url}/health/ready", cwd=directory, env=settings, stdout=log, stderr=log):
                yield url


@pytest.fixture(scope="module")
def service(vestibule):
    with example(vestibule) as client:
        yield client


@pytest.fixture(scope="module")
def token(vestibule):
    alice = {"username": "alice", "email": "alice@example.com", "password": PASSWORD}
    httpx.post(f"{vestibule}/signup", json=alice).raise_for_status()
    answer = httpx.post(f"{vestibule}/token", data={"username": "alice", "password": PASSWORD})
    return answer.raise_for_status().json()["access_token"]


def hello(service, token):
    return service.get("/hello", headers={"Authorization": f"Bearer {token}"})


def with_part(token, index, change):
    """The token with its header (0) or its claims (1) changed, and the old signature."""
    parts = token.split(".")
    part = json.loads(base64.urlsafe_b64decode(parts[index] + "=="))
    parts[index] = base64.urlsafe_b64encode(json.dumps(part | change).encode()).decode().rstrip("=")
    return ".".join(parts)


def test_a_token_from_vestibule_is_accepted(service, token):
    answer = hello(service, token)
    assert (answer.status_code, answer.json()) == (200, {"hello": "alice"})


def test_no_token_is_refused(service):
    answer = service.get("/hello")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "tamper",
    [
        lambda token: with_part(token, 1, {"username": "admin"}),
        lambda token: with_part(token, 1, {"exp": 4_000_000_000}),
        lambda token: with_part(token, 0, {"alg": "none"}).rpartition(".")[0] + ".",
        lambda token: with_part(token, 0, {"alg": "HS256"}),
        lambda token: with_part(token, 0, {"kid": "another"}),
        lambda token: token[:-8],
        lambda token: "not a token",
    ],
    ids=["username", "expiry", "unsigned", "another algorithm", "another key", "cut signature", "garbage"],
)
def test_a_tampered_token_is_refused(service, token, tamper):
    answer = hello(service, tamper(token))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_an_expired_token_is_refused(vestibule, token, monkeypatch):
    monkeypatch.setenv("VESTIBULE_URL", vestibule)
    import main

    assert main.caller(token)["username"] == "alice"
    # The 30 minutes that a token lives, and the leeway, have passed on the service's clock.
    later = mock.Mock(now=lambda tz: datetime.now(tz) + timedelta(minutes=31))
    with mock.patch("jwt.api_jwt.datetime", later), pytest.raises(main.HTTPException) as refusal:
        main.caller(token)
    assert refusal.value.status_code == 401


def test_a_token_for_somebody_else_is_refused(vestibule, token):
    with example(vestibule.replace("127.0.0.1", "localhost")) as another_service:
        assert hello(another_service, token).status_code == 401


def test_a_vestibule_that_is_down_is_not_the_callers_fault(token):
    with example(f"http://127.0.0.1:{free_port()}") as lonely_service:
        assert hello(lonely_service, token).status_code == 503
