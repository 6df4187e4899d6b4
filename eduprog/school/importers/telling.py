"""Facts of a class in words, for the pages of an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eduprog.curriculum.vocabulary import YearGroup

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_KINDS = {"pshe": "PSHE", "tutor": "tutor time", "assembly": "assembly"}
LABELS = {
    "name": "Name", "years": "Year group", "size": "Pupils", "lead": "Lead teacher", "slots": "Meets", "closed": "State",
}  # fmt: skip


def in_words(fact: str, value: Any, names: Mapping[str, str]) -> str:
    """Write a fact's value as people say it; "nothing" where there is none."""
    if fact == "closed":
        return "closed" if value else "open"
    if value is None or value in ([], ""):
        return "nobody" if fact == "lead" else "nothing yet"
    if fact == "years":
        return ", ".join(YearGroup(year).label for year in value)
    if fact == "lead":
        return names.get(str(value), "somebody who has left")
    if fact == "slots":
        return "; ".join(slot_in_words(*slot) for slot in value)
    return str(value)


def slot_in_words(weekday: int, week: str, starts: str, minutes: int, kind: str) -> str:
    """Write when a class meets: "Monday week A 09:10 (60 minutes, PSHE)"."""
    letter = f" week {week}" if week else ""
    return f"{_WEEKDAYS[weekday]}{letter} {starts} ({minutes} minutes, {_KINDS[kind]})"
