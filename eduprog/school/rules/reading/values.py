"""What reading a calendar gives: right entries, questions, and what was not understood. Nothing else can happen to a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from pydantic import TypeAdapter


class EntryKind(StrEnum):
    """What a line of a school's calendar says about its days."""

    TERM = "term"
    TEACHING = "teaching"
    HALF_TERM_BREAK = "half_term"
    HOLIDAY = "holiday"
    INSET = "inset"
    IN_LIEU = "in_lieu"
    POLLING = "polling"
    CLOSURE = "closure"
    BANK_HOLIDAY = "bank_holiday"
    OPENS = "opens"
    CLOSES = "closes"
    BREAK_STARTS = "break_starts"
    BREAK_ENDS = "break_ends"

    @property
    def label(self) -> str:
        """Give the words used on pages."""
        return _LABELS[self]


_LABELS = {
    EntryKind.TERM: "Term",
    EntryKind.TEACHING: "Half-term of teaching",
    EntryKind.HALF_TERM_BREAK: "Half-term break",
    EntryKind.HOLIDAY: "Holiday",
    EntryKind.INSET: "INSET day",
    EntryKind.IN_LIEU: "Shut in lieu of twilight training",
    EntryKind.POLLING: "Polling day",
    EntryKind.CLOSURE: "School shut",
    EntryKind.BANK_HOLIDAY: "Bank holiday",
    EntryKind.OPENS: "First day for pupils",
    EntryKind.CLOSES: "Last day for pupils",
    EntryKind.BREAK_STARTS: "First day of a break",
    EntryKind.BREAK_ENDS: "Last day of a break",
}
SPANS = frozenset({EntryKind.TERM, EntryKind.TEACHING, EntryKind.HALF_TERM_BREAK, EntryKind.HOLIDAY})
POINTS = frozenset({EntryKind.OPENS, EntryKind.CLOSES, EntryKind.BREAK_STARTS, EntryKind.BREAK_ENDS})
SHUT_DAYS = frozenset({EntryKind.INSET, EntryKind.IN_LIEU, EntryKind.POLLING, EntryKind.CLOSURE})


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Hold one thing the calendar says: its kind, first and last day (both included), the source's words, where they stand."""

    kind: EntryKind
    first: date
    last: date
    label: str = ""
    where: str = ""
    filled_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold one answer to a question: what it says, and the entries it leads to; none means leaving the line out."""

    says: str
    entries: tuple[CalendarEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Hold a line that is not taken as it stands: where it is, what it says, why it is doubtful, and what it may mean."""

    where: str
    said: str
    why: str
    choices: tuple[Choice, ...]
    kinds: tuple[EntryKind, ...] = ()
    """The kinds of entry a day typed in by hand would get; empty where no other day makes sense."""
    about: tuple[CalendarEntry, ...] = ()
    """Entries that the answer takes the place of."""
    adds: bool = False
    """Whether a day typed in by hand is added to `about` instead of taking its place."""

    @property
    def key(self) -> str:
        """Give a short name that stays the same while the question does."""
        told = "\n".join((self.where, self.said, self.why, *(choice.says for choice in self.choices)))
        return sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Hold a line from which nothing is taken, and why."""

    where: str
    said: str
    why: str


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """Hold all that came of one source. `passed_over` are lines without any date; `years` the academic years it names."""

    entries: tuple[CalendarEntry, ...] = ()
    questions: tuple[Question, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()
    passed_over: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


_ADAPTER = TypeAdapter(CalendarReading)
LEAVE_OUT = Choice("Leave it out")


def to_json(reading: CalendarReading) -> dict[str, object]:
    """Give a reading as plain values, ready for a JSON column."""
    plain: dict[str, object] = _ADAPTER.dump_python(reading, mode="json")
    return plain


def from_json(plain: dict[str, object]) -> CalendarReading:
    """Give the reading back. Raises pydantic's ValidationError for anything else."""
    return _ADAPTER.validate_python(plain)
