"""A warm parent of two workers and two web processes that it kills at random: `python -m tests.process.machines PLAN`.

PLAN is JSON: what to stage (`schools`, `families`, `leads`), `kills`, `every`, `seed`, `port`. The web processes are gunicorn's
own, behind its arbiter, which puts new ones in the place of the killed. All are forked from here, so that each is at work
within milliseconds. A line on the input ends it: the workers finish, everybody is asked to stop, and the exit codes are printed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication

from eduprog.core.db import db, transaction
from eduprog.scheduler import actions
from eduprog.scheduler.jobs.worker import Worker
from tests.process import launch, stage
from tests.process.children import ended, fork, say

ROLES = ("worker", "worker", "web", "web")


class Web(BaseApplication):
    """gunicorn with two processes on an application that is there already."""

    def __init__(self, app: Flask, port: int) -> None:
        self._app = app
        self._options = {
            "bind": f"127.0.0.1:{port}", "workers": 2, "threads": 4, "worker_class": "gthread", "graceful_timeout": 5,
            "control_socket_disable": True, "loglevel": "critical", "reuse_port": False,
        }  # fmt: skip
        super().__init__()

    def load_config(self) -> None:
        """Take the options above."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Give the application."""
        return self._app


def main(plan: dict[str, Any]) -> None:
    """Kill so often, then wait to be told to end."""
    app = launch.dressed().create_app()
    with app.app_context():
        upgrade()
        with transaction():
            actions.make_queue_tables()
    _say(stage.stage(app, plan["schools"], plan["families"], plan["leads"]))
    warm(app)
    herd = _Herd(app, plan["port"])
    luck = random.Random(plan["seed"])
    told = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), told.set()), daemon=True).start()
    for _ in range(plan["kills"]):
        time.sleep(luck.uniform(*plan["every"]))
        herd.kill(luck)
    _say({"killed": plan["kills"], "by": herd.killed})
    told.wait()
    _say({"codes": herd.end()})


def warm(app: Flask) -> None:
    """Answer one page, and leave no connection open."""
    assert app.test_client().get("/readyz", base_url="http://127.0.0.1").status_code == 200
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class _Herd:
    def __init__(self, app: Flask, port: int) -> None:
        self._app = app
        self._arbiter = fork(lambda: Web(app, port).run())
        self._workers = [fork(self._work), fork(self._work)]
        self.killed = dict.fromkeys(ROLES, 0)

    def _work(self) -> None:
        sys.exit(Worker(self._app, self._app.extensions["eduprog_jobs"]).run(ready=lambda: None))

    def kill(self, luck: random.Random) -> None:
        """kill -9 one of the four; a killed worker is started again, a web process by its arbiter."""
        chosen = luck.randrange(4)
        web = _children(self._arbiter)
        if chosen >= 2 and not web:
            return
        victim = self._workers[chosen] if chosen < 2 else luck.choice(web)
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.killed[ROLES[chosen]] += 1
        if chosen < 2:
            os.waitpid(victim, 0)
            self._workers[chosen] = fork(self._work)

    def end(self) -> list[int]:
        """Ask everybody to stop; give the exit codes, workers first."""
        everybody = [*self._workers, self._arbiter]
        for process in everybody:
            os.kill(process, signal.SIGTERM)
        return [ended(process) for process in everybody]


def _children(process: int) -> list[int]:
    with open(f"/proc/{process}/task/{process}/children") as file:
        return [int(number) for number in file.read().split()]


def _say(word: Any) -> None:
    say(json.dumps(word))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
