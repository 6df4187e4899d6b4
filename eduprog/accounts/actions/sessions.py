"""Signing in and out: tries, sessions and the place a session looks at."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from eduprog.accounts import queries
from eduprog.accounts.models import ProviderAnswer, SessionSeen, SignInSession, SignInTry
from eduprog.accounts.queries import Place, PlaceKind
from eduprog.accounts.rules import RECORDING_GRACE, SEEN_EVERY, WINDOW, next_try_at, normal_email
from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.tenancy import across_schools

_KEEP_TRIES = timedelta(days=1)
_KEEP_SESSIONS = timedelta(days=30)


class TooManyTries(Refusal):
    """There were too many wrong tries for this account; `until` is when it may try again."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class NoPlaceLeft(Refusal):
    """Your account no longer belongs to a school. Ask your school’s admin to invite you."""


class NotYourPlace(Refusal):
    """You are not a member of that school or group."""


@dataclass(frozen=True)
class Candidate:
    """Who may be signing in: the password kept for the address, or nothing."""

    person_id: int | None
    kept: str | None


def begin_try(*, email: str, limit: int, now: datetime, origin: str | None = None) -> Candidate:
    """Count a try before it is made, so that many at once count too, and give whom it may be. Raises TooManyTries.

    A disabled or unknown account is treated alike. `start_session` forgets the tries. From an `origin` (an address) with
    very many wrong tries an account is tried less often; one without a wrong try gets in at once from there too.
    """
    address = normal_email(email)
    count_try(what="sign-in", whose=address, limit=limit, now=now, origin=origin)
    found = queries.person_by_email(address)
    if found is None or found.disabled_at is not None:
        return Candidate(None, None)
    return Candidate(found.id, found.password_hash)


def count_try(*, what: str, whose: str, limit: int, now: datetime, origin: str | None = None) -> None:
    """Count a try at something secret of an account. Raises TooManyTries while it must wait."""
    account = crypto.lookup_hash(what, whose)
    from_there = crypto.lookup_hash("origin", origin) if origin else None
    _one_at_a_time(account)
    asked = select(SignInTry.at).where(SignInTry.account_hash == account, SignInTry.at > now - WINDOW).order_by(SignInTry.at)
    until = next_try_at(list(session().scalars(asked)), limit, now, from_there=_tries_from(from_there, now))
    if until is not None:
        raise TooManyTries(until)
    session().add(SignInTry(account_hash=account, origin_hash=from_there, at=now))
    session().flush()


def _tries_from(origin_hash: str | None, now: datetime) -> int:
    """Count the wrong tries that came from a place lately; a whole school shares one address."""
    if origin_hash is None:
        return 0
    asked = select(func.count()).where(SignInTry.origin_hash == origin_hash, SignInTry.at > now - WINDOW)
    return session().scalars(asked).one()


def start_session(
    *,
    person_id: int,
    hours: int,
    place: str | None = None,
    old_token: str | None = None,
    rehashed: str | None = None,
    trusted: bool = False,
    proved_at: datetime | None = None,
    second_step_elsewhere: bool = False,
    now: datetime,
) -> str:
    """Sign a person in and give the token for the cookie; only its hash is kept. A `trusted` device may go on recording.

    Looks at `place` (a `Place.key`) or at the only one there is; with several, none until `choose_place`. Ends the session
    of `old_token`. `proved_at`: when they showed who they are, if not just now; `second_step_elsewhere`: that a provider asked
    for one. Raises NoPlaceLeft or NotYourPlace.
    """
    found = queries.person(person_id)
    with across_schools("sign-in"):
        places = queries.places_of(person_id, site_admin=found.site_admin)
        if not places:
            raise NoPlaceLeft
        looked_at = _place(places, place) if place else (places[0] if len(places) == 1 else None)
        if old_token:
            end_session(token_hash=hash_token(old_token), now=now)
        if rehashed:
            found.password_hash = rehashed
        forget_tries(email=found.email)
        school_id, group_id = _ids(looked_at)
        token = secrets.token_urlsafe(32)
        made = SignInSession(
            token_hash=hash_token(token), person_id=found.id, school_id=school_id, school_group_id=group_id, started_at=now,
            expires_at=now + timedelta(hours=hours), records_until=now + RECORDING_GRACE if trusted else None,
            proved_at=proved_at, second_step_elsewhere=second_step_elsewhere,
        )  # fmt: skip
        _add_session(made, now)
        return token


def _add_session(made: SignInSession, now: datetime) -> None:
    session().add(made)
    session().flush()
    session().add(SessionSeen(session_id=made.id, seen_at=now))
    session().flush()


def choose_place(*, session_id: int, person_id: int, place: str) -> None:
    """Let a session look at another of the person's places (a `Place.key`). Raises NotYourPlace."""
    with across_schools("sign-in"):
        places = queries.places_of(person_id, site_admin=queries.person(person_id).site_admin)
        school_id, group_id = _ids(_place(places, place))
        session().execute(
            update(SignInSession)
            .where(SignInSession.id == session_id, SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
            .values(school_id=school_id, school_group_id=group_id)
        )


def end_session(*, token_hash: str, now: datetime) -> None:
    """Sign out the browser that holds this token; one that is signed out stays so."""
    session().execute(
        update(SignInSession).where(SignInSession.token_hash == token_hash, SignInSession.ended_at.is_(None)).values(ended_at=now)
    )


def end_own_session(*, session_id: int, person_id: int, now: datetime) -> None:
    """Sign out one of a person's own browsers. Raises NotHere for a session that is not theirs."""
    own = update(SignInSession).where(SignInSession.id == session_id, SignInSession.person_id == person_id)
    if not session().execute(own.values(ended_at=func.coalesce(SignInSession.ended_at, now))).rowcount:  # type: ignore[attr-defined]  # UPDATE has one
        raise NotHere


def end_other_sessions(*, person_id: int, keep: int | None, now: datetime) -> None:
    """Sign a person out everywhere, except in the session `keep`."""
    ending = update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    if keep is not None:
        ending = ending.where(SignInSession.id != keep)
    session().execute(ending.values(ended_at=now))


def forget_tries(*, email: str) -> None:
    """Forget the wrong tries for an account, because its owner is here."""
    forget_tries_for(what="sign-in", whose=normal_email(email))


def forget_tries_for(*, what: str, whose: str) -> None:
    """Forget the wrong tries at something secret of an account."""
    session().execute(delete(SignInTry).where(SignInTry.account_hash == crypto.lookup_hash(what, whose)))


def mark_seen(*, session_id: int, now: datetime) -> None:
    """Note that a session is in use, unless that was noted within the last five minutes."""
    session().execute(
        update(SessionSeen)
        .where(SessionSeen.session_id == session_id, SessionSeen.seen_at <= now - SEEN_EVERY)
        .values(seen_at=now)
    )


def forget_old(*, now: datetime) -> int:
    """Delete tries of yesterday and sessions that ended a month ago; give how many rows went."""
    with across_schools("old sign-ins are forgotten"):
        tries = session().execute(delete(SignInTry).where(SignInTry.at < now - _KEEP_TRIES))
        session().execute(delete(ProviderAnswer).where(ProviderAnswer.at < now - _KEEP_TRIES))
        over = session().execute(delete(SignInSession).where(SignInSession.expires_at < now - _KEEP_SESSIONS))
    return int(tries.rowcount) + int(over.rowcount)  # type: ignore[attr-defined]  # a result of DELETE has a row count


def hash_token(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _place(places: list[Place], key: str) -> Place:
    found = next((place for place in places if place.key == key), None)
    if found is None:
        raise NotYourPlace
    return found


def _ids(place: Place | None) -> tuple[int | None, int | None]:
    """Give the school's and the group's id of a place, at most one of them."""
    if place is None:
        return None, None
    return (place.id if place.kind is PlaceKind.SCHOOL else None, place.id if place.kind is PlaceKind.GROUP else None)


def _one_at_a_time(account: str) -> None:
    """Make tries for one account wait for each other; SQLite's write lock does so already."""
    work = session()
    if work.get_bind().dialect.name == "postgresql":
        work.execute(select(func.pg_advisory_xact_lock(int(account[:15], 16))))
