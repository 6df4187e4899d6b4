"""Opens a loaded demo in a process of its own, because keys and lessons belong to a process, and prints what is in it as JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from eduprog.core import audit, clock
from eduprog.core.db import session
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.delivery import queries as delivery
from eduprog.delivery.models import Delivery, MissedLesson
from eduprog.demo import queries
from eduprog.families.models import ParentCarer, ParentPrompt
from eduprog.followups.models import FollowUp
from eduprog.mail.models import OutboundEmail
from eduprog.organisations import queries as organisations
from eduprog.school import queries as schools
from eduprog.tallies import actions as tallies
from eduprog.wiring import create_app, load_settings


def facts(data: Path) -> dict[str, Any]:
    """Give the facts of every school, and who can sign in."""
    app = create_app(load_settings({}, DATA_DIR=str(data), DEMO=True, LOG_LEVEL="ERROR"))
    place = queries.read_place(data)
    assert place is not None
    assert place.at is not None
    with app.app_context():
        found = {school.name: _school(school.id, place.at) for school in organisations.schools()}
        return {"at": place.at.isoformat(), "schools": found, "sign_ins": _sign_ins(place.at)}


def _school(school_id: int, at: datetime) -> dict[str, Any]:
    with school_scope(school_id):
        year = schools.academic_year_on(clock.local(at).date())
        assert year is not None
        work = session()
        return {
            "classes": len(schools.groups_of_year(year.id)),
            "open_today": schools.calendar().is_open(clock.local(at).date()),
            "differences": [str(one) for one in tallies.compare(delivery.tally_facts())],
            "broken_at": audit.broken_at(),
            "deliveries": Counter(row.value for row in work.scalars(select(Delivery.outcome))),
            "misses": Counter(row.value for row in work.scalars(select(MissedLesson.reason))),
            "unrecorded": len(delivery.unrecorded_before(clock.local(at).date())),
            "follow_ups": Counter(row.value for row in work.scalars(select(FollowUp.state))),
            "parents": Counter(row.value for row in work.scalars(select(ParentCarer.state))),
            "prompts": Counter(row.value for row in work.scalars(select(ParentPrompt.state))),
            "mail": Counter(row.value for row in work.scalars(select(OutboundEmail.state))),
        }


def _sign_ins(at: datetime) -> list[dict[str, Any]]:
    today = clock.local(at).date()
    with across_schools("a test looks at the demo"):
        people = queries.sign_ins(today)
    return [
        {"name": one.name, "role": one.role, "place": one.place, "waits": one.waits, "week": _week(one, at)} for one in people
    ]


def _week(one: queries.SignIn, at: datetime) -> int:
    """Count the cards in somebody's week."""
    if one.school_id is None:
        return 0
    today = clock.local(at).date()
    with school_scope(one.school_id):
        week = delivery.week_of(today, today=today, lead_teacher_id=one.person_id)
    days = [*week.lessons.values(), *week.follow_ups.values()]
    return sum(len(cards) for cards in days) + len(week.unrecorded) + len(week.overdue)


if __name__ == "__main__":
    print(json.dumps(facts(Path(sys.argv[1]))))
