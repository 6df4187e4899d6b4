"""Does a backup taken under load come back whole, and is every damage noticed: to a backup, to a file, to the log beside it?"""

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

from eduprog.core import crypto
from eduprog.scheduler import exports, importers
from eduprog.scheduler.queries.write_ahead import log_fault
from tests.conftest import FULL
from tests.support.figures import tell

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
COPIES = 200 if FULL else 40


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
    for number in range(rounds := 100 if FULL else 3):
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
    tell(f"sqlite: {rounds} of {rounds} backups under load came back, with every row acknowledged before")


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
    tell(f"{COPIES} damaged backups: {refused} refused in words")
    assert refused == COPIES
    assert exports.hash_of(database) == before


def test_a_log_that_was_cut_or_changed_after_a_crash_is_noticed_before_anybody_reads_what_is_left(
    database: Path, tmp_path: Path
) -> None:
    dice, noticed = random.Random(9), 0
    with closing(sqlite3.connect(database)) as writing:
        writing.execute("PRAGMA wal_autocheckpoint=0").close()
        for number in range(12):
            writing.execute("UPDATE entry SET words = ? WHERE id % 7 = ?", (f"{number} " * 40, number % 7))
            writing.commit()
        for number in range(COPIES):
            copy = tmp_path / f"crash-{number}" / database.name
            copy.parent.mkdir()
            for beside in ("", "-wal", "-shm"):  # what a process leaves that is killed
                shutil.copyfile(f"{database}{beside}", f"{copy}{beside}")
            assert log_fault(copy) == ""
            log = Path(f"{copy}-wal")
            log.unlink() if number % 20 == 19 else _damage(log, dice)
            noticed += log_fault(copy) != ""
            shutil.rmtree(copy.parent)
    assert log_fault(database) == "", "closed in peace it leaves no log"
    tell(f"{COPIES} logs cut, changed or gone after a crash: {noticed} noticed at the start")
    assert noticed == COPIES


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
