"""A real Vestibule for the tests in Python; those in a browser have theirs in tests/browser/house.js."""

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

BINARY = os.environ.get("VESTIBULE", Path(__file__).parents[2] / "target/debug/vestibule")
PASSWORD = "violet kettle orbit"


def client(url):
    """One that may be used while clocks are moved: no connection is kept for the next request."""
    return httpx.Client(base_url=url, limits=httpx.Limits(max_keepalive_connections=0))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextmanager
def serving(command, ready, **where):
    """The command runs while the block does, which begins once it answers at `ready`."""
    with subprocess.Popen(command, **where) as process, client("") as http:
        try:
            for _ in range(600):
                assert process.poll() is None, f"{command} ended by itself"
                try:
                    http.get(ready).raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.05)
            else:
                pytest.fail(f"{command} does not answer at {ready}")
            yield
        finally:
            process.kill()


class House:
    """One Vestibule, with a database of its own."""

    def __init__(self, directory, settings):
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.http = client(self.url)
        self.directory = directory
        self.settings = {"PORT": str(port), "PUBLIC_URL": self.url, "BCRYPT_COST": "10", **settings}

    @classmethod
    @contextmanager
    def open(cls, **settings):
        with TemporaryDirectory(prefix="vestibule-house-") as directory:
            house = cls(directory, settings)
            with house.running():
                yield house

    @contextmanager
    def running(self):
        with open(f"{self.directory}/log", "a") as log:
            where = {"cwd": self.directory, "env": self.settings, "stdout": log, "stderr": log}
            with serving([BINARY], f"{self.url}/health/ready", **where):
                yield

    def add_user(self, name, role="user"):
        command = [BINARY, "user", "add", name, "--email", f"{name}@example.com", "--role", role]
        where = {"cwd": self.directory, "env": self.settings, "stdout": subprocess.DEVNULL}
        subprocess.run(command, input=PASSWORD, text=True, check=True, **where)

    def call(self, method, path, token=None, **what):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.request(method, path, headers=headers, **what).raise_for_status()

    def tokens(self, name, **form):
        return self.call("POST", "/token", data={"username": name, "password": PASSWORD, **form}).json()
