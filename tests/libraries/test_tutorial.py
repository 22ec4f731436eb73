"""The tutorial's own service, unchanged, beside a Vestibule with its secret key and its profile."""

from datetime import datetime, timedelta, timezone

import pytest
import time_machine
import tutorial_jose
import tutorial_pyjwt
from forgery import FORGERIES
from served import served

USERS_ME = ("GET", "/users/me/")


@pytest.fixture(scope="module", params=[tutorial_pyjwt, tutorial_jose], ids=["PyJWT", "python-jose"])
def service(request):
    with served(request.param.app) as send:
        yield send


@pytest.fixture(scope="module")
def token(houses):
    house = houses(ALGORITHM="HS256", TOKEN_PROFILE="fastapi")
    return house.tokens("alice")["access_token"]


def test_a_token_from_vestibule_is_accepted(service, token):
    answer = service(*USERS_ME, token)
    assert (answer.status_code, answer.json()["full_name"]) == (200, "Alice Wonderson")


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_is_refused(service, token, forge):
    assert service(*USERS_ME, forge(token, [])).status_code == 401


def test_an_expired_token_is_refused(service, token):
    with time_machine.travel(datetime.now(timezone.utc) + timedelta(minutes=31)):
        assert service(*USERS_ME, token).status_code == 401


def test_a_token_of_the_other_profile_is_refused(service, houses):
    tokens = houses(ALGORITHM="HS256", TOKEN_PROFILE="rfc9068").tokens("alice")
    assert service(*USERS_ME, tokens["access_token"]).status_code == 401
