"""Does recording a lesson tell its whole story, and can it be taken back?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries as coverage
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions, queries
from eduprog.delivery.actions import AlreadyRecorded, NoSuchStep, TaughtInFuture
from eduprog.delivery.rules import LessonOutcome, NotTaughtReason
from eduprog.families.models import ParentPrompt
from eduprog.followups import actions as follow_up_actions
from eduprog.followups import queries as followups
from eduprog.followups.rules import FollowUpState
from eduprog.planning import queries as planning
from eduprog.tallies import actions as tallies
from tests.support.scenes import Scene, a_planned_school

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


def _first_lesson(scene: Scene, year: YearGroup) -> int:
    return planning.lessons_of_class(scene.group_ids[year.value])[0].id


def _record(scene: Scene, planned_id: int, outcome: LessonOutcome = LessonOutcome.AS_PLANNED, **more: object) -> int:
    facts = {"taught_on": TODAY, **more}
    with transaction():
        return actions.record_delivery(
            planned_lesson_id=planned_id, outcome=outcome, by=scene.teacher, now=NOW, today=TODAY, **facts
        ).id


def test_a_lesson_taught_as_planned_owes_four_follow_ups_and_one_prompt(scene: Scene) -> None:
    with school_scope(scene.school_id):
        delivery_id = _record(scene, _first_lesson(scene, YearGroup.Y1))
        owed = followups.of_delivery(delivery_id)
        assert [row.point.value for row in owed] == ["R1", "R2", "R3", "R4"]
        assert [row.due_on for row in owed[:3]] == [date(2026, 12, 1), date(2026, 12, 15), date(2027, 2, 2)]
        assert owed[3].placement == "awaiting_next_year"
        assert session().query(ParentPrompt).count() == 1


def test_the_grid_moves_with_the_record_and_equals_a_recount(scene: Scene) -> None:
    with school_scope(scene.school_id):
        before = coverage.grid(scene.academic_year_id).total
        delivery_id = _record(scene, _first_lesson(scene, YearGroup.Y1))
        after = coverage.grid(scene.academic_year_id).total
        assert (before.delivered, after.delivered) == (0, 1)
        assert after.planned == before.planned
        assert tallies.compare(queries.tally_facts()) == []
        with transaction():
            actions.undo_delivery(delivery_id=delivery_id, by=scene.teacher, now=NOW)
        assert coverage.grid(scene.academic_year_id).total == before
        assert tallies.compare(queries.tally_facts()) == []
        assert {row.state for row in followups.of_delivery(delivery_id)} == {FollowUpState.WITHDRAWN}
        assert session().query(ParentPrompt).one().stop_reason == "delivery_undone"


def test_a_part_taught_lesson_owes_nothing_until_its_make_good_is_taught(scene: Scene) -> None:
    with school_scope(scene.school_id):
        planned_id = _first_lesson(scene, YearGroup.Y1)
        delivery_id = _record(scene, planned_id, LessonOutcome.PART_TAUGHT, steps=[1, 2])
        assert followups.of_delivery(delivery_id) == []
        total = coverage.grid(scene.academic_year_id).total
        assert (total.delivered, total.part) == (0, 1)
        rest = next(lesson for lesson in planning.lessons_of_class(scene.group_ids["Y1"]) if lesson.make_good_of == planned_id)
        assert rest.planned_on == date(2026, 12, 1)
        made_good = _record(scene, rest.id, taught_on=TODAY)
        assert len(followups.of_delivery(made_good)) == 4
        total = coverage.grid(scene.academic_year_id).total
        assert (total.delivered, total.part) == (1, 0)
        assert tallies.compare(queries.tally_facts()) == []


def test_what_was_taught_in_part_is_undone_from_its_end(scene: Scene) -> None:
    with school_scope(scene.school_id):
        planned_id = _first_lesson(scene, YearGroup.Y1)
        part = _record(scene, planned_id, LessonOutcome.PART_TAUGHT, steps=[1, 2])
        [rest] = [row for row in planning.lessons_of_class(scene.group_ids["Y1"]) if row.make_good_of == planned_id]
        whole = _record(scene, rest.id)
        with pytest.raises(actions.RestIsRecorded), transaction():
            actions.undo_delivery(delivery_id=part, by=scene.teacher, now=NOW)
        for one in (whole, part):
            with transaction():
                actions.undo_delivery(delivery_id=one, by=scene.teacher, now=NOW)
        again = _record(scene, planned_id)
        assert [len(followups.of_delivery(one)) for one in (whole, again)] == [4, 4]
        assert {row.state for row in followups.of_delivery(whole)} == {FollowUpState.WITHDRAWN}


def test_a_missed_lesson_moves_to_the_next_free_meeting(scene: Scene) -> None:
    with school_scope(scene.school_id):
        planned_id = _first_lesson(scene, YearGroup.Y1)
        with transaction():
            lesson = actions.record_not_taught(
                planned_lesson_id=planned_id, reason=NotTaughtReason.CLASS_OUT, by=scene.teacher, now=NOW, today=TODAY
            )
            moved_to = lesson.planned_on
        assert moved_to == date(2026, 12, 1)
        assert tallies.compare(queries.tally_facts()) == []


def test_the_same_tap_twice_is_one_record(scene: Scene) -> None:
    with school_scope(scene.school_id):
        planned_id = _first_lesson(scene, YearGroup.Y1)
        first = _record(scene, planned_id, once_key="phone-1")
        assert _record(scene, planned_id, once_key="phone-1") == first
        with pytest.raises(AlreadyRecorded):
            _record(scene, planned_id, once_key="phone-2")


def test_what_cannot_be_true_is_refused(scene: Scene) -> None:
    with school_scope(scene.school_id):
        planned_id = _first_lesson(scene, YearGroup.Y1)
        with pytest.raises(TaughtInFuture):
            _record(scene, planned_id, taught_on=date(2026, 11, 25))
        with pytest.raises(NoSuchStep):
            _record(scene, planned_id, LessonOutcome.ADAPTED, steps=[99])
        with pytest.raises(NoSuchStep):
            _record(scene, planned_id, LessonOutcome.ADAPTED)


def test_a_follow_up_done_before_an_undo_is_not_asked_for_again(scene: Scene) -> None:
    with school_scope(scene.school_id):
        planned_id = _first_lesson(scene, YearGroup.Y1)
        first = _record(scene, planned_id)
        starter = followups.of_delivery(first)[0]
        with transaction():
            follow_up_actions.complete_follow_up(follow_up_id=starter.id, done_on=TODAY, by=scene.teacher, now=NOW)
            actions.undo_delivery(delivery_id=first, by=scene.teacher, now=NOW)
        again = _record(scene, planned_id)
        assert [row.point.value for row in followups.of_delivery(again)] == ["R2", "R3", "R4"]
        assert followups.follow_up(starter.id).state is FollowUpState.DONE
