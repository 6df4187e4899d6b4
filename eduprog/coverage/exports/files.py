"""Turn the evidence pack into files. No cell can be taken for a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

from eduprog.coverage.rules.evidence import Chart, Pack, Section, Table, safe
from eduprog.library.exports.typesetting import Document


def as_document(pack: Pack) -> Document:
    """Give the pack as a document to typeset: contents, charts with their tables, tagged."""
    data = {
        "foot": f"{pack.school} · {pack.audience.label} · {pack.made_on}",
        "caption": f"For {pack.audience.label.lower()} · made on {pack.made_on}",
        "sections": [_section(section) for section in pack.sections],
    }
    return Document("evidence.typ", f"evidence-{pack.audience.value}.pdf", pack.title, data)


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "sentences": list(section.sentences),
        "chart": _chart(section.chart) if section.chart and section.chart.bars else None,
        "tables": [
            {
                "title": table.title,
                "columns": list(table.columns),
                "rows": [[str(cell) for cell in row] for row in table.rows],
                "note": table.note,
                "wide": [_is_wide(table, place) for place in range(len(table.columns))],
            }
            for table in section.tables
            if table.rows
        ],
    }  # fmt: skip


def _is_wide(table: Table, place: int) -> bool:
    return max(len(str(row[place])) for row in table.rows) > 40


def _chart(chart: Chart) -> dict[str, Any]:
    most = max((max(done, planned) for _label, done, planned in chart.bars), default=0) or 1
    bars = [
        {"label": label, "said": f"{done} of {planned}", "done": round(100 * done / most), "planned": round(100 * planned / most)}
        for label, done, planned in chart.bars
    ]
    return {"title": chart.title, "words": chart.words, "bars": bars}


def as_workbook(pack: Pack) -> bytes:
    """Give the pack as an Excel workbook: a first sheet that says what it is, then a sheet for each table."""
    import xlsxwriter  # noqa: PLC0415 - a large library, and few processes write workbooks

    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": pack.title, "subject": pack.audience.label})
    bold, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True, "valign": "top"})
    front = book.add_worksheet("About")
    front.set_column(0, 0, 110, wrapped)
    lines = [pack.title, f"For {pack.audience.label.lower()}, made on {pack.made_on}."]
    lines += [f"{section.title}: {sentence}" for section in pack.sections for sentence in section.sentences]
    for number, line in enumerate(lines):
        front.write_string(number, 0, str(safe(line)), bold if number == 0 else wrapped)
    for number, table in enumerate(pack.tables, start=1):
        _sheet(book.add_worksheet(f"{number} {table.name}"[:31]), table, bold, wrapped)
    book.close()
    return kept.getvalue()


def _sheet(sheet: Any, table: Table, bold: Any, wrapped: Any) -> None:
    for place, column in enumerate(table.columns):
        widest = max([len(column), *(len(str(row[place])) for row in table.rows)])
        sheet.set_column(place, place, min(max(widest + 2, 8), 60), wrapped)
        sheet.write_string(0, place, column, bold)
    for number, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            else:
                sheet.write_string(number, place, cell)
    sheet.freeze_panes(1, 0)


def as_csv(table: Table) -> bytes:
    """Give a table as CSV that a spreadsheet opens as it is: UTF-8 with its mark, no cell a formula."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(table.columns)
    writer.writerows([[safe(cell) for cell in row] for row in table.rows])
    return kept.getvalue().encode("utf-8-sig")
