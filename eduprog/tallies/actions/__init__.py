"""Keep the roll-ups current inside the transaction that changes a figure; rebuild them; compare them with a recount."""

from eduprog.tallies.actions.changes import AnyChange, FamilyChange, FollowUpChange, TallyChange
from eduprog.tallies.actions.keeping import keep
from eduprog.tallies.actions.writing import Difference, apply, compare, rebuild, rebuild_follow_ups

__all__ = [
    "AnyChange",
    "Difference",
    "FamilyChange",
    "FollowUpChange",
    "TallyChange",
    "apply",
    "compare",
    "keep",
    "rebuild",
    "rebuild_follow_ups",
]
