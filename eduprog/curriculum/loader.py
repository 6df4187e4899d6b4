"""From a lessons folder to a curriculum: everything or, with every fault named, nothing."""

from __future__ import annotations

import gc
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.checks import check_reading
from eduprog.curriculum.faults import LessonFaults
from eduprog.curriculum.files.lesson_file import TakeApart
from eduprog.curriculum.reading import ModuleFiles, Reading, collect_files, read_lessons
from eduprog.curriculum.schema import LessonModule


def load_curriculum(root: Path, cache: Path | None = None) -> Curriculum:
    """Return the curriculum of the lessons folder `root`. Raises LessonFaults with every fault of every file.

    With `cache`, a private folder, what was found good is kept there under the hash of the files and of this code, so
    that the next start need not read and check them again.
    """
    with _garbage_left_lying():
        return _loaded(root, cache)


def _loaded(root: Path, cache: Path | None) -> Curriculum:
    files = collect_files(root)
    content_hash = _hash(files)
    kept = cache / f"curriculum-{content_hash}.json" if cache else None
    curriculum = _from_cache(kept) if kept else None
    if curriculum is None:
        reading = read_lessons(files)
        check_reading(reading)
        if reading.faults:
            raise LessonFaults(reading.faults)
        curriculum = assemble(reading, content_hash)
        if kept:
            _into_cache(kept, curriculum)
    return curriculum


@contextmanager
def _garbage_left_lying() -> Iterator[None]:
    """Collect nothing for a moment: all that is read stays, and looking through it again and again costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def assemble(reading: Reading, content_hash: str) -> Curriculum:
    """Return the curriculum of a reading that has no fault, modules in the order of the programme."""
    programme, vocabulary, help_sources = reading.programme.value, reading.vocabulary.value, reading.help_sources.value
    framework = reading.framework
    if programme is None or vocabulary is None or help_sources is None or framework is None:
        raise LessonFaults(reading.faults)
    modules = [whole_module(files, framework.take_apart) for files in reading.modules]
    return Curriculum(
        content_hash=content_hash,
        programme=programme,
        vocabulary=vocabulary,
        all_frameworks=tuple(part.value for part in reading.frameworks if part.value is not None),
        all_help_sources=help_sources.sources,
        all_modules=tuple(sorted(modules, key=lambda module: programme.position[module.id])),
        all_acts=tuple(part.value for part in reading.acts if part.value is not None),
    )


def whole_module(files: ModuleFiles, take_apart: TakeApart) -> LessonModule:
    """Return a module of its files. Raises LessonFaults if one of them could not be read."""
    head, follow_ups = files.head.value, files.follow_ups.value
    home_activity, staff_note = files.home_activity.value, files.staff_note.value
    if head is None or follow_ups is None or home_activity is None or staff_note is None:
        raise LessonFaults(fault for places in files.places for fault in places.faults)
    return LessonModule(
        **{name: getattr(head, name) for name in type(head).model_fields},
        clauses=frozenset(clause for written in head.statements for clause in take_apart(written)),
        lessons=tuple(part.value for part in files.lessons if part.value is not None),
        follow_ups=follow_ups.points,
        home_activity=home_activity,
        home_translations=tuple(part.value for part in files.home_translations if part.value is not None),
        staff_note=staff_note,
    )


def _hash(files: Mapping[PurePosixPath, bytes]) -> str:
    digest = hashlib.sha256(_code_hash())
    for path, raw in files.items():
        digest.update(f"{path}\0{len(raw)}\0".encode())
        digest.update(raw)
    return digest.hexdigest()


@cache
def _code_hash() -> bytes:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def _from_cache(kept: Path) -> Curriculum | None:
    try:
        if not _is_private(kept.parent):
            return None
        return Curriculum.model_validate_json(kept.read_bytes())
    except (OSError, ValidationError):
        return None


def _into_cache(kept: Path, curriculum: Curriculum) -> None:
    """Write the cache file whole or not at all; a folder that others may write to is never used."""
    new = kept.with_name(f".{kept.name}.{os.getpid()}")
    try:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(kept.parent):
            return
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(curriculum.model_dump_json(by_alias=True, exclude_defaults=True).encode())
        for older in kept.parent.glob("curriculum-*.json"):
            older.unlink(missing_ok=True)
        new.replace(kept)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def _is_private(folder: Path) -> bool:
    status = folder.stat()
    mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return mine and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
