"""A unit of work about one school writes that school's rows, and the database itself refuses what crosses over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import delete, insert, select, update

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import NoCurrentSchool, OtherSchool, across_schools, school_scope
from eduprog.planning.models import PlannedLesson
from eduprog.school.models import AcademicYear, Closure, TeachingGroup
from eduprog.school.rules import ClosureKind
from tests.factories.school import a_closure, an_academic_year
from tests.integration.core.conftest import Two


def _names() -> list[str]:
    with across_schools("to compare"):
        return list(session().scalars(select(TeachingGroup.name).order_by(TeachingGroup.id)))


def test_a_new_row_is_stamped_with_the_current_school(two: Two) -> None:
    with transaction() as work, school_scope(two.ours.school_id):
        row = a_closure()
        work.add(row)
    assert row.school_id == two.ours.school_id


def test_a_new_row_without_a_school_is_refused(two: Two) -> None:
    with pytest.raises(NoCurrentSchool), transaction() as work:
        work.add(a_closure())
    with pytest.raises(NoCurrentSchool, match="must name its school"), transaction() as work, across_schools("set-up"):
        work.add(a_closure())


def test_across_schools_a_new_row_may_name_its_school(two: Two) -> None:
    with transaction() as work, across_schools("set-up"):
        work.add(a_closure(school_id=two.theirs.school_id))
    with school_scope(two.theirs.school_id):
        assert session().scalars(select(Closure)).one().school_id == two.theirs.school_id


def test_a_new_row_belongs_to_the_school_that_was_current_when_it_was_added(two: Two) -> None:
    with transaction() as work, school_scope(two.ours.school_id):
        ours = a_closure()
        work.add(ours)
        with school_scope(two.theirs.school_id):
            theirs = a_closure()
            work.add(theirs)
    assert (ours.school_id, theirs.school_id) == (two.ours.school_id, two.theirs.school_id)


def test_a_new_row_of_another_school_is_refused(two: Two) -> None:
    with pytest.raises(OtherSchool), transaction() as work, school_scope(two.ours.school_id):
        work.add(an_academic_year(school_id=two.theirs.school_id, starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 20)))


def _rename(two: Two) -> None:
    with transaction() as work:
        with school_scope(two.theirs.school_id):
            row = work.get_one(TeachingGroup, two.theirs.group_id)
        with school_scope(two.ours.school_id):
            row.name = "Mine now"


def _delete(two: Two) -> None:
    with transaction() as work:
        with school_scope(two.theirs.school_id):
            row = work.get_one(TeachingGroup, two.theirs.group_id)
        with school_scope(two.ours.school_id):
            work.delete(row)


def _move(two: Two) -> None:
    with transaction() as work, school_scope(two.ours.school_id):
        work.get_one(TeachingGroup, two.ours.group_id).school_id = two.theirs.school_id


@pytest.mark.parametrize("change", [_rename, _delete, _move])
def test_another_schools_row_cannot_be_changed_deleted_or_taken_over(two: Two, change: Callable[[Two], None]) -> None:
    with pytest.raises(OtherSchool):
        change(two)
    assert _names() == ["Ash", "Birch"]


def test_an_update_statement_changes_rows_of_the_current_school_only(two: Two) -> None:
    with transaction() as work, school_scope(two.ours.school_id):
        work.execute(update(TeachingGroup).values(name="Elm"))
    assert _names() == ["Elm", "Birch"]


def test_a_delete_statement_deletes_rows_of_the_current_school_only(two: Two) -> None:
    with transaction() as work:
        for place in (two.ours, two.theirs):
            with school_scope(place.school_id):
                work.add(a_closure())
    with transaction() as work, school_scope(two.ours.school_id):
        work.execute(delete(Closure))
    with across_schools("to compare"):
        assert session().scalars(select(Closure.school_id)).all() == [two.theirs.school_id]


def test_statements_that_write_need_a_school_too(two: Two) -> None:
    for statement in (update(TeachingGroup).values(name="Elm"), delete(Closure), insert(Closure)):
        with pytest.raises(NoCurrentSchool), transaction() as work:
            work.execute(statement, [{"day": date(2026, 9, 9), "kind": ClosureKind.INSET, "added_at": a_closure().added_at}]
                         if statement.is_insert else {})  # fmt: skip


def test_a_bare_table_is_changed_only_with_its_school_named(two: Two) -> None:
    table = PlannedLesson.__table__
    with pytest.raises(NoCurrentSchool, match="must name its school_id"), transaction() as work, school_scope(two.ours.school_id):
        work.execute(update(table).values(lesson_number=2))


def test_many_rows_at_once_are_stamped_and_those_of_another_school_refused(two: Two) -> None:
    added = a_closure().added_at
    rows = [{"day": date(2026, 9, day), "kind": ClosureKind.INSET, "added_at": added} for day in (9, 10)]
    with transaction() as work, school_scope(two.ours.school_id):
        work.execute(insert(Closure), rows)
    with across_schools("to compare"):
        assert session().scalars(select(Closure.school_id)).all() == [two.ours.school_id] * 2
    foreign = [{**rows[0], "day": date(2026, 9, 11), "school_id": two.theirs.school_id}]
    with pytest.raises(OtherSchool), transaction() as work, school_scope(two.ours.school_id):
        work.execute(insert(Closure), foreign)


def test_two_schools_may_each_have_what_is_unique_within_one(two: Two) -> None:
    with across_schools("to compare"):
        assert len(set(session().scalars(select(AcademicYear.starts_on)))) == 1
        assert len(session().scalars(select(AcademicYear.starts_on)).all()) == 2
