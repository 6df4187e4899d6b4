"""`eduprog scheduler`: run jobs by hand."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from eduprog.core import clock
from eduprog.scheduler.commands.database import refuse_unknown_schema
from eduprog.scheduler.jobs import run_once


@click.group(help="The work that happens later.")
def scheduler() -> None:
    """Group the scheduler's commands."""


@scheduler.command("run-once", help="Run every job once, now, and say what each did.")
@with_appcontext
def run_once_now() -> None:
    """Run every job once."""
    refuse_unknown_schema()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy hides it from types
    results = run_once(app, app.extensions["eduprog_jobs"], clock.now())
    for name, ran in results:
        click.echo(f"{name}: {ran.done} done{'; ' + ran.fault if ran.fault else ''}")
    if any(ran.fault for _, ran in results):
        raise SystemExit(1)
