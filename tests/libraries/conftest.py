"""What the tests of all libraries share: running Vestibules, and services made from docs/LIBRARIES.md beside them."""

from contextlib import ExitStack
from functools import cache

import page
import pytest
from house import PASSWORD, House
from served import served

pytest.register_assert_rewrite("checks")

#: The tutorial's own.
SECRET_KEY = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"


def pytest_generate_tests(metafunc):
    if "algorithm" in metafunc.fixturenames:
        metafunc.parametrize("algorithm", metafunc.cls.algorithms, scope="class")


@pytest.fixture(scope="session")
def houses():
    """The Vestibule with these settings; it is started when it is asked for first, and has a user called alice."""
    with ExitStack() as open_houses:

        @cache
        def with_settings(**settings):
            house = open_houses.enter_context(House.open(SECRET_KEY=SECRET_KEY, **settings))
            house.call("POST", "/signup", json={"username": "alice", "email": "a@example.com", "password": PASSWORD})
            return house

        yield with_settings


@pytest.fixture(scope="class")
def house(houses, algorithm, request):
    return houses(ALGORITHM=algorithm, TOKEN_PROFILE=request.cls.profile)


@pytest.fixture(scope="class")
def tokens(house):
    return house.tokens("alice")


@pytest.fixture(scope="class")
def public_keys(house):
    return house.call("GET", "/.well-known/jwks.json").json()["keys"]


@pytest.fixture(scope="class")
def make_app(house, algorithm, request):
    """The app that a test class names, set up for this Vestibule and this audience."""
    environment = {"VESTIBULE_URL": house.url, "ALGORITHM": algorithm, "SECRET_KEY": SECRET_KEY}
    return lambda **more: page.app(request.cls.around, request.cls.block, environment | more)


@pytest.fixture(scope="class")
def service(house, make_app, request):
    with served(make_app(**({} if request.cls.profile == "fastapi" else {"AUDIENCE": house.url}))) as send:
        yield send
