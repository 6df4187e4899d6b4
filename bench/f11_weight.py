"""F11: the tail of every page at one client, and the memory of two web workers and the clock after load.

The tail is the ninety-ninth hundredth of processor time of each page against its middle, asked for in turn over all pages, with
the collector as the server has it. The workers are forked from one process that has loaded everything, as any server that
preloads does, and share its memory; their weight is what smaps calls PSS, the parent's included, after every page was asked of
them three times. Run: python -m bench.f11_weight
"""

from __future__ import annotations

import gc
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import Flask
from waitress.server import create_server

from bench.asking import ask
from bench.big_school import NOW
from bench.every_page import Address, addresses, fill
from bench.installation import installation
from bench.measure import Line, report
from eduprog import wiring
from eduprog.core import clock
from eduprog.core.db import db
from eduprog.scheduler.jobs import Clockwork

LOOKS = 50
MOST_TAIL = 2.0
MOST_MIB = 220.0
WORKERS, CLIENTS, ROUNDS, THREADS = 2, 4, 3, 8
_SLOWEST = 8
_PLACE = "EDUPROG_BENCH_PLACE"


def main() -> int:
    """Measure and report; give how many goals were missed."""
    clock.set_offset(NOW - clock.now())
    if _PLACE in os.environ:
        _serve(Path(os.environ[_PLACE]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EDUPROG_BENCH_DIR"] = folder
        with installation("", fill) as (app, school):
            with app.app_context():
                every = addresses(app, school)
            pages = [page for page in every if _opens(app, page)]
            lines = [_tail(app, pages)]
            lines.append(_weight(Path(app.extensions["eduprog"].DATA_DIR), pages))
    return report(lines)


def _opens(app: Flask, page: Address) -> bool:
    answer = ask(app, page.path, page.token)
    return answer.is_page and answer.status == 200


def _tail(app: Flask, pages: list[Address]) -> Line:
    took: dict[str, list[float]] = {page.rule: [] for page in pages}
    gc.collect()
    gc.freeze()
    for _ in range(LOOKS):
        for page in pages:
            begun = time.process_time()
            ask(app, page.path, page.token)
            took[page.rule].append((time.process_time() - begun) * 1000)
    gc.unfreeze()
    ends = {rule: (statistics.median(found), sorted(found)[LOOKS * 99 // 100 - 1]) for rule, found in took.items()}
    worst = sorted(ends, key=lambda rule: -ends[rule][1] / ends[rule][0])
    print(f"tail of {len(pages)} pages, {LOOKS} looks each; the longest:")
    for rule in worst[:_SLOWEST]:
        print(f"  p50 {ends[rule][0]:6.1f} ms  p99 {ends[rule][1]:6.1f} ms  {ends[rule][1] / ends[rule][0]:.2f} x  {rule}")
    over = sum(p99 > MOST_TAIL * p50 for p50, p99 in ends.values())
    print(f"  over {MOST_TAIL:.0f} x: {over} of {len(pages)}")
    p50, p99 = ends[worst[0]]
    return Line(f"F11 longest tail: p99 against p50, CPU, {worst[0]}", p50, p99, "ms", at_most=MOST_TAIL)


def _weight(folder: Path, pages: list[Address]) -> Line:
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.f11_weight"], env={**os.environ, _PLACE: str(folder)}, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        told = json.loads(server.stdout.readline())
        with ThreadPoolExecutor(CLIENTS) as clients:
            statuses = list(clients.map(lambda page: _get(told["port"], page), pages * ROUNDS))
        weights = {name: _pss(number) for name, number in told["processes"].items()}
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    print(f"{len(statuses)} answers, {sum(one == 200 for one in statuses)} of them 200; PSS in MiB:")
    print("  " + ", ".join(f"{name} {weight:.0f}" for name, weight in weights.items()))
    return Line(
        "F11 weight after load: two workers, clock and their parent, PSS", MOST_MIB, sum(weights.values()), "MiB", at_most=1.0
    )


def _get(port: int, page: Address) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", page.path, headers={"Cookie": f"eduprog-session={page.token}"} if page.token else {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _pss(process: int) -> float:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system does not say what memory a process shares")


def _serve(folder: Path) -> None:
    """Load everything once, fork the workers and the clock, say where they are, and end them when told to."""
    settings = wiring.load_settings(
        {}, DATA_DIR=str(folder), LOG_LEVEL="ERROR", SESSION_HOURS=24, STAFF_IDLE_MINUTES=120, THREADS=THREADS
    )
    app = wiring.create_app(settings)
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    with app.app_context():
        db.engine.dispose()
    gc.collect()
    gc.freeze()
    processes = {f"worker {number + 1}": _forked(lambda: _web(app, listening)) for number in range(WORKERS)}
    processes["clock"] = _forked(lambda: Clockwork(app, app.extensions["eduprog_jobs"]).start())
    every = {**processes, "parent": os.getpid()}
    print(json.dumps({"port": listening.getsockname()[1], "processes": every}), flush=True)
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: done.set())
    done.wait()
    for number in processes.values():
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def _forked(work: Callable[[], object]) -> int:
    number = os.fork()
    if number:
        return number
    work()
    threading.Event().wait()  # until ended
    return 0


def _web(app: Flask, listening: socket.socket) -> None:
    create_server(app, sockets=[listening], threads=THREADS).run()


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
