"""What the statement map counts, and the records behind a clause."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import literal, select

from eduprog.checks.models import CheckTally
from eduprog.checks.rules import Moment
from eduprog.core.db import session
from eduprog.coverage.queries.classes import ClassRow
from eduprog.coverage.queries.lessons_of_classes import STEP, lesson_of, planned_words, taught_words
from eduprog.coverage.rules.statements import MapFacts, TaughtLesson, Ties, ties_of
from eduprog.curriculum import catalogue
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
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
    """Give what the records say of these classes. Three statements."""
    ids = [one.id for one in classes]
    planned = {group_id: frozenset(map(lesson_of, words)) for group_id, words in planned_words(ids).items()}
    return MapFacts({one.id: one.year_groups for one in classes}, planned, _taught(ids), *_checked_and_refreshed(ids))


def _taught(group_ids: Collection[int]) -> tuple[TaughtLesson, ...]:
    return tuple(
        TaughtLesson(group_id, *lesson_of(lesson), None if "" in done else frozenset(map(int, done)))
        for group_id, words in taught_words(group_ids).items()
        for lesson, done in _steps_by_lesson(words).items()
    )


def _steps_by_lesson(words: Iterable[str]) -> dict[str, set[str]]:
    """Give, by lesson, its steps as they are written; an empty one stands for a lesson taught whole."""
    found: dict[str, set[str]] = {}
    for lesson, _, step in (one.partition(STEP) for one in words):
        if lesson in found:
            found[lesson].add(step)
        else:
            found[lesson] = {step}
    return found


_OfModules = frozenset[tuple[int, str]]


def _checked_and_refreshed(group_ids: Collection[int]) -> tuple[_OfModules, _OfModules]:
    """Give the modules of which slips were counted after teaching, and those of which a follow-up was given."""
    checked = select(literal("checked"), CheckTally.teaching_group_id, CheckTally.module_id).where(
        CheckTally.teaching_group_id.in_(group_ids), CheckTally.moment.in_((Moment.EXIT, Moment.REFRESH))
    )
    refreshed = select(literal("refreshed"), FollowUp.teaching_group_id, FollowUp.module_id).where(
        FollowUp.teaching_group_id.in_(group_ids), FollowUp.state == FollowUpState.DONE
    )
    found: dict[str, set[tuple[int, str]]] = {"checked": set(), "refreshed": set()}
    for what, group_id, module_id in session().execute(checked.union(refreshed)):
        found[what].add((group_id, module_id))
    return frozenset(found["checked"]), frozenset(found["refreshed"])


def clause_records(clause_id: str, classes: Collection[ClassRow]) -> Sequence[ClauseRecord]:
    """Give the lessons that teach a clause in these classes, taught or not, by class and lesson. One statement."""
    lessons = {lesson for lesson, tied in ties().items() if clause_id in tied}
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
