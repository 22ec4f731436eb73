"""What every library must do. A test file makes a class of these for each way to set its library up."""

from datetime import datetime, timedelta, timezone

import httpx
import pytest
import time_machine
from forgery import FORGERIES
from house import PASSWORD
from served import served


class Checks:
    algorithms = ["HS256"]
    profile = "rfc9068"
    #: The blocks of docs/LIBRARIES.md that make the app; the other one is called `block`.
    around = "service"
    #: The statuses by which the library's users refuse.
    refusals = {401}

    def test_a_token_from_vestibule_is_accepted(self, service, tokens):
        answer = service("GET", "/hello", tokens["access_token"])
        assert (answer.status_code, answer.json()) == (200, {"hello": "alice"})

    def test_no_token_is_refused(self, service):
        assert service("GET", "/hello").status_code == 401

    @pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
    def test_a_forged_token_is_refused(self, service, public_keys, tokens, forge):
        forged = forge(tokens["access_token"], public_keys)
        assert forged != tokens["access_token"]
        assert service("GET", "/hello", forged).status_code in self.refusals

    def test_an_expired_token_is_refused(self, service, tokens):
        # On the clock of the service; the half hour is the life of a token.
        with time_machine.travel(datetime.now(timezone.utc) + timedelta(minutes=29)):
            assert service("GET", "/hello", tokens["access_token"]).status_code == 200
        with time_machine.travel(datetime.now(timezone.utc) + timedelta(minutes=31)):
            assert service("GET", "/hello", tokens["access_token"]).status_code in self.refusals


class ChecksWithAudience(Checks):
    def test_a_token_for_another_audience_is_refused(self, make_app, tokens):
        with served(make_app(AUDIENCE="https://another.example")) as another:
            assert another("GET", "/hello", tokens["access_token"]).status_code in self.refusals


class ChecksOfGuards:
    """Where the library asks for the claims `type` and `fresh`."""

    def test_a_route_may_go_without_a_token(self, service, tokens):
        assert service("GET", "/maybe").json() == {"hello": "stranger"}
        assert service("GET", "/maybe", tokens["access_token"]).json() == {"hello": "alice"}

    def test_a_refreshed_token_is_accepted_but_not_fresh(self, service, house):
        first = house.tokens("alice")
        second = house.call("POST", "/refresh", first["refresh_token"]).json()
        assert service("DELETE", "/everything", first["access_token"]).status_code == 200
        assert service("GET", "/hello", second["access_token"]).status_code == 200
        assert service("DELETE", "/everything", second["access_token"]).status_code == 401

    def test_a_refresh_token_of_vestibule_opens_nothing(self, service, tokens):
        assert service("GET", "/hello", tokens["refresh_token"]).status_code in self.refusals

    def test_a_cookie_is_enough_to_read_and_a_write_needs_the_double_submit_token(self, service, house):
        alice = {"username": "alice", "password": PASSWORD, "cookies": True}
        cookies = httpx.post(f"{house.url}/login", json=alice).raise_for_status().cookies
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        proof = cookies["csrf_access_token"]
        assert service("GET", "/hello", **sent).json() == {"hello": "alice"}
        assert service("DELETE", "/everything", **sent).status_code == 401
        assert service("DELETE", "/everything", **sent, **{"X-CSRF-Token": proof[:-1]}).status_code == 401
        assert service("DELETE", "/everything", **sent, **{"X-CSRF-Token": proof}).status_code == 200
