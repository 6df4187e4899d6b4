"""Files that take long to make (print packs, slides, workbooks) never take all threads: pages go on while they are made."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator

from flask import Flask, g, render_template, request
from flask_login import current_user
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from eduprog.core.settings import Settings

TOO_MANY = "Many files are being made just now, so this one was not begun."
_MADE = (".pdf", ".pptx", ".docx", ".xlsx", ".zip")
_AGAIN_AFTER_SECONDS = 10


class Busy(ServiceUnavailable):
    """Too many files are being made at once."""


class Hands:
    """How many files may be made at once by this process, and how many of them for one person or link."""

    def __init__(self, most: int) -> None:
        self._most = max(1, most)
        self._each = max(1, self._most // 2)
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, whose: str) -> bool:
        """Take a hand for somebody. Says whether there was one; who got one gives it back."""
        with self._lock:
            if self._held.total() >= self._most or self._held[whose] >= self._each:
                return False
            self._held[whose] += 1
            return True

    def give_back(self, whose: str) -> None:
        """Let the next one have it."""
        with self._lock:
            self._held[whose] -= 1
            if self._held[whose] <= 0:
                del self._held[whose]


def spare(app: Flask, settings: Settings) -> None:
    """Hold half of the threads free of files: whoever asks for one more is told to wait a little."""
    hands = Hands(settings.THREADS // 2)
    app.extensions["eduprog-hands"] = hands
    app.register_error_handler(Busy, _say)

    @app.before_request
    def _take() -> None:
        if not request.path.endswith(_MADE) or request.endpoint in (None, "static"):
            return
        whose = _whose()
        if not hands.take(whose):
            raise Busy
        g.hand_of = whose

    @app.after_request
    def _made(response: Response) -> Response:
        if "hand_of" in g and response.is_streamed:
            _hold_until_sent(response, hands, g.pop("hand_of"))  # a pack is made while it is sent
        return response

    @app.teardown_request
    def _give_back(_problem: BaseException | None = None) -> None:
        if "hand_of" in g:
            hands.give_back(g.pop("hand_of"))


def _say(_problem: Exception) -> tuple[str, int, dict[str, str]]:
    page = render_template("errors/503.html", sentence=TOO_MANY, request_id="")
    return page, ServiceUnavailable.code, {"Retry-After": str(_AGAIN_AFTER_SECONDS)}


def _hold_until_sent(response: Response, hands: Hands, whose: str) -> None:
    """Give the hand back once, after the last piece or when the visitor goes away before it."""
    held = [whose]

    def let_go() -> None:
        if held:
            hands.give_back(held.pop())

    def pieces(made: Iterable[bytes]) -> Iterator[bytes]:
        try:
            yield from made
        finally:
            let_go()

    response.call_on_close(let_go)
    response.response = pieces(response.iter_encoded())


def _whose() -> str:
    """Give the person who asks, or the signed link that is asked by."""
    if current_user.is_authenticated:
        return f"person {current_user.person_id}"
    return f"link {(request.view_args or {}).get('token', '')}"
