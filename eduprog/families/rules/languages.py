"""The languages we ship beside English for what families read. Each is a machine draft until somebody has reviewed it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language: its code, its name in English and in itself, the way it is written, and whether a person has reviewed it."""

    code: str
    english: str
    own: str
    direction: str = "ltr"
    reviewed: bool = False


ENGLISH = Language("en-GB", "English", "English", reviewed=True)
LANGUAGES = {
    language.code: language for language in (ENGLISH, Language("pl", "Polish", "Polski"), Language("ur", "Urdu", "اردو", "rtl"))
}
SHIPPED_LANGUAGES = tuple(code for code in LANGUAGES if code != ENGLISH.code)


def language_of(code: str) -> Language:
    """Give a language by its code; English where we do not ship it."""
    return LANGUAGES.get(code, ENGLISH)
