"""What the demo's pages and its command show: caught mail, the place it was left at, and who can sign in."""

from eduprog.demo.queries.caught import caught, caught_mail
from eduprog.demo.queries.people import SignIn, sign_ins
from eduprog.demo.queries.place import PLACE_FILE, Place, calendars, read_place
from eduprog.demo.queries.plan import meeting_days, planned_lessons

__all__ = [
    "PLACE_FILE", "Place", "SignIn", "calendars", "caught", "caught_mail", "meeting_days", "planned_lessons", "read_place",
    "sign_ins",
]  # fmt: skip
