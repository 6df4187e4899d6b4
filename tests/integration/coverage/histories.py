"""What people do in a school, at random: what the rules refuse is not done."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from eduprog.checks import actions as checks
from eduprog.checks import queries as checks_queries
from eduprog.checks.rules import Counted, Moment
from eduprog.core.db import session, transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import person
from eduprog.coverage import actions as coverage
from eduprog.coverage.rules.contributions import ContributionKind
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind, HalfTermBlock, YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery.models import Delivery
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason
from eduprog.followups import actions as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.models import PlannedLesson
from eduprog.wholeschool import actions as wholeschool
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import ActState, DropReason
from tests.integration.coverage.schools import NOW, TODAY, School

_Act = Callable[[School, random.Random], None]


def _a_lesson(rng: random.Random, one: School) -> PlannedLesson:
    rows = planning_queries.lessons_of_classes(list(one.classes.values()))
    return rng.choice([row for row in rows if not row.recorded] or rows)


def _record(one: School, rng: random.Random) -> None:
    row = _a_lesson(rng, one)
    lesson = catalogue.current().module(row.module_id).lessons[row.lesson_number - 1]
    outcome = rng.choice([LessonOutcome.AS_PLANNED, LessonOutcome.AS_PLANNED, LessonOutcome.ADAPTED, LessonOutcome.PART_TAUGHT])
    steps = [] if outcome is LessonOutcome.AS_PLANNED else rng.sample([step.number for step in lesson.steps], 3)
    delivery.record_delivery(
        planned_lesson_id=row.id, taught_on=TODAY - timedelta(days=rng.randrange(150)), outcome=outcome, steps=steps,
        by=person(one.lead_id), now=NOW, today=TODAY,
    )  # fmt: skip


def _miss(one: School, rng: random.Random) -> None:
    delivery.record_not_taught(
        planned_lesson_id=_a_lesson(rng, one).id, reason=NotTaughtReason.CLASS_OUT, by=person(one.lead_id), now=NOW, today=TODAY
    )


def some_record(rng: random.Random) -> Delivery:
    rows = session().query(Delivery).filter(Delivery.withdrawn_at.is_(None)).order_by(Delivery.id).all()
    if not rows:
        raise NotHere
    return rng.choice(rows)


def _undo(one: School, rng: random.Random) -> None:
    delivery.undo_delivery(delivery_id=some_record(rng).id, by=person(one.lead_id), now=NOW)


def _change_day(one: School, rng: random.Random) -> None:
    day = TODAY - timedelta(days=rng.randrange(100))
    delivery.change_day(delivery_id=some_record(rng).id, taught_on=day, by=person(one.lead_id), now=NOW, today=TODAY)


def _follow_up(one: School, rng: random.Random) -> None:
    rows = session().query(FollowUp).filter(FollowUp.state == FollowUpState.DUE).order_by(FollowUp.id).all()
    if not rows:
        raise NotHere
    row = rng.choice(rows)
    if rng.random() < 0.7:
        followups.complete_follow_up(follow_up_id=row.id, done_on=row.due_on or TODAY, by=person(one.lead_id), now=NOW)
    else:
        followups.skip_follow_up(follow_up_id=row.id, reason=EndReason.NO_TIME, by=person(one.lead_id), now=NOW)


def _withdraw(one: School, rng: random.Random) -> None:
    """Take a lesson out with all its parts, as a class that ends does; one that has begun stays."""
    row = _a_lesson(rng, one)
    parts = [
        part for part in planning_queries.lessons_of_class(row.teaching_group_id)
        if (part.module_id, part.lesson_number, part.make_good_of) == (row.module_id, row.lesson_number, row.make_good_of)
    ]  # fmt: skip
    if any(part.recorded for part in parts):
        raise NotHere
    for part in parts:
        planning.withdraw_lesson(planned_lesson_id=part.id, by=person(one.lead_id), now=NOW)


def _split(one: School, rng: random.Random) -> None:
    planning.split_lesson(planned_lesson_id=_a_lesson(rng, one).id, by=person(one.lead_id), now=NOW)


def _next_year(one: School, rng: random.Random) -> None:
    planning.leave_to_next_year(planned_lesson_id=_a_lesson(rng, one).id, by=person(one.lead_id), now=NOW)


def _plan_act(one: School, rng: random.Random) -> None:
    library = rng.choice(sorted(catalogue.current().acts))
    due_on = TODAY + timedelta(days=rng.randrange(-150, 100))
    wholeschool.plan_act(
        academic_year_id=one.academic_year_id, kind=ActKind.EVALUATION, act_id=library if rng.random() < 0.8 else None,
        due_on=due_on, owner_id=rng.choice([None, one.lead_id]), by=person(one.lead_id), now=NOW,
    )  # fmt: skip


def _settle_act(one: School, rng: random.Random) -> None:
    rows = session().query(WholeSchoolAct).order_by(WholeSchoolAct.id).all()
    if not rows:
        raise NotHere
    row = rng.choice(rows)
    where: dict[str, Any] = {"whole_school_act_id": row.id, "version": row.version, "by": person(one.lead_id), "now": NOW}
    if row.state is not ActState.PLANNED:
        wholeschool.reopen_act(**where)
    elif rng.random() < 0.8:
        wholeschool.finish_act(**where, done_on=TODAY - timedelta(days=rng.randrange(200)), today=TODAY)
    else:
        wholeschool.drop_act(**where, reason=DropReason.NO_TIME)


def _count_slips(one: School, rng: random.Random) -> None:
    group_id = rng.choice(list(one.classes.values()))
    known = sorted({row.module_id for row in planning_queries.lessons_of_class(group_id)})[:2]
    module = catalogue.current().module(rng.choice(known))
    size = rng.choice([4, 8, 14, 26])
    counts = {}
    for item in module.check_pair:
        right = rng.randrange(size + 1)
        counts[item.id] = [right, size - right, *([0] * (len(item.options) - 2))]
    moment = rng.choice([Moment.BASELINE, Moment.EXIT, Moment.EXIT, Moment.REFRESH])
    counted = rng.choice([Counted.ALL, Counted.ALL, Counted.BOYS, Counted.GIRLS])
    row = checks_queries.tally(group_id, module.id, moment, counted)
    checks.enter_slips(
        group_id=group_id, module_id=module.id, moment=moment, counted=counted, held_on=TODAY, counts=counts,
        version=row.version if row else 0, by=person(one.lead_id), now=NOW, today=TODAY,
    )  # fmt: skip


def _elsewhere(one: School, rng: random.Random) -> None:
    framework = catalogue.current().framework
    coverage.record_contribution(
        academic_year_id=one.academic_year_id, year_group=rng.choice([YearGroup.Y1, YearGroup.Y5]),
        kind=rng.choice(list(ContributionKind)), to=framework, clause_id=rng.choice(sorted(framework.clauses)),
        block=HalfTermBlock.AUTUMN_1, by=person(one.lead_id), now=NOW,
    )  # fmt: skip


_ACTS: tuple[_Act, ...] = (
    *([_record] * 6), *([_follow_up] * 3), *([_undo] * 2), _miss, _miss, _change_day, _withdraw, _split, _split, _next_year,
    _plan_act, _settle_act, _settle_act, *([_count_slips] * 4), _elsewhere,
)  # fmt: skip


def live(one: School, rng: random.Random) -> None:
    """Do something that people do; what the rules refuse is not done."""
    try:
        with transaction():
            rng.choice(_ACTS)(one, rng)
    except (Refusal, NotHere):
        pass
