"""Does everything go on its day and not before, is what is held about a person given, and is nothing of them left once erased?"""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update

from eduprog.core import audit, crypto
from eduprog.core.db import Base, db, session, transaction
from eduprog.core.permissions import command
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.families import queries as families
from eduprog.mail import queries as mail
from eduprog.protection import actions, exports, queries
from eduprog.protection.rules import CLASSES, HoldReason, Keeping, Schedule
from eduprog.scheduler import queries as storage
from tests.conftest import FULL
from tests.factories import rows
from tests.support.figures import tell

NOW = datetime(2027, 3, 29, 2, 0, tzinfo=UTC)  # the night after the clocks went forward
TODAY = date(2027, 3, 29)
SCHEDULE = Schedule(teaching_years=6, families_months=24, messages_months=12, audit_years=6, staff_months=12)
BY = command("test")
EMAIL, NAME = "canary.zebedee@school.example", "Canary Zebedee"


def _fill() -> int:
    """One row in every table, all of one school. Gives the school."""
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
        for table in Base.metadata.sorted_tables:
            if table.name != "school":
                rows.add(connection, table, **({"school_id": school_id} if rows.needs_school(table) else {}))
    return int(school_id)


def _counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables
        }


def _retire(school_id: int, now: datetime = NOW) -> int:
    with school_scope(school_id), transaction():
        return actions.retire_old(schedule=SCHEDULE, by=BY, now=now)


def test_every_message_goes_on_its_day_and_none_a_day_early_or_late(app: Flask) -> None:
    dice, number = random.Random(11), 10_000 if FULL else 300
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
        sample = rows.valid_values(connection, rows.table_of("outbound_email"), school_id=school_id, state="sent")
        made = []
        for key in range(number):
            day = TODAY.replace(year=2026) + timedelta(days=dice.choice([-400, -2, -1, 0, 1, 2, 200]))
            at = datetime(day.year, day.month, day.day, dice.randrange(24), dice.randrange(60), tzinfo=UTC)
            made.append({**sample, "key": f"k{key}", "subject_id": key, "sent_at": at, "due_at": at, "created_at": at})
        connection.execute(insert(rows.table_of("outbound_email")), made)
    summer = {one["key"]: (one["sent_at"] + timedelta(hours=_ahead(one["sent_at"]))).date() for one in made}
    expected = {key for key, day in summer.items() if day > TODAY.replace(year=2026)}
    assert _retire(school_id) == number - len(expected)
    with db.engine.connect() as connection:
        kept = set(connection.scalars(text("SELECT key FROM outbound_email")))
    assert kept == expected
    assert 0 < len(expected) < number
    tell(f"{number} messages around their day on {db.engine.dialect.name}: 0 early, 0 late")


def _ahead(moment: datetime) -> int:
    """How far London is ahead of UTC, from the two Sundays of 2026 and those before; not from the zone's tables."""
    changes = {2025: (30, 26), 2026: (29, 25)}
    march, october = changes[moment.year]
    begins = datetime(moment.year, 3, march, 1, tzinfo=UTC)
    ends = datetime(moment.year, 10, october, 1, tzinfo=UTC)
    return int(begins <= moment < ends)


def test_what_was_taught_goes_with_all_that_hangs_on_it_and_the_schools_own_things_stay(app: Flask) -> None:
    school_id = _fill()
    before = _counts()
    years_later = datetime(2110, 1, 1, tzinfo=UTC)
    with db.engine.begin() as connection:
        connection.execute(update(rows.table_of("legal_hold")).values(lifted_at=NOW))
        contact = rows.table_of("parent_carer")
        connection.execute(update(contact).values(state="left", address_encrypted=None, left_at=NOW))
        sent = rows.table_of("outbound_email")
        connection.execute(
            update(sent).values(state="cancelled", owner=None, lease_until=None, sent_at=None, waits_for_person=False)
        )
        connection.execute(update(rows.table_of("pause")).values(lifted_at=NOW, lifted_by=1))
        connection.execute(
            update(rows.table_of("contact_import")).values(state="dropped", entries_encrypted=None, decided_at=NOW)
        )
    assert _retire(school_id, years_later) > 50
    left = _counts()
    gone = {name for name, keeping in CLASSES.items() if keeping in (Keeping.TEACHING, Keeping.MESSAGES, Keeping.FAMILIES)}
    assert {name: left[name] for name in gone if left[name]} == {}
    stays = {name for name, keeping in CLASSES.items() if keeping in (Keeping.SCHOOL, Keeping.STAFF, Keeping.INSTALLATION)}
    assert {name for name in stays if left[name] < before[name]} == set()


def test_under_a_hold_nothing_goes_and_after_it_all_does(app: Flask) -> None:
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
        rows.add(
            connection, rows.table_of("academic_year"), school_id=school_id, starts_on=date(2010, 9, 1), ends_on=date(2011, 7, 20)
        )
    with school_scope(school_id), transaction():
        actions.place_hold(reason=HoldReason.CLAIM, by=BY, now=NOW)
    assert _retire(school_id) == 0
    with school_scope(school_id), transaction():
        actions.lift_hold(by=BY, now=NOW)
    assert _retire(school_id) == 1


def test_an_audit_cut_by_its_age_still_shows_when_the_rest_is_tampered_with(app: Flask) -> None:
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
    for year in (2015, 2016, 2026, 2027):
        with school_scope(school_id), transaction():
            audit.record(act="act", subject="school", subject_id=year, by=BY, at=datetime(year, 1, 1, tzinfo=UTC), code=year)
    assert _retire(school_id) == 2
    with school_scope(school_id):
        assert audit.broken_at() is None
        kept = session().scalars(select(audit.AuditEntry.sequence).order_by(audit.AuditEntry.sequence)).all()
    assert kept == [3, 4, 5]
    session().rollback()
    with school_scope(school_id), transaction() as work:
        work.execute(update(audit.AuditEntry).where(audit.AuditEntry.sequence == 3).values(act="x"))
    session().expunge_all()
    with school_scope(school_id):
        assert audit.broken_at() == 3


def _plant_staff() -> tuple[int, set[str]]:
    """A member of staff who left, named in every table that can name one. Gives them and the tables."""
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
        person_id = rows.add(connection, rows.table_of("person"), email=EMAIL, name=NAME)
        planted = {"person"}
        for table in Base.metadata.sorted_tables:
            columns = {column.name: person_id for column in queries.person_columns(table)}
            columns = {name: value for name, value in columns.items() if not table.c[name].nullable}
            if columns:
                own = {"school_id": school_id} if rows.needs_school(table) else {}
                more: dict[str, Any] = {"ended_at": NOW, "started_at": NOW} if table.name == "membership" else {}
                rows.add(connection, table, **{**own, **columns, **more})
                planted.add(table.name)
        rows.add(connection, rows.table_of("invitation"), school_id=school_id, email=EMAIL, name=NAME)
        rows.add(connection, rows.table_of("deputy_cover"), school_id=school_id, name=NAME)
        sent = {"recipient_kind": "person", "recipient_id": person_id, "key": "to canary"}
        rows.add(connection, rows.table_of("outbound_email"), school_id=school_id, **sent)
    return int(person_id), planted | {"invitation", "outbound_email"}


def test_a_member_of_staff_is_given_all_and_leaves_no_trace_but_their_acts(app: Flask) -> None:
    person_id, planted = _plant_staff()
    with across_schools("test"):
        held = queries.held_about_person(person_id, EMAIL)
        told = json.loads(exports.as_json(who=EMAIL, rows=held, now=NOW))
    assert planted - set(told["held"]) == set()
    assert "withheld" in {row["secret_encrypted"] for row in told["held"]["second_factor"]["rows"]}
    session().rollback()
    with across_schools("test"), transaction():
        left = actions.erase_person(person_id=person_id, by=BY, now=NOW)
    assert left == []
    _no_trace_of(EMAIL, NAME)
    tell(f"a member of staff in {len(planted)} tables on {db.engine.dialect.name}: all given, 0 remnants")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM delivery")) == _counts()["delivery"]
        assert connection.scalar(text("SELECT name FROM person WHERE id = :id"), {"id": person_id}) == "Former member of staff"


def _no_trace_of(*words: str) -> None:
    with across_schools("test"):
        assert queries.words_of(words) == []
    session().rollback()
    actions.tidy_storage()
    path = storage.sqlite_path(db.engine.url.render_as_string(hide_password=False))
    if path is not None:
        db.engine.dispose()
        for file in (path, Path(f"{path}-wal")):
            content = file.read_bytes() if file.exists() else b""
            assert [word for word in words if word.encode() in content] == []


def test_somebody_who_still_works_here_or_at_a_school_under_hold_is_not_erased(app: Flask) -> None:
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
        person_id = rows.add(connection, rows.table_of("person"))
        rows.add(connection, rows.table_of("membership"), school_id=school_id, person_id=person_id)
    with pytest.raises(actions.StillWorksHere), across_schools("test"), transaction():
        actions.erase_person(person_id=person_id, by=BY, now=NOW)
    with school_scope(school_id), transaction():
        actions.place_hold(reason=HoldReason.REQUEST, by=BY, now=NOW)
    with pytest.raises(actions.HeldForNow), across_schools("test"), transaction():
        actions.erase_person(person_id=person_id, by=BY, now=NOW)


def test_who_left_everywhere_is_forgotten_after_their_months_and_not_a_day_sooner(app: Flask) -> None:
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
        for number, ended in enumerate([date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30), None]):
            person_id = rows.add(connection, rows.table_of("person"), name=f"Person {number}")
            at = datetime(ended.year, ended.month, ended.day, 12, tzinfo=UTC) if ended else None
            values = {"person_id": person_id, "started_at": datetime(2020, 1, 1, tzinfo=UTC), "ended_at": at}
            rows.add(connection, rows.table_of("membership"), school_id=school_id, **values)
    with across_schools("test"), transaction():
        assert actions.forget_leavers(schedule=SCHEDULE, by=BY, now=NOW) == 2
    with db.engine.connect() as connection:
        names = connection.scalars(text("SELECT name FROM person ORDER BY id")).all()
    assert names == ["Former member of staff", "Former member of staff", "Person 2", "Person 3"]


def test_a_parent_is_given_all_and_leaves_no_trace_but_a_keyed_hash(app: Flask) -> None:
    address = "canary.parent@home.example"
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
        own = {"school_id": school_id}
        hashed = {"address_hash": families.address_hash(address)}
        token = crypto.encrypt(address)
        contact = rows.add(
            connection, rows.table_of("parent_carer"), **own, **hashed, address_encrypted=token, state="joined", joined_at=NOW
        )
        rows.add(connection, rows.table_of("parent_carer_class"), **own, parent_carer_id=contact)
        rows.add(connection, rows.table_of("consent_record"), **own, **hashed)
        digest = rows.add(connection, rows.table_of("family_digest"), **own, parent_carer_id=contact)
        carried = rows.add(connection, rows.table_of("family_digest_prompt"), **own, family_digest_id=digest)
        prompt = connection.scalar(text("SELECT parent_prompt_id FROM family_digest_prompt WHERE id = :id"), {"id": carried})
        rows.add(
            connection,
            rows.table_of("prompt_answer"),
            **own,
            parent_prompt_id=prompt,
            family_hash=families.family_hash(contact, prompt),
        )
        message = {"recipient_kind": "contact", "recipient_id": contact, "key": "to canary"}
        rows.add(connection, rows.table_of("outbound_email"), **own, **message)
    with school_scope(school_id):
        held = queries.held_about_contact(address)
    assert set(held) >= {"parent_carer", "parent_carer_class", "consent_record", "family_digest", "family_digest_prompt",
                         "prompt_answer", "outbound_email"}  # fmt: skip
    session().rollback()
    with school_scope(school_id), transaction():
        actions.erase_contact(address=address, by=BY, now=NOW)
    _no_trace_of(address, token, hashed["address_hash"])
    with school_scope(school_id):
        assert set(queries.held_about_contact(address)) == {"suppressed_address"}
        assert mail.suppressed([mail.address_hash(address)])
        with pytest.raises(actions.NothingHeld), transaction():
            actions.erase_contact(address="nobody@home.example", by=BY, now=NOW)


def test_words_that_should_not_have_been_written_go_everywhere_and_the_audit_still_fits(app: Flask) -> None:
    words, other = "Zacharias told", "something lawful"
    with db.engine.begin() as connection:
        school_id = rows.add(connection, rows.table_of("school"))
        own = {"school_id": school_id}
        act = rows.add(connection, rows.table_of("whole_school_act"), **own, title=f"We heard that {words} us")
        rows.add(connection, rows.table_of("teaching_group"), **own, name=f"{words.upper()} class")
        rows.add(connection, rows.table_of("outbound_email"), **own, outcome=f"550 {words}")
        rows.add(connection, rows.table_of("mapped_lesson"), **own, title=words, source=other)
        for version in (words, f"{words} 2"):  # of one title, and alike once the words are gone
            rows.add(connection, rows.table_of("school_framework"), **own, title="Ours", version=version)
        rows.add(connection, rows.table_of("import_run"), **own, read={"classes": [{"name": words}, {"name": other}]})
        stranger = rows.add(connection, rows.table_of("teaching_group"), name=words)
    for fact in (words, other):
        with school_scope(school_id), transaction():
            audit.record(act="changed", subject="whole_school_act", subject_id=act, by=BY, at=NOW, said=fact)
    with school_scope(school_id), transaction():
        found = actions.expunge(words=words.lower(), by=BY, now=NOW)
    assert {one.table for one in found} == {
        "whole_school_act", "teaching_group", "outbound_email", "mapped_lesson", "import_run", "audit_entry",
        "school_framework",
    }  # fmt: skip
    session().expunge_all()
    with school_scope(school_id):
        assert queries.words_of([words]) == []
        assert queries.words_of([other]) != []
        assert audit.broken_at() is None
    session().rollback()
    with db.engine.connect() as connection:  # another school decides for itself
        assert connection.scalar(text("SELECT name FROM teaching_group WHERE id = :id"), {"id": stranger}) == words
    with school_scope(school_id), transaction() as work:
        work.execute(update(audit.AuditEntry).where(audit.AuditEntry.sequence == 2).values(facts={}, expunged_at=NOW))
    session().expunge_all()
    with school_scope(school_id):
        assert audit.broken_at() == 2  # emptied, and no entry says so
        with pytest.raises(actions.TooShort), transaction():
            actions.expunge(words="abc", by=BY, now=NOW)
        with pytest.raises(actions.NotFound), transaction():
            actions.expunge(words="never written", by=BY, now=NOW)
