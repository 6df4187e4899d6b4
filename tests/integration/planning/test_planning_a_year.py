"""Is a year planned, planned again, undone and taught in parts without losing or doubling anything?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from sqlalchemy import text

from eduprog.core.db import session, transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Gate, YearGroup, stage_of
from eduprog.delivery import actions as delivery
from eduprog.delivery import queries as delivered
from eduprog.delivery.rules import LessonOutcome, LessonState
from eduprog.followups import queries as followups
from eduprog.planning import actions, queries
from eduprog.planning.rules import PlanState, RunKind, WhyUnplaced
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import SlotKind
from eduprog.tallies import actions as tallies
from tests.support.scenes import SET_UP, START, Scene, a_planned_school

LATER = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school(years=(YearGroup.Y1, YearGroup.Y8))


def _plan(scene: Scene, kind: RunKind = RunKind.ADD, not_before: date | None = None, now: datetime = START) -> actions.PlanReport:
    session().expire_all()
    with transaction():
        year = school_queries.academic_year(scene.academic_year_id, today=date(2026, 9, 1))
        groups = school_queries.groups_of_year(scene.academic_year_id)
        assert year is not None
        actions.set_up_schemes(academic_year_id=year.id, year_groups=list(YearGroup), by=SET_UP, now=now)
        return actions.plan_year(academic_year=year, groups=groups, by=SET_UP, now=now, kind=kind, not_before=not_before)


def _tutor_class(scene: Scene, minutes: int = 25, name: str = "8 Tutor") -> int:
    with transaction():
        slots = [school.Slot(weekday=day, starts_at=time(8, 40), minutes=minutes, kind=SlotKind.TUTOR) for day in (1, 3)]
        return school.open_class(
            academic_year_id=scene.academic_year_id, name=name, year_groups=[YearGroup.Y8], stage=stage_of(YearGroup.Y8),
            lead_teacher_id=scene.lead_id, size=28, slots=slots, by=SET_UP, now=START,
        ).id  # fmt: skip


def _lessons(group_id: int) -> list[object]:
    session().rollback()
    session().expire_all()
    return list(queries.lessons_of_class(group_id))


def _database() -> list[object]:
    session().rollback()
    tables = ("planned_lesson", "planning_run", "planning_change", "coverage_tally", "school_tally", "audit_entry")
    return [session().execute(text(f"SELECT * FROM {table} WHERE school_id > 0 ORDER BY id")).all() for table in tables]


@pytest.mark.parametrize("kind", list(RunKind))
def test_planning_twice_changes_not_one_row(scene: Scene, kind: RunKind) -> None:
    with school_scope(scene.school_id):
        _tutor_class(scene)
        _plan(scene)
        before = _database()
        report = _plan(scene, kind)
        assert (report.added, report.moved, report.withdrawn, report.run_id) == (0, 0, 0, None)
        assert _database() == before


def test_a_short_meeting_takes_a_lesson_in_its_parts_and_the_last_part_ends_it(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group = _tutor_class(scene)
        _plan(scene)
        parts = [one for one in _lessons(group) if one.module_id == "K3-R4"]
        module = catalogue.current().module("K3-R4")
        assert [one.part for one in parts] == list(range(1, len(module.lesson(1).parts) + 1))
        assert len(parts) > 1
        assert all(one.planned_on and one.minutes and one.minutes <= 27 for one in parts)
        ids, days = [one.id for one in parts], [one.planned_on for one in parts]
        assert tallies.compare(delivered.tally_facts()) == []
        made = []
        for planned_id, day in zip(ids, days, strict=True):
            session().expire_all()
            with transaction():
                made.append(
                    delivery.record_delivery(
                        planned_lesson_id=planned_id, taught_on=day, outcome=LessonOutcome.AS_PLANNED, by=person(scene.lead_id),
                        now=LATER, today=date(2027, 7, 1),
                    ).id
                )  # fmt: skip
            expected = LessonState.DELIVERED if planned_id == ids[-1] else LessonState.PART
            assert delivered.root_state(ids[0]) is expected
            assert tallies.compare(delivered.tally_facts()) == []
        assert [len(followups.of_delivery(one)) for one in made] == [0] * (len(made) - 1) + [4]
        first = delivered.delivery(made[0])
        assert [step.step_number for step in first.steps] == [step.number for step in module.lesson(1).parts[0]]
        with transaction():
            delivery.undo_delivery(delivery_id=made[-1], by=person(scene.lead_id), now=LATER)
        assert tallies.compare(delivered.tally_facts()) == []


def test_what_was_taught_or_moved_by_hand_stays_when_the_year_is_planned_again(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group = scene.group_ids["Y8"]
        _plan(scene)
        first, second, third = [one for one in _lessons(group) if one.planned_on][:3]
        taught, moved = (first.id, first.planned_on), second.id
        with transaction():
            delivery.record_delivery(
                planned_lesson_id=first.id, taught_on=date(2026, 9, 15), outcome=LessonOutcome.AS_PLANNED, by=scene.teacher,
                now=LATER, today=date(2027, 1, 11),
            )  # fmt: skip
            actions.move_lesson(planned_lesson_id=moved, to=date(2027, 7, 8), even_so=True, by=scene.teacher, now=START)
        _plan(scene, RunKind.AGAIN, date(2026, 9, 1))
        after = {one.id: one for one in _lessons(group)}
        assert after[taught[0]].planned_on == taught[1]
        assert after[moved].planned_on == date(2027, 7, 8)
        assert third.id in after
        assert tallies.compare(delivered.tally_facts()) == []


def test_what_was_missed_is_caught_up_when_the_rest_is_planned_again_and_nothing_after_it_is_lost(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group = scene.group_ids["Y8"]
        _plan(scene)
        standing = [one for one in _lessons(group) if one.planned_on]
        missed, *later = [one for one in standing if one.planned_on < LATER.date()]
        for one in later:
            with transaction():
                delivery.record_delivery(
                    planned_lesson_id=one.id, taught_on=one.planned_on, outcome=LessonOutcome.AS_PLANNED, by=scene.teacher,
                    now=LATER, today=LATER.date(),
                )  # fmt: skip
        with transaction():
            actions.move_lesson(planned_lesson_id=missed.id, to=date(2027, 7, 8), even_so=True, by=scene.teacher, now=LATER)
            queries.planned_lesson(missed.id).moved_by_hand = False  # as a lesson that was not taught moves on by itself
        report = _plan(scene, RunKind.AGAIN, LATER.date(), LATER)
        assert (report.missing, report.withdrawn) == ([], 0)
        after = {one.id: one for one in _lessons(group)}
        assert LATER.date() <= after[missed.id].planned_on < date(2027, 2, 1)
        assert all(after[one.id].planned_on for one in standing)


def test_a_planning_run_is_undone_whole_and_only_the_last_one(scene: Scene) -> None:
    with school_scope(scene.school_id):
        kept = {one.id: (one.planned_on, one.starts_at) for group in scene.group_ids.values() for one in _lessons(group)}
        group = _tutor_class(scene)
        run = _plan(scene).run_id
        assert run is not None
        assert _lessons(group)
        with transaction():
            report = actions.undo_run(run_id=run, by=SET_UP, now=START)
        assert report.kept == 0
        assert _lessons(group) == []
        assert kept == {one.id: (one.planned_on, one.starts_at) for group in scene.group_ids.values() for one in _lessons(group)}
        assert tallies.compare(delivered.tally_facts()) == []
        with pytest.raises(actions.NotTheLastRun), transaction():
            actions.undo_run(run_id=run, by=SET_UP, now=START)
        assert _plan(scene).added > 0


def test_what_does_not_fit_is_named_with_a_reason_and_stays_named(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group = _tutor_class(scene, minutes=10, name="8 Registration")
        report = _plan(scene)
        here = [one for one in report.missing if one.group_id == group]
        assert {one.why for one in here} == {WhyUnplaced.TOO_SHORT, WhyUnplaced.WAITS_FOR_EARLIER}
        assert all(one.options for one in here)
        assert {one.state for one in _lessons(group)} == {PlanState.UNPLACED}
        with transaction():
            actions.add_drop_down_day(
                academic_year_id=scene.academic_year_id, day=date(2027, 7, 6), year_groups=[YearGroup.Y8], starts_at=time(9),
                periods=6, minutes=60, by=SET_UP, now=START,
            )  # fmt: skip
        assert _plan(scene).moved >= 6
        assert [one.planned_on for one in _lessons(group) if one.planned_on] == [date(2027, 7, 6)] * 6
        assert tallies.compare(delivered.tally_facts()) == []


def test_closed_modules_are_never_planned(scene: Scene) -> None:
    with school_scope(scene.school_id):
        closed = {module.id for module in catalogue.current().all_modules if Gate.G2 in module.gates}
        planned = {one.module_id for group in scene.group_ids.values() for one in _lessons(group)}
        assert not planned & closed


def test_nobody_covers_a_lesson_while_teaching_another(scene: Scene) -> None:
    with school_scope(scene.school_id):
        first = next(one for one in _lessons(scene.group_ids["Y1"]) if one.planned_on)
        with transaction():
            actions.cover_lesson(planned_lesson_id=first.id, person_id=scene.lead_id, by=SET_UP, now=START)
        of_year = date(2026, 9, 1), date(2027, 7, 21)
        assert [one.id for one in queries.lessons_between(*of_year, lead_teacher_id=scene.lead_id)] == [first.id]
        assert first.id not in {one.id for one in queries.lessons_between(*of_year, lead_teacher_id=scene.teacher_id)}
        with transaction():
            other = queries.lessons_of_class(scene.group_ids["Y8"])[0].id
            day = queries.planned_lesson(first.id).planned_on
            assert day is not None
            actions.move_lesson(planned_lesson_id=other, to=day, even_so=True, by=SET_UP, now=START)
        with pytest.raises(actions.BusyThen), transaction():
            actions.cover_lesson(planned_lesson_id=other, person_id=scene.lead_id, by=SET_UP, now=START)
