"""A unit of work about one school sees that school's rows, however it asks."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from eduprog.core.db import session
from eduprog.core.tenancy import NoCurrentSchool, across_schools, current_school_id, has_current_school, school_scope
from eduprog.delivery.models import Delivery, DeliveryStep
from eduprog.organisations.models import School
from eduprog.planning.models import PlannedLesson
from eduprog.school.models import TeachingGroup
from tests.integration.core.conftest import Two

OTHER_DELIVERY = aliased(Delivery)
GROUPS = TeachingGroup.__table__

READS = {
    "entities": select(Delivery),
    "columns": select(Delivery.id),
    "an alias": select(OTHER_DELIVERY),
    "an alias's column": select(OTHER_DELIVERY.id),
    "a join to it": select(School.id).join(TeachingGroup, TeachingGroup.school_id == School.id),
    "a join along a relationship": select(DeliveryStep.id).join(Delivery.steps).where(DeliveryStep.step_number == 1),
    "a subquery in a condition": select(School.id).where(School.id.in_(select(TeachingGroup.school_id))),
    "a correlated subquery": select(School.id).where(
        select(TeachingGroup.id).where(TeachingGroup.school_id == School.id).exists()
    ),
    "a derived table": select(select(Delivery.id).subquery().c.id),
    "a common table expression": select(select(Delivery.id).cte("taught").c.id),
    "one half of a union": select(Delivery.id).union(select(Delivery.id)),
    "a loader along a relationship": select(Delivery).options(selectinload(Delivery.steps)),
    "a joined loader": select(TeachingGroup).options(joinedload(TeachingGroup.years)),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_gives_rows_of_the_current_school_only(two: Two, name: str) -> None:
    with across_schools("both are there"):
        assert len(session().execute(READS[name]).unique().all()) == 2
    session().expunge_all()
    with school_scope(two.ours.school_id):
        assert len(session().execute(READS[name]).unique().all()) == 1


@pytest.mark.parametrize("name", READS)
def test_a_read_without_a_current_school_is_an_error(two: Two, name: str) -> None:
    with pytest.raises(NoCurrentSchool):
        session().execute(READS[name])


def test_counts_are_counts_of_the_current_school(two: Two) -> None:
    with school_scope(two.ours.school_id):
        assert session().scalar(select(func.count()).select_from(Delivery)) == 1
        assert session().scalar(select(func.sum(Delivery.minutes))) == 30


def test_relationships_load_rows_of_the_current_school_only(two: Two) -> None:
    with school_scope(two.ours.school_id):
        loaded = (
            session().scalars(select(Delivery).options(selectinload(Delivery.steps), joinedload(Delivery.planned_lesson))).one()
        )
        assert loaded.planned_lesson is not None
        assert loaded.planned_lesson.id == two.ours.planned_id
        assert {step.school_id for step in loaded.steps} == {two.ours.school_id}


def test_get_finds_our_row_and_not_theirs(two: Two) -> None:
    with school_scope(two.ours.school_id):
        assert session().get(Delivery, two.ours.delivery_id) is not None
        assert session().get(Delivery, two.theirs.delivery_id) is None


def test_get_does_not_hand_out_another_schools_row_that_is_in_memory_already(two: Two) -> None:
    with school_scope(two.theirs.school_id):
        held = session().get(Delivery, two.theirs.delivery_id)
        assert held is not None
    with school_scope(two.ours.school_id):
        assert session().get(Delivery, two.theirs.delivery_id) is None
    with pytest.raises(NoCurrentSchool):
        session().get(Delivery, two.theirs.delivery_id)


def test_a_bare_table_must_be_asked_with_its_school(two: Two) -> None:
    with school_scope(two.ours.school_id):
        with pytest.raises(NoCurrentSchool, match="teaching_group must name its school_id"):
            session().execute(select(GROUPS.c.name))
        with pytest.raises(NoCurrentSchool, match="teaching_group must name its school_id"):
            session().execute(select(func.count()).select_from(GROUPS))
        with pytest.raises(NoCurrentSchool, match="teaching_group must name its school_id"):
            session().execute(select(School.id).where(School.id.in_(select(GROUPS.c.id))))
        asked = select(GROUPS.c.name).where(GROUPS.c.school_id == current_school_id())
        assert session().scalars(asked).all() == ["Ash"]


def test_what_belongs_to_no_school_is_read_without_one(two: Two) -> None:
    assert session().scalar(select(func.count()).select_from(School)) == 2


def test_looking_across_schools_needs_a_reason_and_says_that_no_school_is_current(two: Two) -> None:
    with pytest.raises(ValueError, match="say why"), across_schools(""):
        pass
    with across_schools("a board"):
        assert not has_current_school()
        with pytest.raises(NoCurrentSchool):
            current_school_id()
        assert session().scalar(select(func.count()).select_from(PlannedLesson)) == 2


def test_a_scope_ends_with_its_block_even_when_the_block_fails(two: Two) -> None:
    with pytest.raises(ZeroDivisionError), school_scope(two.ours.school_id):
        _ = 1 / 0
    assert not has_current_school()
    with school_scope(two.ours.school_id):
        with school_scope(two.theirs.school_id):
            assert current_school_id() == two.theirs.school_id
        assert current_school_id() == two.ours.school_id
