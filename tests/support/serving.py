"""A real eduprog web server in a process of its own, with a clock that can be set and scenes that can be called for."""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

_REPOSITORY = Path(__file__).parent.parent.parent
_ENDS_WITHIN = 10


class CallFailed(Exception):
    """What was called in the server's process raised; the message is its trace."""


class Served:
    """The running server. `url` is its address; `call` runs a function inside it, as an entry point would."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process = process
        self.url = url

    def call(self, function: Callable[..., Any], **values: Any) -> Any:
        """Run a function of a module in the server's process, within the application; values and answer are JSON."""
        return self._ask({"function": f"{function.__module__}:{function.__qualname__}", "with": values})

    def set_clock(self, moment: datetime) -> None:
        """Let it be this moment (aware) for the server; its clock goes on from there."""
        self._ask({"clock": moment.isoformat()})

    def run_jobs(self) -> dict[str, Any]:
        """Run every job once, mail last; give what each did by name. Raises AssertionError if one found a fault."""
        ran: dict[str, Any] = self._ask({"jobs": True})
        assert not any(fault for _done, fault in ran.values()), ran
        return {name: done for name, (done, _fault) in ran.items()}

    def _ask(self, question: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        answer = json.loads(line) if line else {"fault": "the server has ended; its log is above"}
        if "fault" in answer:
            raise CallFailed(answer["fault"])
        return answer["answer"]

    def stop(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


@contextmanager
def serving(folder: Path, *, now: datetime, smtp_port: int | None = None, **overrides: Any) -> Iterator[Served]:
    """Run a server on a free loopback port with a SQLite database and keys of its own in the folder."""
    wanted = {"folder": str(folder), "now": now.isoformat(), "smtp_port": smtp_port, "overrides": overrides}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.serving", json.dumps(wanted)],
        cwd=_REPOSITORY, env={**os.environ, "PYTHONUNBUFFERED": "1"}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait()
        raise CallFailed("the server did not start; its log is above")
    served = Served(process, json.loads(line)["url"])
    try:
        yield served
    finally:
        served.stop()


def main(wanted: dict[str, Any]) -> None:
    """Be the server: say the address on the first line, then answer a question a line until the input ends."""
    answers, sys.stdout = sys.stdout, sys.stderr
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    host, port = listening.getsockname()
    app = _make(Path(wanted["folder"]), port, wanted["smtp_port"], wanted["overrides"])
    _set_clock(datetime.fromisoformat(wanted["now"]))
    _serve(app, listening)
    print(json.dumps({"url": f"http://{host}:{port}"}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(app, json.loads(line))), file=answers, flush=True)
    answers.flush()
    os._exit(0)


def _make(folder: Path, port: int, smtp_port: int | None, overrides: dict[str, Any]) -> Any:
    from flask_migrate import upgrade

    from eduprog.core import crypto
    from eduprog.wiring import create_app, load_settings

    mail = {"MAIL_TRANSPORT": "smtp", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": smtp_port, "SMTP_SECURITY": "none"}
    settings = load_settings(
        {}, DATA_DIR=str(folder), HOST="127.0.0.1", PORT=port, SCHEDULER=False, LOG_LEVEL="ERROR",
        **(mail if smtp_port else {"MAIL_TRANSPORT": "folder"}), **overrides,
    )  # fmt: skip
    crypto.write_keys(crypto.make_keys(), settings.KEY_FILE)
    app = create_app(settings)
    with app.app_context():
        upgrade()
    return app


def _serve(app: Any, listening: socket.socket) -> None:
    from waitress.server import create_server

    server = create_server(app, sockets=[listening], threads=4, ident=None)
    threading.Thread(target=server.run, daemon=True).start()


def _set_clock(moment: datetime) -> None:
    from eduprog.core import clock

    clock.set_offset(moment - (clock.now() - clock.offset()))


def _answer(app: Any, question: dict[str, Any]) -> dict[str, Any]:
    import traceback

    try:
        return {"answer": _do(app, question)}
    except Exception:
        return {"fault": traceback.format_exc()}


def _do(app: Any, question: dict[str, Any]) -> Any:
    from eduprog.core import clock
    from eduprog.scheduler.jobs import run_once

    if "clock" in question:
        return _set_clock(datetime.fromisoformat(question["clock"]))
    if "jobs" in question:
        return {name: (ran.done, ran.fault) for name, ran in run_once(app, app.extensions["eduprog_jobs"], clock.now())}
    module, _, name = question["function"].partition(":")
    with app.app_context():
        return getattr(importlib.import_module(module), name)(**question["with"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
