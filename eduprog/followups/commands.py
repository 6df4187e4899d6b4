"""The command line of follow-ups. Needs neither Flask nor a database: `python -m eduprog.followups.commands`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

import click

from eduprog.followups.rules import Case, FaultyCase, answer, read_case, sentences


@click.group()
def followups() -> None:
    """When follow-ups are due, and why."""


@followups.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON answer a line instead of sentences.")
@click.argument("cases", type=click.File("rb"), default="-")
def explain(as_json: bool, cases: BinaryIO) -> None:
    """Say when R1 to R4 of a lesson are due, by the date rule alone.

    CASES holds one JSON case a line (standard input if left out): id, taught_on, calendar with terms and closures,
    meets and next_meets with weekdays, weeks and first_week_a, and taken. A line that is no case is named on standard
    error, the others are still answered, and the exit code is 1.
    """
    faulty = False
    mentioned: set[str] = set()
    for number, line in enumerate(cases, start=1):
        if not line.strip():
            continue
        try:
            case = read_case(line)
        except FaultyCase as fault:
            faulty = True
            for one in fault.faults:
                click.echo(f"line {number}: {one}", err=True)
        else:
            _mention(case.ignored, number, mentioned)
            click.echo(json.dumps(answer(case)) if as_json else _paragraph(case))
    if faulty:
        raise SystemExit(1)


def _paragraph(case: Case) -> str:
    return "\n".join(sentences(case)) + "\n"


def _mention(ignored: Iterable[str], number: int, mentioned: set[str]) -> None:
    """Name each unknown field once, so that a misspelt `taken` does not pass for an empty one."""
    for field in ignored:
        if field not in mentioned:
            mentioned.add(field)
            click.echo(f"line {number}: {json.dumps(field)} is no field of a case and was not read.", err=True)


if __name__ == "__main__":
    followups()
