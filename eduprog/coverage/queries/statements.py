"""What the statement map counts, and the records behind a clause."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.coverage.queries.classes import ClassRow
from eduprog.coverage.queries.lessons_of_classes import done_of, lesson_of, lesson_words, words_afterwards
from eduprog.coverage.rules.statements import ClassFacts, MapFacts, StepsDone, Ties, ties_of
from eduprog.curriculum import catalogue
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """A lesson that teaches a clause, in a class: planned for when, taught when and how fully."""

    group_id: int
    group_name: str
    module_id: str
    lesson_number: int
    planned_on: date | None
    delivery_id: int | None
    taught_on: date | None
    outcome: LessonOutcome | None


def ties() -> Ties:
    """Give which steps of which lessons teach which clauses, worked out once for a curriculum."""
    return _ties(catalogue.current().content_hash)


@lru_cache(maxsize=8)
def _ties(_content_hash: str) -> Ties:
    return ties_of(catalogue.current().all_modules)


def map_facts(classes: Collection[ClassRow]) -> MapFacts:
    """Give what the records say of these classes. Two statements for each academic year they are of."""
    facts: dict[int, ClassFacts] = {}
    for year_id in {one.academic_year_id for one in classes}:
        (planned, taught), (checked, refreshed) = lesson_words(year_id), words_afterwards(year_id)
        for one in classes:
            if one.academic_year_id == year_id:
                facts[one.id] = ClassFacts(
                    one.year_groups, frozenset(map(lesson_of, planned.get(one.id, ()))), _taught(taught.get(one.id, ())),
                    frozenset(checked.get(one.id, ())), frozenset(refreshed.get(one.id, ())),
                )  # fmt: skip
    return MapFacts(facts)


def _taught(words: Iterable[str]) -> StepsDone:
    """Give, by lesson, the steps done over all its records; None where one says that it was taught whole."""
    found: StepsDone = {}
    for lesson, step in map(done_of, words):
        if not step:
            found[lesson] = None
        elif (steps := found.get(lesson, frozenset[int]())) is not None:
            found[lesson] = steps | {step}
    return found


def clause_records(clause_id: str, classes: Collection[ClassRow]) -> Sequence[ClauseRecord]:
    """Give the lessons that teach a clause in these classes, taught or not, by class and lesson. One statement."""
    lessons = {lesson for lesson, tied in ties().lessons.items() if clause_id in tied}
    wanted = (
        select(
            TeachingGroup.id, TeachingGroup.name, PlannedLesson.module_id, PlannedLesson.lesson_number, PlannedLesson.planned_on,
            Delivery.id, Delivery.taught_on, Delivery.outcome,
        )
        .join(TeachingGroup, TeachingGroup.id == PlannedLesson.teaching_group_id)
        .outerjoin(Delivery, (Delivery.planned_lesson_id == PlannedLesson.id) & Delivery.withdrawn_at.is_(None))
        .where(
            PlannedLesson.teaching_group_id.in_([one.id for one in classes]),
            PlannedLesson.module_id.in_({module_id for module_id, _number in lessons}),
            PlannedLesson.state != PlanState.WITHDRAWN,
        )
        .order_by(TeachingGroup.name, PlannedLesson.module_id, PlannedLesson.lesson_number, PlannedLesson.id)
    )  # fmt: skip
    records = (ClauseRecord(*row) for row in session().execute(wanted))
    return [record for record in records if (record.module_id, record.lesson_number) in lessons]
