"""The command that lets authors try the message check on a list of sentences."""

from __future__ import annotations

import codecs
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import click

from eduprog.core.paths import LESSONS
from eduprog.curriculum.language.check import check_csv
from eduprog.curriculum.language.measure import measure
from eduprog.curriculum.language.rules import LanguageRulesFaulty, load_rules
from eduprog.curriculum.language.values import Audience

_AUDIENCES = click.Choice([audience.value for audience in Audience])
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_COLUMNS = ("id", "flagged", "category", "reason", "better")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--audience", type=_AUDIENCES, default=Audience.STAFF.value, show_default=True, help="Who reads the sentences.")
@click.option("--lessons-folder", "folder", type=_FOLDER, default=LESSONS, help="The folder whose language.yaml is used.")
@click.option("--expected", metavar="COLUMN", help="Also say on standard error how often the answers agree with this column.")
def language(file: BinaryIO, audience: str, folder: Path, expected: str | None) -> None:
    """Check each row of FILE, a CSV with a column `text`, and print what should be worded otherwise.

    The answer is a CSV with id, flagged (yes or no), category, reason and better words; - reads from standard input. The column
    named by --expected holds problem or yes where a row should be flagged, anything else where it should not.
    """
    try:
        text = _decoded(file.read())
        answers = list(check_csv(io.StringIO(text, newline=""), load_rules(folder / "language.yaml"), Audience(audience)))
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        report = measure(rows, answers, expected) if expected else ()
    except (LanguageRulesFaulty, FileNotFoundError, ValueError, csv.Error) as refused:
        raise click.ClickException(str(refused)) from refused
    _print(answers)
    for line in report:
        click.echo(line, err=True)


def _decoded(raw: bytes) -> str:
    """Return the text of a file in UTF-8 or, as spreadsheets save it, in UTF-16 with its mark. Raises ValueError otherwise."""
    try:
        text = raw.decode("utf-16") if raw.startswith(_UTF_16) else raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("The file is not in UTF-8; save it as CSV UTF-8 and try again.") from None
    if not text.strip():
        raise ValueError("The file is empty; it needs a first line with the column text, and a sentence in each row.")
    if "\0" in text:
        raise ValueError("The file is not a CSV file; save the sheet as CSV UTF-8 and try again.")
    return text


def _print(answers: Sequence[dict[str, str]]) -> None:
    writer = csv.DictWriter(sys.stdout, fieldnames=_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(answers)
