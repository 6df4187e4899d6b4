"""The real `eduprog` command with a feature of the tests' own: a kind of message, and a page that takes its time."""

from __future__ import annotations

import os
import time
from datetime import datetime

from flask import Blueprint, request

from eduprog import wiring
from eduprog.core import clock
from eduprog.web.guards import public
from tests.factories.mail import Notices

blueprint = Blueprint("slow", __name__)


@blueprint.get("/slow")
@public("a test asks for a page that takes its time")
def slow() -> str:
    """Answer after so many seconds."""
    time.sleep(float(request.args["seconds"]))
    return "answered"


if __name__ == "__main__":
    if "EDUPROG_TEST_NOW" in os.environ:
        clock.set_offset(datetime.fromisoformat(os.environ["EDUPROG_TEST_NOW"]) - clock.now())
    wiring.BLUEPRINTS = (*wiring.BLUEPRINTS, blueprint)
    wiring.MAIL_KINDS = (*wiring.MAIL_KINDS, Notices().kind())
    wiring.main()
