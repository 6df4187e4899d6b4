"""The figures of the grid and of the schools board as HTML, joined rather than templated: a page has hundreds of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from flask import url_for
from markupsafe import Markup, escape

from eduprog.coverage.rules import NOTHING, CoverageGrid, GridCell, GridRow
from eduprog.coverage.rules.schools import SchoolElement, SchoolRow
from eduprog.curriculum.vocabulary import HalfTermBlock, Strand, YearGroup

_NOTHING = '<span aria-hidden="true">–</span><span class="govuk-visually-hidden">nothing planned</span>'
_EMPTY = f'<td class="govuk-table__cell ep-heat__cell ep-level--none">{_NOTHING}</td>'
_ABOUT = {(year, strand): str(escape(f"{year.label}, {strand.label}")) for year in YearGroup for strand in Strand}
_BLOCKS = [(block.value, f", {block.label}") for block in HalfTermBlock]


def rows_with_figures(grid: CoverageGrid, academic_year_id: int) -> list[tuple[YearGroup, list[tuple[GridRow, Markup]]]]:
    """Give each year group's rows with the cells of each as HTML; every figure leads to the lessons behind it."""
    behind = str(escape(url_for("coverage.records", year=academic_year_id)))
    return [(year, [(row, _cells(row, behind)) for row in rows]) for year, rows in grid.by_year_group]


def share_cells(row: SchoolRow) -> Markup:
    """Give the shares of a school's row as cells, each with a bar."""
    return Markup("".join(_share(element, share) for element, share in zip(SchoolElement, row.shares, strict=True)))  # noqa: S704 - ours


@cache
def _share(element: SchoolElement, share: int | None) -> str:
    shown = (
        "Nothing to show"
        if share is None
        else f'<span>{share} %</span> <svg class="ep-share" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect width="100" height="14" fill="#f3eadc"/>'
        f'<rect width="{share}" height="14" fill="#0b5d5e"/></svg>'
    )
    return f'<td class="govuk-table__cell" data-label="{element.label}">{shown}</td>'


def _cells(row: GridRow, behind: str) -> Markup:
    return Markup("".join(_each(row, behind)))  # noqa: S704 - numbers, and words of our own closed lists


def _each(row: GridRow, behind: str) -> Iterator[str]:
    about = _ABOUT[row.year_group, row.strand]
    here = f"{behind}&amp;year-group={row.year_group.value}&amp;strand={row.strand.value}"
    for cell, (code, words) in zip(row.cells, _BLOCKS, strict=True):
        yield _EMPTY if cell is NOTHING else _cell(cell, f"{here}&amp;half-term={code}", about + words)
    yield _cell(row.total, here, f"{about}, all year", " ep-heat__total")


def _cell(cell: GridCell, address: str, about: str, style: str = "") -> str:
    planned, delivered, part, _minutes = cell
    shown, more = (f'<span class="ep-nowrap">&nbsp;+{part}½</span>', f", {part} part taught") if part else ("", "")
    return (
        f'<td class="govuk-table__cell ep-heat__cell ep-level--{cell.level}{style}">'
        f'<a href="{address}">{delivered}/{planned}{shown}'
        f'<span class="govuk-visually-hidden"> lesson{"" if planned == 1 else "s"} delivered{more}, {about}</span></a></td>'
    )
