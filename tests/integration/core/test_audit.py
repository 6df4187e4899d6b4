"""The audit chain: written with the act, and telling which entry was tampered with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from eduprog.core import audit, clock
from eduprog.core.audit import AuditEntry, AuditHead
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, command, person
from eduprog.core.tenancy import school_scope
from tests.integration.core.conftest import Two

AT = datetime(2026, 9, 8, 10, 15, 30, 123456, tzinfo=ZoneInfo("Europe/London"))
TAMPERS: dict[str, dict[str, Any]] = {
    "the act": {"act": "delete"},
    "who": {"actor_id": 99},
    "what kind of who": {"actor_kind": "job"},
    "when": {"at": datetime(2026, 9, 8, 10, 15, 31, tzinfo=UTC)},
    "about what": {"subject_id": 4},
    "a fact": {"facts": {"minutes": 31, "taught_on": "2026-09-08", "role": "teacher"}},
    "the digest": {"digest": "0" * 64},
    "its place": {"sequence": 77},
}


def _record(*, school_id: int, times: int = 5) -> None:
    for number in range(times):
        with transaction(), school_scope(school_id):
            audit.record(
                act="record", subject="delivery", subject_id=number, by=person(7), at=AT,
                minutes=30, taught_on=date(2026, 9, 8), role=Role.TEACHER,
            )  # fmt: skip


def _broken_at(school_id: int) -> int | None:
    session().rollback()
    session().expunge_all()
    with school_scope(school_id):
        return audit.broken_at()


def test_a_chain_nobody_touched_is_whole_whatever_zone_the_moment_came_in(two: Two) -> None:
    _record(school_id=two.ours.school_id)
    assert _broken_at(two.ours.school_id) is None


def test_a_school_without_entries_has_a_whole_chain(two: Two) -> None:
    assert _broken_at(two.ours.school_id) is None


@pytest.mark.parametrize("what", TAMPERS)
def test_a_changed_entry_is_named(two: Two, what: str) -> None:
    _record(school_id=two.ours.school_id)
    with transaction() as work, school_scope(two.ours.school_id):
        work.execute(update(AuditEntry).where(AuditEntry.sequence == 3).values(**TAMPERS[what]))
    assert _broken_at(two.ours.school_id) == 3


@pytest.mark.parametrize("gone", [1, 3, 5])
def test_a_deleted_entry_is_named_even_if_it_was_the_last(two: Two, gone: int) -> None:
    _record(school_id=two.ours.school_id)
    with transaction() as work, school_scope(two.ours.school_id):
        work.execute(delete(AuditEntry).where(AuditEntry.sequence == gone))
    assert _broken_at(two.ours.school_id) == gone


def test_an_entry_slipped_in_is_named(two: Two) -> None:
    _record(school_id=two.ours.school_id, times=2)
    with transaction() as work, school_scope(two.ours.school_id):
        last = work.scalars(select(AuditEntry).where(AuditEntry.sequence == 2)).one()
        forged = AuditEntry(
            sequence=3, at=AT, actor_kind=last.actor_kind, actor_id=1, actor_name="", act="forge", subject="delivery",
            subject_id=1, facts={}, digest="",
        )  # fmt: skip
        forged.digest = audit.digest_of(forged, last.digest)
        work.add(forged)
    assert _broken_at(two.ours.school_id) == 3


def test_each_school_has_a_chain_of_its_own(two: Two) -> None:
    _record(school_id=two.ours.school_id)
    _record(school_id=two.theirs.school_id, times=2)
    with transaction() as work, school_scope(two.theirs.school_id):
        work.execute(update(AuditEntry).where(AuditEntry.sequence == 1).values(act="x"))
    assert _broken_at(two.ours.school_id) is None
    assert _broken_at(two.theirs.school_id) == 1


def _act_and_fail(school_id: int) -> None:
    with transaction(), school_scope(school_id):
        audit.record(act="record", subject="delivery", subject_id=1, by=command("test"), at=clock.now())
        raise ZeroDivisionError


def test_an_act_that_was_rolled_back_leaves_no_entry(two: Two) -> None:
    with pytest.raises(ZeroDivisionError):
        _act_and_fail(two.ours.school_id)
    with school_scope(two.ours.school_id):
        assert session().scalars(select(AuditEntry)).all() == []
        assert session().scalars(select(AuditHead)).all() == []
