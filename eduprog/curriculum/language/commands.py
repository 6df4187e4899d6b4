"""The command that lets authors try the message check on a list of sentences."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TextIO

import click

from eduprog.core.paths import LESSONS
from eduprog.curriculum.language.check import check_csv
from eduprog.curriculum.language.rules import LanguageRulesFaulty, load_rules
from eduprog.curriculum.language.values import Audience

_AUDIENCES = click.Choice([audience.value for audience in Audience])
_RULES_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_COLUMNS = ("id", "flagged", "category", "reason", "better")


@click.command()
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.option("--audience", type=_AUDIENCES, default=Audience.STAFF.value, show_default=True, help="Who reads the sentences.")
@click.option("--rules", "rules_file", type=_RULES_FILE, default=LESSONS / "language.yaml", help="The rules to use.")
def language(file: TextIO, audience: str, rules_file: Path) -> None:
    """Check each row of FILE, a CSV with a column `text`, and print what should be worded otherwise.

    The answer is a CSV with id, flagged (yes or no), category, reason and better words; - reads from standard input.
    """
    try:
        rules = load_rules(rules_file)
        answers = check_csv(file, rules, Audience(audience))
        writer = csv.DictWriter(sys.stdout, fieldnames=_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(answers)
    except (LanguageRulesFaulty, ValueError, csv.Error) as refused:
        raise click.ClickException(str(refused)) from refused
