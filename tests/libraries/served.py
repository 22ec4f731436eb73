"""A service behind a real server, in this process: a test can move its clock."""

import threading
import time
from contextlib import contextmanager

import uvicorn
from house import client


@contextmanager
def asgi(app):
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the app did not start"
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def wsgi(app):
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def served(app):
    """The app while the block runs, as a function that sends it a request."""
    with (wsgi if hasattr(app, "wsgi_app") else asgi)(app) as port, client(f"http://127.0.0.1:{port}") as http:

        def request(method, path, token=None, **headers):
            bearer = {"Authorization": f"Bearer {token}"} if token else {}
            return http.request(method, path, headers=bearer | headers)

        yield request
