"""Is trouble told in sentences, does a full or broken disk lose nothing, and does a backup taken under load come back whole?"""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from eduprog.core import clock, crypto
from eduprog.core.db import db, session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind
from eduprog.scheduler import exports, importers, queries
from eduprog.scheduler.commands.doctor import doctor, mail_server
from eduprog.scheduler.jobs import Heartbeat, Ran
from eduprog.scheduler.rules import Finding, Verdict
from eduprog.wholeschool import queries as wholeschool
from tests.conftest import FULL
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import a_planned_school

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
COPIES = 200 if FULL else 40


@pytest.fixture
def engine_name() -> str:
    """Files, backups and full disks are SQLite's; PostgreSQL has tools of its own."""
    return "sqlite"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A small database of our kind: WAL, full synchronisation, a few hundred rows."""
    path = tmp_path / "eduprog.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode=WAL").close()
        made.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, words TEXT NOT NULL)")
        made.executemany("INSERT INTO entry (words) VALUES (?)", [(f"{number} " * 40,) for number in range(600)])
        made.commit()
    if crypto._keys is None:
        crypto.install(crypto.make_keys())
    return path


@contextmanager
def _writing(path: Path) -> Iterator[Callable[[], int]]:
    """Write rows all the while; give what tells how many are acknowledged."""
    stop, done = threading.Event(), [600]

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=15)) as own:
            own.execute("PRAGMA synchronous=FULL").close()
            while not stop.is_set():
                own.execute("INSERT INTO entry (words) VALUES ('under load')")
                own.commit()
                done[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield lambda: done[0]
    finally:
        stop.set()
        writer.join()


def test_a_backup_taken_under_load_comes_back_with_every_row_acknowledged_before_it(database: Path, tmp_path: Path) -> None:
    for number in range(100 if FULL else 3):
        with _writing(database) as acknowledged:
            before = acknowledged()
            moment = NOW + timedelta(seconds=number)
            folder, manifest = exports.take_backup(database=database, into=tmp_path / "b", schema="0001", now=moment)
        place = tmp_path / f"empty-{number}" / "eduprog.db"
        importers.restore(folder=folder, database=place, replace=False, known_schema="0001", now=NOW)
        assert exports.faults_of(place) == ""
        assert manifest.rows["entry"] >= before
        with closing(sqlite3.connect(place)) as back:
            numbers = [row[0] for row in back.execute("SELECT id FROM entry ORDER BY id")]
        assert numbers == list(range(1, manifest.rows["entry"] + 1))
        assert (folder / "eduprog.db").stat().st_mode & 0o077 == 0


def _damage(path: Path, dice: random.Random) -> str:
    size = path.stat().st_size
    what = dice.choice(["page", "cut", "bit", "zeroes"])
    with path.open("r+b") as file:
        at = dice.randrange(size)
        if what == "page":
            file.seek(at // 4096 * 4096)
            file.write(dice.randbytes(4096))
        elif what == "cut":
            file.truncate(at)
        elif what == "bit":
            file.seek(at)
            byte = file.read(1)
            file.seek(at)
            file.write(bytes([byte[0] ^ (1 << dice.randrange(8))]))
        else:
            file.seek(at)
            held = file.read(64)
            file.seek(at)
            file.write(bytes(len(held)) if held.strip(b"\0") else b"\1")
    return what


def test_every_damaged_backup_is_refused_and_what_is_there_stays(database: Path, tmp_path: Path) -> None:
    dice = random.Random(7)
    folder, _ = exports.take_backup(database=database, into=tmp_path / "b", schema="0001", now=NOW)
    before = exports.hash_of(database)
    refused = 0
    for number in range(COPIES):
        copy = tmp_path / f"copy-{number}"
        shutil.copytree(folder, copy)
        _damage(copy / "eduprog.db", dice)
        with pytest.raises(importers.CannotRestore):
            importers.restore(folder=copy, database=database, replace=True, known_schema="0001", now=NOW)
        refused += 1
        shutil.rmtree(copy)
    assert refused == COPIES
    assert exports.hash_of(database) == before


def test_a_database_is_replaced_only_when_asked_and_kept_beside(database: Path, tmp_path: Path) -> None:
    folder, _ = exports.take_backup(database=database, into=tmp_path / "b", schema="0001", now=NOW)
    with pytest.raises(importers.CannotRestore, match="--replace"):
        importers.restore(folder=folder, database=database, replace=False, known_schema="0001", now=NOW)
    _, kept = importers.restore(folder=folder, database=database, replace=True, known_schema="0001", now=NOW)
    assert kept is not None
    assert kept.exists()
    assert not database.with_name("eduprog.db-wal").exists()


def test_a_newer_schema_and_other_keys_are_refused(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = exports.take_backup(database=database, into=tmp_path / "b", schema="0009", now=NOW)
    with pytest.raises(importers.CannotRestore, match="newer eduprog"):
        importers.check_backup(folder=folder, known_schema="0001")
    monkeypatch.setattr(crypto, "_keys", crypto.make_keys())
    with pytest.raises(importers.CannotRestore, match="key file"):
        importers.check_backup(folder=folder, known_schema="0009")


def test_a_backup_of_a_damaged_database_is_not_kept(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as own:
        own.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    with database.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(random.Random(1).randbytes(4096))
    with pytest.raises(exports.BackupFailed):
        exports.take_backup(database=database, into=tmp_path / "b", schema="0001", now=NOW)
    assert list((tmp_path / "b").iterdir()) == []


def test_old_backups_go_and_the_newest_stay(database: Path, tmp_path: Path) -> None:
    made = [
        exports.take_backup(database=database, into=tmp_path / "b", schema="0001", now=NOW + timedelta(days=day))[0]
        for day in range(4)
    ]
    assert exports.forget_backups(into=tmp_path / "b", keep=2) == 2
    assert sorted((tmp_path / "b").iterdir()) == made[2:]


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
