"""F4 and F10: dispatch by two workers against one on PostgreSQL; its cost and memory while the outbox grows to 100,000.

A worker is a process with one connection to the mail server. All see the outbox full when they are told to begin, and the time
ends when all have nothing left. On two cores the database, a bare mail server and two workers share these two; so a second
line has the mail server think for a moment, as one elsewhere does.
Run: python -m bench.f4_workers [largest outbox]
"""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask

from bench import f4_dispatch as f4
from bench.measure import Line, exponent, medians, report
from eduprog.core.db import db, session
from eduprog.mail.jobs import make_dispatchers
from eduprog.mail.transports import Login, SmtpTransport

LARGEST = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
_DONE = struct.Struct("=dq")


class Worker:
    """A process that drains the outbox each time it is told to, and says what processor time and memory that took."""

    def __init__(self, app: Flask, port: int) -> None:
        session().rollback()
        db.session.remove()
        db.engine.dispose()
        self._go_read, self._go = os.pipe()
        self._done, self._done_write = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            try:
                self._work(app, port)
            finally:
                os._exit(1)

    def _work(self, app: Flask, port: int) -> None:
        with app.app_context():
            transport = SmtpTransport(Login("127.0.0.1", port), patience_seconds=60)
            sender = make_dispatchers(app.extensions["eduprog"], transport, 1)[0]
            while os.read(self._go_read, 1) == b".":
                begun = time.process_time()
                sender.drain(f4.NOW + timedelta(seconds=1))
                os.write(self._done_write, _DONE.pack(time.process_time() - begun, _resident()))
            sender.close()

    def begin(self) -> None:
        """Let it work."""
        os.write(self._go, b".")

    def wait(self) -> tuple[float, int]:
        """Wait until it has nothing left; give seconds of processor time and bytes resident."""
        seconds, resident = _DONE.unpack(os.read(self._done, _DONE.size))
        return seconds, resident

    def end(self) -> None:
        """Let it go."""
        os.write(self._go, b"!")
        os.waitpid(self._pid, 0)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def workers(app: Flask, port: int, number: int) -> Iterator[list[Worker]]:
    """Run so many workers."""
    made = [Worker(app, port) for _ in range(number)]
    try:
        yield made
    finally:
        for worker in made:
            worker.end()


def drained(made: list[Worker], messages: int) -> tuple[float, float, int]:
    """Fill the outbox and let the workers drain it: seconds on the wall, seconds of processor time, the most resident bytes."""
    f4.fill_outbox(messages)
    session().rollback()
    begun = time.perf_counter()
    for worker in made:
        worker.begin()
    found = [worker.wait() for worker in made]
    took = time.perf_counter() - begun
    f4.check_sent(messages)
    return took, sum(seconds for seconds, _ in found), max(resident for _, resident in found)


def two_against_one(engine: str, url: str, words: str, *arguments: str) -> list[Line]:
    """Compare two workers with one."""

    def rate(made: list[Worker]) -> Callable[[], float]:
        return lambda: f4.MESSAGES / drained(made, f4.MESSAGES)[0]

    with ExitStack() as stack:
        app = stack.enter_context(f4.application(url))
        port = stack.enter_context(f4.sink(*arguments))
        one, two = (stack.enter_context(workers(app, port, number)) for number in (1, 2))
        found = medians({"one": rate(one), "two": rate(two)})
    return [Line(f"F4 dispatch, two workers against one, {words}, {engine}", found["one"], found["two"], "/s", at_least=1.7)]


def growing(engine: str, url: str) -> list[Line]:
    """Drain an outbox that grows a hundredfold."""
    sizes = (LARGEST // 100, LARGEST // 10, LARGEST)
    with f4.application(url, families=LARGEST) as app, f4.sink() as port, workers(app, port, 1) as made:
        drained(made, sizes[0])
        found = {size: drained(made, size) for size in sizes}
    for size, (took, seconds, resident) in found.items():
        print(
            f"{size:>9,} messages, {engine}: {took:.1f} s, {seconds / size * 1e3:.3f} ms of processor each, {resident >> 20} MiB"
        )
    costs = {size: seconds for size, (_, seconds, _) in found.items()}
    first, last = (found[size][2] / 2**20 for size in (sizes[0], sizes[-1]))
    return [
        Line(f"F10 dispatch: exponent over {sizes} messages, {engine}", 1.0, exponent(costs), "", at_most=1.05),
        Line(f"F4 memory after {LARGEST:,} messages against after {sizes[0]:,}, {engine}", first, last, "MiB", at_most=1.1),
    ]


def main() -> int:
    """Measure and report; give how many goals were missed."""
    lines: list[Line] = []
    with f4.engines() as each:
        for engine, new_database in each:
            if engine != "SQLite":
                lines += two_against_one(engine, new_database(), "bare server beside them")
                lines += two_against_one(engine, new_database(), "server that thinks for 2 ms", "--wait=0.002")
            lines += growing(engine, new_database())
    return report(lines)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
