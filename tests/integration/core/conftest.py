"""Two schools, each with a class, a plan and a lesson taught: made of rows, so that nothing but core is under test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.delivery.models import Delivery, DeliveryStep
from eduprog.delivery.rules import LessonOutcome
from eduprog.planning.models import PlannedLesson
from eduprog.school.models import AcademicYear, TeachingGroup
from eduprog.school.rules import HalfTermBlock
from tests.factories.organisations import a_school
from tests.factories.planning import a_planned_lesson
from tests.factories.school import a_teaching_group, an_academic_year


@dataclass(frozen=True)
class Place:
    """A school and the ids of what it owns."""

    school_id: int
    year_id: int
    group_id: int
    planned_id: int
    delivery_id: int


@dataclass(frozen=True)
class Two:
    """Our school and another."""

    ours: Place
    theirs: Place


@pytest.fixture
def two(app: Flask) -> Two:
    """Fill both schools alike."""
    return Two(_place("Ash"), _place("Birch"))


def _place(class_name: str) -> Place:
    with transaction() as work:
        school = a_school()
        work.add(school)
        work.flush()
        with school_scope(school.id):
            year: AcademicYear = an_academic_year()
            work.add(year)
            work.flush()
            group: TeachingGroup = a_teaching_group(year.id, name=class_name)
            work.add(group)
            work.flush()
            planned: PlannedLesson = a_planned_lesson(group.id)
            work.add(planned)
            work.flush()
            delivery = Delivery(
                teaching_group_id=group.id, planned_lesson_id=planned.id, module_id="K1-C1", lesson_number=1, revision=1,
                block=HalfTermBlock.AUTUMN_1, taught_on=date(2026, 9, 8), outcome=LessonOutcome.ADAPTED, minutes=30,
                recorded_at=clock.now(), steps=[DeliveryStep(step_number=1), DeliveryStep(step_number=2)],
            )  # fmt: skip
            work.add(delivery)
            work.flush()
            return Place(school.id, year.id, group.id, planned.id, delivery.id)
