"""Is a follow-up that is gone from the tables missed and put back, and one that belongs to a retired module ended?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from eduprog.core.db import db, session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import actions as delivery
from eduprog.delivery import queries as deliveries
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import actions as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState
from eduprog.planning import queries as planning
from eduprog.school import actions as school
from eduprog.school.rules import ClosureKind
from eduprog.yearcycle import actions, jobs, queries
from tests.conftest import FULL
from tests.integration.yearcycle.test_rolling_over import NEXT_YEAR
from tests.support.figures import tell
from tests.support.retiring import without
from tests.support.scenes import SET_UP, Scene, a_planned_school

JULY = datetime(2027, 7, 10, 12, 0, tzinfo=UTC)
LESSONS = 24 if FULL else 10
ROUNDS, LOST = (80, 1000) if FULL else (3, 20)


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    """Two classes in July: taught since autumn, some of it undone, done and left out, and handed over to next year's classes."""
    made = a_planned_school(years=(YearGroup.Y1, YearGroup.Y4))
    with school_scope(made.school_id):
        with transaction():
            school.add_academic_year(
                starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 21), half_terms=NEXT_YEAR, by=SET_UP, now=JULY
            )
        for group_id in made.group_ids.values():
            _teach(made, group_id)
        with transaction():
            ready = queries.next_year(JULY.date())
            assert ready is not None
            actions.roll_over(from_year_id=ready.old.id, chosen=ready.proposed, by=SET_UP, now=JULY, today=JULY.date())
        yield made


def _teach(scene: Scene, group_id: int) -> None:
    facts: dict[str, Any] = {"by": scene.teacher, "now": JULY}
    for number, lesson in enumerate(planning.lessons_of_class(group_id)[:LESSONS]):
        day = date(2026, 10, 6) + timedelta(days=26 * number * 10 // LESSONS)
        with transaction():
            delivery.record_delivery(
                planned_lesson_id=lesson.id, taught_on=day, outcome=LessonOutcome.AS_PLANNED, today=JULY.date(), **facts
            )
    with transaction():
        delivery.undo_delivery(delivery_id=deliveries.of_class(group_id)[2].id, **facts)
        first, second, *_ = [row for row in rows() if row.teaching_group_id == group_id and row.state is FollowUpState.DUE]
        followups.complete_follow_up(follow_up_id=first.id, done_on=JULY.date(), **facts)
        followups.skip_follow_up(follow_up_id=second.id, reason=EndReason.NO_TIME, **facts)


def rows() -> list[FollowUp]:
    """Give every follow-up of the school, fresh."""
    wanted = select(FollowUp).order_by(FollowUp.id)
    return list(session().scalars(wanted.execution_options(populate_existing=True)))


def standing() -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Give what each class is owed, by what it is."""
    return {
        (row.delivery_id, row.point, row.teaching_group_id): (row.due_on, row.placement, row.taught_on, row.module_id)
        for row in rows()
        if row.state is FollowUpState.DUE
    }


def mend(scene: Scene) -> int:
    """Run the nightly job."""
    session().rollback()
    return jobs.mend_follow_ups(school_id=scene.school_id, now=JULY)


def lose(ids: list[int]) -> None:
    """Delete rows behind everybody's back."""
    with transaction():
        session().execute(delete(FollowUp).where(FollowUp.id.in_(ids)))
    session().expunge_all()


def test_where_nothing_is_missing_nothing_is_done(scene: Scene) -> None:
    before = [(row.id, row.state, row.version) for row in rows()]
    assert mend(scene) == 0
    assert [(row.id, row.state, row.version) for row in rows()] == before


@pytest.mark.timeout(1800)
def test_every_deleted_row_is_found_and_put_back_where_it_stood(scene: Scene) -> None:
    rng, lost = Random(14), 0
    for _ in range(ROUNDS):
        before = standing()
        handed_on = {row.carried_from_id for row in rows()}
        can_go = [row.id for row in rows() if row.state is FollowUpState.DUE and row.id not in handed_on]
        chosen = rng.sample(can_go, len(can_go) // 2)
        lose(chosen)
        assert len(standing()) == len(before) - len(chosen)
        assert mend(scene) == len(chosen)
        after = standing()
        assert after.keys() == before.keys()
        assert {key: facts[2:] for key, facts in after.items()} == {key: facts[2:] for key, facts in before.items()}
        assert all(due_on is None or due_on > taught_on for due_on, _, taught_on, _ in after.values())
        assert mend(scene) == 0
        lost += len(chosen)
    tell(f"{db.engine.dialect.name}: {lost} of {lost} deleted follow-ups were missed by the nightly job and put back")
    assert lost >= LOST


def test_one_row_gone_comes_back_on_its_very_day_or_on_one_before_it_that_was_freed_since(scene: Scene) -> None:
    for key in [key for key, facts in standing().items() if facts[0]][:4]:
        before = standing()
        lose(_ids(key))
        assert mend(scene) == 1
        settled = standing()
        assert {**settled, key: before[key]} == before
        assert settled[key][0] <= before[key][0]
        assert settled[key][1:] == before[key][1:]
        lose(_ids(key))
        assert mend(scene) == 1
        assert standing() == settled


def _ids(key: tuple[Any, ...]) -> list[int]:
    due = [row for row in rows() if row.state is FollowUpState.DUE]
    return [row.id for row in due if (row.delivery_id, row.point, row.teaching_group_id) == key]


def test_what_an_undone_lesson_owed_is_not_missed(scene: Scene) -> None:
    gone = [row.id for row in rows() if row.end_reason is EndReason.DELIVERY_UNDONE]
    assert gone
    lose(gone)
    assert mend(scene) == 0


def test_what_belongs_to_a_retired_module_ends_and_stays_ended(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    module_id = next(row.module_id for row in rows() if row.state is FollowUpState.DUE)
    monkeypatch.setattr(catalogue, "_installed", [without(catalogue.ours(), [module_id])])
    owed = [key for key, facts in standing().items() if facts[3] == module_id]
    done = [row.id for row in rows() if row.module_id == module_id and row.state is FollowUpState.DONE]
    assert mend(scene) == len(owed) > 0
    assert [key for key, facts in standing().items() if facts[3] == module_id] == []
    assert {row.id for row in rows() if row.state is FollowUpState.DONE} >= set(done)
    assert mend(scene) == 0


def test_taking_the_new_year_back_does_not_bring_back_what_an_undone_record_owed(scene: Scene) -> None:
    with school_scope(scene.school_id):
        step_id = queries.roll_overs()[0].id
        carried = next(row for row in rows() if row.end_reason is EndReason.CARRIED_OVER)
        facts: dict[str, Any] = {"by": scene.teacher, "now": JULY}
        with transaction():
            delivery.undo_delivery(delivery_id=carried.delivery_id, **facts)
        with transaction():
            actions.undo_roll_over(roll_over_id=step_id, **facts)
        owed = [row for row in rows() if row.state is FollowUpState.DUE]
        assert owed
        assert carried.delivery_id not in {row.delivery_id for row in owed}
        assert session().get(FollowUp, carried.id, populate_existing=True).end_reason is EndReason.DELIVERY_UNDONE


def test_a_lesson_of_a_retired_module_may_still_be_recorded_and_owes_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with school_scope(scene.school_id):
        ends = {module.id: len(module.lessons) for module in catalogue.ours().all_modules}
        lesson = next(
            one for one in planning.lessons_of_class(scene.group_ids["Y1"])
            if not one.recorded and one.lesson_number == ends[one.module_id]
        )  # fmt: skip
        monkeypatch.setattr(catalogue, "_installed", [without(catalogue.ours(), [lesson.module_id])])
        with transaction():
            made = delivery.record_delivery(
                planned_lesson_id=lesson.id, taught_on=JULY.date(), outcome=LessonOutcome.AS_PLANNED, by=scene.teacher, now=JULY,
                today=JULY.date(),
            ).id  # fmt: skip
        assert deliveries.delivery(made).outcome is LessonOutcome.AS_PLANNED
        assert [row for row in rows() if row.delivery_id == made] == []


def test_one_made_due_again_does_not_stand_on_a_day_that_was_shut_meanwhile(scene: Scene) -> None:
    facts: dict[str, Any] = {"by": scene.teacher, "now": JULY}
    with school_scope(scene.school_id):
        row = next(one for one in rows() if one.state is FollowUpState.DUE and one.due_on and one.due_on > JULY.date())
        row_id, day = row.id, row.due_on
        assert day is not None
        with transaction():
            followups.complete_follow_up(follow_up_id=row_id, done_on=JULY.date(), **facts)
        with transaction():
            actions.close_school(days=[day], kind=ClosureKind.SNOW, today=JULY.date(), **facts)
        with transaction():
            followups.undo_follow_up(follow_up_id=row_id, **facts)
        again = session().get(FollowUp, row_id, populate_existing=True)
        assert again is not None
        assert again.state is FollowUpState.DUE
        assert again.due_on is not None
        assert again.due_on != day
