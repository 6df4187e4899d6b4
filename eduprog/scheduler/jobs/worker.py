"""One of several workers on PostgreSQL, on as many machines as wanted: takes jobs and lanes of mail from the queue."""

from __future__ import annotations

import asyncio
import logging
import os
import queue
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog
from flask import Flask

from eduprog.core import clock
from eduprog.core.jobs import Job, SiteJob
from eduprog.core.settings import Settings
from eduprog.mail.jobs import DISPATCH, Drained, drain_once, make_dispatchers, transport_of
from eduprog.mail.jobs.dispatcher import Dispatcher
from eduprog.scheduler.jobs.liveness import LivingManager
from eduprog.scheduler.jobs.queue import JOBS_QUEUE, MAIL_QUEUE, Queue, conninfo
from eduprog.scheduler.jobs.running import Heartbeat, Ran

_log = structlog.get_logger()
_JOBS_AT_ONCE = 3
_LOOK_EVERY = 1.0
_FINISH_SECONDS = 8.0


class Worker:
    """Runs jobs and sends mail until it is told to stop, or has lost its place."""

    def __init__(self, app: Flask, jobs: Sequence[Job | SiteJob]) -> None:
        settings: Settings = app.extensions["eduprog"]
        self._app = app
        self._senders = settings.DISPATCH_THREADS
        self._stalled = float(settings.WORKER_STALLED_SECONDS)
        self._heartbeat = Heartbeat(app)
        transport = transport_of(settings)
        self._dispatchers = make_dispatchers(settings, transport, self._senders)
        self._free: queue.SimpleQueue[Dispatcher] = queue.SimpleQueue()
        for dispatcher in self._dispatchers:
            self._free.put(dispatcher)
        self._queue = Queue(app, jobs, self._drain)
        self._stopping = asyncio.Event()
        self._lost = False
        address = conninfo(settings.DATABASE_URL)
        self._manager = LivingManager(self._queue.procrastinate.connector, address=address, stalled_seconds=self._stalled)
        self._queue.procrastinate.job_manager = self._manager

    def run(self, ready: Callable[[], None]) -> int:
        """Work until SIGTERM or Ctrl-C; give the exit code: 1 if it lost its place and should be started anew.

        `ready` is called once it hears those signals and before it begins.
        """
        code = asyncio.run(self._work(ready))
        sys.stdout.flush()
        sys.stderr.flush()
        return code

    async def _work(self, ready: Callable[[], None]) -> int:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(self._senders + _JOBS_AT_ONCE + 3))
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        ready()
        async with self._queue.procrastinate.open_async():
            await self._manager.open()
            await self._manager.rescue()
            working = [
                asyncio.create_task(self._take(JOBS_QUEUE, _JOBS_AT_ONCE)),
                asyncio.create_task(self._take(MAIL_QUEUE, self._senders)),
                asyncio.create_task(self._look_after_others()),
            ]
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait([stopping, *working], return_when=asyncio.FIRST_COMPLETED)
            self._lost = not self._stopping.is_set()
            stopping.cancel()
            await self._finish(working)
            await self._manager.close()
        return 1 if self._lost else 0

    async def _take(self, name: str, at_once: int) -> None:
        await self._queue.procrastinate.run_worker_async(
            queues=[name], name=f"{name}-{os.getpid()}", concurrency=at_once, install_signal_handlers=False, delete_jobs="always",
            update_heartbeat_interval=self._stalled / 4, stalled_worker_timeout=self._stalled, fetch_job_polling_interval=2.0,
        )  # fmt: skip

    async def _look_after_others(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            await self._manager.rescue()

    async def _finish(self, working: Sequence[asyncio.Task[None]]) -> None:
        """Begin nothing else; let what runs finish for a while, then break off the messages on their way."""
        logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of each question that is broken off here
        for dispatcher in self._dispatchers:
            dispatcher.stop()
        for one in working:
            one.cancel()
        _, waiting = await asyncio.wait(working, timeout=_FINISH_SECONDS)
        if waiting:
            for dispatcher in self._dispatchers:
                dispatcher.abort()
            _, waiting = await asyncio.wait(waiting, timeout=1.0)
        for one in working:
            if one.done() and not one.cancelled() and one.exception() is not None:
                _log.error("a worker lost its place", reason=repr(one.exception()))
        if waiting:
            _log.warning("stopped before everything had finished")
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(1 if self._lost else 0)  # a thread that still waits for somebody must not hold up a deploy
        await asyncio.to_thread(self._leave)

    def _leave(self) -> None:
        with self._app.app_context():
            for dispatcher in self._dispatchers:
                dispatcher.close()

    def _drain(self) -> None:
        """Send in one lane, with the next free sender of this process."""
        dispatcher = self._free.get()
        try:
            drain_once(self._app, dispatcher, clock.now(), self._note)
        finally:
            self._free.put(dispatcher)

    def _note(self, started_at: datetime, drained: Drained) -> None:
        self._heartbeat.note(DISPATCH.name, started_at, Ran(drained.accepted, drained.fault))
