"""A small real provider of OpenID Connect on loopback, with keys of its own, that can be made to lie in one way at a time.

It shares no code with what it tests: tokens are put together and signed here, with `cryptography` alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT_ID, SECRET = "eduprog-at-oakfield", "a secret of the client"


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Provider:
    """One provider. `claims` go into the next tokens over what is right; a claim that is None is left out."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        self.kid = "first"
        self.user: dict[str, Any] = {"sub": "user-1", "email": "ama@oakfield.example", "email_verified": True}
        self.claims: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.metadata: dict[str, Any] = {}
        self.same_token = ""  # give this one to everybody, whatever was asked
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.traded: list[dict[str, str]] = []
        self.given: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def change_keys(self) -> None:
        """Sign with a new key from now on."""
        self.key, self.kid = rsa.generate_private_key(65537, 2048), secrets.token_hex(4)

    def sign_in(self, address: str) -> str:
        """Do what a browser and its user do at the provider: give the address that it sends them back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, headers: Any, body: str) -> tuple[int, dict[str, Any]]:
        """Answer a request."""
        if path == "/.well-known/openid-configuration":
            there = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            places = {name: self.issuer + path for name, path in there.items()}
            return 200, {
                "issuer": self.issuer,
                **places,
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                **self.metadata,
            }
        if path == "/keys":
            numbers = self.key.public_key().public_numbers()
            public = {
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": self.kid,
                "n": _number(numbers.n),
                "e": _number(numbers.e),
            }
            return 200, {"keys": [public]}
        return self._trade({name: values[0] for name, values in parse_qs(body).items()}, headers.get("Authorization", ""))

    def _trade(self, said: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        self.traded.append(said)
        wanted = "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".replace(" ", "%20").encode()).decode()
        plain = "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if authorization not in (wanted, plain):
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(said.get("code", ""), None)
        if asked is None or said.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        challenge = _b64(hashlib.sha256(said.get("code_verifier", "").encode()).digest())
        if asked.get("code_challenge_method") != "S256" or challenge != asked.get("code_challenge"):
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        token = self.same_token or self.token(asked)
        self.given.append(token)
        return 200, {"access_token": "of no use", "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def token(self, asked: dict[str, str]) -> str:
        """Sign what is true but for `claims`, by `algorithm`."""
        now = int(time.time())
        right = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked.get("nonce"), **self.user}
        if "max_age" in asked:
            right["auth_time"] = now
        claims = {name: value for name, value in {**right, **self.claims}.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT"}
        signed = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(claims).encode())}"
        return f"{signed}.{_b64(self._signature(signed.encode()))}"

    def _signature(self, signed: bytes) -> bytes:
        if self.algorithm == "none":
            return b""
        if self.algorithm == "HS256":  # by what everybody can know: the public key, as the old attack does
            return hmac.digest(_number(self.key.public_key().public_numbers().n).encode(), signed, "sha256")
        return self.key.sign(signed, padding.PKCS1v15(), SHA256())


def _number(value: int) -> str:
    return _b64(value.to_bytes((value.bit_length() + 7) // 8))


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, body: str) -> None:
            status, said = provider.answer(urlsplit(self.path).path, self.headers, body)
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler
