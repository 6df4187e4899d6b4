"""F2: what roll-ups cost where lessons are recorded, and what making them anew costs.

Recording is the row of a record with its four follow-ups, each record a unit of work of its own, with and without the roll-ups
that follow them: the same rows, the same commits. Making anew is the command's work on a school of sixty classes with three years
behind it (recount, replace), against the same recount as one sum in the database for each roll-up.
Run: python -m bench.f2_rollups [engine]
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select, text

from bench.big_school import NOW, TODAY, BigSchool, fill
from bench.installation import engines, installation
from bench.measure import Line, medians, report
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import FollowUpPoint, HalfTermBlock, Strand, YearGroup
from eduprog.delivery import queries
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState, PlacementState
from eduprog.planning.models import PlannedLesson
from eduprog.tallies import actions as tallies

RECORDS = 20
"""Records in a round."""
AT_LEAST = {"SQLite": 0.7, "PostgreSQL": 0.65}
MOST_REBUILD = 2.0
RECOUNTS = (
    """SELECT g.academic_year_id, y.year_group, p.module_id, p.block, count(*),
 sum(CASE WHEN d.outcome <> 'part_taught' THEN 1 END), sum(CASE WHEN d.outcome = 'part_taught' THEN 1 END), sum(d.minutes)
 FROM planned_lesson p
 JOIN teaching_group g ON g.id = p.teaching_group_id JOIN teaching_group_year y ON y.teaching_group_id = g.id
 LEFT JOIN delivery d ON d.school_id = p.school_id AND d.planned_lesson_id = p.id AND d.withdrawn_at IS NULL
 WHERE p.school_id = 1 AND p.state <> 'withdrawn' AND p.make_good_of IS NULL
 GROUP BY g.academic_year_id, y.year_group, p.module_id, p.block""",
    """SELECT due_on, count(*), sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END) FROM follow_up
 WHERE school_id = 1 AND state <> 'withdrawn' AND due_on IS NOT NULL GROUP BY due_on""",
    "SELECT count(*) FROM parent_carer WHERE school_id = 1",
)


def main() -> int:
    """Measure and report; give how many goals were missed."""
    clock.set_offset(NOW - clock.now())
    lines: list[Line] = []
    with engines() as each:
        for engine, new_database in each:
            if engine in (sys.argv[1:] or [engine]):
                with installation(new_database(), fill) as (app, school), app.app_context(), school_scope(school.school_id):
                    lines += [_recording(engine, school), _anew(engine)]
    return report(lines)


def _recording(engine: str, school: BigSchool) -> Line:
    untaught = select(PlannedLesson).outerjoin(Delivery, Delivery.planned_lesson_id == PlannedLesson.id)
    untaught = untaught.where(Delivery.id.is_(None))
    lessons = [(row.id, row.teaching_group_id, row.module_id) for row in session().scalars(untaught.limit(2 * 8 * RECORDS))]
    left = iter(lessons)
    numbers = count(10_000_000)

    def record(kept: bool) -> float:
        begun = time.perf_counter()
        for _ in range(RECORDS):
            lesson_id, group_id, module_id = next(left)
            with transaction() as work:
                _rows(work, next(numbers), lesson_id, group_id, module_id)
                if kept:
                    tallies.apply(_changes(school))
        return RECORDS / (time.perf_counter() - begun)

    found = medians({"without": lambda: record(False), "with": lambda: record(True)})
    return Line(
        f"F2 recording with all roll-ups, against the same rows without, {engine}", found["without"], found["with"], "a s",
        at_least=AT_LEAST[engine],
    )  # fmt: skip


def _rows(work: Any, number: int, lesson_id: int, group_id: int, module_id: str) -> None:
    of_class = {"teaching_group_id": group_id, "module_id": module_id}
    work.execute(insert(Delivery), [{
        "id": number, **of_class, "planned_lesson_id": lesson_id, "lesson_number": 1, "revision": 1, "taught_on": TODAY,
        "block": HalfTermBlock.SPRING_2, "outcome": LessonOutcome.AS_PLANNED, "minutes": 45, "recorded_at": NOW,
    }])  # fmt: skip
    work.execute(insert(FollowUp), [
        {**of_class, "point": point, "delivery_id": number, "taught_on": TODAY, "due_on": TODAY + timedelta(days=20 + place),
         "opens_on": TODAY, "closes_on": TODAY, "placement": PlacementState.PLACED, "state": FollowUpState.DUE,
         "created_at": NOW, "version": 1}
        for place, point in enumerate(FollowUpPoint)
    ])  # fmt: skip


def _changes(school: BigSchool) -> list[tallies.AnyChange]:
    lesson = tallies.TallyChange(school.year_ids[-1], (YearGroup.Y1,), Strand.RESPECT, HalfTermBlock.SPRING_2, 0, 1, 0, 45)
    return [lesson, *(tallies.FollowUpChange(TODAY + timedelta(days=20 + place), 1, 0) for place in range(4))]


def _anew(engine: str) -> Line:
    def ours() -> float:
        begun = time.perf_counter()
        with transaction():
            tallies.rebuild(queries.tally_facts())
        return (time.perf_counter() - begun) * 1000

    def raw() -> float:
        begun = time.perf_counter()
        with transaction() as work:
            for statement in RECOUNTS:
                work.connection().execute(text(statement)).all()
        return (time.perf_counter() - begun) * 1000

    with transaction():
        tallies.rebuild(queries.tally_facts())
    session().rollback()
    assert tallies.compare(queries.tally_facts()) == []
    found = medians({"raw": raw, "ours": ours}, rounds=5)
    return Line(f"F2 roll-ups of a school made anew, {engine}", found["raw"], found["ours"], "ms", at_most=MOST_REBUILD)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
