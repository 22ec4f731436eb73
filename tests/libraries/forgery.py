"""Tokens that look like Vestibule's and are not."""

import base64
import hashlib
import hmac
import json

from jose import jwk


def encode(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def with_part(token, index, change):
    """The token with its header (0) or its claims (1) changed, and the old signature."""
    parts = token.split(".")
    parts[index] = encode(json.dumps(json.loads(decode(parts[index])) | change).encode())
    return ".".join(parts)


def signed_with(secret, token):
    """The token's claims, signed by HS256 with whatever is taken for the secret; the `kid` stays."""
    text = with_part(token, 0, {"alg": "HS256"}).rpartition(".")[0]
    return f"{text}.{encode(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def public_bytes(keys, token):
    """What an attacker may take for the secret: the public key as everybody can read it."""
    kid = json.loads(decode(token.split(".")[0])).get("kid")
    for key in keys:
        if key["kid"] == kid:
            return decode(key["x"]) if key["kty"] == "OKP" else jwk.construct(key, key["alg"]).to_pem()
    return b"no public key, and another secret than the right one"


def unsigned(alg):
    return lambda token, _: with_part(token, 0, {"alg": alg}).rpartition(".")[0] + "."


def other_signature(token, _):
    text, _, signature = token.rpartition(".")
    return f"{text}.{encode(bytes([decode(signature)[0] ^ 1]) + decode(signature)[1:])}"


FORGERIES = {
    "another name": lambda token, _: with_part(token, 1, {"username": "admin", "sub": "admin"}),
    "a later end": lambda token, _: with_part(token, 1, {"exp": 4_000_000_000}),
    "another signature": other_signature,
    "a cut signature": lambda token, _: token[:-8],
    "no signature": unsigned("none"),
    "no signature, spelt NONE": unsigned("NONE"),
    "the public key as secret": lambda token, keys: signed_with(public_bytes(keys, token), token),
    "another key id": lambda token, _: with_part(token, 0, {"kid": "another"}),
    "garbage": lambda token, _: "not a token",
}
