"""What a follow-up adds to the figures of its day."""

from __future__ import annotations

from datetime import date

from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.tallies import actions as tallies
from eduprog.tallies.actions import FollowUpChange


def _counted(values: tuple[date | None, FollowUpState | None], times: int) -> FollowUpChange | None:
    due_on, state = values
    if due_on is None or state is FollowUpState.WITHDRAWN:
        return None
    return FollowUpChange(due_on, owed=times, given=times * (state is FollowUpState.DONE))


tallies.keep(FollowUp, ("due_on", "state"), _counted)
