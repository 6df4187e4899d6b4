"""Checks of who a module is: ids, folders, its place in the programme and the modules it names."""

from __future__ import annotations

from pathlib import PurePosixPath

from eduprog.curriculum.checks.context import Context
from eduprog.curriculum.programme import ProgrammeEntry
from eduprog.curriculum.reading import ModuleFiles, Reading
from eduprog.curriculum.schema import ModuleHead, Status
from eduprog.curriculum.text.places import Places


def check_identities(reading: Reading, context: Context) -> None:
    """Note ids used twice, folders that do not carry their module's id, and modules the programme does not know."""
    owners: dict[str, PurePosixPath] = {}
    for files in reading.modules:
        head, places = files.head.value, files.head.places
        if head is None:
            continue
        if head.id in owners:
            places.fault_at(("id",), f"The id {head.id} belongs to {owners[head.id]} already; every module has its own.")
        owners.setdefault(head.id, files.folder)
        _check_folder(head, files.folder, places)
        _check_entry(head, places, context)
        check_inside(files, head, context)
    _check_missing(reading, owners)


def check_inside(files: ModuleFiles, head: ModuleHead, context: Context) -> None:
    """Note what the files of one module say of others and of each other that cannot be."""
    _check_references(head, files.head.places, context)
    _check_companion_ids(files, head)
    _check_lesson_numbers(files)


def _check_folder(head: ModuleHead, folder: PurePosixPath, places: Places) -> None:
    name = f"{head.id.lower()}-{head.slug}"
    if folder.name != name:
        places.fault_at(("slug",), f'The folder is "{folder.name}" but id and slug say "{name}"; rename one of them.')
    if folder.parent.name != head.stage.lower():
        places.fault_at(("stage",), f"The module stands in the folder {folder.parent.name} but says stage {head.stage}.")
    if not head.id.startswith(f"{head.stage}-{head.strand.letter}"):
        sentence = f"The id {head.id} does not fit; a {head.strand} module of {head.stage} is {head.stage}-{head.strand.letter}…"
        places.fault_at(("id",), sentence)


def _check_entry(head: ModuleHead, places: Places, context: Context) -> None:
    if context.programme is None:
        return
    entry = context.programme.entries.get(head.id)
    if entry is None:
        places.fault_at(("id",), f"{head.id} is not listed in programme.yaml; list it there in teaching order.")
        return
    for field in ("title", "strand", "years"):
        if getattr(entry, field) != getattr(head, field):
            said = _words(getattr(entry, field))
            places.fault_at((field,), f'The {field} is not the one in programme.yaml ("{said}"); make both the same.')


def _words(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else str(value)


def _check_references(head: ModuleHead, places: Places, context: Context) -> None:
    if context.programme is None:
        return
    position = context.programme.position
    here = position.get(head.id, 0)
    for field, earlier in (("builds_on", True), ("leads_to", False)):
        for index, other in enumerate(getattr(head, field)):
            if other not in position:
                places.fault_at((field, index), f"{other} is no module of the programme; check its id.")
            elif (position[other] < here) is not earlier:
                order = "after" if earlier else "before"
                places.fault_at((field, index), f"{other} is taught {order} {head.id}, so it cannot stand in {field}.")
    if (head.status is Status.RETIRED) is not (head.replaced_by is not None):
        sentence = "A retired module names the one that takes its place in replaced_by, and a live one has no such key."
        places.fault_at(("status",), sentence)
    if head.replaced_by is not None and head.replaced_by not in context.module_ids - {head.id}:
        places.fault_at(("replaced_by",), f"{head.replaced_by} is no other module; check its id.")


def _check_companion_ids(files: ModuleFiles, head: ModuleHead) -> None:
    parts = (files.follow_ups, files.home_activity, files.staff_note)
    named = [(part.value.module, part.places) for part in parts if part.value is not None]
    named += [(part.value.module, part.places) for part in files.home_translations if part.value is not None]
    for module_id, places in named:
        if module_id != head.id:
            places.fault_at(("module",), f'"{module_id}" should be {head.id}, the module of this folder.')


def _check_lesson_numbers(files: ModuleFiles) -> None:
    for number, part in enumerate(files.lessons, start=1):
        if part.places.file.name != f"lesson-{number}.md":
            part.places.fault(1, f"Lessons are numbered without gaps; this one should be lesson-{number}.md.")
        if part.value is not None and f"lesson-{part.value.number}.md" != part.places.file.name:
            part.places.fault_at(("lesson",), f"The file says lesson {part.value.number}; its name says otherwise.")


def _check_missing(reading: Reading, owners: dict[str, PurePosixPath]) -> None:
    programme, places = reading.programme.value, reading.programme.places
    if programme is None:
        return
    unreadable = {files.folder.name for files in reading.modules if files.head.value is None}
    for index, stage in enumerate(programme.stages):
        for number, entry in enumerate(stage.modules):
            if entry.written and entry.id not in owners and not _is_among(entry, unreadable):
                sentence = f"{entry.id} has no files; write them or mark it `written: false`."
                places.fault_at(("stages", index, "modules", number), sentence)


def _is_among(entry: ProgrammeEntry, folders: set[str]) -> bool:
    return any(folder.startswith(f"{entry.id.lower()}-") for folder in folders)
