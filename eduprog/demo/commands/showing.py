"""`eduprog demo`: a trust that has been at work for a term and a half, on this machine, in one command."""

from __future__ import annotations

import gc
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade

from eduprog.core import clock, crypto
from eduprog.core.db import session
from eduprog.core.errors import BadSettings
from eduprog.core.settings import Settings
from eduprog.demo import actions, queries
from eduprog.demo.commands.loading import STEPS, load
from eduprog.demo.jobs import KEEP_PLACE
from eduprog.demo.rules import TRUST_NAME, resumed
from eduprog.demo.transports import LOOPBACK, Catcher
from eduprog.web.filters import clock_time, weekday_day

_DEFAULT_PORT = 8000


@click.command(help="Show eduprog with a made-up trust of three schools, on this machine only. Loads it at the first start.")
@click.option("--port", type=click.IntRange(0, 65535), default=_DEFAULT_PORT, show_default=True, help="The port to serve on.")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="The folder that holds the demo's database, keys and mail.",
)
@click.option("--fresh", is_flag=True, help="Throw the demo in that folder away and load it again.")
@click.option("--load-only", is_flag=True, help="Load and stop, without serving.")
@click.pass_context
def demo(ctx: click.Context, port: int, data_dir: Path, fresh: bool, load_only: bool) -> None:
    """Load the demo if it is not there, say who can sign in, and serve."""
    data = data_dir.absolute()
    port = _free_port(port) if not load_only else port
    place = _place(data, fresh=fresh)
    with _catching(data) as smtp_port:
        app = _application(ctx, data, port, smtp_port)
        settings: Settings = app.extensions["eduprog"]
        with app.app_context():
            _migrate()
            if place is None or not place.loaded:
                _load(settings)
            else:
                _resume(settings, place)
            _say_who(settings, clock.today())
            session().rollback()
        if not load_only:
            app.extensions["eduprog_jobs"] = (*app.extensions["eduprog_jobs"], KEEP_PLACE)
            _serve(ctx)


def _place(data: Path, *, fresh: bool) -> queries.Place | None:
    """Give where the demo was left. A demo half loaded, or thrown away, makes room; what is no demo's is never touched."""
    place = None if fresh else queries.read_place(data)
    if place is not None and place.loaded:
        return place
    known = (data / queries.PLACE_FILE).exists()
    if not known and (data / "eduprog.db").exists():
        raise BadSettings(f"{data} holds a database that no demo made. Choose another folder with --data-dir.")
    for name in ("eduprog.db", "eduprog.db-wal", "eduprog.db-shm"):
        (data / name).unlink(missing_ok=True)
    for message in (data / "caught").glob("*.eml"):
        message.unlink()
    return None


def _free_port(port: int) -> int:
    """Give the port if it is free, or for 0 one that is. Raises BadSettings before anything is loaded for nothing."""
    try:
        with socket.create_server((LOOPBACK, port)) as trial:
            return int(trial.getsockname()[1])
    except OSError as problem:
        raise BadSettings(f"Port {port} cannot be used: {problem.strerror or problem}. Choose another with --port.") from problem


@contextmanager
def _catching(data: Path) -> Iterator[int]:
    """Run the mail catcher; give its port."""
    catcher = Catcher(data / "caught")
    catcher.start()
    try:
        yield catcher.port
    finally:
        catcher.stop(no_assert=True)


def _application(ctx: click.Context, data: Path, port: int, smtp_port: int) -> Flask:
    """Build the application with the demo's settings, whatever else is set: this machine only, and mail to the catcher."""
    chosen = {
        "DEMO": "true", "DATA_DIR": str(data), "DATABASE_URL": "", "KEY_FILE": "", "HOST": LOOPBACK, "PORT": str(port),
        "BASE_URL": "", "MAIL_TRANSPORT": "smtp", "MAIL_FROM": f"{TRUST_NAME} <pshe@riverbank-trust.example>",
        "SMTP_HOST": LOOPBACK, "SMTP_PORT": str(smtp_port), "SMTP_SECURITY": "none", "SMTP_USER": "", "SMTP_PASSWORD": "",
        "SCHEDULER": "true", "TICK_SECONDS": "3", "LOG_LEVEL": "WARNING",
    }  # fmt: skip
    os.environ.update({f"EDUPROG_{name}": value for name, value in chosen.items()})
    keys = data / "keys.json"
    if not keys.exists():
        crypto.write_keys(crypto.make_keys(), keys)
    app: Flask = ctx.ensure_object(ScriptInfo).load_app()
    settings: Settings = app.extensions["eduprog"]
    if not (settings.DEMO and settings.on_loopback and data == settings.DATA_DIR):
        raise BadSettings("The demo runs on this machine only, with settings of its own.")
    return app


def _migrate() -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade()


def _load(settings: Settings) -> None:
    data = settings.DATA_DIR
    actions.note_place(data=data, loaded=False, at=None)
    with click.progressbar(length=STEPS, label=f"Loading {TRUST_NAME}", show_pos=False) as bar:
        gc.disable()  # nothing made here is garbage before its end, and looking for it costs an eighth of the time
        try:
            at = load(settings=settings, today=clock.today(), tick=bar.update)
        finally:
            gc.enable()
    _set_clock(at)
    actions.note_place(data=data, loaded=True, at=at)


def _resume(settings: Settings, place: queries.Place) -> None:
    if place.at is None:
        raise BadSettings(f"{settings.DATA_DIR}: the demo was left at no time; `eduprog demo --fresh` starts again.")
    at = resumed(place.at, queries.calendars())
    _set_clock(at)
    actions.note_place(data=settings.DATA_DIR, loaded=True, at=at)


def _set_clock(at: datetime) -> None:
    clock.set_offset(clock.offset() + (at - clock.now()))


def _say_who(settings: Settings, today: date) -> None:
    now = clock.local(clock.now())
    click.echo(f"\nIn the demo it is {weekday_day(now.date())}, {clock_time(now)}. Everybody in it is made up.\n")
    place = ""
    for one in queries.sign_ins(today):
        if one.place != place:
            place = one.place
            click.echo(place)
        click.echo(f"  {one.name:<24} {one.role}{f' ({one.waits})' if one.waits else ''}")
    click.echo(f"\nSign in with one button at  {settings.BASE_URL}/sign-in")
    click.echo(f"Read the mail it sends at   {settings.BASE_URL}/demo/mail\n")


def _serve(ctx: click.Context) -> None:
    """Serve as `eduprog serve` does: it is the command beside this one."""
    beside = ctx.parent.command if ctx.parent else None
    serve = beside.get_command(ctx, "serve") if isinstance(beside, click.Group) else None
    if serve is None:
        raise BadSettings("There is no `eduprog serve` beside this command.")
    ctx.invoke(serve)
