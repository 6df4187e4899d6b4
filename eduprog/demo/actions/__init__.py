"""Making the demo's trust, and moving its clock."""

from eduprog.demo.actions.beyond import live_beyond_lessons, plan_beyond_lessons
from eduprog.demo.actions.founding import FOUNDER, Founded, Trust, found_school, found_trust
from eduprog.demo.actions.history import History
from eduprog.demo.actions.parents import answer_digests, ask_parents, confirm_parents, make_codes
from eduprog.demo.actions.travelling import OnlyForward, note_place, take_sessions_along, travel

__all__ = [
    "FOUNDER", "Founded", "History", "OnlyForward", "Trust", "answer_digests", "ask_parents", "confirm_parents", "found_school",
    "found_trust", "live_beyond_lessons", "make_codes", "note_place", "plan_beyond_lessons", "take_sessions_along", "travel",
]  # fmt: skip
