"""What a person sees when something cannot be done: a plain page, never a trace."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from eduprog.core.db import is_damaged
from eduprog.core.errors import Conflict, NotHere, Refusal

_log = structlog.get_logger()
_REFUSED = (403, 429)
_KNOWN = (400, 403, 404, 409, 413, 429, 500, 503)

Answer = tuple[str, int]


def answer_errors(app: Flask) -> None:
    """Give every failure its page."""
    handlers: dict[type[Exception], Callable[..., Answer]] = {
        HTTPException: _http,
        CSRFError: _form_too_old,
        NotHere: _not_here,
        Conflict: _conflict,
        StaleDataError: _conflict,
        Refusal: _refused,
        OperationalError: _database,
        DatabaseError: _damaged_or_fault,
        Exception: _fault,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, handler)


def _page(status: int, sentence: str = "") -> Answer:
    shown = status if status in _KNOWN else (404 if status < 500 else 500)
    return render_template(f"errors/{shown}.html", sentence=sentence, request_id=g.get("request_id", "")), status


def _tell_of_refusal(why: str) -> None:
    """Log who was refused what: numbers of the person, the school and the thing asked for, and nothing that anybody typed."""
    who = g.get("_login_user")  # as Flask-Login keeps it, if it was asked; on the way out nothing is read any more
    asked = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    _log.warning(
        "refused", why=why, method=request.method, person_id=getattr(who, "person_id", None),
        school_id=getattr(who, "school_id", None), asked=asked,
    )  # fmt: skip


def _http(problem: HTTPException) -> Answer:
    if problem.code in _REFUSED:
        _tell_of_refusal("may not" if problem.code == 403 else "too many")
    return _page(problem.code or 500)


def _form_too_old(_problem: CSRFError) -> Answer:
    _tell_of_refusal("its form could not be checked")
    return _page(400, "This page was open too long, so its form could not be checked. Go back, reload it and try again.")


def _not_here(_problem: NotHere) -> Answer:
    _tell_of_refusal("not there, or not theirs")
    return _page(404)


def _conflict(problem: Exception) -> Answer:
    sentence = problem.sentence if isinstance(problem, Conflict) else ""
    return _page(409, sentence)


def _refused(problem: Refusal) -> Answer:
    return _page(409, problem.sentence)


def _database(problem: DatabaseError) -> Answer:
    _log.error("database refused", problem=type(problem.orig).__name__, detail=str(problem.orig))
    return _page(503)


def _damaged_or_fault(problem: DatabaseError) -> Answer:
    """Tell damage, and a connection that the server ended, from the faults of ours."""
    return _database(problem) if is_damaged(problem) or problem.connection_invalidated else _fault(problem)


def _fault(problem: Exception) -> Answer:
    _log.exception("fault", problem=type(problem).__name__)
    return _page(500)
