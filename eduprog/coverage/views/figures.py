"""The figures of the coverage grid as HTML, joined rather than templated: a large school's page has five hundred of them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from markupsafe import Markup, escape

from eduprog.coverage.rules import NOTHING, CoverageGrid, GridCell, GridRow
from eduprog.curriculum.vocabulary import HalfTermBlock, Strand, YearGroup

_NOTHING = '<span aria-hidden="true">–</span><span class="govuk-visually-hidden">nothing planned</span>'
_EMPTY = f'<td class="govuk-table__cell ep-heat__cell ep-level--none">{_NOTHING}</td>'
_ABOUT = {(year, strand): str(escape(f"{year.label}, {strand.label}")) for year in YearGroup for strand in Strand}
_BLOCKS = [(block.value, f", {block.label}") for block in HalfTermBlock]


def rows_with_figures(grid: CoverageGrid, academic_year_id: int) -> list[tuple[YearGroup, list[tuple[GridRow, Markup]]]]:
    """Give each year group's rows with the cells of each as HTML; every figure leads to the lessons behind it."""
    behind = str(escape(url_for("coverage.records", year=academic_year_id)))
    return [(year, [(row, _cells(row, behind)) for row in rows]) for year, rows in grid.by_year_group]


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
