"""`eduprog backup` and `eduprog restore`, for SQLite; PostgreSQL has tools of its own, which docs/operations.md names."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext

from eduprog.core import clock, crypto
from eduprog.core.errors import BadSettings, Refusal
from eduprog.core.settings import Settings
from eduprog.scheduler import exports, importers, queries
from eduprog.scheduler.commands.database import refuse_unknown_schema

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(help="Back up the database while eduprog runs, and check the copy. Keep the key file apart from it.")
@click.option("--into", type=_FOLDER, help="The folder of backups, instead of DATA_DIR/backups.")
@click.option("--keep", type=click.IntRange(1, 1000), help="Afterwards delete all but the newest so many.")
@with_appcontext
def backup(into: Path | None, keep: int | None) -> None:
    """Take a backup."""
    settings: Settings = current_app.extensions["eduprog"]
    refuse_unknown_schema()
    into = into or settings.DATA_DIR / "backups"
    try:
        folder, manifest = exports.take_backup(
            database=_file(settings), into=into, schema=queries.known_revision(), now=clock.now()
        )
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(
        f"{folder}: {manifest.size:,} bytes, {sum(manifest.rows.values()):,} rows in {len(manifest.rows)} tables, checked."
    )
    click.echo(f"SHA-256 {manifest.sha256}")
    if keep:
        click.echo(f"{exports.forget_backups(into=into, keep=keep)} older backups deleted.")


@click.command(help="Bring a backup back. Stop eduprog first. The backup is checked before anything is touched.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Put it in the place of a database that is there; that one is kept beside it.")
@click.option("--check", "only_check", is_flag=True, help="Only check the backup; change nothing.")
@click.pass_context
def restore(ctx: click.Context, /, folder: Path, replace: bool, only_check: bool) -> None:
    """Restore a backup; the database need not be readable, nor there."""
    settings: Settings = ctx.ensure_object(ScriptInfo).data["load_settings"]()
    if not settings.KEY_FILE.exists():
        raise click.ClickException(
            f"There is no key file at {settings.KEY_FILE}. A backup is of use only with the keys it was made with: put that"
            " keys.json there (mode 600, owned by the user eduprog runs as) and run this again. `eduprog init` would make others."
        )
    crypto.install(crypto.read_keys(settings.KEY_FILE))
    known = queries.known_revision()
    try:
        if only_check:
            manifest = importers.check_backup(folder=folder, known_schema=known)
            click.echo(f"The backup of {manifest.taken_at} is whole: {sum(manifest.rows.values()):,} rows.")
            return
        manifest, kept = importers.restore(
            folder=folder, database=_file(settings), replace=replace, known_schema=known, now=clock.now()
        )
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"Restored as of {manifest.taken_at}: {sum(manifest.rows.values()):,} rows in {len(manifest.rows)} tables.")
    if kept is not None:
        click.echo(f"The database that was there is kept as {kept}; delete it once all is well.")
    if manifest.schema < known:
        click.echo("Its schema is older: run eduprog db upgrade")
    click.echo("Next: eduprog doctor --thorough, then eduprog serve")


def _file(settings: Settings) -> Path:
    found = queries.sqlite_path(settings.DATABASE_URL)
    if found is None:
        raise BadSettings(
            "This installation is on PostgreSQL: use pg_basebackup and pg_verifybackup, as docs/operations.md shows."
        )
    return found
