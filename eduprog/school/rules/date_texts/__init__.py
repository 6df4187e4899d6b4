"""Dates as people write them on school pages: found, filled in from what stands around, and doubted where they do not fit."""

from __future__ import annotations

from eduprog.school.rules.date_texts.atoms import DateAtom
from eduprog.school.rules.date_texts.context import (
    DateContext,
    DaysDoubted,
    DaysRead,
    academic_year_of,
    write_day,
    write_span,
)
from eduprog.school.rules.date_texts.phrases import DatePhrase, Joint, dates_in, words_of
from eduprog.school.rules.date_texts.resolving import lend, resolve
from eduprog.school.rules.date_texts.words import month_of

__all__ = [
    "DateAtom",
    "DateContext",
    "DatePhrase",
    "DaysDoubted",
    "DaysRead",
    "Joint",
    "academic_year_of",
    "dates_in",
    "lend",
    "month_of",
    "resolve",
    "words_of",
    "write_day",
    "write_span",
]
