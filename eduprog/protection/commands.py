"""`eduprog data`: give a person what is held about them, erase it, take words out, keep everything for a while."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import command
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.organisations import queries as organisations
from eduprog.protection import actions, exports, queries
from eduprog.protection.jobs import schedule
from eduprog.protection.rules import CLASSES, HoldReason, Keeping

_BY = command("data")
_SCHOOL = click.option("--school", required=True, help="The school's short name, as in its addresses.")


@click.group(help="Requests of people about their data, and how long it is kept.")
def data() -> None:
    """Group the commands of data protection."""


@data.command("schedule", help="Print the retention schedule.")
@with_appcontext
def show_schedule() -> None:
    """Print each class with its period and its tables."""
    chosen = schedule()
    periods = {
        Keeping.TEACHING: f"{chosen.teaching_years} years", Keeping.FAMILIES: f"{chosen.families_months} months",
        Keeping.MESSAGES: f"{chosen.messages_months} months", Keeping.AUDIT: f"{chosen.audit_years} years",
        Keeping.STAFF: f"{chosen.staff_months} months",
    }  # fmt: skip
    for keeping in Keeping:
        click.echo(f"{keeping.value}: {periods.get(keeping, '')} {keeping.meaning}".replace("  ", " "))
        click.echo("  " + ", ".join(sorted(name for name, one in CLASSES.items() if one is keeping)))


@data.command("export-staff", help="Write everything that is held about a member of staff to a file.")
@click.argument("email")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def export_staff(email: str, file: Path) -> None:
    """Write a JSON file that only its owner may read."""
    with across_schools("somebody asked for their data"):
        person = queries.person_by_email(email)
        if person is None:
            raise click.ClickException("Nobody of that e-mail address works or worked here.")
        rows = queries.held_about_person(person[0], person[2])
    _write(file, exports.as_json(who=person[2], rows=rows, now=clock.now()))


@data.command("export-parent", help="Write everything a school holds about a parent or carer to a file.")
@click.argument("address")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_SCHOOL
@with_appcontext
def export_parent(address: str, file: Path, school: str) -> None:
    """Write a JSON file that only its owner may read."""
    with school_scope(_school_id(school)):
        rows = queries.held_about_contact(address)
    if not rows:
        raise click.ClickException(str(actions.NothingHeld.__doc__))
    _write(file, exports.as_json(who=address, rows=rows, now=clock.now()))


@data.command("erase-staff", help="Erase a member of staff who has left: their name goes, what they taught stays.")
@click.argument("email")
@click.confirmation_option(prompt="This cannot be undone. Go on?")
@with_appcontext
def erase_staff(email: str) -> None:
    """Erase, and say where a word of theirs may still stand."""
    try:
        with across_schools("somebody asked to be erased"), transaction():
            person = queries.person_by_email(email)
            if person is None:
                raise actions.NothingHeld
            left = actions.erase_person(person_id=person[0], by=_BY, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    actions.tidy_storage()
    click.echo("Erased. Older backups hold them until they expire.")
    for one in left:
        click.echo(f"Look at {one.table}.{one.column}, row {one.row_id}, school {one.school_id}: their name still stands there.")


@data.command("erase-parent", help="Erase a parent or carer of a school.")
@click.argument("address")
@_SCHOOL
@click.confirmation_option(prompt="This cannot be undone. Go on?")
@with_appcontext
def erase_parent(address: str, school: str) -> None:
    """Erase; only a keyed hash stays, so that nobody writes to the address again."""
    try:
        with school_scope(_school_id(school)), transaction():
            gone = actions.erase_contact(address=address, by=_BY, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    actions.tidy_storage()
    click.echo(f"Erased: {gone} rows. Older backups hold them until they expire.")


@data.command("expunge", help="Take words out of every record of a school for good; they are asked for, so that no log has them.")
@_SCHOOL
@click.option("--words", prompt="The words", hide_input=True, help="Better left out: a shell keeps what is typed.")
@click.confirmation_option(prompt="Every text that holds them goes as a whole and cannot be brought back. Go on?")
@with_appcontext
def expunge(school: str, words: str) -> None:
    """Take them out, and say where they stood."""
    try:
        with school_scope(_school_id(school)), transaction():
            found = actions.expunge(words=words, by=_BY, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    actions.tidy_storage()
    for one in found:
        click.echo(f"Taken out of {one.table}.{one.column}, row {one.row_id}.")
    click.echo("Older backups hold them until they expire; delete those that must not.")


@data.command("hold", help="Keep everything of a school, whatever its age, until the hold is lifted.")
@_SCHOOL
@click.argument("reason", type=click.Choice([reason.value for reason in HoldReason]))
@with_appcontext
def hold(school: str, reason: str) -> None:
    """Place a hold."""
    try:
        with school_scope(_school_id(school)), transaction():
            actions.place_hold(reason=HoldReason(reason), by=_BY, now=clock.now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo("Nothing of this school goes because of its age until the hold is lifted.")


@data.command("lift-hold", help="Lift a school's hold.")
@_SCHOOL
@with_appcontext
def lift_hold(school: str) -> None:
    """Lift it."""
    with school_scope(_school_id(school)), transaction():
        lifted = actions.lift_hold(by=_BY, now=clock.now())
    if not lifted:
        raise click.ClickException("No hold stands in this school.")
    click.echo("Lifted. What is too old goes with the next run of the jobs.")


def _school_id(slug: str) -> int:
    try:
        return organisations.school_by_slug(slug).id
    except NotHere:
        raise click.ClickException("There is no school of that short name.") from None


def _write(file: Path, content: str) -> None:
    file.touch(mode=0o600, exist_ok=False)
    file.write_text(content, "utf-8")
    click.echo(f"Written to {file}. Look through it for what concerns others before you hand it over, then delete it.")
