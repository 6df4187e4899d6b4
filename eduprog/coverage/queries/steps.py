"""How often each lesson was planned and each of its steps done, by year group: sums the database makes."""

from __future__ import annotations

from sqlalchemy import func, literal, select

from eduprog.core.db import session
from eduprog.coverage.rules.steps import DoneCount, LessonCount, StepCount, step_counts
from eduprog.curriculum import catalogue
from eduprog.delivery.models import Delivery, DeliveryStep
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState
from eduprog.school.models import TeachingGroup, TeachingGroupYear


def steps_of_year(academic_year_id: int) -> list[StepCount]:
    """Give every step of a year's lessons with how often it was planned and done, youngest first. Two statements.

    A class of several year groups counts in each. A lesson taught in parts is planned once.
    """
    return step_counts(_planned(academic_year_id), _done(academic_year_id), catalogue.current().modules)


def _planned(academic_year_id: int) -> list[LessonCount]:
    counted = (
        select(TeachingGroupYear.year_group, PlannedLesson.module_id, PlannedLesson.lesson_number, func.count())
        .join(TeachingGroup, TeachingGroup.id == PlannedLesson.teaching_group_id)
        .join(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .where(
            TeachingGroup.academic_year_id == academic_year_id,
            PlannedLesson.state != PlanState.WITHDRAWN,
            PlannedLesson.make_good_of.is_(None),
            PlannedLesson.part < 2,
        )
        .group_by(TeachingGroupYear.year_group, PlannedLesson.module_id, PlannedLesson.lesson_number)
    )
    return [LessonCount(*row) for row in session().execute(counted)]


def _done(academic_year_id: int) -> list[DoneCount]:
    step = select(DeliveryStep.id).where(DeliveryStep.delivery_id == Delivery.id, DeliveryStep.school_id == Delivery.school_id)
    lesson = (TeachingGroupYear.year_group, Delivery.module_id, Delivery.lesson_number)
    whole = (
        select(*lesson, literal(0), func.count())
        .join(TeachingGroup, TeachingGroup.id == Delivery.teaching_group_id)
        .join(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .where(
            TeachingGroup.academic_year_id == academic_year_id,
            Delivery.withdrawn_at.is_(None),
            ~step.correlate(Delivery).exists(),
        )
        .group_by(*lesson)
    )
    some = (
        select(*lesson, DeliveryStep.step_number, func.count())
        .join(TeachingGroup, TeachingGroup.id == Delivery.teaching_group_id)
        .join(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .join(DeliveryStep, DeliveryStep.delivery_id == Delivery.id)
        .where(TeachingGroup.academic_year_id == academic_year_id, Delivery.withdrawn_at.is_(None))
        .group_by(*lesson, DeliveryStep.step_number)
    )
    return [DoneCount(*row) for row in session().execute(whole.union_all(some))]
