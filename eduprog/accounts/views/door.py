"""The session cookie: read on every request, given at sign-in, taken back at sign-out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from flask import Flask, Request, current_app, g, request, session
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries
from eduprog.accounts.queries import Place, PlaceKind, SessionFacts
from eduprog.accounts.rules import PROOF_GOOD_FOR, SEEN_EVERY, idle_limit, is_live, may_record, must_have_second_factor
from eduprog.accounts.views.blueprint import blueprint, settings
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.tenancy import across_schools
from eduprog.web.guards import SignedIn, access_of
from eduprog.web.security import cookie_name

_ASKED = "eduprog.sign_in_asked"
_log = structlog.get_logger()


def load_signed_in(request: Request) -> SignedIn | None:
    """Give the person behind a request with their rights as they are now, or None."""
    token = request.cookies.get(_cookie())
    if not token or _ASKED in request.environ:
        return None  # asked before in this request, and failed: the page that says so must not fail too
    request.environ[_ASKED] = True
    now = clock.now()
    with across_schools("sign-in"):
        found = queries.session_and_places(actions.hash_token(token))
    if found is None or found[0].disabled or not found[1]:
        return None
    facts, places = found
    if not _is_live(facts, places, now):
        return _resting(facts, places, now)
    if now - facts.seen_at >= SEEN_EVERY:
        g.seen_session = facts.session_id
    return _signed_in(facts, places, now)


def _resting(facts: SessionFacts, places: list[Place], now: datetime) -> SignedIn | None:
    """Give the person whose session rested too long, where the page is one a trusted device may still open; else None.

    Such a request does not count as use, so that it wakes nothing.
    """
    access = access_of(request.endpoint) if request.endpoint else None
    if access is None or not access.after_rest:
        return None
    if not may_record(expires_at=facts.expires_at, ended_at=facts.ended_at, records_until=facts.records_until, now=now):
        return None
    return replace(_signed_in(facts, places, now), resting=True)


def give_cookie(response: Response, token: str) -> None:
    """Let the browser hold a new session, and start its form tokens afresh."""
    session.clear()
    response.set_cookie(_cookie(), token, secure=settings().secure, httponly=True, samesite="Lax", path="/")


def drop_cookie(response: Response) -> None:
    """Take the session back from the browser."""
    session.clear()
    response.delete_cookie(_cookie(), secure=settings().secure, httponly=True, samesite="Lax", path="/")


def held_token() -> str | None:
    """Give the token this browser sent, whether it still counts or not."""
    return request.cookies.get(_cookie())


def _cookie() -> str:
    return cookie_name("session", settings())


def _is_live(facts: SessionFacts, places: list[Place], now: datetime) -> bool:
    chosen = settings()
    roles = [role for place in places for role in place.roles]
    idle = idle_limit(roles, staff_minutes=chosen.STAFF_IDLE_MINUTES, admin_minutes=chosen.ADMIN_IDLE_MINUTES)
    return is_live(expires_at=facts.expires_at, ended_at=facts.ended_at, seen_at=facts.seen_at, idle=idle, now=now)


def _signed_in(facts: SessionFacts, places: list[Place], now: datetime) -> SignedIn:
    chosen = facts.chosen(places)
    roles = [role for place in places for role in place.roles]
    demo = settings().DEMO  # nobody has a password there
    has_one = facts.has_factor or facts.second_step_elsewhere
    asks = not demo and not has_one and must_have_second_factor(settings().SECOND_FACTOR, roles)
    return SignedIn(
        person_id=facts.person_id,
        name=facts.name,
        session_id=facts.session_id,
        roles=chosen.roles if chosen else frozenset(),
        school_id=chosen.id if chosen and chosen.kind is PlaceKind.SCHOOL else None,
        school_name=chosen.name if chosen else "",
        school_group_id=chosen.id if chosen and chosen.kind is PlaceKind.GROUP else None,
        places=len(places),
        trusted_device=facts.records_until is not None,
        fresh=demo or now - (facts.proved_at or now) <= PROOF_GOOD_FOR,
        owes_factor=asks,
    )


@blueprint.after_app_request
def _note_seen(response: Response) -> Response:
    """Note, once the answer is out, that the session is in use: in a unit of work of its own, whatever the request did."""
    session_id = g.pop("seen_session", None)
    if session_id is not None:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy hides it from types
        response.call_on_close(lambda: _mark_seen(app, session_id))
    return response


def _mark_seen(app: Flask, session_id: int) -> None:
    with app.app_context():
        try:
            with transaction():
                actions.mark_seen(session_id=session_id, now=clock.now())
        except Exception as problem:
            _log.warning("a session in use was not noted", session_id=session_id, problem=type(problem).__name__)
