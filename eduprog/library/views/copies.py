"""For whom a page prints: the school that is looked at, today, at this installation's address."""

from __future__ import annotations

from flask import current_app

from eduprog.core import clock
from eduprog.library.exports.copies import Copy, for_current_school


def for_today() -> Copy:
    """Give the current school's copy as it is printed today."""
    return for_current_school(clock.today(), current_app.extensions["eduprog"].BASE_URL)
