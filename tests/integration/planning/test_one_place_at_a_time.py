"""Is a teacher, or a class, ever in two places after lessons were moved, swapped, made good or covered one by one?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup, stage_of
from eduprog.planning import actions, queries
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState, WhyUnplaced
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import SlotKind
from tests.support.scenes import SET_UP, START, Scene, a_planned_school

NOW = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
TUESDAY = (1, time(9, 30))


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school(years=(YearGroup.Y4,))


def _class(scene: Scene, name: str, *slots: school.Slot, year: YearGroup = YearGroup.Y4) -> int:
    """Open another class of the same teacher, and plan its year."""
    with transaction():
        group_id = school.open_class(
            academic_year_id=scene.academic_year_id, name=name, year_groups=[year], stage=stage_of(year),
            lead_teacher_id=scene.teacher_id, size=28, slots=list(slots), by=SET_UP, now=START,
        ).id  # fmt: skip
    with transaction():
        planned = school_queries.academic_year_by_id(scene.academic_year_id)
        groups = [school_queries.teaching_group(group_id)]
        actions.plan_year(academic_year=planned, groups=groups, by=SET_UP, now=START)
    return group_id


def _lessons(group_id: int) -> list[PlannedLesson]:
    session().rollback()
    session().expire_all()
    return [lesson for lesson in queries.lessons_of_class(group_id) if lesson.planned_on is not None]


def _clashes(*group_ids: int) -> list[tuple[date, time]]:
    """Give the moments at which the teacher has two different lessons, or one lesson in two rooms."""
    held = [(lesson.planned_on, lesson.starts_at) for group_id in group_ids for lesson in _lessons(group_id)]
    return [(day, at) for day, at in set(held) if day and at and held.count((day, at)) > 1]


def test_a_lesson_moved_on_or_made_good_takes_no_meeting_in_which_its_teacher_has_another_class(scene: Scene) -> None:
    """Both classes meet on Tuesdays at 9:30; the second one only then, the first on Thursdays too."""
    with school_scope(scene.school_id):
        other = scene.group_ids["Y4"]
        first = _class(scene, "4 Elm", school.Slot(*TUESDAY, 60), school.Slot(3, time(11), 60))
        assert _clashes(first, other) == []
        lesson = next(one for one in _lessons(first) if one.planned_on is not None and one.planned_on > date(2026, 11, 10))
        for _ in range(8):
            with transaction():
                after = queries.planned_lesson(lesson.id).planned_on
                assert after is not None
                actions.move_on(planned_lesson_id=lesson.id, after=after, by=SET_UP, now=NOW)
        with transaction():
            actions.plan_make_good(planned_lesson_id=_lessons(first)[0].id, after=date(2026, 9, 8), by=SET_UP, now=NOW)
        assert _clashes(first, other) == []
        with transaction():
            actions.split_lesson(planned_lesson_id=_splittable(first), by=SET_UP, now=NOW)
        assert _clashes(first, other) == []


def _splittable(group_id: int) -> int:
    modules = catalogue.current().modules
    return next(one.id for one in _lessons(group_id) if modules[one.module_id].lesson(one.lesson_number).splits and not one.part)


def test_the_rest_of_a_lesson_is_not_split_again(scene: Scene) -> None:
    with school_scope(scene.school_id):
        with transaction():
            lesson_id = _splittable(scene.group_ids["Y4"])
            rest = actions.plan_make_good(planned_lesson_id=lesson_id, after=date(2026, 9, 8), by=SET_UP, now=NOW).id
        with pytest.raises(actions.NotSplittable), transaction():
            actions.split_lesson(planned_lesson_id=rest, by=SET_UP, now=NOW)


def test_what_finds_the_teacher_busy_in_every_meeting_left_says_so(scene: Scene) -> None:
    with school_scope(scene.school_id):
        busy = _lessons(scene.group_ids["Y4"])[-1]
        assert busy.planned_on is not None
        with transaction():
            elm = school.open_class(
                academic_year_id=scene.academic_year_id, name="4 Elm", year_groups=[YearGroup.Y4], stage=stage_of(YearGroup.Y4),
                lead_teacher_id=scene.teacher_id, size=28, slots=[school.Slot(*TUESDAY, 60)], by=SET_UP, now=START,
            ).id  # fmt: skip
            actions.add_drop_down_day(
                academic_year_id=scene.academic_year_id, day=date(2027, 7, 21), year_groups=[YearGroup.Y4], starts_at=time(9, 30),
                periods=1, minutes=60, by=SET_UP, now=START,
            )  # fmt: skip
        with transaction():
            actions.move_lesson(planned_lesson_id=busy.id, to=date(2027, 7, 21), even_so=True, by=SET_UP, now=NOW)
        with transaction():
            year = school_queries.academic_year_by_id(scene.academic_year_id)
            actions.plan_year(academic_year=year, groups=[school_queries.teaching_group(elm)], by=SET_UP, now=START)
        lesson = _lessons(elm)[0]
        with transaction():
            moved = actions.move_on(planned_lesson_id=lesson.id, after=date(2027, 7, 20), by=SET_UP, now=NOW)
            assert (moved.state, moved.why_unplaced) == (PlanState.UNPLACED, WhyUnplaced.TEACHER_BUSY)
            assert moved.why_unplaced is not None
            assert moved.why_unplaced.options


def test_one_lesson_of_a_shared_assembly_can_be_moved_into_it_and_covered_there(scene: Scene) -> None:
    """Two classes of one teacher sit in one assembly: the same lesson there is one lesson, another one is refused."""
    with school_scope(scene.school_id):
        hall = school.Slot(4, time(8, 50), 60, SlotKind.ASSEMBLY)
        first, second = _class(scene, "4 Hall", hall), _class(scene, "4 Stage", hall)
        here, there = _lessons(first), _lessons(second)
        moments = [(one.module_id, one.lesson_number, one.planned_on) for one in here]
        assert moments == [(one.module_id, one.lesson_number, one.planned_on) for one in there], "planned together"
        free = date(2027, 7, 16)  # the last Friday
        for lesson in (here[0], there[0]):
            with transaction():
                actions.move_lesson(planned_lesson_id=lesson.id, to=free, even_so=True, by=SET_UP, now=NOW)
        with pytest.raises(actions.DayTaken), transaction():
            actions.move_lesson(planned_lesson_id=there[1].id, to=free, even_so=True, by=SET_UP, now=NOW)
        with transaction():
            actions.withdraw_lesson(planned_lesson_id=there[0].id, by=SET_UP, now=NOW)
        with pytest.raises(actions.TeacherBusy), transaction():
            actions.move_lesson(planned_lesson_id=there[1].id, to=free, even_so=True, by=SET_UP, now=NOW)
        for lesson in (here[2], there[2]):
            with transaction():
                actions.cover_lesson(planned_lesson_id=lesson.id, person_id=scene.lead_id, by=SET_UP, now=NOW)
        with transaction():
            other = _class_lesson_at(scene, here[2])
        with pytest.raises(actions.BusyThen), transaction():
            actions.cover_lesson(planned_lesson_id=other, person_id=scene.lead_id, by=SET_UP, now=NOW)


def _class_lesson_at(scene: Scene, beside: PlannedLesson) -> int:
    """Put a lesson of another class where one stands, taught by nobody else."""
    lesson = queries.lessons_of_class(scene.group_ids["Y4"])[0]
    row = queries.planned_lesson(lesson.id)
    held = queries.planned_lesson(beside.id)
    row.planned_on, row.starts_at, row.minutes = held.planned_on, held.starts_at, held.minutes
    session().flush()
    return row.id
