"""A warm parent that runs an eduprog command anew for each byte that it reads: `… launch --again COMMAND…`.

Each child is the whole command, but for what it loads: it says its id first, then what the command says, and when it has ended
the parent says how.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

from flask.cli import ScriptInfo

from eduprog import wiring
from eduprog.core.db import db
from tests.process.children import ended, fork, say


def main(command: list[str]) -> None:
    """Load everything, then be the command again and again."""
    app = wiring.create_app()
    assert app.test_client().get("/readyz", base_url="http://127.0.0.1").status_code == 200
    if find_spec("procrastinate") is not None:
        import eduprog.scheduler.jobs.worker  # noqa: F401 - installed with the extra `postgres` only
    with app.app_context():
        db.session.remove()
        db.engine.dispose()

    def be_the_command() -> None:
        say(os.getpid())
        wiring.cli.main(command, prog_name="eduprog", obj=ScriptInfo(create_app=lambda: app))

    while os.read(0, 1):
        say(f"ended {ended(fork(be_the_command))}")
