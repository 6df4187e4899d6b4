"""`eduprog lessons`: check, show and describe the lesson files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path, PurePosixPath

import click
from ruamel.yaml.error import YAMLError

from eduprog.core.paths import LESSONS
from eduprog.curriculum.catalogue import Curriculum, UnknownModule
from eduprog.curriculum.checks import check_reading, check_style, check_whole
from eduprog.curriculum.faults import Fault, LessonFaults
from eduprog.curriculum.language import Judge, LanguageRulesFaulty, judge_for
from eduprog.curriculum.language.commands import language
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.reading import collect_files, read_lessons
from eduprog.curriculum.report import proof_lines, report
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.schema.export import FILE_KINDS, json_schema
from eduprog.curriculum.vocabulary import FollowUpPoint

_FOLDER = click.Path(exists=True, path_type=Path)


@click.group()
def lessons() -> None:
    """Work with the lesson files."""


lessons.add_command(language)


@lessons.command()
@click.argument("path", type=_FOLDER, default=LESSONS)
@click.option("--quiet", is_flag=True, help="Print faults only, no counts.")
@click.option("--proof", is_flag=True, help="Print for every clause the steps that teach it.")
def check(path: Path, quiet: bool, proof: bool) -> None:
    """Check every lesson file below PATH (a lessons folder, or one stage or module of it) and name every fault."""
    root = _lessons_folder(path)
    reading = read_lessons(collect_files(root))
    check_reading(reading)
    judge, language_faults = _judge(root)
    measured = check_style(reading, judge)
    check_whole(reading)
    inside = path.resolve().relative_to(root).as_posix()
    faults = [fault for fault in (*language_faults, *reading.faults) if fault.file.is_relative_to(inside)]
    for fault in faults:
        click.echo(f"{root.name}/{fault}")
    if not quiet:
        for line in report(reading, measured):
            click.echo(line)
    if proof:
        for line in proof_lines(reading):
            click.echo(line)
    click.echo(_verdict(len(faults)))
    sys.exit(1 if faults else 0)


def _judge(root: Path) -> tuple[Judge | None, list[Fault]]:
    file = PurePosixPath("language.yaml")
    try:
        return judge_for(root / file, _cache_folder()), []
    except FileNotFoundError:
        return None, [Fault(file, 1, "This file is missing; the lessons folder needs it.")]
    except (LanguageRulesFaulty, YAMLError) as faulty:
        return None, [Fault(file, 1, sentence) for sentence in str(faulty).split("\n")]


def _cache_folder() -> Path:
    """Give where this person's programs may keep what can be made again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "eduprog"


def _verdict(faults: int) -> str:
    if not faults:
        return "No fault found."
    return "1 fault." if faults == 1 else f"{faults} faults."


def _lessons_folder(path: Path) -> Path:
    for folder in (path.resolve(), *path.resolve().parents):
        if (folder / "programme.yaml").is_file():
            return folder
    raise click.BadParameter(f"{path} does not lie in a lessons folder (one that holds programme.yaml).")


@lessons.command()
@click.argument("module_id")
@click.option("--lessons-folder", "folder", type=_FOLDER, default=LESSONS, help="The lessons folder to read.")
def show(module_id: str, folder: Path) -> None:
    """Show what module MODULE_ID holds: lessons with their steps, clauses and follow-ups."""
    try:
        curriculum = load_curriculum(folder)
        module = curriculum.module(module_id.upper())
    except (LessonFaults, UnknownModule) as refused:
        raise click.ClickException(str(refused)) from refused
    for line in _lines_about(module, curriculum):
        click.echo(line)


def _lines_about(module: LessonModule, curriculum: Curriculum) -> list[str]:
    years = ", ".join(year.label for year in module.years)
    gates = ", ".join(module.gates)
    lines = [
        f"{module.id} {module.title}",
        f"{module.stage.label}, {module.strand.label}, {years}; gate {gates}; {module.status}, revision {module.revision}",
        f"{module.outcome}",
        f"Evidence: {module.evidence.tag}. {module.evidence.note}",
        f"Clauses: {' '.join(sorted(module.clauses)) or 'none'}",
    ]
    for lesson in module.lessons:
        lines.append(f"Lesson {lesson.number}: {lesson.title}, {lesson.minutes} minutes")
        lines += [
            f"  {step.number:>2} {step.minutes:>3} min  {step.title} ({step.method}, {step.grouping})" for step in lesson.steps
        ]
    windows = curriculum.programme.windows_for(module.id)
    for point in FollowUpPoint:
        first, last = windows[point]
        content = module.follow_ups[point]
        lines.append(f"{point}: day {first} to {last}, {content.minutes} min ({content.method})")
    lines.append(f"At home: {module.home_activity.title}, {module.home_activity.minutes} minutes")
    return lines


@lessons.command()
@click.argument("kind", type=click.Choice(sorted(FILE_KINDS)))
def schema(kind: str) -> None:
    """Print the JSON Schema of the front matter (or, for the lists, of the whole file) of one KIND of lesson file."""
    click.echo(json.dumps(json_schema(kind), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    lessons()
