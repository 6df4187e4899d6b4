"""Keep the roll-ups current inside the transaction that changes a figure; rebuild them; compare them with a recount."""

from eduprog.tallies.actions.changes import AnyChange, FamilyChange, FollowUpChange, TallyChange
from eduprog.tallies.actions.keeping import keep
from eduprog.tallies.actions.writing import Difference, apply, compare, drop_empty_days, rebuild, rebuild_follow_ups

__all__ = [
    "AnyChange",
    "Difference",
    "FamilyChange",
    "FollowUpChange",
    "TallyChange",
    "apply",
    "compare",
    "drop_empty_days",
    "keep",
    "rebuild",
    "rebuild_follow_ups",
]
