"""Bring a backup back: checked before anything is touched, and what was there is kept beside it."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from eduprog.core.errors import Refusal
from eduprog.scheduler.exports import DATABASE, Manifest, faults_of, hash_of, key_mark, read_manifest, rows_of

_BESIDE = ("", "-wal", "-shm")


class CannotRestore(Refusal):
    """This backup is not brought back; nothing was changed."""


def check_backup(*, folder: Path, known_schema: str) -> Manifest:
    """Check a backup against its manifest: hash, damage, rows, schema, keys. Raises CannotRestore or BackupFailed."""
    manifest = read_manifest(folder)
    copy = folder / DATABASE
    if not copy.is_file():
        raise CannotRestore(f"{folder} holds no {DATABASE}. Nothing was changed.")
    if hash_of(copy) != manifest.sha256:
        raise CannotRestore(f"{copy} is not the file that was backed up: its hash is another. Take an older backup.")
    wrong = faults_of(copy)
    if wrong:
        raise CannotRestore(f"{copy} is damaged: {wrong}. Take an older backup.")
    if rows_of(copy) != manifest.rows:
        raise CannotRestore(f"{copy} does not hold the rows its manifest names. Take an older backup.")
    if manifest.schema > known_schema:
        raise CannotRestore(
            f"The backup has schema {manifest.schema}, this eduprog knows {known_schema}. Install the newer eduprog."
        )
    if manifest.keys != key_mark():
        raise CannotRestore("The key file here is not the one this backup was made with. Put the right key file back first.")
    return manifest


def restore(*, folder: Path, database: Path, replace: bool, known_schema: str, now: datetime) -> tuple[Manifest, Path | None]:
    """Put a checked backup in the place of the database; give what it holds and where the old one went, if there was one.

    eduprog must not run meanwhile. Raises CannotRestore or BackupFailed before anything is touched.
    """
    manifest = check_backup(folder=folder, known_schema=known_schema)
    if database.exists() and not replace:
        raise CannotRestore(
            f"{database} is there already. Stop eduprog, then run this again with --replace; it will be kept beside."
        )
    database.parent.mkdir(parents=True, exist_ok=True)
    fresh = database.with_name(f"{database.name}.restoring")
    shutil.copyfile(folder / DATABASE, fresh)
    os.chmod(fresh, 0o600)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    if hash_of(fresh) != manifest.sha256:
        fresh.unlink()
        raise CannotRestore("The copy differs from the backup: is the disk full or broken? Nothing was changed.")
    kept = _set_aside(database, now)
    os.replace(fresh, database)
    return manifest, kept


def _set_aside(database: Path, now: datetime) -> Path | None:
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.before-{now:%Y%m%d-%H%M%S}")
    for beside in _BESIDE:
        part = database.with_name(database.name + beside)
        if part.exists():
            part.rename(kept.with_name(kept.name + beside))
    return kept
