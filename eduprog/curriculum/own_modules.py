"""A module a school writes itself: the same files as ours, read and checked by the same checks, one module at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.checks import check_module, identity, reading_level, wording
from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.checks.readable import of_module
from eduprog.curriculum.faults import Fault
from eduprog.curriculum.language import LanguageRules, check_text
from eduprog.curriculum.loader import whole_module
from eduprog.curriculum.programme import Programme, ProgrammeEntry, ProgrammeStage
from eduprog.curriculum.reading import ModuleFiles, belongs_to_a_module, read_module_folder
from eduprog.curriculum.schema import LessonModule, ModuleHead, Status
from eduprog.curriculum.vocabulary import HalfTermBlock

FIRST_OWN_NUMBER = 501
"""Modules of schools are numbered from here on, so that none is ever called like one of ours."""
_FOLDER = PurePosixPath("own/module")


@dataclass(frozen=True)
class CheckedModule:
    """What the files of a module say: the module and its head if so much could be read, and every fault."""

    module: LessonModule | None
    head: ModuleHead | None
    faults: tuple[Fault, ...]


def is_own_id(module_id: str) -> bool:
    """Return whether an id is one that schools give: its number is 501 or more."""
    digits = module_id.rpartition("-")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return digits.isdigit() and int(digits) >= FIRST_OWN_NUMBER


def check_own_module(
    files: Mapping[str, bytes], *, ours: Curriculum, block: HalfTermBlock, rules: LanguageRules
) -> CheckedModule:
    """Return what the files of a module say, with every fault by file and line. Nothing here needs a folder on a disk."""
    reading = read_module_folder({_FOLDER / name: raw for name, raw in files.items()}, _FOLDER, ours.framework.take_apart)
    strays = [Fault(_FOLDER / name, 1, _STRAY) for name in files if not belongs_to_a_module(name)]
    head = reading.head.value
    context = _context(ours, head, block)
    check_module(reading, context)
    if head is not None:
        identity.check_inside(reading, head, context)
        _check_id(reading, head)
        _check_style(reading, context, rules)
    faults = sorted({*strays, *(fault for places in reading.places for fault in places.faults)})
    shown = tuple(Fault(PurePosixPath(fault.file.name), fault.line, fault.sentence) for fault in faults)
    values = [reading.head.value, reading.follow_ups.value, reading.home_activity.value, reading.staff_note.value]
    readable = bool(reading.lessons) and None not in [*values, *(part.value for part in reading.lessons)]
    return CheckedModule(whole_module(reading, ours.framework.take_apart) if readable else None, head, shown)


_STRAY = "No file of this name belongs to a module; rename or remove it."


def entry_for(head: ModuleHead | LessonModule, block: HalfTermBlock) -> ProgrammeEntry:
    """Return the place of a school's own module in the programme."""
    return ProgrammeEntry(id=head.id, title=head.title, strand=head.strand, years=head.years, half_term=block)


def _context(ours: Curriculum, head: ModuleHead | None, block: HalfTermBlock) -> Context:
    programme = ours.programme
    if head is not None:
        stages = [
            ProgrammeStage(id=stage.id, modules=(*stage.modules, *([entry_for(head, block)] if stage.id is head.stage else [])))
            for stage in programme.stages
        ]
        programme = Programme(framework=programme.framework, follow_ups=programme.follow_ups, stages=tuple(stages))
    known = frozenset(ours.modules) | (frozenset({head.id}) if head else frozenset())
    return Context(ours.vocabulary, programme, ours.framework, ours.help_sources, known)


def _check_id(files: ModuleFiles, head: ModuleHead) -> None:
    places = files.head.places
    start = f"{head.stage}-{head.strand.letter}"
    if not head.id.startswith(start) or not is_own_id(head.id):
        sentence = f"The id {head.id} does not fit; a {head.strand} module of {head.stage} that you write is {start}501 or more."
        places.fault_at(("id",), sentence)
    if head.status is Status.RETIRED:
        places.fault_at(("status",), "A module you write is live; to teach it no more, take its approval back.")


def _check_style(files: ModuleFiles, context: Context, rules: LanguageRules) -> None:
    readable = list(of_module(files))
    found = {asked: check_text(asked[0], asked[1], rules) for asked in wording.asked_of(readable)}
    for file in readable:
        wording.check_names(file, context)
        wording.check_language(file, found)
        reading_level.check_reading_level(file)
