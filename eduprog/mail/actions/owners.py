"""Who is sending, and whether they still live.

A sender's rows carry its name. While it lives it holds a lock that the system drops when it dies: on SQLite an flock on a
file (one machine), on PostgreSQL an advisory lock on a connection of its own (many machines). So the rows of a killed sender
are free at once, and those of a slow one are not.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import socket
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, text

from eduprog.core.db import db


class Owner(Protocol):
    """A living sender."""

    @property
    def name(self) -> str:
        """What its rows carry."""
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
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / name
        self._file: IO[bytes] = self._path.open("wb")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def still_held(self) -> bool:
        return not self._file.closed

    def leave(self) -> None:
        self._path.unlink(missing_ok=True)
        self._file.close()


class _AdvisoryOwner:
    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self._connection = _autocommit(engine)
        self._connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _lock_key(name)})

    def still_held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
        except Exception:
            return False
        return True

    def leave(self) -> None:
        # Closing would hand the session, lock and all, back to the pool.
        self._connection.invalidate()
        self._connection.close()


def take_name(folder: Path) -> Owner:
    """Give a new sender its name and its lock; `folder` holds the lock files where the database is SQLite."""
    name = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}".replace("/", "-")
    if db.engine.dialect.name == "postgresql":
        return _AdvisoryOwner(name, db.engine)
    return _FileOwner(name, folder)


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


def sweep(folder: Path) -> None:
    """Remove the lock files of the dead."""
    if db.engine.dialect.name == "postgresql" or not folder.is_dir():
        return
    for path in folder.iterdir():
        if not is_alive(path.name, folder):
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
