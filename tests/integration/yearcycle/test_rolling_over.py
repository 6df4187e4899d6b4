"""Does the step into a new year take everything along that is owed, and can it be taken back whole?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from eduprog.core.db import session, transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import FollowUpPoint, Stage, YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery import queries as delivery_queries
from eduprog.delivery.rules import LessonOutcome
from eduprog.families import actions as families
from eduprog.families.models import JoinCode
from eduprog.followups import actions as followups
from eduprog.followups import queries as follow_up_queries
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState, PlacementState
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.models import ImportedEnrolment, TeachingGroup
from eduprog.school.rules import ClosureKind, HalfTermBlock, HalfTermSpan
from eduprog.tallies import actions as tallies
from eduprog.yearcycle import actions, jobs, queries
from eduprog.yearcycle.rules import NextClass
from tests.support.people import make_person
from tests.support.scenes import SET_UP, Scene, a_planned_school

JULY = datetime(2027, 7, 10, 12, 0, tzinfo=UTC)
NEXT_YEAR = (
    HalfTermSpan(HalfTermBlock.AUTUMN_1, date(2027, 9, 2), date(2027, 10, 22)),
    HalfTermSpan(HalfTermBlock.AUTUMN_2, date(2027, 11, 1), date(2027, 12, 17)),
    HalfTermSpan(HalfTermBlock.SPRING_1, date(2028, 1, 4), date(2028, 2, 11)),
    HalfTermSpan(HalfTermBlock.SPRING_2, date(2028, 2, 21), date(2028, 3, 31)),
    HalfTermSpan(HalfTermBlock.SUMMER_1, date(2028, 4, 17), date(2028, 5, 26)),
    HalfTermSpan(HalfTermBlock.SUMMER_2, date(2028, 6, 5), date(2028, 7, 21)),
)


@pytest.fixture
def scene(app: Flask) -> Scene:
    """A school with a Year 1 and a Year 13 class, each taught one whole module, and the dates of the next year."""
    made = a_planned_school(years=(YearGroup.Y1, YearGroup.Y13))
    with school_scope(made.school_id), transaction():
        add_next_year()
    return made


def add_next_year() -> int:
    return school.add_academic_year(
        starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 21), half_terms=NEXT_YEAR, by=SET_UP, now=JULY
    ).id


def teach_first_module(scene: Scene, group_id: int, on: date) -> str:
    """Record every lesson of a class's first module as taught on a day; give the module."""
    lessons = planning_queries.lessons_of_class(group_id)
    module_id = lessons[0].module_id
    wanted = [lesson.id for lesson in sorted(lessons, key=lambda one: one.lesson_number) if lesson.module_id == module_id]
    for lesson_id in wanted:
        with transaction():
            delivery.record_delivery(
                planned_lesson_id=lesson_id, taught_on=on, outcome=LessonOutcome.AS_PLANNED, by=scene.teacher, now=JULY,
                today=JULY.date(),
            )  # fmt: skip
    return module_id


def step() -> actions.RollOverReport:
    """Take the step as it is proposed."""
    with transaction():
        ready = queries.next_year(JULY.date())
        assert ready is not None
        return actions.roll_over(from_year_id=ready.old.id, chosen=ready.proposed, by=SET_UP, now=JULY, today=JULY.date())


def owed(group_id: int, point: FollowUpPoint = FollowUpPoint.R4) -> list[FollowUp]:
    return [row for row in follow_up_queries.of_class(group_id) if row.point is point]


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Give every row of every table but the audit chain, row versions and roll-overs."""
    found = {}
    for table in session().get_bind().dialect.get_table_names(session().connection()):  # type: ignore[attr-defined]
        if table in ("audit_entry", "audit_head", "roll_over", "alembic_version", "imported_enrolment"):
            continue
        rows = session().execute(text(f'SELECT * FROM "{table}"')).mappings()
        found[table] = sorted(
            (tuple((name, str(value)) for name, value in row.items() if name != "version") for row in rows), key=str
        )
    return found


def test_r4_goes_to_the_class_that_follows_and_stands_on_its_meeting_day(scene: Scene) -> None:
    with school_scope(scene.school_id):
        module_id = teach_first_module(scene, scene.group_ids["Y1"], date(2026, 11, 24))
        assert owed(scene.group_ids["Y1"])[0].placement is PlacementState.AWAITING_NEXT_YEAR
        report = step()
        new = {group.name: group for group in school_queries.groups_of_year(school_queries.academic_years()[1].id)}
        assert set(new) == {"Y1 Oak", "Y2 Oak", "Y13 Oak"}
        (row,) = owed(new["Y2 Oak"].id)
        assert (row.module_id, row.placement, row.due_on) == (module_id, PlacementState.PLACED, date(2027, 9, 7))
        assert report.follow_ups.placed == 1
        (before,) = owed(scene.group_ids["Y1"])
        assert (before.state, before.end_reason) == (FollowUpState.WITHDRAWN, EndReason.CARRIED_OVER)
        assert row.carried_from_id == before.id
        assert new["Y2 Oak"].size is None
        assert new["Y2 Oak"].stage is Stage.K1
        assert school_queries.successors_of([scene.group_ids["Y1"]]) == {scene.group_ids["Y1"]: [new["Y2 Oak"].id]}


def test_what_leavers_are_owed_ends_with_left_school(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group_id = scene.group_ids["Y1"]
        teach_first_module(scene, group_id, date(2026, 11, 24))
        with transaction():
            ready = queries.next_year(JULY.date())
            assert ready is not None
            chosen = [one for one in ready.proposed if not one.feeders]
            report = actions.roll_over(from_year_id=ready.old.id, chosen=chosen, by=SET_UP, now=JULY, today=JULY.date())
        assert set(report.leaving) == {"Y1 Oak", "Y13 Oak"}
        assert owed(group_id)[0].end_reason is EndReason.LEFT_SCHOOL


def test_of_two_classes_that_come_together_the_one_taught_longest_ago_counts(scene: Scene) -> None:
    with school_scope(scene.school_id):
        oak = scene.group_ids["Y1"]
        with transaction():
            year = school_queries.academic_years()[0]
            ash = school.open_class(
                academic_year_id=year.id, name="Y1 Ash", year_groups=[YearGroup.Y1], stage=Stage.K1,
                lead_teacher_id=scene.teacher_id, size=20, slots=[school.Slot(3, time(10, 0), 60)], by=SET_UP, now=JULY,
            ).id  # fmt: skip
        with transaction():
            planning.plan_year(
                academic_year=school_queries.academic_years()[0], groups=[school_queries.teaching_group(ash)], by=SET_UP, now=JULY
            )
        module_id = teach_first_module(scene, oak, date(2027, 3, 2))
        assert teach_first_module(scene, ash, date(2026, 11, 26)) == module_id
        with transaction():
            ready = queries.next_year(JULY.date())
            assert ready is not None
            together = NextClass("Y2 Elm", (YearGroup.Y2,), scene.teacher_id, (oak, ash), like_id=oak)
            actions.roll_over(from_year_id=ready.old.id, chosen=[together], by=SET_UP, now=JULY, today=JULY.date())
        (new,) = school_queries.groups_of_year(school_queries.academic_years()[1].id)
        (row,) = owed(new.id)
        assert row.taught_on == date(2026, 11, 26)
        (said,) = follow_up_queries.carried_into([new.id])
        assert (said.from_group_id, said.taught_on, said.others) == (ash, date(2026, 11, 26), ((oak, date(2027, 3, 2)),))
        assert {one.end_reason for group in (oak, ash) for one in owed(group)} == {EndReason.CARRIED_OVER}


def test_a_class_that_never_met_a_module_is_named_where_classes_come_together(scene: Scene) -> None:
    with school_scope(scene.school_id):
        oak, old = scene.group_ids["Y1"], scene.group_ids["Y13"]
        teach_first_module(scene, oak, date(2027, 3, 2))
        with transaction():
            ready = queries.next_year(JULY.date())
            assert ready is not None
            together = NextClass("Mixed", (YearGroup.Y2,), None, (oak, old), like_id=oak)
            actions.roll_over(from_year_id=ready.old.id, chosen=[together], by=SET_UP, now=JULY, today=JULY.date())
        (new,) = school_queries.groups_of_year(school_queries.academic_years()[1].id)
        assert [one.others for one in follow_up_queries.carried_into([new.id])] == [((old, None),)]


def test_a_class_that_splits_is_followed_up_in_each_of_its_parts(scene: Scene) -> None:
    with school_scope(scene.school_id):
        oak = scene.group_ids["Y1"]
        teach_first_module(scene, oak, date(2026, 11, 24))
        with transaction():
            ready = queries.next_year(JULY.date())
            assert ready is not None
            parts = [NextClass(name, (YearGroup.Y2,), None, (oak,), like_id=oak) for name in ("2 Elm", "2 Fir")]
            actions.roll_over(from_year_id=ready.old.id, chosen=parts, by=SET_UP, now=JULY, today=JULY.date())
        new = school_queries.groups_of_year(school_queries.academic_years()[1].id)
        assert [len(owed(group.id)) for group in new] == [1, 1]


def test_a_lesson_recorded_after_the_step_sends_its_r4_to_the_class_that_follows(scene: Scene) -> None:
    with school_scope(scene.school_id):
        step()
        teach_first_module(scene, scene.group_ids["Y1"], date(2027, 7, 6))
        (new_id,) = school_queries.successors_of([scene.group_ids["Y1"]])[scene.group_ids["Y1"]]
        assert owed(new_id)[0].placement is PlacementState.PLACED
        teach_first_module(scene, scene.group_ids["Y13"], date(2027, 7, 6))
        assert {row.end_reason for row in owed(scene.group_ids["Y13"])} == {EndReason.LEFT_SCHOOL}


def test_what_loses_its_last_day_of_the_old_year_after_the_step_goes_to_the_class_that_follows(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group_id, today = scene.group_ids["Y1"], JULY.date()
        step()
        teach_first_module(scene, group_id, date(2027, 7, 6))
        assert [row.due_on for row in owed(group_id, FollowUpPoint.R1)] == [date(2027, 7, 13)]
        with transaction():
            calendar, days = school_queries.calendar(), [date(2027, 7, 12) + timedelta(number) for number in range(10)]
            left = [day for day in days if calendar.is_open(day)]
            actions.close_school(days=left, kind=ClosureKind.SNOW, by=SET_UP, now=JULY, today=today)
        assert [row.due_on for row in owed(group_id, FollowUpPoint.R1)] == [None]
    assert jobs.settle_follow_ups(school_id=scene.school_id, now=JULY) == 0
    with school_scope(scene.school_id):
        (new_id,) = school_queries.successors_of([group_id])[group_id]
        assert [one.state for one in owed(new_id, FollowUpPoint.R1)] == [FollowUpState.DUE]
        assert [one.end_reason for one in owed(group_id, FollowUpPoint.R1)] == [EndReason.CARRIED_OVER]


def test_what_missed_its_window_last_year_arrives_without_a_day_and_not_on_a_day_that_is_over(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group_id = scene.group_ids["Y1"]
        teach_first_module(scene, group_id, date(2026, 10, 6))
        change_the_day(group_id, date(2026, 10, 5))  # in July: the windows of R1 to R3 are over
        step()
        (new_id,) = school_queries.successors_of([group_id])[group_id]
        for point in (FollowUpPoint.R1, FollowUpPoint.R2, FollowUpPoint.R3):
            (row,) = owed(new_id, point)
            assert (row.state, row.placement, row.due_on) == (FollowUpState.DUE, PlacementState.UNPLACED, None)


def test_a_lesson_said_to_be_as_late_as_its_follow_up_of_the_next_year_is_followed_up_a_year_later(scene: Scene) -> None:
    with school_scope(scene.school_id):
        group_id = scene.group_ids["Y1"]
        teach_first_module(scene, group_id, date(2026, 10, 6))
        step()
        (new_id,) = school_queries.successors_of([group_id])[group_id]
        (before,) = [row.due_on for row in owed(new_id)]
        assert before is not None
        change_the_day(group_id, before)
        (after,) = owed(new_id)
        assert (after.due_on, after.placement) == (None, PlacementState.AWAITING_CALENDAR)


def change_the_day(group_id: int, taught_on: date) -> None:
    """Say that the last lesson taught was on another day, of which today is the day or later."""
    last = max(delivery_queries.of_class(group_id), key=lambda one: one.lesson_number)
    with transaction():
        delivery.change_day(
            delivery_id=last.id, taught_on=taught_on, by=SET_UP, now=JULY, today=max(taught_on, JULY.date())
        )  # fmt: skip


def test_undone_everything_stands_as_before(scene: Scene) -> None:
    with school_scope(scene.school_id):
        teach_first_module(scene, scene.group_ids["Y1"], date(2026, 11, 24))
        with transaction():
            families.make_code(teaching_group_id=scene.group_ids["Y1"], by=SET_UP, now=JULY, today=JULY.date())
            planning.make_feed(group_id=scene.group_ids["Y1"], by=SET_UP, now=JULY)
        before = everything()
        made = step().roll_over_id
        assert session().scalars(select(JoinCode.revoked_at)).one() is not None
        assert everything() != before
        with transaction():
            new = school_queries.groups_of_year(school_queries.academic_years()[1].id)
            planning.set_up_schemes(academic_year_id=school_queries.academic_years()[1].id, year_groups=(), by=SET_UP, now=JULY)
            assert new
        with transaction():
            actions.undo_roll_over(roll_over_id=made, by=person(scene.lead_id), now=JULY)
        assert everything() == before
        with pytest.raises(actions.AlreadyUndone), transaction():
            actions.undo_roll_over(roll_over_id=made, by=person(scene.lead_id), now=JULY)
        assert step().opened == 3


def test_a_plan_of_the_new_year_goes_with_the_step_and_the_figures_stay_right(scene: Scene) -> None:
    with school_scope(scene.school_id):
        made = step().roll_over_id
        with transaction():
            year = school_queries.academic_years()[1]
            groups = school_queries.groups_of_year(year.id)
            years = {one for group in groups for one in group.year_groups}
            planning.set_up_schemes(academic_year_id=year.id, year_groups=years, by=SET_UP, now=JULY)
            planning.plan_year(academic_year=year, groups=groups, by=SET_UP, now=JULY)
        assert planning_queries.lessons_of_classes([group.id for group in groups])
        with transaction():
            actions.undo_roll_over(roll_over_id=made, by=person(scene.lead_id), now=JULY)
        assert tallies.compare(delivery_queries.tally_facts()) == []
        assert session().scalars(select(TeachingGroup).where(TeachingGroup.academic_year_id == year.id)).all() == []


def test_once_something_is_recorded_the_step_stays(scene: Scene) -> None:
    with school_scope(scene.school_id):
        teach_first_module(scene, scene.group_ids["Y1"], date(2026, 11, 24))
        made = step().roll_over_id
        (new_id,) = school_queries.successors_of([scene.group_ids["Y1"]])[scene.group_ids["Y1"]]
        follow_up_id = owed(new_id)[0].id
        with transaction():
            followups.complete_follow_up(
                follow_up_id=follow_up_id, done_on=date(2027, 9, 7), by=scene.teacher, now=datetime(2027, 9, 7, 10, tzinfo=UTC)
            )
        with pytest.raises(actions.SomethingRecorded), transaction():
            actions.undo_roll_over(roll_over_id=made, by=person(scene.lead_id), now=JULY)
        assert owed(new_id)[0].state is FollowUpState.DONE


def test_a_second_step_from_the_same_year_is_refused_and_changes_nothing(scene: Scene) -> None:
    with school_scope(scene.school_id):
        ready = queries.next_year(JULY.date())
        assert ready is not None
        chosen, old_id = list(ready.proposed), ready.old.id
        step()
        before = everything()
        with pytest.raises(actions.NoNextYear), transaction():
            actions.roll_over(from_year_id=old_id, chosen=chosen, by=SET_UP, now=JULY, today=JULY.date())
        assert everything() == before


@pytest.mark.parametrize("wrong", ["nothing", "two of a name", "a stranger", "a stranger leads"])
def test_what_does_not_fit_the_old_year_is_refused_and_changes_nothing(scene: Scene, wrong: str) -> None:
    with school_scope(scene.school_id):
        ready = queries.next_year(JULY.date())
        assert ready is not None
        one, old_id = ready.proposed[0], ready.old.id
        chosen = {
            "nothing": [],
            "two of a name": [one, NextClass(one.name, (YearGroup.Y2,), None, ())],
            "a stranger": [NextClass("New", (YearGroup.Y2,), None, (99999,))],
            "a stranger leads": [replace(one, lead_teacher_id=make_person(name="Elsewhere"))],
        }[wrong]
        before = everything()
        refused = (actions.NothingFeeds, actions.TwoOfOneName, actions.YearChanged)
        with pytest.raises(refused), transaction():
            actions.roll_over(from_year_id=old_id, chosen=chosen, by=SET_UP, now=JULY, today=JULY.date())
        assert everything() == before


def test_classes_that_an_import_opened_already_are_kept_and_survive_the_undoing(scene: Scene) -> None:
    with school_scope(scene.school_id):
        teach_first_module(scene, scene.group_ids["Y1"], date(2026, 11, 24))
        with transaction():
            there = school.open_class(
                academic_year_id=school_queries.academic_years()[1].id, name="2E", year_groups=[YearGroup.Y2], stage=Stage.K1,
                lead_teacher_id=None, size=27, slots=[school.Slot(4, time(11, 0), 45)], by=SET_UP, now=JULY,
            ).id  # fmt: skip
        report = step()
        assert (report.opened, report.kept) == (0, 1)
        assert owed(there)[0].due_on == date(2027, 9, 3)
        with transaction():
            actions.undo_roll_over(roll_over_id=report.roll_over_id, by=person(scene.lead_id), now=JULY)
        assert school_queries.teaching_group(there).size == 27
        assert owed(there) == []
        assert owed(scene.group_ids["Y1"])[0].state is FollowUpState.DUE


def test_what_the_import_remembered_of_enrolments_is_forgotten(scene: Scene) -> None:
    with school_scope(scene.school_id):
        with transaction() as work:
            work.add(ImportedEnrolment(source_digest="a" * 64, teaching_group_id=scene.group_ids["Y1"]))
        assert step().hashes_dropped == 1
        assert session().scalars(select(ImportedEnrolment)).all() == []


def test_the_private_calendar_of_an_old_class_closes_and_that_of_its_teacher_stays(scene: Scene) -> None:
    with school_scope(scene.school_id):
        with transaction():
            planning.make_feed(group_id=scene.group_ids["Y1"], by=SET_UP, now=JULY)
            planning.make_feed(person_id=scene.teacher_id, by=SET_UP, now=JULY)
        step()
        assert planning_queries.feed_address(group_id=scene.group_ids["Y1"]) is None
        assert planning_queries.feed_address(person_id=scene.teacher_id) is not None
