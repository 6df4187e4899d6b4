"""From one academic year to the next: what a class is called then, and which of the classes that fed it was served least."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from eduprog.curriculum.vocabulary import YearGroup

_NUMBER = re.compile(r"(?<![0-9])(1[0-2]|[1-9])(?![0-9])")
_RECEPTION = re.compile(r"\b(Reception|Rec|YR|R)(?![a-z])")


@dataclass(frozen=True, slots=True)
class Feeder:
    """A class of last year whose pupils are in a class of this year, and the day it last met something; None if never."""

    group_id: int
    last_met_on: date | None


def least_served(feeders: Iterable[Feeder]) -> Feeder | None:
    """Give the feeder that met it longest ago, one that never did before any; None without feeders."""
    ordered = sorted(feeders, key=lambda feeder: (feeder.last_met_on or date.min, feeder.group_id))
    return ordered[0] if ordered else None


def name_next_year(name: str, years: Iterable[YearGroup]) -> str:
    """Give what a class of these year groups is called a year later: "7X" becomes "8X", "Rec Oak" "1 Oak", "3/4 Elm" "4/5 Elm".

    A name without its year group stays as it is.
    """
    following: Mapping[int, YearGroup] = {year.number: year.next for year in years if year.next}
    if 0 in following and (found := _RECEPTION.search(name)):
        first = {"Reception": "Year 1", "YR": "Y1"}.get(found.group(1), "1")
        return f"{_raise(name[: found.start()], following)}{first}{_raise(name[found.end() :], following)}"
    return _raise(name, following)


def _raise(name: str, following: Mapping[int, YearGroup]) -> str:
    return _NUMBER.sub(
        lambda found: str(following[int(found.group())].number) if int(found.group()) in following else found.group(), name
    )
