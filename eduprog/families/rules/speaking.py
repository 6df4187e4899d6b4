"""What families read in their language: catalogues made from the English sentences themselves (gettext)."""

from __future__ import annotations

import gettext
from functools import cache

from eduprog.core.paths import TRANSLATIONS
from eduprog.families.rules.languages import ENGLISH

DOMAIN = "families"


@cache
def catalogue_of(code: str) -> gettext.NullTranslations:
    """Give the sentences of a language; English ones where it has none."""
    if code == ENGLISH.code:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, str(TRANSLATIONS), [code], fallback=True)


def said_in(code: str, text: str, **values: object) -> str:
    """Give a sentence in a language, its places filled in."""
    found = catalogue_of(code).gettext(text)
    return found % values if values else found
