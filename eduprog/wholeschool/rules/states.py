"""The states of an act, the closed list of reasons for dropping one, and how long its texts may be."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from eduprog.curriculum.vocabulary import ActKind, Aspect

TITLE_LENGTH = 80
EVIDENCE_LENGTH = 300
MOST_ATTENDED = 5000


class ActState(StrEnum):
    """What has become of an act."""

    PLANNED = "planned"
    DONE = "done"
    DROPPED = "dropped"


class DropReason(StrEnum):
    """Why an act is not done this year: a closed list, so that nobody has to explain themselves."""

    NEXT_YEAR = "next-year"
    ANOTHER_WAY = "another-way"
    NO_TIME = "no-time"
    NOBODY_FREE = "nobody-free"
    BY_MISTAKE = "by-mistake"

    @property
    def label(self) -> str:
        """Give the words of a page."""
        return _DROP_LABELS[self]


_DROP_LABELS = {
    DropReason.NEXT_YEAR: "Left to next year",
    DropReason.ANOTHER_WAY: "Done in another way",
    DropReason.NO_TIME: "No time this year",
    DropReason.NOBODY_FREE: "Nobody free to lead it",
    DropReason.BY_MISTAKE: "Planned by mistake",
}


def look_of(state: ActState, due_on: date, today: date) -> str:
    """Say how an act shows: "done", "dropped", "overdue" (its day has passed), "due" (within two weeks) or "planned"."""
    if state is not ActState.PLANNED:
        return state.value
    if due_on < today:
        return "overdue"
    return "due" if (due_on - today).days <= 14 else "planned"


_USUAL = {
    ActKind.STAFF_BRIEFING: Aspect.STAFF,
    ActKind.PARENT_SESSION: Aspect.PARENTS,
    ActKind.ASSEMBLY: Aspect.PUPILS,
    ActKind.HOTSPOT_WALK: Aspect.SETTING,
    ActKind.PUPIL_CAMPAIGN: Aspect.PUPILS,
    ActKind.POLICY_REVIEW: Aspect.POLICY,
    ActKind.CONSULTATION: Aspect.PARENTS,
    ActKind.PARTNER_VISIT: Aspect.COMMUNITY,
    ActKind.EVALUATION: Aspect.EVALUATION,
    ActKind.HELP_POSTER: Aspect.SETTING,
    ActKind.POCKET_CARD: Aspect.PUPILS,
}


def usual_aspect(kind: ActKind) -> Aspect:
    """Give the aspect an act of this kind serves first, unless somebody says otherwise."""
    return _USUAL.get(kind, Aspect.POLICY)
