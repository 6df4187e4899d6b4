"""The coverage grid, the records behind its figures, and the board of schools."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import render_template, request, url_for

from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.coverage import queries
from eduprog.coverage.rules.schools import SchoolElement, needs_of
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.figures import rows_with_figures, share_cells
from eduprog.coverage.views.record_rows import RecordRows
from eduprog.coverage.views.school_words import NEXT_STEPS, sentence_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.school import queries as school
from eduprog.school.rules import HalfTermBlock
from eduprog.web.guards import may, requires, signed_in

_Code = TypeVar("_Code", bound=StrEnum)
_ASKED = ("year", "year-group", "strand", "half-term")


@blueprint.get("/coverage")
@requires(Permission.SEE_SCHOOL)
def grid() -> str:
    """Show what was delivered of what was planned: year group by strand by half-term."""
    years = school.academic_years()
    chosen = school.year_among(years, _year_asked(), today=clock.today())
    found = queries.grid(chosen.id) if chosen else None
    return render_template(
        "coverage/grid.html",
        h1="Coverage",
        years=years,
        year=chosen,
        total=found.total if found and found.rows else None,
        year_groups=rows_with_figures(found, chosen.id) if found and chosen else [],
        blocks=list(HalfTermBlock),
    )


@blueprint.get("/coverage/records")
@requires(Permission.SEE_SCHOOL)
def records() -> str:
    """Show the lessons behind a figure of the grid."""
    chosen = school.year_among(school.academic_years(), _year_asked(), today=clock.today())
    if chosen is None:
        raise NotHere
    year_group = _code(YearGroup, "year-group")
    strand = _code(Strand, "strand")
    block = _code(HalfTermBlock, "half-term")
    first = max(0, request.args.get("from", 1, int) - 1)
    found = queries.records(academic_year_id=chosen.id, year_group=year_group, strand=strand, block=block, first=first)
    before = None if first == 0 else max(0, first - queries.A_PAGE)
    after = first + len(found.records)
    return render_template(
        "coverage/records.html",
        h1="Records behind the figure",
        rows=RecordRows(
            found.records, catalogue.current().modules, today=clock.today(), opens_classes=may(Permission.SEE_OWN_CLASSES)
        ),
        shown=len(found.records),
        total=found.total,
        first=first + 1,
        earlier=None if before is None else _from(before),
        later=_from(after) if found.records and after < found.total else None,
        year_group=year_group,
        strand=strand,
        block=block,
        year=chosen,
    )


@blueprint.get("/schools")
@requires(Permission.SEE_GROUP)
def schools_board() -> str:
    """Show the schools of a group side by side, aggregates only."""
    group_id = signed_in().school_group_id
    rows = queries.schools_board(group_id, clock.today()) if group_id is not None else []
    return render_template(
        "coverage/schools.html",
        h1="Schools",
        rows=rows,
        cells=share_cells,
        elements=list(SchoolElement),
        needs=[(need, sentence_of(need), NEXT_STEPS[need.element]) for need in needs_of(rows)],
        is_compared=sum(row.shown for row in rows) > 1,
    )


def _from(first: int) -> str:
    """Give the address of this very page from another record on."""
    kept: dict[str, Any] = {name: request.args[name] for name in _ASKED if name in request.args}
    return url_for(".records", **kept | {"from": first + 1})


def _year_asked() -> int | None:
    return request.args.get("year", None, int)


def _code(kind: type[_Code], name: str) -> _Code | None:
    try:
        return kind(request.args[name])
    except (KeyError, ValueError):
        return None
