"""`eduprog db`: bring the database's schema up to date, or say where it stands."""

from __future__ import annotations

import logging

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade as bring_up_to_date

from eduprog.core.db import transaction
from eduprog.core.errors import BadSettings
from eduprog.core.settings import Settings
from eduprog.scheduler import actions, queries


@click.group(help="The database's schema.")
def db() -> None:
    """Group the schema's commands."""


@db.command(help="Bring the schema up to date.")
@with_appcontext
def upgrade() -> None:
    """Run the migrations that are missing."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    bring_up_to_date()
    with transaction():
        actions.make_queue_tables()
    click.echo(f"The schema is up to date ({queries.known_revision()}).")


@db.command(help="Say which schema the database has, and which one this eduprog knows.")
@with_appcontext
def current() -> None:
    """Print both revisions."""
    click.echo(f"database {queries.found_revision() or 'empty'}, eduprog {queries.known_revision()}")


def refuse_damaged_file() -> None:
    """Raise BadSettings if the SQLite file is damaged, rather than serve what is left of it."""
    settings: Settings = current_app.extensions["eduprog"]
    broken = queries.log_damage(settings.DATABASE_URL) or queries.damage()
    if broken:
        raise BadSettings(f"The database is damaged ({broken}). Nothing was changed. Restore the newest backup: eduprog restore.")


def refuse_unknown_schema() -> None:
    """Raise BadSettings unless the database's schema is the one this code knows."""
    found, known = queries.found_revision(), queries.known_revision()
    if found != known:
        where = "has no tables yet" if found is None else f"has schema {found}"
        newer = found is not None and found > known
        what = "install the eduprog that made it" if newer else "run `eduprog db upgrade`"
        raise BadSettings(f"The database {where}, this eduprog knows {known}: {what}.")
