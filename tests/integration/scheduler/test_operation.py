"""Is trouble told in sentences, and does a full or broken disk lose nothing?"""

from __future__ import annotations

import random
import sqlite3
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, text

from eduprog.core import audit, clock
from eduprog.core.db import db, session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind
from eduprog.scheduler import queries
from eduprog.scheduler.commands.doctor import doctor, mail_server
from eduprog.scheduler.jobs import Heartbeat, Ran
from eduprog.scheduler.rules import Finding, Verdict
from eduprog.wholeschool import queries as wholeschool
from tests.conftest import FULL
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import a_planned_school

COPIES = 200 if FULL else 40


@pytest.fixture
def engine_name() -> str:
    """Files, backups and full disks are SQLite's; PostgreSQL has tools of its own."""
    return "sqlite"


def test_a_full_disk_refuses_with_a_plain_page_and_keeps_every_record_it_acknowledged(app: Flask, browser: Browser) -> None:
    scene = a_planned_school()
    sign_in(browser, scene.lead_id, scene.school_id)
    address = f"/whole-school/years/{scene.academic_year_id}/acts"
    form = browser.get(address).form(address)
    session().rollback()
    db.engine.dispose()

    def no_room(connection: sqlite3.Connection, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    event.listen(db.engine, "connect", no_room)
    statuses = []
    try:
        for number in range(400):
            data = {
                **form,
                "what": f"kind:{ActKind.POLICY_REVIEW.value}",
                "due_on": "2026-12-01",
                "title": f"{number} " + "w" * 70,
            }
            statuses.append(browser.client.post(address, data=data).status_code)
            if statuses[-1] == 503:
                break
        refused = browser.client.get("/whole-school")
    finally:
        event.remove(db.engine, "connect", no_room)
        db.engine.dispose()
    assert statuses[-1] == 503
    assert set(statuses[:-1]) == {302}
    assert refused.status_code == 200
    with school_scope(scene.school_id):
        assert len(wholeschool.acts_of_year(scene.academic_year_id)) == len(statuses) - 1
    assert queries.damage(thorough=True) == ""
    session().rollback()
    assert browser.client.post(address, data=data).status_code == 302  # with room again, without a person's help


def _found(app: Flask, **changes: object) -> dict[str, list[Finding]]:
    settings = app.extensions["eduprog"].model_copy(update=changes)
    by_what: dict[str, list[Finding]] = {}
    for one in queries.examine(settings, app.extensions["eduprog_jobs"], clock.now(), thorough=True):
        by_what.setdefault(one.what, []).append(one)
    return by_what


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    a_planned_school()
    found = _found(app, BASE_URL="https://rshe.example", SECOND_FACTOR="off")
    assert [one.verdict for one in found["Jobs"]] == [Verdict.FAULT]
    assert "eduprog serve" in found["Jobs"][0].sentence
    assert any("SECOND_FACTOR" in one.sentence for one in found["Settings"])
    assert [one.verdict for one in found["Database"] + found["Schema"] + found["Audit"]] == [Verdict.WELL] * 3
    assert found["Backups"][0].verdict is Verdict.LOOK
    sources = catalogue.current().all_help_sources
    expired = sources[0].model_copy(update={"expires_on": clock.today() - timedelta(days=1)})
    changed = catalogue.current().model_copy(update={"all_help_sources": (expired, *sources[1:])})
    monkeypatch.setattr(catalogue, "_installed", [changed])
    told = next(one for one in _found(app)["Help lines"] if one.verdict is Verdict.FAULT)
    assert expired.name in told.sentence


def test_the_doctor_finds_an_audit_entry_that_was_changed_by_hand(app: Flask) -> None:
    from eduprog.core.audit import AuditEntry

    scene = a_planned_school()
    with transaction() as work, school_scope(scene.school_id):
        work.query(AuditEntry).filter(AuditEntry.sequence == 3).one().act = "something else"
    found = _found(app)
    assert "from entry 3 on" in found["Audit"][0].sentence


def test_every_entry_of_the_audit_that_is_changed_or_gone_is_found(app: Flask) -> None:
    scene, dice, found = a_planned_school(), random.Random(3), 0
    changes = {
        "act": "something else", "at": "2020-01-01 00:00:00.000000", "actor_id": 999, "subject_id": 999, "sequence": 999,
        "facts": '{"a": 1}', "facts_digest": "0" * 64, "digest": "0" * 64,
    }  # fmt: skip
    with school_scope(scene.school_id):
        ids = session().scalars(select(audit.AuditEntry.id)).all()
        for _ in range(COPIES):
            one, column = dice.choice(ids), dice.choice([*changes, "gone"])
            change = "DELETE FROM audit_entry" if column == "gone" else f"UPDATE audit_entry SET {column} = :value"
            with suppress(_Undone), transaction() as work:
                work.execute(text(f"{change} WHERE id = :id"), {"id": one, "value": changes.get(column)})
                found += audit.broken_at() is not None
                raise _Undone
        assert audit.broken_at() is None
    tell(f"{COPIES} entries of the audit changed or deleted: {found} found")
    assert found == COPIES


class _Undone(Exception):
    """What was changed is put back."""


def test_the_command_ends_with_1_while_anything_must_be_mended(app: Flask) -> None:
    ran = app.test_cli_runner().invoke(doctor)
    assert ran.exit_code == 1
    assert "fault  Jobs: Nothing was heard of" in ran.output
    heart = Heartbeat(app)
    for job in app.extensions["eduprog_jobs"]:
        heart.note(job.name, clock.now(), Ran(0))
    ran = app.test_cli_runner().invoke(doctor)
    assert ran.exit_code == 0, ran.output
    assert "0 to mend" in ran.output


def test_a_mail_server_that_does_not_answer_is_named(app: Flask) -> None:
    settings = app.extensions["eduprog"].model_copy(update={"MAIL_TRANSPORT": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": 9})
    found = mail_server(settings)
    assert found.verdict is Verdict.FAULT
    assert "127.0.0.1:9 does not answer" in found.sentence


def test_figures_are_for_this_machine_or_a_token_and_name_nobody(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = a_planned_school(name="Zebra Canary School")
    make_person(name="Canary Person", school_id=scene.school_id, roles=(Role.TEACHER,))
    answer = browser.client.get("/metrics")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert 'eduprog_well{part="database"} 1' in text
    assert 'eduprog_messages{state="pending"} 0' in text
    assert "anary" not in text
    assert browser.client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 404
    assert browser.client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 404
    token = "a-token-of-the-settings"
    monkeypatch.setitem(app.extensions, "eduprog", app.extensions["eduprog"].model_copy(update={"METRICS_TOKEN": token}))
    assert browser.client.get("/metrics").status_code == 404
    headers = {"Authorization": f"Bearer {token}", "X-Forwarded-For": "192.0.2.1"}
    assert browser.client.get("/metrics", headers=headers).status_code == 200
