"""What families read in their language: catalogues made from the English sentences themselves (gettext)."""

from __future__ import annotations

import gettext
import re
from datetime import date
from functools import cache

from eduprog.core.paths import TRANSLATIONS
from eduprog.families.rules.languages import ENGLISH, language_of

DOMAIN = "families"
_PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")
_ISOLATED = "\u2068\\g<0>\u2069"  # what stands between these two signs does not turn the words around it about
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@cache
def catalogue_of(code: str) -> gettext.NullTranslations:
    """Give the sentences of a language; English ones where it has none."""
    if code == ENGLISH.code:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, str(TRANSLATIONS), [code], fallback=True)


def sentence_in(code: str, text: str) -> str:
    """Give a sentence in a language, its places still empty.

    In a language written from right to left each place is set apart, so that a day, a telephone number or the English name of
    a school reads as it should and leaves the sentence around it in order.
    """
    found = catalogue_of(code).gettext(text)
    return _PLACES.sub(_ISOLATED, found) if language_of(code).direction == "rtl" else found


def plural_in(code: str, one: str, many: str, count: int) -> str:
    """Give a sentence about a number of things in the form its language wants for that number, its places still empty."""
    found = catalogue_of(code).ngettext(one, many, count)
    return _PLACES.sub(_ISOLATED, found) if language_of(code).direction == "rtl" else found


def day_in(code: str, value: date) -> str:
    """Give a day as the language writes it, its month in words."""
    return f"{value.day} {catalogue_of(code).gettext(_MONTHS[value.month - 1])} {value.year}"


def said_in(code: str, text: str, **values: object) -> str:
    """Give a sentence in a language, its places filled in."""
    found = sentence_in(code, text)
    return found % values if values else found
