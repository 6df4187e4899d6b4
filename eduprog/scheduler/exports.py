"""Backups of a SQLite installation: taken while it runs, checked, and described by a manifest with hashes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from eduprog.core import crypto
from eduprog.core.errors import Refusal

DATABASE = "eduprog.db"
MANIFEST = "manifest.json"


class BackupFailed(Refusal):
    """The backup could not be taken or does not pass its own check. Nothing was kept; what was there before is as it was."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: when it was taken, its schema, its size and hash, the rows of each table, and which keys read it."""

    taken_at: str
    schema: str
    size: int
    sha256: str
    rows: dict[str, int]
    keys: str


def take_backup(*, database: Path, into: Path, schema: str, now: datetime) -> tuple[Path, Manifest]:
    """Copy a running database into a new folder under `into`; give the folder and what it holds.

    Writers go on meanwhile: what they commit before the last page is copied is in it, or none of it. Keys are never copied:
    a backup without the key file shows nobody's address. Raises BackupFailed.
    """
    into.mkdir(parents=True, exist_ok=True)
    final = into / f"{now:%Y%m%d-%H%M%S}"
    partial = into / f".{final.name}.partial"
    if final.exists():
        raise BackupFailed(f"{final} is there already. Wait a second and try again.")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        manifest = _copy(database, partial / DATABASE, schema, now)
        _write(partial / MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        _sync(partial)
        partial.rename(final)
        _sync(into)
    except (OSError, sqlite3.Error) as problem:
        raise BackupFailed(f"The backup failed: {problem}. Nothing was kept.") from problem
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return final, manifest


def forget_backups(*, into: Path, keep: int) -> int:
    """Delete all but the newest `keep` backups of a folder; give how many went."""
    found = sorted(path.parent for path in into.glob(f"*/{MANIFEST}"))
    over = found[:-keep] if keep else found
    for folder in over:
        shutil.rmtree(folder)
    return len(over)


def faults_of(path: Path) -> str:
    """Say what is wrong with a database file, in its own words; empty where nothing is."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as copy:
            lines = [row[0] for row in copy.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
            orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as problem:
        return str(problem)
    return "; ".join([*lines, *(["a row points to one that is not there"] if orphans else [])])


def rows_of(path: Path) -> dict[str, int]:
    """Give how many rows each table of a database file holds."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as copy:
        names = [row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        names = [name for name in names if not name.startswith("sqlite_")]
        return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608 - names of its own tables


def hash_of(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_mark() -> str:
    """Give a short mark of the keys of this installation: the same for the same keys, and nothing can be read with it."""
    return crypto.lookup_hash("backup", "keys")[:16]


def _copy(database: Path, to: Path, schema: str, now: datetime) -> Manifest:
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(descriptor)
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=15)) as source,
        closing(sqlite3.connect(to)) as copy,
    ):
        source.backup(copy)  # in one step: a view of one moment, while writers go on beside it
        copy.execute("PRAGMA journal_mode=DELETE").close()  # one file, nothing beside it
    wrong = faults_of(to)
    if wrong:
        raise BackupFailed(f"The copy does not pass its check: {wrong}. Nothing was kept; run eduprog doctor.")
    with to.open("rb") as file:
        os.fsync(file.fileno())
    return Manifest(now.isoformat(), schema, to.stat().st_size, hash_of(to), rows_of(to), key_mark())


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_manifest(folder: Path) -> Manifest:
    """Read what a backup says it holds. Raises BackupFailed where that cannot be read."""
    try:
        held: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Manifest(**held)
    except (OSError, ValueError, TypeError) as problem:
        raise BackupFailed(f"{folder} is no backup of eduprog: {MANIFEST} cannot be read ({problem}).") from None
