"""A small server that speaks the documented API of GOV.UK Notify: it takes emails, lists them, and refuses as it would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"school_live-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


class NotifyServer:
    """Listens on loopback. `answers` holds (status, error) to give instead of taking the next messages; 0 says nothing at all."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.answers: list[tuple[int, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - a class of short methods
        server = self

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            def log_message(self, *_args: object) -> None:
                """Keep quiet."""

            def do_POST(self) -> None:
                """Take an email, or answer as told."""
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not self._signed():
                    return self._say(403, _error("AuthError", "Invalid token: API key not found"))
                if server.answers:
                    status, said = server.answers.pop(0)
                    return self._say(status, _error("BadRequestError", said))
                server.taken.append({**sent, "id": f"id-{len(server.taken)}", "status": "sending"})
                return self._say(201, {"id": server.taken[-1]["id"], "reference": sent.get("reference")})

            def do_GET(self) -> None:
                """List what was taken."""
                if not self._signed():
                    return self._say(403, _error("AuthError", "Invalid token: API key not found"))
                asked = parse_qs(urlsplit(self.path).query)
                found = [one for one in server.taken if _fits(one, "reference", asked) and _fits(one, "status", asked)]
                return self._say(200, {"notifications": found, "links": {}})

            def _signed(self) -> bool:
                head, body, signature = self.headers["Authorization"].removeprefix("Bearer ").split(".")
                wanted = hmac.new(SECRET.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
                issuer = json.loads(base64.urlsafe_b64decode(body + "=="))["iss"]
                return issuer == SERVICE and base64.urlsafe_b64encode(wanted).decode().rstrip("=") == signature

            def _say(self, status: int, said: dict[str, Any]) -> None:
                content = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        return Handler


def _error(kind: str, said: str) -> dict[str, Any]:
    return {"status_code": 400, "errors": [{"error": kind, "message": said}]}


def _fits(one: dict[str, Any], name: str, asked: dict[str, list[str]]) -> bool:
    return name not in asked or one[name] in asked[name]
