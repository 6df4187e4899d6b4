"""The real `eduprog` command with a feature of the tests' own: a kind of message, and a page that takes its time."""

from __future__ import annotations

import logging
import os
import sys
import time
from datetime import datetime
from typing import Any

import click
from flask import Blueprint, request
from flask.cli import with_appcontext
from flask_migrate import upgrade

from eduprog import wiring
from eduprog.core import clock, permissions
from eduprog.core.db import transaction
from eduprog.mail.jobs import running
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from eduprog.web.guards import public
from tests.factories.mail import Notices
from tests.process import recording, restarting

blueprint = Blueprint("slow", __name__)


@blueprint.get("/slow")
@public("a test asks for a page that takes its time")
def slow() -> str:
    """Say that it is asked, and answer after so many seconds."""
    click.echo("asked")
    time.sleep(float(request.args["seconds"]))
    return "answered"


@click.command("found-school")
@with_appcontext
def found_school() -> None:
    """Bring the schema up to date and make the one school of a test's installation."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade()
    with transaction():
        organisations.create_school(
            name="Oakfield", nation=Nation.ENGLAND, phase=Phase.PRIMARY, contact_email="office@oakfield.example",
            by=permissions.command("test"), now=clock.now(),
        )  # fmt: skip


def dressed() -> Any:
    """Give wiring with the tests' own feature, and the clock where the environment wants it."""
    if "EDUPROG_TEST_NOW" in os.environ:
        clock.set_offset(datetime.fromisoformat(os.environ["EDUPROG_TEST_NOW"]) - clock.now())
    if "EDUPROG_TEST_LEASE" in os.environ:
        running._BEYOND_PATIENCE = float(os.environ["EDUPROG_TEST_LEASE"])  # type: ignore[assignment]
    wiring.BLUEPRINTS = (*wiring.BLUEPRINTS, blueprint)
    wiring.MAIL_KINDS = (*wiring.MAIL_KINDS, Notices().kind())
    return wiring


if __name__ == "__main__":
    wiring.cli.add_command(found_school)
    dressed()
    if "--recording" in sys.argv:
        recording.main(*sys.argv[2:])
    elif "--again" in sys.argv:
        restarting.main(sys.argv[2:])
    else:
        wiring.main()
