"""`eduprog db move`: from SQLite to PostgreSQL, or back, with a proof that nothing was lost or changed."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext
from flask_migrate import upgrade
from pydantic import ValidationError

from eduprog.core.db import db, transaction
from eduprog.core.errors import Refusal
from eduprog.core.settings import Settings
from eduprog.core.tenancy import across_schools
from eduprog.scheduler import importers
from eduprog.scheduler.commands.database import refuse_damaged_file, refuse_unknown_schema
from eduprog.scheduler.queries import Held


@click.command(help="Move everything to another, empty database, and prove that it is the same. Stop eduprog first.")
@click.argument("target")
@click.option("--digests", is_flag=True, help="Print rows and digest of each table, as JSON.")
@with_appcontext
@click.pass_context
def move(ctx: click.Context, /, target: str, digests: bool) -> None:
    """Copy everything in one transaction: all of it is there afterwards, or nothing."""
    settings: Settings = current_app.extensions["eduprog"]
    if target == settings.DATABASE_URL:
        raise click.ClickException("That is the database that is in use now.")
    refuse_damaged_file()
    refuse_unknown_schema()
    try:
        held = _moved(ctx, Settings(**{**settings.model_dump(), "DATABASE_URL": target}))
    except ValidationError:
        raise click.ClickException("TARGET must begin with sqlite:/// or postgresql://") from None
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    whole = hashlib.sha256(json.dumps({name: asdict(one) for name, one in held.items()}, sort_keys=True).encode()).hexdigest()
    if digests:
        click.echo(json.dumps({name: asdict(one) for name, one in held.items()}, indent=1))
    click.echo(f"Moved {sum(one.rows for one in held.values()):,} rows in {len(held)} tables; both sides hold the same.")
    click.echo(f"SHA-256 over all tables, on both: {whole}")
    click.echo("Next: set DATABASE_URL to the new database, eduprog doctor --thorough, start eduprog. Keep the old one a while.")


def _moved(ctx: click.Context, there: Settings) -> Mapping[str, Held]:
    app = ctx.ensure_object(ScriptInfo).create_app(there)  # type: ignore[misc]  # ours is there
    with app.app_context():
        target = db.engine
    try:
        importers.check_target(target)
        with app.app_context():
            logging.getLogger("alembic").setLevel(logging.WARNING)
            upgrade()
        with across_schools("everything moves"), transaction() as work, target.begin() as connection:
            return importers.copy_everything(work.connection(), connection)
    finally:
        target.dispose()
