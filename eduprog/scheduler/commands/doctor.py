"""`eduprog doctor`: look at everything once and say in sentences what to mend."""

from __future__ import annotations

import smtplib
import ssl

import click
from flask import current_app
from flask.cli import with_appcontext

from eduprog.core import clock
from eduprog.core.settings import Settings
from eduprog.scheduler import queries
from eduprog.scheduler.rules import Finding, Verdict

_PATIENCE = 10.0


@click.command(help="Look at settings, mail, clock, disk, schema, lessons, help lines and backups, and say what to mend.")
@click.option("--thorough", is_flag=True, help="Also read every page of the database and walk every school's audit chain.")
@with_appcontext
def doctor(thorough: bool) -> None:
    """Print what was found; end with 1 if anything must be mended."""
    settings: Settings = current_app.extensions["eduprog"]
    found = [
        *queries.examine(settings, current_app.extensions["eduprog_jobs"], clock.now(), thorough=thorough),
        mail_server(settings),
    ]
    for one in found:
        click.echo(f"{one.verdict.value:<6} {one.what}: {one.sentence}")
    faults = sum(one.verdict is Verdict.FAULT for one in found)
    looks = sum(one.verdict is Verdict.LOOK for one in found)
    click.echo(f"{len(found)} things looked at: {faults} to mend, {looks} to look at.")
    if faults:
        raise SystemExit(1)


def mail_server(settings: Settings) -> Finding:
    """Say whether the mail server answers and lets us in. Nothing is sent."""
    where = f"{settings.SMTP_HOST}:{settings.SMTP_PORT}"
    if settings.MAIL_TRANSPORT != "smtp":
        return Finding("Mail server", Verdict.LOOK, "None is asked: mail is written to a folder.")
    try:
        with _connected(settings) as server:
            if settings.SMTP_USER:
                server.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
            server.noop()
    except smtplib.SMTPAuthenticationError:
        return Finding("Mail server", Verdict.FAULT, f"{where} does not let us in. Check SMTP_USER and SMTP_PASSWORD.")
    except ssl.SSLError as problem:
        return Finding(
            "Mail server", Verdict.FAULT, f"{where} and we do not agree on encryption ({problem.reason}). Check SMTP_SECURITY."
        )
    except (OSError, smtplib.SMTPException) as problem:
        return Finding(
            "Mail server", Verdict.FAULT, f"{where} does not answer ({type(problem).__name__}). Check SMTP_HOST and SMTP_PORT."
        )
    return Finding("Mail server", Verdict.WELL, f"{where} answers{' and lets us in' if settings.SMTP_USER else ''}.")


def _connected(settings: Settings) -> smtplib.SMTP:
    if settings.SMTP_SECURITY == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.SMTP_HOST, settings.SMTP_PORT, timeout=_PATIENCE, context=context)
    server = smtplib.SMTP(settings.SMTP_HOST, settings.SMTP_PORT, timeout=_PATIENCE)
    if settings.SMTP_SECURITY == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server
