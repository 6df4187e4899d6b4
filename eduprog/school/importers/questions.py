"""What an import asks before it does anything, and how answers are read. A doubtful thing is asked about, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eduprog.curriculum.vocabulary import YearGroup

LEAVE_OUT = "out"
KEEP = "keep"
YES = "yes"


class Answer(StrEnum):
    """How a question is answered on a page."""

    RADIO = "radio"
    SELECT = "select"
    EMAIL = "email"
    TIME = "time"
    MINUTES = "minutes"


@dataclass(frozen=True)
class Question:
    """One question; `answer` is what was said, or what we suggest. An import cannot go on while a required one is open."""

    name: str
    text: str
    kind: Answer
    required: bool = True
    options: Sequence[tuple[str, str]] = ()
    answer: str = ""
    hint: str = ""
    suggested: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether the import waits for it."""
        return self.required and (self.suggested or not self.answer)


YEAR_OPTIONS = (
    ("", "Choose"),
    *((year.value, year.label) for year in YearGroup),
    *((f"{year.value}+{after.value}", f"{year.label} and {after.label}") for year in YearGroup if (after := year.next)),
    (LEAVE_OUT, "Leave this class out"),
)


def asked(
    answers: Mapping[str, str], name: str, text: str, kind: Answer, *, options: Sequence[tuple[str, str]] = (),
    required: bool = True, hint: str = "", suggestion: str = "",
) -> Question:  # fmt: skip
    """Make a question with the answer already given, if it is one of the options."""
    given = answers.get(name, "")
    if options and given not in {value for value, _label in options}:
        given = ""
    return Question(name, text, kind, required, options, given or suggestion, hint, suggested=not given and bool(suggestion))


def years_answered(answer: str) -> tuple[YearGroup, ...]:
    """Give the year groups an answer names; none for "leave it out" or no answer."""
    return tuple(YearGroup(part) for part in answer.split("+") if part in set(YearGroup))
