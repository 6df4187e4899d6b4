"""Breaks three classes of a loaded demo at random, in a process of its own, and prints what its head of PSHE ought to see."""

from __future__ import annotations

import json
import random
import sys
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Update, update

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.coverage import queries as coverage
from eduprog.demo import queries
from eduprog.organisations import queries as organisations
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup
from eduprog.wiring import create_app, load_settings

# What is broken: words of its sentence, and of its action.
KINDS = {
    "nobody leads it": ("No teacher leads this class", "Name cover"),
    "lessons without a day": ("no day is set for it", "Plan a make-good"),
    "nothing is planned": ("Nothing is planned for this class this year", "Plan its year"),
}


def seed(data: Path, number: int) -> dict[str, Any]:
    """Break three classes of the demo's largest school, each in another way; give them and who its head of PSHE is."""
    app = create_app(load_settings({}, DATA_DIR=str(data), DEMO=True, LOG_LEVEL="ERROR"))
    place = queries.read_place(data)
    assert place is not None
    assert place.at is not None
    today, rng = clock.local(place.at).date(), random.Random(number)
    with app.app_context():
        with across_schools("a test breaks the demo"):
            lead = next(one for one in queries.sign_ins(today) if "Head of PSHE" in one.role)
        school_id = next(one.id for one in organisations.schools() if one.name == lead.place)
        with school_scope(school_id):
            broken = _break(rng, today)
    return {"lead": lead.name, "school": lead.place, "broken": broken}


def _break(rng: random.Random, today: date) -> list[list[str]]:
    years = coverage.years(None, today=today)
    assert years is not None
    names = {person.id: person.name for person in accounts.people_of_school()}
    board = coverage.board(years, names, today=today)
    led = [one for one in board.classes if one.teacher_id is not None and not one.open_lessons]
    whole = [one for one in led if one.planned - one.delivered >= 5]
    chosen = rng.sample(sorted(whole, key=lambda one: one.group_id), 3)
    kinds = rng.sample(sorted(KINDS), 3)
    with transaction() as work:
        for one, kind in zip(chosen, kinds, strict=True):
            for statement in _breaking(one.group_id, kind):
                work.execute(statement)
    return [[one.name, *KINDS[kind]] for one, kind in zip(chosen, kinds, strict=True)]


def _breaking(group_id: int, kind: str) -> list[Update]:
    own = update(PlannedLesson).where(PlannedLesson.teaching_group_id == group_id)
    return {
        "nobody leads it": [update(TeachingGroup).where(TeachingGroup.id == group_id).values(lead_teacher_id=None)],
        "lessons without a day": [
            own.where(PlannedLesson.recorded.is_(False), PlannedLesson.make_good_of.is_(None)).values(
                state=PlanState.UNPLACED, planned_on=None
            )
        ],
        "nothing is planned": [own.values(state=PlanState.WITHDRAWN)],
    }[kind]


if __name__ == "__main__":
    print(json.dumps(seed(Path(sys.argv[1]), int(sys.argv[2]))))
