"""Which workers live: each holds an advisory lock for as long as its process does, so what a killed one ran is free at once.

Age decides only where liveness cannot: a worker that was stopped, not killed, keeps its lock and loses its work after a while.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import structlog
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from psycopg import AsyncConnection, OperationalError

_log = structlog.get_logger()
_SPACE = 20260902  # the first half of the lock's key; the second is the worker's number
_DEAD = """
SELECT id FROM procrastinate_workers AS w WHERE NOT EXISTS (
 SELECT FROM pg_locks AS l WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = w.id::oid AND l.objsubid = 2
 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


class LivingManager(JobManager):
    """A job manager whose workers hold a lock from before anybody can see them."""

    def __init__(self, connector: Any, *, address: str, stalled_seconds: float) -> None:
        super().__init__(connector)
        self._address = address
        self._stalled = stalled_seconds
        self._locks: AsyncConnection[Any] | None = None
        self._turn = asyncio.Lock()  # one transaction at a time on that connection

    async def open(self) -> None:
        """Open the connection that holds the locks."""
        self._locks = await AsyncConnection.connect(self._address, autocommit=True)

    async def close(self) -> None:
        """Give the locks up."""
        if self._locks is not None:
            await self._locks.close()

    async def register_worker(self) -> int:
        """Write a worker down and lock its number in one transaction."""
        async with self._turn, self._held.transaction():
            row = await (await self._held.execute("SELECT procrastinate_register_worker_v1()")).fetchone()
            if row is None:
                raise ConnectorException("PostgreSQL gave the worker no number")
            await self._held.execute("SELECT pg_advisory_lock(%s, %s)", (_SPACE, row[0]))
        return int(row[0])

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:
        """Leave it to `rescue`, which asks who lives."""
        return []

    async def rescue(self) -> int:
        """Put what dead or stalled workers ran back into the queue; give how many jobs.

        Raises OperationalError if our own locks are lost.
        """
        async with self._turn:
            dead = [row[0] for row in await (await self._held.execute(_DEAD, (_SPACE,))).fetchall()]
        for worker_id in dead:
            await self.unregister_worker(worker_id)
        stalled = list(await self.get_stalled_jobs(seconds_since_heartbeat=self._stalled))
        for job in stalled:
            await self._free(job)
        if dead or stalled:
            tell = _log.warning if stalled else _log.info  # one that was stopped while it enrolled ran nothing
            tell("freed what stopped workers ran", workers=len(dead), jobs=len(stalled))
        return len(stalled)

    async def _free(self, job: Job) -> None:
        """Let it run again; one that stands in the queue again already is dropped."""
        try:
            await self.retry_job(job)
        except ConnectorException:
            with suppress(ConnectorException):  # another worker was quicker
                await self.finish_job(job, status=Status.FAILED, delete_job=True)

    @property
    def _held(self) -> AsyncConnection[Any]:
        if self._locks is None or self._locks.closed:
            raise OperationalError("the connection that holds the locks is gone")
        return self._locks
