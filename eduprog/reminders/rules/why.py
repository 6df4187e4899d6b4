"""Why a reminder that was queued is not sent after all, as sentences for the page that shows it."""

from __future__ import annotations

from enum import StrEnum


class WhyNot(StrEnum):
    """What stands in the way at the moment of sending."""

    CLOSED = "School is closed today."
    QUIET = "It is outside the hours in which the school sends messages."
    LEFT = "The person does not work here any more."
    NOT_WANTED = "The person has turned this reminder off."
    DONE = "Nothing is left to remind of."
    OVER = "Its day has passed."


PUT_OFF = (WhyNot.CLOSED, WhyNot.QUIET)
"""What passes by itself: a message stopped for one of these goes as soon as it may."""
