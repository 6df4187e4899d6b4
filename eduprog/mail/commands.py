"""`eduprog returned-mail`: for the mailbox to which messages come back."""

from __future__ import annotations

from typing import BinaryIO

import click
from flask.cli import with_appcontext

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import command
from eduprog.mail import actions
from eduprog.mail.rules.returned import LARGEST, read_returned


@click.command("returned-mail")
@click.argument("message", type=click.File("rb"), default="-")
@with_appcontext
def returned_mail(message: BinaryIO) -> None:
    """Read one message that came back (standard input if left out) and write to its address no more.

    Made for a mail server's pipe: it always ends with 0, so that nothing is sent back in turn. What is no report about a
    message of this installation changes nothing.
    """
    returned = read_returned(message.read(LARGEST))
    if returned is None:
        click.echo("No report of a failed delivery or a complaint about a message of ours.")
        return
    with transaction():
        known = actions.take_returned(returned=returned, by=command("returned-mail"), now=clock.now())
    click.echo("Noted: its address is not written to again." if known else "About no message of the last thirty days.")
