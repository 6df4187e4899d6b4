"""Who is sending, and whether they still live.

A sender's rows carry its name. While it lives it holds a lock that the system drops when it dies: on SQLite an flock on a
file (one machine), on PostgreSQL an advisory lock on a connection of its own (many machines). So the rows of a killed sender
are free at once, and those of a slow one are not.
A file in the same folder is its journal, so that what it had not begun is not taken for doubtful.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import socket
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, text

from eduprog.core.db import db
from eduprog.mail.actions.journal import Journal, Progress, read_journal


class Owner(Protocol):
    """A living sender."""

    @property
    def name(self) -> str:
        """What its rows carry."""
        ...

    @property
    def journal(self) -> Journal:
        """Where it says how far it has come."""
        ...

    def still_held(self) -> bool:
        """Say whether others still see it as living."""
        ...

    def leave(self) -> None:
        """End: from now on its rows may be rescued."""
        ...


class _FileOwner:
    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._path = folder / name
        self._file = self._locked()
        self.journal = Journal(self._path)

    def _locked(self) -> IO[bytes]:
        """Lock the file, and make sure that nobody swept it away before it was locked."""
        while True:
            file = self._path.open("ab")
            fcntl.flock(file, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):
                if os.path.samestat(self._path.stat(), os.fstat(file.fileno())):
                    return file
            file.close()

    def still_held(self) -> bool:
        return not self._file.closed

    def leave(self) -> None:
        self._path.unlink(missing_ok=True)
        self.journal.close()
        self._file.close()


class _AdvisoryOwner:
    def __init__(self, name: str, folder: Path, engine: Engine) -> None:
        self.name = name
        self._connection = _autocommit(engine)
        self._connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _lock_key(name)})
        self._path = folder / name
        self._path.touch()
        self.journal = Journal(self._path)

    def still_held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except Exception:
            return False
        return True

    def leave(self) -> None:
        self._path.unlink(missing_ok=True)
        self.journal.close()
        # Closing alone would hand the session, lock and all, back to the pool.
        self._connection.invalidate()
        self._connection.close()


def take_name(folder: Path) -> Owner:
    """Give a new sender its name, its lock and its journal; `folder` holds the files of this machine's senders."""
    name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}".replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    if db.engine.dialect.name == "postgresql":
        return _AdvisoryOwner(name, folder, db.engine)
    return _FileOwner(name, folder)


def progress_of(name: str, folder: Path) -> Mapping[int, Progress] | None:
    """Give how far the messages of a dead sender had come, or None if nobody on this machine can know."""
    return read_journal(folder / Path(name).name)


def is_alive(name: str, folder: Path) -> bool:
    """Say whether the sender of that name lives."""
    if db.engine.dialect.name == "postgresql":
        return _advisory_lock_is_held(name)
    try:
        with (folder / Path(name).name).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def sweep(folder: Path, holding: Collection[str]) -> None:
    """Remove the files of the dead who hold nothing any more."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in holding and not is_alive(path.name, folder):
                path.unlink(missing_ok=True)


def _advisory_lock_is_held(name: str) -> bool:
    with _autocommit(db.engine) as connection:
        key = {"key": _lock_key(name)}
        free = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar_one()
        if free:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
        return not free


def _autocommit(engine: Engine) -> Connection:
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
