"""The academic year a page of coverage looks at."""

from __future__ import annotations

from flask import request

from eduprog.core import clock
from eduprog.coverage import queries
from eduprog.coverage.queries import YearsFacts


def years_asked() -> YearsFacts | None:
    """Give the school's years and the one the address names, else that of today; None before there is any."""
    return queries.years(request.args.get("year", None, int), today=clock.today())
