"""`eduprog calendar`: what a calendar file or pasted term dates say. Needs no database and changes nothing."""

from __future__ import annotations

import json
from typing import Any, BinaryIO, TextIO

import click

from eduprog.curriculum.vocabulary import Nation
from eduprog.school.importers.calendar import LARGEST, read_calendar_file
from eduprog.school.importers.values import FileRefused
from eduprog.school.rules.date_texts import DateContext, DaysDoubted, DaysRead, dates_in, lend, resolve
from eduprog.school.rules.reading import CalendarEntry, CalendarReading
from eduprog.school.rules.reading.answering import Settled, settle

_NATIONS = click.Choice([nation.value for nation in Nation])


@click.group()
def calendar() -> None:
    """Term dates: how they are read."""


@calendar.command()
@click.option("--year", type=click.IntRange(2000, 2099), help="The academic year meant, by the year it starts in.")
@click.option("--nation", type=_NATIONS, default=Nation.ENGLAND.value, show_default=True, help="Whose bank holidays count.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each school the file names.")
@click.argument("source", type=click.File("rb"), default="-")
def read(year: int | None, nation: str, as_json: bool, source: BinaryIO) -> None:
    """Say what SOURCE holds (an .ics, .csv, .xlsx or text; standard input if left out): what is right, and what is doubtful.

    Prints entries, questions, lines left out and the academic years that come of them. The exit code is 1 where
    something is asked and 2 where the file cannot be read at all.
    """
    try:
        data = source.read(LARGEST + 1)
        readings = read_calendar_file(source.name, data, nation=Nation(nation), academic_year=year)
    except FileRefused as refused:
        click.echo(refused.sentence, err=True)
        raise SystemExit(2) from refused
    asked = False
    for group, reading in readings.items():
        settled = settle(reading, {}, nation=Nation(nation), wanted=year)
        asked = asked or bool(settled.open_questions)
        told = _paragraph(group, reading, settled)
        plain = json.dumps(_plain(group, reading, settled), ensure_ascii=False) if as_json else told
        click.echo(plain)
    raise SystemExit(1 if asked else 0)


@calendar.command()
@click.option("--year", type=click.IntRange(2000, 2099), help="The academic year meant, by the year it starts in.")
@click.argument("texts", type=click.File("r", encoding="utf-8"), default="-")
def dates(year: int | None, texts: TextIO) -> None:
    """Say, for each line of TEXTS, which days its dates are, or why they are doubtful: one JSON object a line.

    Nothing is asked of the words beside the dates. The exit code is 1 where something is doubtful.
    """
    doubtful = False
    for text in texts:
        found = [resolve(phrase, DateContext(year)) for phrase in lend(dates_in(text.strip()))]
        doubts = [one for one in found if isinstance(one, DaysDoubted)]
        doubtful = doubtful or bool(doubts) or not found
        click.echo(json.dumps({
            "text": text.strip(),
            "days": [[one.first.isoformat(), one.last.isoformat()] for one in found if isinstance(one, DaysRead)],
            "doubts": [one.why for one in doubts] if found else ["there is no date"],
            "may_mean": [[first.isoformat(), last.isoformat()] for one in doubts for first, last in one.may_mean],
        }, ensure_ascii=False))  # fmt: skip
    raise SystemExit(1 if doubtful else 0)


def _plain(group: str, reading: CalendarReading, settled: Settled) -> dict[str, Any]:
    return {
        "school": group,
        "entries": [_entry(entry) for entry in settled.entries],
        "questions": [
            {"where": one.where, "said": one.said, "why": one.why,
             "choices": [{"says": choice.says, "entries": [_entry(entry) for entry in choice.entries]} for choice in one.choices]}
            for one in settled.open_questions
        ],
        "left_out": [{"where": one.where, "said": one.said, "why": one.why} for one in reading.not_understood],
        "years": [
            {"starting": year.starting,
             "half_terms": [[span.block.value, span.first.isoformat(), span.last.isoformat()] for span in year.half_terms],
             "closures": [[day.isoformat(), kind.value] for day, kind in year.closures]}
            for year in settled.proposal.years
        ],
    }  # fmt: skip


def _entry(entry: CalendarEntry) -> dict[str, Any]:
    days = {"start": entry.first.isoformat(), "end": entry.last.isoformat()}
    return {"kind": entry.kind.value, **days, "where": entry.where, "said": entry.label, "filled_in": list(entry.filled_in)}


def _paragraph(group: str, reading: CalendarReading, settled: Settled) -> str:
    lines = [f"{group}:"] if group else []
    lines += [f"  {one.where}: {one.kind.label}, {one.first.isoformat()} to {one.last.isoformat()}" for one in settled.entries]
    for one in settled.open_questions:
        lines.append(f"  ? {one.where}: {one.why}. It says “{one.said}”.")
        lines += [f"      {choice.says}" for choice in one.choices]
    lines += [f"  - {one.where}: {one.why}. It says “{one.said}”." for one in reading.not_understood]
    for year in settled.proposal.years:
        lines.append(f"  {year.starting}/{(year.starting + 1) % 100:02}:")
        lines += [f"    {span.block.label}: {span.first.isoformat()} to {span.last.isoformat()}" for span in year.half_terms]
        lines += [f"    shut {day.isoformat()}: {kind.value}" for day, kind in year.closures]
    return "\n".join(lines)


if __name__ == "__main__":
    calendar()
