"""For whom something is printed: a school's name and words, and the day that decides which help lines may show."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from eduprog.core.tenancy import has_current_school
from eduprog.curriculum.help_sources import HelpAudience
from eduprog.curriculum.placeholders import Placeholder, fill
from eduprog.curriculum.vocabulary import Stage
from eduprog.library import queries
from eduprog.library.exports.markup import Words
from eduprog.organisations import queries as organisations


@dataclass(frozen=True)
class Copy:
    """A school's printed copy. Placeholders without a value of the school's own get the generic words.

    `help_pages` is the address of the school's help pages without the stage; empty for a copy of no school.
    """

    school: str
    today: date
    values: Mapping[Placeholder, str]
    help_pages: str = ""

    @property
    def words(self) -> Words:
        """Give what turns lesson text into data with this school's words in it."""
        return Words(partial(fill, values=self.values))

    def foot(self, *parts: str) -> str:
        """Give the line at the foot of a page: the school, then what helps to put a lost page back."""
        return " · ".join(part for part in (self.school, *parts) if part)

    def help_code(self, stage: Stage) -> dict[str, str]:
        """Give the address of the help page for pupils of a stage, and it as a QR code in SVG; both empty without a school."""
        address = f"{self.help_pages}/{stage.value.lower()}" if self.help_pages else ""
        return {"address": address, "qr": _qr(address)}

    def services(self, ids: tuple[str, ...], audience: HelpAudience) -> list[dict[str, Any]]:
        """Give name and ways to reach each help source that may be shown today to these readers."""
        return [{"name": name, "ways": list(ways)} for name, ways in queries.services(ids, audience, self.today)]


def for_current_school(today: date, base_url: str) -> Copy:
    """Give a copy for the current school, or one with generic words for somebody who looks at no school.

    Addresses on paper begin with `base_url`.
    """
    values = queries.school_words()
    pages = f"{base_url.rstrip('/')}/someone-to-talk-to/{organisations.current_school().slug}" if has_current_school() else ""
    return Copy(school=values.get(Placeholder.SCHOOL, ""), today=today, values=values, help_pages=pages)


@lru_cache(maxsize=256)
def _qr(address: str) -> str:
    if not address:
        return ""
    import segno  # noqa: PLC0415 - few processes print

    held = io.BytesIO()
    segno.make(address, error="m", micro=False).save(held, kind="svg", border=2, xmldecl=False, omitsize=True)
    return held.getvalue().decode()
