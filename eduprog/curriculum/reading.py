"""Reading a whole lessons folder: every file becomes a value or faults, and nothing is left out of account."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from pydantic import BaseModel

from eduprog.curriculum.faults import Fault
from eduprog.curriculum.files.act_file import read_act
from eduprog.curriculum.files.follow_ups_file import read_follow_ups
from eduprog.curriculum.files.home_activity_file import read_home_activity, read_home_translation
from eduprog.curriculum.files.lesson_file import TakeApart, read_lesson
from eduprog.curriculum.files.module_file import read_module
from eduprog.curriculum.files.staff_note_file import read_staff_note
from eduprog.curriculum.files.validation import validate
from eduprog.curriculum.frameworks import Framework, unknown_headings
from eduprog.curriculum.help_sources import HelpSources
from eduprog.curriculum.plan import Plan
from eduprog.curriculum.programme import Programme
from eduprog.curriculum.schema import FollowUps, HomeActivity, Lesson, ModuleHead, StaffNote, TranslatedHomeActivity
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.text.document import Document, read_document, read_text
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.text.yaml import read_yaml
from eduprog.curriculum.vocabulary import Stage, Vocabulary

V = TypeVar("V")
M = TypeVar("M", bound=BaseModel)
Files = Mapping[PurePosixPath, bytes]

_LESSON_FILE = re.compile(r"lesson-([1-9])\.md")
_TRANSLATION = re.compile(r"home-activity\.[a-z]{2,3}\.md")
_COMPANIONS = ("module.md", "follow-ups.md", "home-activity.md", "staff-note.md")
_LISTS = ("vocabulary.yaml", "programme.yaml", "plan.yaml", "help-sources.yaml", "language.yaml")
_STAGE_FOLDERS = tuple(stage.value.lower() for stage in Stage)


@dataclass(frozen=True)
class Part(Generic[V]):
    """What one file says (None where its faults leave nothing to use) and where it says it."""

    value: V | None
    places: Places


@dataclass(frozen=True)
class ModuleFiles:
    """The files of one module folder, read."""

    folder: PurePosixPath
    head: Part[ModuleHead]
    lessons: tuple[Part[Lesson], ...]
    follow_ups: Part[FollowUps]
    home_activity: Part[HomeActivity]
    staff_note: Part[StaffNote]
    home_translations: tuple[Part[TranslatedHomeActivity], ...] = ()

    @property
    def places(self) -> tuple[Places, ...]:
        """Return where each file of the module says things, module.md first."""
        lessons = (lesson.places for lesson in self.lessons)
        translations = (translation.places for translation in self.home_translations)
        companions = (self.follow_ups.places, self.home_activity.places, self.staff_note.places)
        return (self.head.places, *lessons, *companions, *translations)


@dataclass(frozen=True)
class Reading:
    """Everything a lessons folder says."""

    vocabulary: Part[Vocabulary]
    programme: Part[Programme]
    plan: Part[Plan]
    help_sources: Part[HelpSources]
    frameworks: tuple[Part[Framework], ...]
    modules: tuple[ModuleFiles, ...]
    acts: tuple[Part[Act], ...]
    strays: tuple[Fault, ...]

    @property
    def faults(self) -> list[Fault]:
        """Return every fault noted so far, ordered by file and line."""
        places = [self.vocabulary.places, self.programme.places, self.plan.places, self.help_sources.places]
        places += [framework.places for framework in self.frameworks]
        places += [one for files in self.modules for one in files.places]
        places += [act.places for act in self.acts]
        return sorted({*self.strays, *(fault for one in places for fault in one.faults)})

    @property
    def framework(self) -> Framework | None:
        """Return the framework lessons name their statements by."""
        return _framework_of(self.programme.value, self.frameworks)


def collect_files(root: Path) -> dict[PurePosixPath, bytes]:
    """Return the bytes of every file below `root` by relative path; hidden files and links are passed over."""
    return {PurePosixPath(name): raw for name, raw in _walk(os.fspath(root), "")}


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, bytes]]:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda entry: entry.name)
    for entry in inside:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _walk(entry.path, f"{prefix}{entry.name}/")
        else:
            with open(entry.path, "rb", buffering=0) as file:
                yield f"{prefix}{entry.name}", file.readall()


def read_lessons(files: Files) -> Reading:
    """Return everything the files of a lessons folder say, with all faults of form; checks of meaning come after."""
    programme = _list(files, "programme.yaml", Programme)
    frameworks = tuple(_framework(files, path) for path in files if path.match("frameworks/*.yaml"))
    chosen = _framework_of(programme.value, frameworks)
    take_apart: TakeApart = chosen.take_apart if chosen else lambda written_id: (written_id,)
    folders: dict[PurePosixPath, dict[PurePosixPath, bytes]] = {}
    for path, raw in files.items():
        if len(path.parts) == 3 and path.parts[0] in _STAGE_FOLDERS:
            folders.setdefault(path.parent, {})[path] = raw
    return Reading(
        vocabulary=_list(files, "vocabulary.yaml", Vocabulary),
        programme=programme,
        plan=_list(files, "plan.yaml", Plan),
        help_sources=_list(files, "help-sources.yaml", HelpSources),
        frameworks=frameworks,
        modules=tuple(read_module_folder(mine, folder, take_apart) for folder, mine in folders.items()),
        acts=tuple(_markdown_file(files, path, read_act) for path in files if _is_act(path)),
        strays=tuple(_strays(files)),
    )


def _framework_of(programme: Programme | None, frameworks: Iterable[Part[Framework]]) -> Framework | None:
    values = [part.value for part in frameworks if part.value is not None]
    return next((one for one in values if programme is not None and one.id == programme.framework), None)


def _list(files: Files, name: str, model: type[M]) -> Part[M]:
    return _yaml_file(files, PurePosixPath(name), model)


def _framework(files: Files, path: PurePosixPath) -> Part[Framework]:
    part = _yaml_file(files, path, Framework)
    if part.value is None:
        return part
    unknown = unknown_headings(part.value)
    for index, statement_id in unknown:
        part.places.fault_at(("statements", index), f'"{statement_id}" belongs to no heading listed in this file.')
    return Part(None, part.places) if unknown else part


def _yaml_file(files: Files, path: PurePosixPath, model: type[M]) -> Part[M]:
    places = Places(path)
    if path not in files:
        places.fault(1, "This file is missing; the lessons folder needs it.")
        return Part(None, places)
    text = read_text(files[path], places)
    raw = None if text is None else read_yaml(text, places)
    if raw is None and not places.faults:
        places.fault(1, "This file is empty; the lessons folder needs what belongs here.")
    return Part(None if raw is None else validate(model, raw, places, around=path.name), places)


def read_module_folder(files: Files, folder: PurePosixPath, take_apart: TakeApart) -> ModuleFiles:
    """Return the files of one module folder, read; what is missing or broken is noted in their places."""
    lessons = sorted(path for path in files if _LESSON_FILE.fullmatch(path.name))
    read = _markdown_file
    module = ModuleFiles(
        folder=folder,
        head=read(files, folder / "module.md", read_module),
        lessons=tuple(read(files, path, lambda document, places: read_lesson(document, places, take_apart)) for path in lessons),
        follow_ups=read(files, folder / "follow-ups.md", read_follow_ups),
        home_activity=read(files, folder / "home-activity.md", read_home_activity),
        staff_note=read(files, folder / "staff-note.md", read_staff_note),
        home_translations=tuple(
            read(files, path, read_home_translation) for path in sorted(files) if _TRANSLATION.fullmatch(path.name)
        ),
    )
    if not lessons:
        module.head.places.fault(1, "The module has no lesson-1.md; write it.")
    return module


def _translations(files: Files) -> list[PurePosixPath]:
    return sorted(path for path in files if _TRANSLATION.fullmatch(path.name))


def _markdown_file(files: Files, path: PurePosixPath, reader: Callable[[Document, Places], V | None]) -> Part[V]:
    places = Places(path)
    if path not in files:
        places.fault(1, "This file is missing; every module needs it.")
        return Part(None, places)
    text = read_text(files[path], places)
    document = None if text is None else read_document(text, places)
    return Part(None if document is None else reader(document, places), places)


def _strays(files: Files) -> Iterator[Fault]:
    for path in files:
        if not _has_a_place(path):
            yield Fault(path, 1, "No file of this name belongs here; rename, move or remove it.")


def belongs_to_a_module(name: str) -> bool:
    """Return whether a file of this name belongs into the folder of a module."""
    return name in _COMPANIONS or any(pattern.fullmatch(name) for pattern in (_LESSON_FILE, _TRANSLATION))


def _has_a_place(path: PurePosixPath) -> bool:
    if len(path.parts) == 1:
        return path.name in _LISTS
    if path.parts[0] == "frameworks":
        return len(path.parts) == 2 and path.suffix == ".yaml"
    if _is_act(path):
        return True
    in_module = len(path.parts) == 3 and path.parts[0] in _STAGE_FOLDERS
    return in_module and belongs_to_a_module(path.name)


def _is_act(path: PurePosixPath) -> bool:
    return len(path.parts) == 2 and path.parts[0] == "acts" and path.suffix == ".md"
