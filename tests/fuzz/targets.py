"""What the fuzzer feeds: each target takes bytes, and whatever it raises is a fault of ours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress

from eduprog.core.markdown import render, render_inline
from eduprog.curriculum.checks import check_reading
from eduprog.curriculum.reading import read_lessons
from eduprog.curriculum.vocabulary import Nation
from eduprog.library.rules.mapping import read_rows
from eduprog.school.importers.calendar import read_pasted
from eduprog.school.importers.columns import ColumnsNeeded
from eduprog.school.importers.values import FileRefused
from eduprog.school.rules.date_texts import dates_in
from tests.support.readers import READERS, lesson_files

Target = Callable[[bytes], None]
_RUNS = re.compile(r"<(script|img|svg|iframe)|<[^>]* on\w+=|(href|src)=\"\s*(javascript|data|vbscript):", re.IGNORECASE)
_SHEET = "xl/worksheets/sheet1.xml"


def _reader(name: str) -> Target:
    _samples, read = READERS[name]

    def feed(data: bytes) -> None:
        with suppress(FileRefused, ColumnsNeeded):
            read(data)

    return feed


def _inside(name: str) -> Target:
    """Put the bytes in the place of a file in an archive of the samples; the first byte says which."""
    samples, _read = READERS[name]
    archives = [sample for sample in samples if sample[:2] == b"PK"]
    feed = _reader(name)

    def packed(data: bytes) -> None:
        chosen = data[0] if data else 0
        with zipfile.ZipFile(io.BytesIO(archives[chosen % len(archives)])) as archive:
            members = {one.filename: archive.read(one) for one in archive.infolist()}
        names = [_SHEET] if _SHEET in members else sorted(members)
        members[names[chosen % len(names)]] = data[1:]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for member, held in members.items():
                archive.writestr(member, held)
        feed(out.getvalue())

    return packed


def _lessons() -> Target:
    sample = lesson_files()
    names = sorted(sample)

    def feed(data: bytes) -> None:
        name = names[(data[0] if data else 0) % len(names)]
        reading = read_lessons({**sample, name: data[1:]})
        check_reading(reading)
        assert all(fault.line >= 1 and fault.sentence for fault in reading.faults)

    return feed


def _dates(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for line in text.splitlines():
        dates_in(line)
    read_pasted(text, nation=Nation.WALES, academic_year=2026)


def _markdown(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for html in (render(text), render_inline(text)):
        assert not _RUNS.search(html), html


def _pasted_scheme(data: bytes) -> None:
    read_rows([(number, line.split("\t")) for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1)])


def _starts() -> dict[str, tuple[bytes, ...]]:
    """Give, by target, what the fuzzer begins with."""
    lessons = lesson_files()
    return {
        **{name: samples for name, (samples, _read) in READERS.items()},
        "lesson files": tuple(bytes([place]) + lessons[name] for place, name in enumerate(sorted(lessons))),
        "date texts": (b"Autumn term 2026\nStarts: Tuesday 1 September\nHalf term: 26 - 30 October\n", b"3rd-7th Nov 26 (INSET)"),
        "Markdown": (b"# A\n\n- [x](https://x.example)\n\n| a | b |\n|---|---|\n| *c* | `d` |\n", b"<b>&amp;\n> q\n1. a\n"),
        "pasted schemes": (b"Title\tYear group\tHalf-term\nBeing kind\tYear 1\tAutumn 1\n",),
    }


STARTS = _starts()
TARGETS: dict[str, Target] = {
    **{name: _reader(name) for name in READERS},
    "inside rosters and timetables": _inside("rosters and timetables"),
    "inside modules": _inside("modules"),
    "lesson files": _lessons(),
    "date texts": _dates,
    "Markdown": _markdown,
    "pasted schemes": _pasted_scheme,
}
