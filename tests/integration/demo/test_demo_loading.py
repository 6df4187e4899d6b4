"""Does a school of the demo live through its year on both engines, and leave everything as people's own acts would have?"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eduprog.core import audit, clock
from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery import queries as delivery
from eduprog.delivery.models import Delivery
from eduprog.demo import actions, queries
from eduprog.demo.commands import loading
from eduprog.demo.rules import TRUST_NAME, SchoolSketch
from eduprog.families.models import ParentCarer
from eduprog.families.rules import ContactState
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates.models import GateDecision, Pause
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState
from eduprog.organisations import queries as organisations
from eduprog.organisations.rules import Phase
from eduprog.school import queries as schools
from eduprog.school.rules import ClosureKind
from eduprog.tallies import actions as tallies

TODAY = date(2026, 11, 22)
SMALL = SchoolSketch(
    name="Ferry Lane School", domain="ferrylane.example", phase=Phase.ALL_THROUGH, phone="01632 960199",
    forms={year: 3 for year in (YearGroup.Y1, YearGroup.Y2, YearGroup.Y4, YearGroup.Y7, YearGroup.Y8, YearGroup.Y10)},
    mixed=((YearGroup.Y1, YearGroup.Y2),), specialists=1, had_snow=True, two_weeks=True, classes_with_parents=3,
)  # fmt: skip


BEGINS = datetime(2027, 3, 2, 8, 20, tzinfo=UTC)


def test_a_school_that_lived_through_its_year_adds_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "SCHOOLS", (SMALL,))
    steps: list[int] = []
    assert loading.load(settings=app.extensions["eduprog"], today=TODAY, tick=steps.append) == BEGINS
    assert sum(steps) == loading.STEPS // 3
    school_id = organisations.schools()[0].id
    with school_scope(school_id):
        assert tallies.compare(delivery.tally_facts()) == []
        assert audit.broken_at() is None
        _the_past_is_in_order()
        _mail_of_the_past_has_gone()
    _somebody_has_a_lesson_to_record(school_id)


def _the_past_is_in_order() -> None:
    calendar = schools.calendar()
    taught = session().scalars(select(Delivery)).all()
    assert len(taught) >= 15
    for row in taught:
        assert row.taught_on <= clock.local(row.recorded_at).date()
        assert calendar.is_open(row.taught_on), row.taught_on
    moments = list(session().scalars(select(audit.AuditEntry.at).order_by(audit.AuditEntry.sequence)))
    assert moments == sorted(moments)
    assert moments[-1] <= BEGINS
    states = Counter(row.state for row in session().scalars(select(FollowUp)))
    assert states[FollowUpState.DONE] > 0
    assert states[FollowUpState.DUE] > 0
    assert session().scalars(select(GateDecision)).first() is not None
    assert [pause.lifted_at is not None for pause in session().scalars(select(Pause))] == [True]
    assert [closure.day for closure in schools.closures() if closure.kind is ClosureKind.SNOW] == [date(2027, 1, 12)]


def _mail_of_the_past_has_gone() -> None:
    states = Counter(session().scalars(select(OutboundEmail.state)))
    assert set(states) <= {MailState.SENT, MailState.CANCELLED}
    assert states[MailState.SENT] > 20
    contacts = Counter(row.state for row in session().scalars(select(ParentCarer)))
    assert contacts[ContactState.JOINED] > contacts[ContactState.ASKED] > 0


def _somebody_has_a_lesson_to_record(school_id: int) -> None:
    people = queries.sign_ins(BEGINS.date())
    first = people[0]
    assert first.waits == "a lesson to record today"
    with school_scope(school_id):
        week = delivery.week_of(BEGINS.date(), today=BEGINS.date(), lead_teacher_id=first.person_id)
    assert None in [card.outcome for card in week.lessons[BEGINS.date()]]
    roles = {role for one in people for role in one.role.split(", ")}
    assert roles >= {"Teacher", "Head of PSHE", "School admin", "Trust or authority lead", "Site admin"}
    assert {one.place for one in people} == {"Ferry Lane School", TRUST_NAME, "This installation"}


def test_the_clock_goes_forward_only(app: Flask, tmp_path: Path) -> None:
    before = clock.offset()
    with pytest.raises(actions.OnlyForward):
        actions.travel(by=timedelta(0), data=tmp_path)
    assert clock.offset() == before
    assert queries.read_place(tmp_path) is None
    with transaction():
        assert actions.take_sessions_along(by=timedelta(days=1), now=clock.now()) == 0
