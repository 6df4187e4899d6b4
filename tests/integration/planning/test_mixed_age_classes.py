"""Does a class of two ages meet both schemes of work in two years, each once?"""

from __future__ import annotations

from datetime import date, time, timedelta

from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import Stage, YearGroup
from eduprog.planning import actions, queries
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import HalfTermSpan
from tests.support.scenes import HALF_TERMS, SET_UP, START, Scene, a_planned_school

BOTH = (YearGroup.Y1, YearGroup.Y2)
A_YEAR = timedelta(days=364)


def _planned(scene: Scene, academic_year_id: int) -> list[tuple[str, int]]:
    """Open a class of Years 1 and 2 in an academic year and plan it; give its lessons in order of time."""
    with transaction():
        actions.set_up_schemes(academic_year_id=academic_year_id, year_groups=BOTH, by=SET_UP, now=START)
        group_id = school.open_class(
            academic_year_id=academic_year_id, name="Birch", year_groups=list(BOTH), stage=Stage.K1,
            lead_teacher_id=scene.lead_id, size=24, slots=[school.Slot(0, time(10), 60)], by=SET_UP, now=START,
        ).id  # fmt: skip
    with transaction():
        year = school_queries.academic_year_by_id(academic_year_id)
        report = actions.plan_year(academic_year=year, groups=[school_queries.teaching_group(group_id)], by=SET_UP, now=START)
        assert report.missing == []
    return [(lesson.module_id, lesson.lesson_number) for lesson in queries.lessons_of_class(group_id)]


def test_a_mixed_age_class_takes_one_scheme_this_year_and_the_other_next_year(app: Flask) -> None:
    scene = a_planned_school(years=(YearGroup.Y4,))
    with school_scope(scene.school_id):
        with transaction():
            after = school.add_academic_year(
                starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 21), by=SET_UP, now=START,
                half_terms=[HalfTermSpan(span.block, span.first + A_YEAR, span.last + A_YEAR) for span in HALF_TERMS],
            ).id  # fmt: skip
        met = [_planned(scene, one) for one in (scene.academic_year_id, after)]
        entries = queries.entries_of_year(scene.academic_year_id, BOTH)
        schemes = [{module_id for module_id, _ in entries[year]} for year in BOTH]
        assert [{module_id for module_id, _ in lessons} for lessons in met] == schemes
        assert not set(met[0]) & set(met[1])
        assert all(len(set(lessons)) == len(lessons) for lessons in met)
