"""Many files at once: all of a lesson, or everything to print for a year group, as an archive that is sent while it is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from eduprog.curriculum.schema import Lesson, LessonModule
from eduprog.library.exports.copies import Copy
from eduprog.library.exports.lessons import lesson_handouts, lesson_plan
from eduprog.library.exports.modules import check_slips, follow_up_sheet, help_card
from eduprog.library.exports.slides import lesson_slides
from eduprog.library.exports.typesetting import Document, each_made, pdf
from eduprog.library.queries import deck

_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class PackFile:
    """A file of a pack: its name in the archive, and what makes it."""

    name: str
    make: Callable[[], bytes]


def lesson_pack(module: LessonModule, lesson: Lesson, copy: Copy) -> Sequence[PackFile]:
    """Give all of a lesson: plan, slides, handouts, and the follow-ups and help card of its module."""
    shown = deck(module, lesson, copy.today, copy.words.fill)
    slides = PackFile(f"{module.id}-lesson-{lesson.number}-slides.pptx", partial(lesson_slides, shown, copy))
    printed = [*_of_lesson(module, lesson, copy), follow_up_sheet(module, copy), help_card(module, copy)]
    return [slides, *(_file(document) for document in printed)]


def year_pack(modules: Iterable[LessonModule], copy: Copy) -> Sequence[PackFile]:
    """Give everything to print for some modules, a folder for each: plans, handouts, follow-ups, slips, help cards."""
    return [_file(document, f"{module.id}/") for module in modules for document in _of_module(module, copy)]


def streamed(files: Sequence[PackFile]) -> Iterator[bytes]:
    """Make a pack, some files side by side, and give its bytes as they come, so that a browser shows it grow."""
    held = _Outlet()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:  # PDF and PPTX are compressed already
        for file, made in zip(files, each_made(file.make for file in files), strict=True):
            archive.writestr(zipfile.ZipInfo(file.name, _EPOCH), made)
            yield held.taken()
    yield held.taken()


def _of_module(module: LessonModule, copy: Copy) -> Iterator[Document]:
    for lesson in module.lessons:
        yield from _of_lesson(module, lesson, copy)
    yield follow_up_sheet(module, copy)
    yield check_slips(module, copy)
    yield help_card(module, copy)


def _of_lesson(module: LessonModule, lesson: Lesson, copy: Copy) -> Iterator[Document]:
    yield lesson_plan(module, lesson, copy)
    if lesson.handouts:
        yield lesson_handouts(module, lesson, copy)


def _file(document: Document, folder: str = "") -> PackFile:
    return PackFile(folder + document.file_name, partial(pdf, document))


class _Outlet(io.RawIOBase):
    """Where an archive writes to: it cannot go back, and what was written is taken away as it comes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: bytes | bytearray | memoryview) -> int:  # type: ignore[override]  # the base names a wider type
        """Keep some bytes until they are taken."""
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Give what came since the last time."""
        some, self._parts = b"".join(self._parts), []
        return some
