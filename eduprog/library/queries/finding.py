"""Find lessons by filters and by words. The words are looked up in an index in memory, made once for each curriculum."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from eduprog.curriculum import catalogue
from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.schema import Lesson, LessonModule
from eduprog.curriculum.vocabulary import Stage
from eduprog.library.rules import Wanted, page_of, query_for

_WEIGHTS = "10.0, 4.0, 1.0"  # a word in a title tells more than one in a step
MOST_FOUND = 40
"""No more lessons than these are listed for words typed: the best come first."""
_KEPT = 32


@dataclass(frozen=True)
class Found:
    """A lesson that fits, with its module."""

    module: LessonModule
    lesson: Lesson


@dataclass(frozen=True)
class Shelf:
    """The modules of a stage that fit; for each the lessons that do."""

    stage: Stage
    modules: Sequence[tuple[LessonModule, Sequence[Lesson]]]


class _Index:
    """The words of one curriculum. One connection is used by one thread at a time."""

    def __init__(self, curriculum: Curriculum) -> None:
        self._lock = Lock()
        self._lessons = [(module.id, lesson.number) for module in _open_modules(curriculum) for lesson in module.lessons]
        self._store = sqlite3.connect(":memory:", check_same_thread=False)
        self._store.execute("CREATE VIRTUAL TABLE pages USING fts5(title, gist, words, tokenize = 'porter unicode61')")
        pages = [page_of(curriculum.module(module_id), curriculum.module(module_id).lesson(n)) for module_id, n in self._lessons]
        self._store.executemany("INSERT INTO pages (title, gist, words) VALUES (?, ?, ?)", pages)

    def places(self, typed: str) -> list[tuple[str, int]]:
        """Give module id and lesson number of what holds all the words typed, best first; failing that, any of them."""
        strict, loose = query_for(typed)
        if not strict:
            return []
        return self._matches(strict) or self._matches(loose)

    def _matches(self, query: str) -> list[tuple[str, int]]:
        wanted = f"SELECT rowid FROM pages WHERE pages MATCH ? ORDER BY bm25(pages, {_WEIGHTS}) LIMIT {MOST_FOUND}"  # noqa: S608 - ours
        with self._lock:
            rows = self._store.execute(wanted, (query,)).fetchall()
        return [self._lessons[row[0] - 1] for row in rows]


_indexes: OrderedDict[str, _Index] = OrderedDict()
_indexes_lock = Lock()


def _index(curriculum: Curriculum) -> _Index:
    with _indexes_lock:
        found = _indexes.get(curriculum.content_hash)
        if found is None:
            found = _indexes[curriculum.content_hash] = _Index(curriculum)
        _indexes.move_to_end(curriculum.content_hash)
        while len(_indexes) > _KEPT:
            _indexes.popitem(last=False)
    return found


def _open_modules(curriculum: Curriculum) -> list[LessonModule]:
    return [module for module in curriculum.all_modules if module.is_live and not module.is_closed]


def find(typed: str, wanted: Wanted) -> list[Found]:
    """Give the open lessons that hold the words and fit the filters, best first."""
    curriculum = catalogue.current()
    places = ((curriculum.module(module_id), number) for module_id, number in _index(curriculum).places(typed))
    found = [Found(module, module.lesson(number)) for module, number in places if wanted.module(module)]
    return [one for one in found if wanted.lesson(one.lesson)]


def shelves(wanted: Wanted) -> list[Shelf]:
    """Give the open modules that fit, by stage in teaching order, with their lessons that fit."""
    curriculum = catalogue.current()
    made = []
    for stage in Stage:
        fitting = [(module, _fitting(module, wanted)) for module in curriculum.for_stage(stage) if wanted.module(module)]
        held = [(module, lessons) for module, lessons in fitting if lessons]
        if held:
            made.append(Shelf(stage, held))
    return made


def _fitting(module: LessonModule, wanted: Wanted) -> list[Lesson]:
    return [lesson for lesson in module.lessons if wanted.lesson(lesson)]
