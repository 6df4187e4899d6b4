"""For whom something is printed: a school's name and words, and the day that decides which help lines may show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from eduprog.curriculum.help_sources import HelpAudience
from eduprog.curriculum.placeholders import Placeholder, fill
from eduprog.library import queries
from eduprog.library.exports.markup import Words


@dataclass(frozen=True)
class Copy:
    """A school's printed copy. Placeholders without a value of the school's own get the generic words."""

    school: str
    today: date
    values: Mapping[Placeholder, str]

    @property
    def words(self) -> Words:
        """Give what turns lesson text into data with this school's words in it."""
        return Words(partial(fill, values=self.values))

    def foot(self, *parts: str) -> str:
        """Give the line at the foot of a page: the school, then what helps to put a lost page back."""
        return " · ".join(part for part in (self.school, *parts) if part)

    def services(self, ids: tuple[str, ...], audience: HelpAudience) -> list[dict[str, Any]]:
        """Give name and ways to reach each help source that may be shown today to these readers."""
        return [{"name": name, "ways": list(ways)} for name, ways in queries.services(ids, audience, self.today)]


def for_current_school(today: date) -> Copy:
    """Give a copy for the current school, or one with generic words for somebody who looks at no school."""
    values = queries.school_words()
    return Copy(school=values.get(Placeholder.SCHOOL, ""), today=today, values=values)
