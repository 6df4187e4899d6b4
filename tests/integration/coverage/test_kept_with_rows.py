"""Do the roll-ups of follow-ups and families follow every row that changes, and are lists of records whole over their pages?"""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy import delete, update

from eduprog.core.db import session, transaction
from eduprog.core.held import held
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries
from eduprog.delivery import queries as delivery
from eduprog.families import actions as families
from eduprog.families.models import ParentCarer
from eduprog.followups import actions as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import EndReason, FollowUpState
from eduprog.tallies import actions as tallies
from eduprog.tallies.models import FamilyTally, FollowUpTally
from tests.factories.families import a_parent_carer
from tests.integration.coverage.schools import NOW, TODAY, School, a_school, teach_all
from tests.support.page import Browser
from tests.support.people import sign_in


@pytest.fixture
def one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    made = a_school()
    teach_all(made)
    return made


def _differences() -> list[tallies.Difference]:
    return tallies.compare(delivery.tally_facts())


def test_given_left_out_moved_and_lost_follow_ups_are_counted_on_their_day_at_once(one: School) -> None:
    with school_scope(one.school_id):
        assert _differences() == []
        assert session().query(FollowUpTally).count() > 5
        due = session().query(FollowUp).filter(FollowUp.state == FollowUpState.DUE, FollowUp.due_on.is_not(None)).limit(4).all()
        given, left_out, moved, lost = [row.id for row in due]
        by = person(one.lead_id)
        with transaction() as work:
            followups.complete_follow_up(follow_up_id=given, done_on=TODAY, by=by, now=NOW)
            followups.skip_follow_up(follow_up_id=left_out, reason=EndReason.NO_TIME, by=by, now=NOW)
            row = work.get_one(FollowUp, moved)
            assert row.due_on is not None
            row.due_on += timedelta(days=1)
            work.delete(work.get_one(FollowUp, lost))
        assert _differences() == []
        with transaction():
            followups.undo_follow_up(follow_up_id=given, by=by, now=NOW)
        assert _differences() == []


def test_a_family_that_joins_or_leaves_is_counted_at_once(one: School) -> None:
    with school_scope(one.school_id):
        with transaction() as work:
            work.add_all(a_parent_carer(school_id=one.school_id) for _ in range(3))
        assert session().query(FamilyTally.joined).scalar() == 3
        contact_id = session().query(ParentCarer.id).limit(1).scalar()
        assert contact_id is not None
        with transaction():
            families.leave(contact_id=contact_id, now=NOW)
        assert session().query(FamilyTally.joined).scalar() == 2
        assert _differences() == []


def test_rows_changed_in_bulk_are_found_by_comparing_and_mended_by_rebuilding(one: School) -> None:
    with school_scope(one.school_id):
        with transaction() as work:
            work.execute(update(FollowUp).where(FollowUp.state == FollowUpState.DONE).values(due_on=TODAY))
            work.execute(delete(FollowUpTally).where(FollowUpTally.due_on > TODAY))
        assert {one.table for one in _differences()} == {"follow_up_tally"}
        with transaction():
            tallies.rebuild(delivery.tally_facts())
        assert _differences() == []


def test_every_record_behind_a_figure_stands_on_one_page(app: Flask, one: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("eduprog.coverage.queries.grid"), "A_PAGE", 7)
    monkeypatch.setattr(queries, "A_PAGE", 7)
    whole = {"academic_year_id": one.academic_year_id, "year_group": None, "strand": None, "block": None}
    with school_scope(one.school_id):
        found = [queries.records(**whole, first=first) for first in range(0, 400, 7)]  # type: ignore[arg-type]  # keywords by name
    ids = [record.planned_lesson_id for page in found for record in page.records]
    assert len(ids) == len(set(ids)) == found[0].total
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    page = lead.get("/coverage/records")
    assert f"Lessons 1 to 7 of {found[0].total}" in page.words
    [after] = [link for link in page.links() if "from=8" in link]
    assert f"Lessons 8 to 14 of {found[0].total}" in lead.get(after).words


def test_a_lesson_still_to_come_is_not_called_not_recorded(app: Flask, one: School) -> None:
    lead = Browser(app)
    sign_in(lead, one.lead_id, one.school_id)
    page = lead.get("/coverage/records")
    assert "Still to come" in page.words
    assert "Not recorded" not in page.words


def test_what_a_page_holds_is_asked_again_inside_a_unit_of_work_and_after_it(one: School) -> None:
    asked = []
    with school_scope(one.school_id):
        session().rollback()
        session().query(FamilyTally).all()
        for _ in range(2):
            held("a thing", lambda: asked.append("page"))
        with transaction():
            for _ in range(2):
                held("a thing", lambda: asked.append("work"))
        session().query(FamilyTally).all()
        held("a thing", lambda: asked.append("after"))
    assert asked == ["page", "work", "work", "after"]
