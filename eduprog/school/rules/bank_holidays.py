"""Bank holidays of the four nations, offline, on weekdays."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from eduprog.organisations.rules import Nation

FIRST_YEAR = 1980
LAST_YEAR = 2100


_SUBDIVISION = {
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
}


@lru_cache(maxsize=1024)
def bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    """Give the nation's bank holidays of one calendar year that fall on Monday to Friday.

    Raises ValueError outside 1980 to 2100, rather than calling such a year free of bank holidays.
    """
    import holidays  # noqa: PLC0415 - takes up to half a second to import, and most commands never need it

    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"Bank holidays are known from {FIRST_YEAR} to {LAST_YEAR}, not for {year}.")
    # The package lists a Saturday's 26 December beside its substitute Monday; a school is shut on both either way.
    listed = holidays.country_holidays("GB", subdiv=_SUBDIVISION[nation], years=year)
    return frozenset(day for day in listed if day.weekday() < 5)
