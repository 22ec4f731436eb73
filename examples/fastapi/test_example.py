"""The example beside a real Vestibule, called as its clients call it. `make test` runs this."""

import os
import re
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from forgery import FORGERIES
from house import PASSWORD, House, client, free_port, serving
from served import served

HERE = Path(__file__).parent
README = HERE.parents[1] / "README.md"
SIGN_IN = {"VESTIBULE_USER": "example", "VESTIBULE_PASSWORD": PASSWORD}


def people(house):
    house.add_user("alice")
    house.add_user("example", role="admin")
    return house


@contextmanager
def example(vestibule):
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port), "--log-level", "critical"]
    environment = {**os.environ, **SIGN_IN, "VESTIBULE_URL": vestibule}
    with serving(command, f"{url}/openapi.json", cwd=HERE, env=environment), client(url) as http:
        yield http


@pytest.fixture(scope="module")
def house():
    with House.open() as house:
        yield people(house)


@pytest.fixture(scope="module")
def service(house):
    with example(house.url) as http:
        yield http


@pytest.fixture(scope="module")
def here(house):
    """The example in this process, where its clock can be moved."""
    with mock.patch.dict(os.environ, {**SIGN_IN, "VESTIBULE_URL": house.url}):
        import main
    with served(main.app) as send:
        yield send


@pytest.fixture
def token(house):
    return house.tokens("alice")["access_token"]


def hello(service, token):
    return service.get("/hello", headers={"Authorization": f"Bearer {token}"})


def within(seconds, is_so):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)


def test_a_token_from_vestibule_is_accepted(service, token):
    answer = hello(service, token)
    assert (answer.status_code, answer.json()) == (200, {"hello": "alice"})


def test_the_service_that_the_readme_shows_accepts_it_too(house, token):
    code = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[1]
    with mock.patch.dict(os.environ, {"VESTIBULE_URL": house.url}):
        exec(compile(code, README, "exec"), shown := {})
    with served(shown["app"]) as send:
        assert send("GET", "/hello", token).json() == {"hello": "alice"}


def test_no_token_is_refused(service):
    answer = service.get("/hello")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_is_refused(house, service, token, forge):
    keys = house.call("GET", "/.well-known/jwks.json").json()["keys"]
    answer = hello(service, forge(token, keys))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_for_somebody_else_is_refused(house, token):
    with example(house.url.replace("127.0.0.1", "localhost")) as another_service:
        assert hello(another_service, token).status_code == 401


def test_a_vestibule_that_is_down_is_not_the_callers_fault(token):
    with example(f"http://127.0.0.1:{free_port()}") as lonely_service:
        assert hello(lonely_service, token).status_code == 503


def test_who_signs_out_is_refused_within_a_second_and_nobody_else(house, service):
    one, other = house.tokens("alice"), house.tokens("alice")
    assert hello(service, one["access_token"]).status_code == 200
    house.call("POST", "/logout", one["access_token"])
    within(1, lambda: hello(service, one["access_token"]).status_code == 401)
    assert hello(service, other["access_token"]).status_code == 200


def test_who_is_given_other_roles_is_refused_within_a_second_until_they_refresh(house, service):
    alice, admin = house.tokens("alice"), house.tokens("example")["access_token"]
    me = house.call("GET", "/users/me", alice["access_token"]).json()["id"]
    house.call("PUT", f"/api/users/{me}/roles", admin, json={"roles": ["user", "admin"]})
    within(1, lambda: hello(service, alice["access_token"]).status_code == 401)

    def refreshed():
        alice.update(house.call("POST", "/refresh", alice["refresh_token"]).json())
        return hello(service, alice["access_token"]).status_code == 200

    within(2, refreshed)


def test_a_role_that_is_changed_is_gone_within_a_second_until_they_refresh(house, service):
    admin = house.tokens("example")["access_token"]
    role = house.call("POST", "/api/roles", admin, json={"name": "clerk", "permissions": ["invoices:approve"]}).json()
    alice = house.tokens("alice")
    me = house.call("GET", "/users/me", alice["access_token"]).json()["id"]
    house.call("PUT", f"/api/users/{me}/roles", admin, json={"roles": ["user", "clerk"]})
    alice = house.tokens("alice")
    assert hello(service, alice["access_token"]).status_code == 200
    house.call("PATCH", f"/api/roles/{role['id']}", admin, json={"permissions": []})
    within(1, lambda: hello(service, alice["access_token"]).status_code == 401)
    alice = house.call("POST", "/refresh", alice["refresh_token"]).json()
    within(2, lambda: hello(service, alice["access_token"]).status_code == 200)


def test_the_feed_goes_on_when_the_token_that_reads_it_was_ended(house, service, token):
    house.call("DELETE", "/users/me/sessions", house.tokens("example")["access_token"])
    house.call("POST", "/logout", token)
    # It signs in again, which takes the time of a password.
    within(3, lambda: hello(service, token).status_code == 401)


def test_the_feed_goes_on_when_vestibule_starts_again(tmp_path):
    house = House(tmp_path, {})
    with ExitStack() as later:
        with house.running():
            token = people(house).tokens("alice")["access_token"]
            service = later.enter_context(example(house.url))
            assert hello(service, token).status_code == 200
        assert hello(service, token).status_code == 200
        with house.running():
            house.call("POST", "/logout", token)
            # It tries again every two seconds.
            within(3, lambda: hello(service, token).status_code == 401)


def test_without_news_for_too_long_nobody_is_trusted(here, token):
    assert here("GET", "/hello", token).status_code == 200
    with mock.patch("revocations.PATIENCE", 0):
        assert here("GET", "/hello", token).status_code == 503


def test_an_expired_token_is_refused(here, token):
    assert here("GET", "/hello", token).status_code == 200
    # The 30 minutes that a token lives, and the leeway, have passed on the service's clock.
    later = mock.Mock(now=lambda tz: datetime.now(tz) + timedelta(minutes=31))
    with mock.patch("jwt.api_jwt.datetime", later):
        assert here("GET", "/hello", token).status_code == 401
