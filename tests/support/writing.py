"""Threads that write rows through the application, and know which of them were acknowledged."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from eduprog.core import clock
from eduprog.core.db import db, transaction
from eduprog.organisations.models import SchoolGroup
from eduprog.organisations.rules import GroupKind


class Writers:
    """What they wrote: `acknowledged` were committed, `broken` never answered."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.acknowledged: set[str] = set()
        self.broken: list[str] = []
        self._stopping = threading.Event()

    def wait_for(self, rows: int) -> None:
        """Wait until so many were acknowledged."""
        until = time.monotonic() + 30
        while len(self.acknowledged) < rows:
            assert time.monotonic() < until, "nothing is written"
            time.sleep(0.005)

    def _write(self) -> None:
        while not self._stopping.is_set():
            slug = secrets.token_hex(12)
            try:
                with self._app.app_context(), transaction() as work:
                    work.add(SchoolGroup(name="A trust", slug=slug, kind=GroupKind.TRUST, created_at=clock.now()))
            except DBAPIError:
                self.broken.append(slug)
                return
            self.acknowledged.add(slug)

    @contextmanager
    def at_work(self, number: int) -> Iterator[None]:
        """Write in so many threads for the time of a block, or until the database is gone; wait for as many rows first."""
        self._stopping.clear()
        before = len(self.acknowledged)
        threads = [threading.Thread(target=self._write) for _ in range(number)]
        for thread in threads:
            thread.start()
        try:
            self.wait_for(before + number)
            yield
        finally:
            self._stopping.set()
            for thread in threads:
                thread.join(60)


def written() -> set[str]:
    """Give what the current application's database holds of it."""
    try:
        return set(db.session.scalars(select(SchoolGroup.slug)))
    finally:
        db.session.rollback()
