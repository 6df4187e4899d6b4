"""Where an import of term dates stands: what was read, which questions are open, and the years it would make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.models import CalendarChange
from eduprog.school.rules.reading import CalendarReading, from_json
from eduprog.school.rules.reading.answering import Answer, Settled, settle


@dataclass(frozen=True, slots=True)
class Preview:
    """Hold an open import as its page shows it. `groups` are the schools or authorities a table names; one must be chosen."""

    change_id: int
    wanted_year: int | None
    groups: tuple[str, ...]
    group: str | None
    reading: CalendarReading
    settled: Settled

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing is left to ask and there is a year to take."""
        return self.group is not None and self.settled.is_ready


def preview_of(change: CalendarChange, nation: Nation) -> Preview:
    """Give the preview of an import that is not finished yet."""
    groups = tuple(change.read)
    group = change.answers.get("group", groups[0] if len(groups) == 1 else None)
    reading = from_json(change.read[group]) if group is not None else CalendarReading()
    settled = settle(reading, _answers(change.answers.get("given", {})), nation=nation, wanted=change.wanted_year)
    return Preview(change.id, change.wanted_year, groups, group, reading, settled)


def _answers(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Answer]:
    return {key: Answer(one.get("choice"), _day(one.get("first")), _day(one.get("last"))) for key, one in given.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
