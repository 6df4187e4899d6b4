"""Units of work happen or do not; instants come back as they went in; writers on SQLite wait for each other."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from eduprog.core.db import WriteOutsideTransaction, db, is_writing, session, transaction
from eduprog.organisations.models import School, SchoolGroup
from tests.factories.organisations import a_school, a_school_group


def _names() -> list[str]:
    session().rollback()
    return list(session().scalars(select(SchoolGroup.name).order_by(SchoolGroup.name)))


def _nested() -> None:
    with transaction() as work:
        work.add(a_school_group())
        with transaction():
            pass


def test_a_unit_of_work_cannot_be_nested_and_then_writes_nothing(app: Flask) -> None:
    with pytest.raises(WriteOutsideTransaction, match="already open"):
        _nested()
    assert _names() == []


def _add_and_fail(problem: BaseException) -> None:
    with transaction() as work:
        work.add(a_school_group())
        work.flush()
        raise problem


@pytest.mark.parametrize("problem", [ZeroDivisionError(), KeyboardInterrupt(), SystemExit(1)], ids=lambda p: type(p).__name__)
def test_a_unit_of_work_that_fails_writes_nothing_and_the_next_one_works(app: Flask, problem: BaseException) -> None:
    with pytest.raises(type(problem)):
        _add_and_fail(problem)
    assert not is_writing()
    assert _names() == []
    with transaction() as work:
        work.add(a_school_group(name="After"))
    assert _names() == ["After"]


def test_a_broken_constraint_rolls_everything_back(app: Flask) -> None:
    def twice() -> None:
        with transaction() as work:
            work.add_all([a_school_group(slug="same"), a_school_group(slug="same")])

    with pytest.raises(Exception, match=r"(?i)unique"):
        twice()
    assert _names() == []


def _flush_a_new_row() -> None:
    session().add(a_school_group())
    session().flush()


def _flush_a_change() -> None:
    session().scalars(select(SchoolGroup)).one().name = "Changed"
    session().flush()


def _flush_a_deletion() -> None:
    session().delete(session().scalars(select(SchoolGroup)).one())
    session().flush()


@pytest.mark.parametrize("stray", [_flush_a_new_row, _flush_a_change, _flush_a_deletion])
def test_a_write_outside_a_unit_of_work_is_refused(app: Flask, stray) -> None:
    with transaction() as work:
        work.add(a_school_group(name="As it was"))
    with pytest.raises(WriteOutsideTransaction):
        stray()
    session().expunge_all()
    assert _names() == ["As it was"]


@pytest.mark.parametrize("statement", [insert(SchoolGroup), update(SchoolGroup).values(name="x"), delete(SchoolGroup)])
def test_a_write_statement_outside_a_unit_of_work_is_refused(app: Flask, statement) -> None:
    with pytest.raises(WriteOutsideTransaction):
        session().execute(statement)


def test_a_unit_of_work_sees_what_others_committed_since_we_read(app: Flask) -> None:
    with transaction() as work:
        work.add(a_school_group(name="Old"))
    held = session().scalars(select(SchoolGroup)).one()

    def somebody_else() -> None:
        with app.app_context(), transaction() as work:
            work.execute(update(SchoolGroup).values(name="New"))

    other = threading.Thread(target=somebody_else)
    other.start()
    other.join()
    assert held.name == "Old"
    with transaction() as work:
        assert work.scalars(select(SchoolGroup)).one().name == "New"


def test_an_instant_comes_back_aware_in_utc_to_the_microsecond(app: Flask) -> None:
    moment = datetime(2026, 7, 1, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=1)))
    with transaction() as work:
        work.add(a_school(created_at=moment))
    session().expunge_all()
    found = session().scalars(select(School.created_at)).one()
    assert found == moment
    assert found.tzinfo is UTC
    assert session().scalars(select(School.id).where(School.created_at == moment)).one()
    assert session().scalars(select(School.id).where(School.created_at > moment)).all() == []


def _add_school(created_at: datetime) -> None:
    with transaction() as work:
        work.add(a_school(created_at=created_at))


def test_an_instant_without_its_zone_is_refused(app: Flask) -> None:
    with pytest.raises(Exception, match="needs its time zone"):
        _add_school(datetime(2026, 7, 1, 9, 30))


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_sqlite_is_opened_so_that_acknowledged_means_on_disk(app: Flask) -> None:
    asked = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15000, "synchronous": 2}
    with db.engine.connect() as connection:
        assert {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in asked} == asked


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_on_postgresql_who_falls_asleep_in_a_unit_of_work_loses_it_and_what_it_locked(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "30s"
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '50ms'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(7341, 1)"))
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_advisory_xact_lock(7341, 1)"))
        with pytest.raises(DBAPIError, match="idle-in-transaction"):
            connection.execute(text("SELECT 1"))
        connection.invalidate()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_on_sqlite_a_unit_of_work_holds_the_write_lock_from_its_beginning_and_a_read_does_not(app: Flask) -> None:
    probe = sqlite3.connect(str(db.engine.url.database), timeout=0, isolation_level=None)
    session().scalars(select(School)).all()
    probe.execute("BEGIN IMMEDIATE").close()
    probe.rollback()
    with transaction() as work:
        work.scalars(select(School)).all()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            probe.execute("BEGIN IMMEDIATE")
    probe.execute("BEGIN IMMEDIATE").close()
    probe.close()


PROCESSES, THREADS, ROUNDS = 2, 4, 25


def _count_up(folder: str, url: str) -> None:
    """Read a figure and write it back one higher, from several threads at once."""
    from eduprog.wiring import create_app, load_settings

    app = create_app(
        load_settings({}, DATA_DIR=folder, DATABASE_URL=url, MAIL_TRANSPORT="folder", SCHEDULER=False, LOG_LEVEL="ERROR")
    )

    def rounds() -> None:
        for _ in range(ROUNDS):
            with app.app_context(), transaction() as work:
                row = work.scalars(select(SchoolGroup).with_for_update()).one()
                row.name = str(int(row.name) + 1)

    with ThreadPoolExecutor(THREADS) as threads:
        for done in [threads.submit(rounds) for _ in range(THREADS)]:
            done.result()
    with app.app_context():
        db.engine.dispose()


@pytest.mark.process
def test_read_then_write_from_two_processes_of_four_threads_loses_nothing(app: Flask) -> None:
    with transaction() as work:
        work.add(a_school_group(name="0"))
    session().rollback()
    settings = app.extensions["eduprog"]
    spawn = multiprocessing.get_context("spawn")
    workers = [
        spawn.Process(target=_count_up, args=(str(Path(settings.DATA_DIR)), settings.DATABASE_URL)) for _ in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert _names() == [str(PROCESSES * THREADS * ROUNDS)]
