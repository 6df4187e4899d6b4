"""`eduprog init`, `add-school`: from nothing to an admin who can sign in. `forget-second-step`. No password is typed here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import upgrade

from eduprog.accounts import actions, queries
from eduprog.accounts.actions import FirstSchool
from eduprog.accounts.emails import invitation_link
from eduprog.accounts.rules import normal_email, reset_token
from eduprog.core import clock, crypto
from eduprog.core.db import transaction
from eduprog.core.permissions import command
from eduprog.core.settings import Settings
from eduprog.organisations import queries as organisations
from eduprog.organisations.rules import Nation, Phase

_NATIONS = click.Choice([nation.value for nation in Nation])
_PHASES = click.Choice([phase.value for phase in Phase])


def _school_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--admin-email", help="The school admin's email address."),
        click.option("--admin-name", help="The school admin's full name."),
        click.option("--contact-email", help="Where parents and carers reach the school."),
        click.option("--phase", type=_PHASES, help="Which ages the school takes."),
        click.option("--nation", type=_NATIONS, help="Whose law and bank holidays apply."),
        click.option("--school", "name", help="The school's name."),
    ):
        function = option(function)
    return function


@click.command()
@_school_options
@click.option("--site-admin-name", help="Who looks after the installation; the school admin if left out.")
@click.option("--site-admin-email", help="Their email address.")
@click.pass_context
def init(ctx: click.Context, /, site_admin_name: str | None, site_admin_email: str | None, **school: str | None) -> None:
    """Set up a real installation: keys, database, the first school and its admin.

    Asks for what the options leave open. Safe to run again: nothing that is there is changed, and links that have not been
    used are printed once more.
    """
    settings: Settings = ctx.ensure_object(ScriptInfo).data["load_settings"]()
    made_keys = _keys(settings.KEY_FILE)
    app = ctx.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        upgrade()
        click.echo("The database has the newest tables.")
        if made_keys and organisations.schools():
            settings.KEY_FILE.unlink()
            raise click.ClickException(
                f"This database has schools, but {settings.KEY_FILE} was missing. Put the old key file back."
            )
        _first_people(school, site_admin_name, site_admin_email, clock.now())
        _print_links(settings.BASE_URL, clock.now())
    click.echo("Start with: eduprog serve")


@click.command("add-school")
@_school_options
@click.pass_context
def add_school(ctx: click.Context, /, **school: str | None) -> None:
    """Add another school to this installation, and print the link with which its admin begins."""
    app: Flask = ctx.ensure_object(ScriptInfo).load_app()
    settings: Settings = app.extensions["eduprog"]
    with app.app_context():
        asked = _asked(school)
        with transaction():
            actions.open_school(school=asked, by=command("add-school"), now=clock.now())
        _print_links(settings.BASE_URL, clock.now())


def _keys(path: Path) -> bool:
    """Make the key file if there is none; say whether it was made."""
    if path.exists():
        click.echo(f"The keys in {path} are kept.")
        return False
    crypto.write_keys(crypto.make_keys(), path)
    click.echo(f"Keys written to {path}. Keep a copy in a safe place: without them nobody can read the parents' addresses.")
    return True


def _first_people(school: dict[str, str | None], site_name: str | None, site_email: str | None, now: datetime) -> None:
    if organisations.schools():
        click.echo("There is a school already; `eduprog add-school` adds another.")
        return
    asked = _asked(school)
    by = command("init")
    with transaction():
        actions.open_school(school=asked, by=by, now=now)
        actions.make_site_admin(name=site_name or asked.admin_name, email=site_email or asked.admin_email, by=by, now=now)
    click.echo(f"{asked.name} is there.")


def _asked(given: dict[str, str | None]) -> FirstSchool:
    """Ask for whatever the options left open."""
    name = given["name"] or click.prompt("Name of the school")
    nation = given["nation"] or click.prompt("Nation", type=_NATIONS, default=Nation.ENGLAND.value)
    phase = given["phase"] or click.prompt("Phase", type=_PHASES)
    contact = given["contact_email"] or click.prompt("Email address of the school office")
    admin_name = given["admin_name"] or click.prompt("Full name of the school admin")
    admin_email = given["admin_email"] or click.prompt("Email address of the school admin")
    return FirstSchool(name, Nation(nation), Phase(phase), contact, admin_name, admin_email)


def _print_links(base_url: str, now: datetime) -> None:
    """Print the link of everybody who could not sign in yet."""
    links = []
    waiting = set()
    with transaction():
        for school in organisations.schools():
            for held in actions.renew_first_invitations(school_id=school.id, by=command("init"), now=now):
                link = invitation_link(base_url, school_id=school.id, address=held.email, invited_at=held.invited_at)
                waiting.add(held.email)
                links.append((f"{held.name} joins {school.name} as its admin", "seven days from the invitation", link))
    for person in queries.site_admins_without_password():
        if person.email not in waiting:
            token = reset_token(person.id, person.password_hash, now)
            links.append((f"{person.name} looks after the installation", "one hour", f"{base_url}/new-password/{token}"))
    for what, how_long, link in links:
        click.echo(f"\n{what}. The link works once, for {how_long}; hand it over in person:\n  {link}\n")


@click.command("forget-account-elsewhere")
@click.argument("email")
@click.pass_context
def forget_account_elsewhere(ctx: click.Context, /, email: str) -> None:
    """Forget which accounts at Google, Microsoft or elsewhere are somebody's, so that a new one can take their place."""
    app: Flask = ctx.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        found = queries.person_by_email(normal_email(email))
        if found is None or not queries.providers_of(found.id):
            raise click.ClickException(f"Nobody with the address {email} has signed in with an account of elsewhere.")
        person_id = found.id
        with transaction():
            actions.forget_accounts(person_id=person_id)
    click.echo("Forgotten. The next account there with their address counts as theirs.")


@click.command("forget-second-step")
@click.argument("email")
@click.pass_context
def forget_second_step(ctx: click.Context, /, email: str) -> None:
    """Take away the second step of somebody who lost phone and recovery codes and has no admin to ask. Signs them out."""
    app: Flask = ctx.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        found = queries.person_by_email(normal_email(email))
        if found is None or not queries.has_second_factor(found.id):
            raise click.ClickException(f"There is nobody with the address {email} who signs in with a code.")
        person_id = found.id
        with transaction():
            actions.remove_factor(person_id=person_id, by=command("forget-second-step"), now=clock.now())
    click.echo("The second step is taken away. They sign in with their password and set up a new one.")
