"""From data to PDF: typst sets it with our own templates and fonts, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from eduprog.core import paths
from eduprog.web.assets import pdf_fonts

TEMPLATES = paths.TEMPLATES / "pdf"
LANGUAGE = "en"
REGION = "GB"
_MOST_KEPT = 32_000_000  # bytes of PDFs a process keeps; a year group's pack has two or three million


class NotTypeset(RuntimeError):
    """A document could not be set: its template is wrong, or something in it does not fit its page."""


@dataclass(frozen=True)
class Document:
    """Something to print. `template` is a file of templates/pdf; `data` is what JSON can hold, every text a string."""

    template: str
    file_name: str
    title: str
    data: dict[str, Any] = field(hash=False)


class _Kept:
    """PDFs by the hash of all they are made of, the least asked for forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        """Give what is kept under a key, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keep(self, key: str, made: bytes) -> None:
        """Keep a PDF, and forget others until all fit."""
        with self._lock:
            self._size += len(made) - len(self._held.pop(key, b""))
            self._held[key] = made
            while self._size > self._most:
                self._size -= len(self._held.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self._size = 0


_kept = _Kept(_MOST_KEPT)


def forget() -> None:
    """Set everything anew from now on."""
    _kept.clear()


def pdf(document: Document) -> bytes:
    """Set a document and give its PDF, the same bytes each time for the same data. Raises NotTypeset.

    What was set before in this process from the same data and templates is not set again.
    """
    data = {**document.data, "title": document.title, "language": LANGUAGE, "region": REGION}
    written = json.dumps(data, ensure_ascii=False)
    key = hashlib.sha256(f"{_templates_hash(str(TEMPLATES))}\0{document.template}\0{written}".encode()).hexdigest()
    made = _kept.get(key)
    if made is None:
        made = _typeset(document, written)
        _kept.keep(key, made)
    return made


def each_made(makers: Iterable[Callable[[], bytes]]) -> Iterator[bytes]:
    """Make several files side by side, as many as the machine has processors, and give them in order as they are ready.

    Setting a page lets other threads work meanwhile. Only a few are made ahead, so that nothing piles up in memory.
    """
    side_by_side = max(2, min(4, os.cpu_count() or 1))
    pool = ThreadPoolExecutor(side_by_side, "typesetting")
    waiting: OrderedDict[int, Future[bytes]] = OrderedDict()
    try:
        for number, make in enumerate(makers):
            waiting[number] = pool.submit(make)
            if len(waiting) > 2 * side_by_side:
                yield waiting.popitem(last=False)[1].result()
        while waiting:
            yield waiting.popitem(last=False)[1].result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _typeset(document: Document, written: str) -> bytes:
    import typst  # noqa: PLC0415 - the compiler is large, and few processes print

    try:
        made = typst.compile(
            TEMPLATES / document.template,
            root=TEMPLATES,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": written},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as fault:
        raise NotTypeset(f"{document.file_name}: {fault}") from fault
    if not isinstance(made, bytes):
        raise NotTypeset(f"{document.file_name}: more than one file came out")
    return made


@cache
def _fonts() -> Any:
    """Give our fonts, read once for all documents of a process."""
    import typst  # noqa: PLC0415 - the compiler is large, and few processes print

    return typst.Fonts(include_system_fonts=False, font_paths=[str(pdf_fonts())])


@cache
def _templates_hash(folder: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(folder).glob("*.typ")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
