"""Private calendar addresses: made for a teacher or a class, and revoked."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.organisations.models import School
from eduprog.planning.models import CalendarFeed
from eduprog.planning.queries import FEED_PURPOSE
from eduprog.school import queries as school


def make_feed(
    *, person_id: int | None = None, group_id: int | None = None, instead_of: int | None = None, by: Actor, now: datetime
) -> CalendarFeed:
    """Make the private address of a teacher's or a class's calendar; one made before is revoked. Raises NotHere.

    `instead_of` is the id of the address that was seen when this was asked for (0: none): where another stands by now, it stays.
    """
    if group_id is not None:
        school.teaching_group(group_id)
    elif person_id is not None:
        accounts.person_of_school(person_id)
    _keep_others_out()
    before = _standing(person_id, group_id)
    if instead_of is not None and before and before[-1].id != instead_of:
        return before[-1]
    for standing in before:
        standing.revoked_at = now
    token = secrets.token_urlsafe(24)
    feed = CalendarFeed(
        token_hash=crypto.lookup_hash(FEED_PURPOSE, token), token_encrypted=crypto.encrypt(token), person_id=person_id,
        teaching_group_id=group_id, made_at=now, made_by=by.person_id,
    )  # fmt: skip
    session().add(feed)
    session().flush()
    audit.record(act="calendar feed made", subject="calendar_feed", subject_id=feed.id, by=by, at=now)
    return feed


def revoke_feed(*, feed_id: int, person_id: int | None = None, by: Actor, now: datetime) -> CalendarFeed:
    """Close a calendar address for good; with `person_id` only one of that person. Raises NotHere."""
    wanted = select(CalendarFeed).where(CalendarFeed.id == feed_id, CalendarFeed.revoked_at.is_(None))
    if person_id is not None:
        wanted = wanted.where(CalendarFeed.person_id == person_id)
    feed = session().scalars(wanted).one_or_none()
    if feed is None:
        raise NotHere
    feed.revoked_at = now
    audit.record(act="calendar feed revoked", subject="calendar_feed", subject_id=feed.id, by=by, at=now)
    return feed


def revoke_class_feeds(*, group_ids: Collection[int], by: Actor, now: datetime) -> list[int]:
    """Close the calendar addresses of classes that are over; give their ids, for `reopen_feeds`."""
    of = CalendarFeed.teaching_group_id.in_(group_ids), CalendarFeed.revoked_at.is_(None)
    found = session().scalars(select(CalendarFeed).where(*of).order_by(CalendarFeed.id)).all()
    for feed in found:
        feed.revoked_at = now
        audit.record(act="calendar feed revoked", subject="calendar_feed", subject_id=feed.id, by=by, at=now)
    return [feed.id for feed in found]


def reopen_feeds(*, feed_ids: Collection[int], by: Actor, now: datetime) -> None:
    """Open calendar addresses again that a step now undone had closed; one made anew since then stays the only one."""
    for feed in session().scalars(select(CalendarFeed).where(CalendarFeed.id.in_(feed_ids)).order_by(CalendarFeed.id)).all():
        if not _standing(feed.person_id, feed.teaching_group_id):
            feed.revoked_at = None
            session().flush()
            audit.record(act="calendar feed opened again", subject="calendar_feed", subject_id=feed.id, by=by, at=now)


def _keep_others_out() -> None:
    """Make others who change addresses of this school wait, so that one stands for each."""
    session().execute(select(School.id).where(School.id == current_school_id()).with_for_update(key_share=True)).all()


def _standing(person_id: int | None, group_id: int | None) -> list[CalendarFeed]:
    of = CalendarFeed.person_id == person_id if group_id is None else CalendarFeed.teaching_group_id == group_id
    return list(session().scalars(select(CalendarFeed).where(of, CalendarFeed.revoked_at.is_(None)).order_by(CalendarFeed.id)))
