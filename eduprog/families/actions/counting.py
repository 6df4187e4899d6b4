"""What a parent or carer adds to the figures of the school."""

from __future__ import annotations

from eduprog.families.models import ParentCarer
from eduprog.families.rules import ContactState
from eduprog.tallies import actions as tallies
from eduprog.tallies.actions import FamilyChange


def _counted(values: tuple[ContactState | None], times: int) -> FamilyChange | None:
    return FamilyChange(times) if values[0] is ContactState.JOINED else None


tallies.keep(ParentCarer, ("state",), _counted)
