"""A mail server of others' making: STARTTLS, a password, and moods. Prints its port, then each mail that it took as JSON."""

import asyncio
import json
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

certificate, key, mood = sys.argv[1:]


class Box:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if mood == "hang":
            await asyncio.sleep(3600)
        if mood.isdigit():
            return f"{mood} not {address}, not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "user": session.auth_data and session.auth_data.login.decode(),
            "greeted": session.host_name,
            "raw": envelope.content.decode(),
        }
        print(json.dumps(mail), flush=True)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b"app@example.com", b"p/w with spaces")
    return AuthResult(success=right, handled=False, auth_data=data if right else None)


class Server(Controller):
    def factory(self):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        return SMTP(
            self.handler,
            tls_context=None if mood == "plain" else tls,
            require_starttls=mood != "plain",
            authenticator=authenticate,
            auth_required=mood != "plain",
        )


with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
server = Server(Box(), hostname="127.0.0.1", port=port)
server.start()
print(port, flush=True)
sys.stdin.read()
server.stop()
