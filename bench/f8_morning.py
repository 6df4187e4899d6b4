"""F8: three hundred teachers between 08:40 and 08:50, then as many as the machine holds.

Each signs in by password over HTTP, opens My week, a lesson and its slides, records it in two taps (the form with its token)
and looks at My week again; who comes does not wait for who is slow. First one process on SQLite that also runs the jobs
(`eduprog serve`), then two web processes and a worker on PostgreSQL, which syncs, as deploy/ documents them. The rate of visits
is then raised until the p95 of all requests is above the bar; the last that held is printed. At the end: what it costs that
the writers of a school take turns on PostgreSQL. EDUPROG_BENCH_SECONDS=600 is the whole ten minutes.
What else runs beside it shows in the milliseconds; so the processor time of a visit is printed too, and how many visits a second
two cores have room for: one process fills one core, two fill both.
Run: python -m bench.f8_morning
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import NullPool, create_engine, text

from bench.measure import Line, report
from eduprog.core import crypto, row_security
from tests.process import launch
from tests.support import postgres
from tests.support.morning import MORNING
from tests.support.visitors import Asked, crowd, share

ROOT = Path(__file__).parent.parent
SECONDS = int(os.environ.get("EDUPROG_BENCH_SECONDS", "120"))
TEACHERS, SCHOOLS = 300, 6
RATE = TEACHERS / 600
MOST_MS = 300.0
_STEADY = 60
_FIRST_RATE, _FACTOR, _STEP_SECONDS = 2.0, 1.2, 10
_THINK = 0.5
_CORES = 2
_TICKS = os.sysconf("SC_CLK_TCK")
_UNTURNED = "EDUPROG_BENCH_UNTURNED"


def application() -> Flask:
    """Give what gunicorn serves: eduprog on that morning, its writers taking turns unless the bench asks for none."""
    if os.environ.get(_UNTURNED):
        row_security._IN_TURN = "SELECT %s::int"
    app: Flask = launch.dressed().create_app()
    return app


class Place:
    """An installation in a folder of its own, on that Tuesday morning."""

    def __init__(self, folder: str, url: str) -> None:
        self.url = url
        self.serving: list[int] = []
        self.port = _free_port()
        self._environment = {
            **os.environ, "EDUPROG_DATA_DIR": folder, "EDUPROG_DATABASE_URL": url, "EDUPROG_LOG_LEVEL": "ERROR",
            "EDUPROG_MAIL_TRANSPORT": "folder", "EDUPROG_PORT": str(self.port), "EDUPROG_TEST_NOW": MORNING.isoformat(),
            "EDUPROG_BIND": f"127.0.0.1:{self.port}", "EDUPROG_WEB_PROCESSES": "2",
        }  # fmt: skip
        crypto.write_keys(crypto.make_keys(), Path(folder) / "keys.json")
        plan = json.dumps({"schools": SCHOOLS, "teachers": TEACHERS // SCHOOLS, "taught": True})
        self.teachers: list[dict[str, Any]] = json.loads(self._run("tests.support.morning", plan))["teachers"]

    def _run(self, module: str, *arguments: str) -> str:
        command = [sys.executable, "-m", module, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self._environment, check=True, capture_output=True, text=True).stdout

    @contextmanager
    def served(self, *commands: Sequence[str], **more: str) -> Iterator[None]:
        """Run these until the block ends; it begins when pages are answered."""
        environment = {**self._environment, **more}
        running = [
            subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
            for command in commands
        ]
        self.serving = [process.pid for process in running]
        try:
            _wait_for(self.port)
            yield
        finally:
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                process.wait(20)


SERVE = ("tests.process.launch", "serve")
WORKER = ("tests.process.launch", "worker")
GUNICORN = ("gunicorn", "-c", "deploy/gunicorn.conf.py", "bench.f8_morning:application()")


def main() -> int:
    """Measure and report; give how many goals were missed."""
    lines: list[Line] = []
    with ExitStack() as stack:
        alone = Place(stack.enter_context(tempfile.TemporaryDirectory()), "")
        with alone.served(SERVE):
            found = _measured("one process, SQLite", alone, processes=1)
        lines += found[0]
        if postgres.binaries() is not None:
            cluster = postgres.start()
            stack.callback(cluster.stop)
            _execute(cluster.url(), "ALTER SYSTEM SET fsync = on", "ALTER SYSTEM SET synchronous_commit = on")
            _execute(cluster.url(), "SELECT pg_reload_conf()", "CREATE DATABASE morning")
            two = Place(stack.enter_context(tempfile.TemporaryDirectory()), cluster.url("morning"))
            _execute(two.url, "VACUUM ANALYZE")  # PostgreSQL does so by itself within minutes
            with two.served(GUNICORN, WORKER, EDUPROG_SCHEDULER="False"):
                more = _measured("two web processes and a worker, PostgreSQL", two, processes=2, database=cluster.process.pid)
            lines += more[0]
            lines.append(
                Line("F8 room for visits: two on PostgreSQL, against one on SQLite", found[1], more[1], "/s", at_least=1)
            )
            lines.append(_cost_of_turns(two, more[1]))
    return report(lines)


def _measured(name: str, place: Place, *, processes: int, database: int | None = None) -> tuple[list[Line], float]:
    """Give the lines of one way to run, and how many visits a second two cores have room for."""
    visits = round(RATE * SECONDS)
    with crowd(place.port, place.teachers) as ask:
        signing = ask("sign_in", seconds=max(60, SECONDS / 2))
        print(f"{name}: {TEACHERS} sign in, then {visits} visits in {SECONDS} s, {RATE:.1f} a second")
        answer = ask("morning", visits=visits, seconds=SECONDS, think=_THINK)
        _show(signing["took"] | answer["took"], signing["faults"] + answer["faults"])
        before = [_processor_seconds(place.serving), _processor_seconds([database] if database else [])]
        loaded = ask("morning", visits=_STEADY, seconds=_STEADY / _FIRST_RATE, think=_THINK)
        web = (_processor_seconds(place.serving) - before[0]) / _STEADY
        both = web + (_processor_seconds([database] if database else []) - before[1]) / _STEADY
        room = min(processes / web, _CORES / both)
        print(f"  processor time of a visit: {web * 1000:.0f} ms of ours, {(both - web) * 1000:.0f} ms of the database's process")
        print(f"  room for {room:.1f} visits and {room * len(_all(loaded)) / _STEADY:.0f} requests a second on {_CORES} cores")
        held, requests = _highest(ask)
    print(f"  held p95 <= {MOST_MS:.0f} ms up to {held:.1f} visits and {requests:.0f} requests a second", flush=True)
    faults = len(signing["faults"]) + len(answer["faults"])
    return [
        Line(f"F8 p95 of a request, {name}", MOST_MS, share(_all(answer), 95), "ms", at_most=1),
        Line(f"F8 requests that failed, {name}", 1, 1 + faults, "", at_most=1),
    ], room


def _highest(ask: Asked) -> tuple[float, float]:
    """Raise the rate of visits until the bar is missed twice; give the last rate that held it, and its requests a second."""
    rate, held, missed = _FIRST_RATE, (0.0, 0.0), 0
    while missed < 2 and rate < 100:
        answer = ask("morning", visits=round(rate * _STEP_SECONDS), seconds=_STEP_SECONDS, think=_THINK)
        took = _all(answer)
        good = not answer["faults"] and share(took, 95) <= MOST_MS
        print(f"  {rate:5.1f} visits a second: p95 {share(took, 95):6.0f} ms, {len(answer['faults'])} failed", flush=True)
        if good:
            held = (rate, len(took) / answer["seconds"])
            rate *= _FACTOR
        missed = 0 if good else missed + 1
    return held


def _cost_of_turns(place: Place, room: float) -> Line:
    """Record at half of what there is room for, with and without turns, in turn; compare the p95 of the tap that records."""
    found: dict[str, list[float]] = {"": [], "1": []}
    waiting: list[int] = []
    for number, unturned in enumerate(("", "1", "", "1")):
        with place.served(GUNICORN, EDUPROG_SCHEDULER="False", **{_UNTURNED: unturned}):
            left = [
                {**one, "lessons": [one["lessons"][-1 - number]]} for one in place.teachers if len(one["lessons"]) > number + 1
            ]
            with crowd(place.port, left) as ask, _counting_waits(place.url, [] if unturned else waiting):
                ask("sign_in", seconds=15)
                answer = ask("morning", visits=min(len(left), round(room / 2 * 15)), seconds=15, think=_THINK)
            found[unturned] += answer["took"].get("recorded", [])
    seen = sum(1 for count in waiting if count) / max(1, len(waiting))
    print(f"turns of a school's writers on PostgreSQL: somebody waited for one in {seen:.1%} of {len(waiting)} looks")
    without, ours = share(found["1"], 95), share(found[""], 95)
    return Line("F8 recording while writers take turns, against none, PostgreSQL", without, ours, "ms", at_most=1.5)


@contextmanager
def _counting_waits(url: str, waiting: list[int]) -> Iterator[None]:
    """Look a few times a second how many wait for an advisory lock."""
    done = threading.Event()
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)

    def look() -> None:
        with engine.connect() as connection:
            asked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            while not done.wait(0.05):
                waiting.append(connection.scalar(asked) or 0)

    looking = threading.Thread(target=look)
    looking.start()
    yield
    done.set()
    looking.join()


def _processor_seconds(roots: Sequence[int]) -> float:
    """Give the processor time that these processes and all below them have used so far."""
    used: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                words = (entry / "stat").read_text().rpartition(")")[2].split()
                used[int(entry.name)] = (int(words[1]), sum(int(word) for word in words[11:15]) / _TICKS)
    wanted, grown = set(roots), True
    while grown:
        below = {number for number, (parent, _) in used.items() if parent in wanted} - wanted
        wanted, grown = wanted | below, bool(below)
    return sum(used[number][1] for number in wanted if number in used)


def _all(answer: dict[str, Any]) -> list[float]:
    return [one for each in answer["took"].values() for one in each]


def _show(took: dict[str, list[float]], faults: Sequence[str]) -> None:
    for kind, found in took.items():
        shown = "".join(f"  p{percent} {share(found, percent):6.0f} ms" for percent in (50, 95, 99))
        print(f"  {kind:<16} {len(found):5}{shown}  max {max(found):6.0f} ms")
    print(f"  failed: {len(faults)} {faults[:3] or ''}", flush=True)


def _wait_for(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as answer:
                answer.read()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _execute(url: str, *statements: str) -> None:
    with create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
