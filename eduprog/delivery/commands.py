"""`eduprog tallies`: whether the figures that boards read equal a recount of the rows, and making them anew."""

from __future__ import annotations

from collections.abc import Sequence

import click
from flask.cli import with_appcontext

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import command
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.delivery import actions, queries
from eduprog.organisations import queries as organisations
from eduprog.tallies import actions as recounts

_SCHOOL = click.option("--school", default="", help="Only this school, by its short name as in its addresses.")
_SHOWN = 20


@click.group(help="The figures kept for boards: lessons, follow-ups and families that joined, added up.")
def tallies() -> None:
    """Group the commands of roll-ups."""


@tallies.command()
@_SCHOOL
@with_appcontext
def check(school: str) -> None:
    """Recount every school from its rows and say which figures differ. Changes nothing; ends with 1 if any does."""
    wrong = 0
    for school_id, slug in _schools(school):
        with school_scope(school_id):
            found = recounts.compare(queries.tally_facts())
        wrong += bool(found)
        _say(slug, found, "differ" if found else "every figure equals a recount")
    if wrong:
        raise SystemExit(1)


@tallies.command()
@_SCHOOL
@with_appcontext
def rebuild(school: str) -> None:
    """Make the figures of every school anew from its rows, school by school, and say which were different."""
    for school_id, slug in _schools(school):
        with transaction(), school_scope(school_id):
            found = actions.rebuild_tallies(by=command("tallies"), now=clock.now())
        _say(slug, found, "mended" if found else "made anew; every figure was right")


def _schools(slug: str) -> list[tuple[int, str]]:
    with across_schools("the figures of each school"):
        found = [(one.id, one.slug) for one in organisations.schools() if slug in ("", one.slug)]
    if slug and not found:
        raise click.ClickException(f"No school has the short name {slug}.")
    return found


def _say(slug: str, found: Sequence[recounts.Difference], outcome: str) -> None:
    click.echo(f"{slug}: {len(found)} figures {outcome}" if found else f"{slug}: {outcome}")
    for one in found[:_SHOWN]:
        cell = " ".join(str(part) for part in one.cell)
        click.echo(f"  {one.table} {cell}: kept {_figures(one.kept)}, counted {_figures(one.counted)}")
    if len(found) > _SHOWN:
        click.echo(f"  and {len(found) - _SHOWN} more")


def _figures(figures: Sequence[int]) -> str:
    return "/".join(str(figure) for figure in figures)
