"""The messages staff get, what each part is about, and who may have it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

from eduprog.core.permissions import SCHOOL_ROLES, Role


class ReminderKind(StrEnum):
    """A message to one member of staff. At most one of each kind goes to a person in its week or on its day."""

    WEEKLY = "weekly"
    DAY_BEFORE = "day_before"
    MISSING_RECORD = "missing_record"

    @property
    def mail_kind(self) -> str:
        """Give the name the outbox knows it by."""
        return f"reminder-{self.value.replace('_', '-')}"


class About(StrEnum):
    """What a person can have a reminder about, or do without."""

    OWN_WEEK = "own_week"
    DAY_BEFORE = "day_before"
    MISSING_RECORD = "missing_record"
    EXCEPTIONS = "exceptions"
    SENSITIVE_AHEAD = "sensitive_ahead"
    ACTS = "acts"

    @property
    def label(self) -> str:
        """Give the words of the page on which people choose."""
        return _WORDS[self][0]

    @property
    def explanation(self) -> str:
        """Give the sentence beside the label."""
        return _WORDS[self][1]

    @property
    def unless_chosen(self) -> bool:
        """Say whether somebody who never chose gets it."""
        return self is not About.DAY_BEFORE


_WORDS = {
    About.OWN_WEEK: (
        "My week, on Monday morning",
        "Your lessons and follow-ups of the week, and lessons that still wait for a record.",
    ),
    About.DAY_BEFORE: ("A note the day before", "In the afternoon of the school day before a lesson or a follow-up."),
    About.MISSING_RECORD: (
        "A lesson that was not recorded",
        "Once for each lesson, when a whole school day has passed since it.",
    ),
    About.EXCEPTIONS: (
        "What is slipping, on Monday morning",
        "Classes that are behind, that have not met us for long, or whose lessons are not recorded.",
    ),
    About.SENSITIVE_AHEAD: ("Sensitive lessons ahead, on Monday morning", "Those of this week and the next."),
    About.ACTS: ("Whole-school acts, on Monday morning", "Those you lead that are due this week or still wait."),
}
_TEACHES = frozenset({Role.TEACHER, Role.PROGRAMME_LEAD})
_FOR = {
    About.OWN_WEEK: _TEACHES,
    About.DAY_BEFORE: _TEACHES,
    About.MISSING_RECORD: _TEACHES,
    About.EXCEPTIONS: frozenset({Role.PROGRAMME_LEAD}),
    About.SENSITIVE_AHEAD: frozenset({Role.SAFEGUARDING_LEAD}),
    About.ACTS: frozenset(SCHOOL_ROLES),
}


def offered_to(roles: Collection[Role]) -> tuple[About, ...]:
    """Give what people with these roles can have reminders about, in the order of the page."""
    return tuple(about for about in About if _FOR[about] & set(roles))


def wanted_by(roles: Collection[Role], chosen: Mapping[About, bool]) -> frozenset[About]:
    """Give what somebody with these roles hears about, from what they chose."""
    return frozenset(about for about in offered_to(roles) if chosen.get(about, about.unless_chosen))
