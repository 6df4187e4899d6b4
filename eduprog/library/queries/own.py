"""A school's own lessons beside ours: whoever asks for the curriculum within a school gets both."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import String, Table, bindparam, func, literal, select, type_coerce

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.tenancy import current_school_id, has_current_school
from eduprog.curriculum import catalogue
from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.own_modules import entry_for
from eduprog.curriculum.programme import Programme, ProgrammeStage
from eduprog.curriculum.schema import Lesson, LessonModule, Status
from eduprog.curriculum.vocabulary import HalfTermBlock, Method, Skill, Strand, YearGroup, stage_of
from eduprog.library.models import LessonWording, MappedLesson, OwnDraft
from eduprog.library.queries.drafts import approved_drafts, checked
from eduprog.library.rules.mapped_lessons import Mapped, entry_of, module_of
from eduprog.library.rules.wording import Texts, WordingState, applied

LOOK_AGAIN_AFTER = 5.0  # seconds after which another process's changes are looked for
_Stamp = tuple[str, int, int, str, str]


@dataclass
class _Kept:
    ours: Curriculum
    stamp: _Stamp
    looked_at: float
    curriculum: Curriculum


_kept: dict[int, _Kept] = {}


def forget(school_id: int | None = None) -> None:
    """Look for a school's own lessons afresh when they are next asked for; without an id, for every school's."""
    if school_id is None:
        _kept.clear()
    else:
        _kept.pop(school_id, None)


def extended(ours: Curriculum) -> Curriculum:
    """Give our curriculum with the current school's own lessons in it; ours alone outside a school."""
    if not has_current_school():
        return ours
    school_id = current_school_id()
    kept = _kept.get(school_id)
    if kept is not None and kept.ours is ours and time.monotonic() - kept.looked_at < LOOK_AGAIN_AFTER:
        return kept.curriculum
    with session().no_autoflush:
        stamp = _stamp(ours)
        if kept is None or kept.ours is not ours or kept.stamp != stamp:
            kept = _Kept(ours, stamp, 0.0, _joined(ours, stamp) if any(stamp[1:]) else ours)
    kept.looked_at = time.monotonic()
    _kept[school_id] = kept
    return kept.curriculum


def mapped_lessons() -> Sequence[MappedLesson]:
    """Give every mapped lesson of the current school, by year group, half-term and number."""
    rows = session().scalars(select(MappedLesson).order_by(MappedLesson.id)).all()
    return sorted(rows, key=lambda row: (row.year_group.number, row.block.value, row.id))


class MappedLine(NamedTuple):
    """A mapped lesson as the list of them shows it; a light row, because a school brings hundreds."""

    id: int
    module_id: str
    source: str
    title: str
    year_group: YearGroup
    block: HalfTermBlock
    strand: Strand
    tags: dict[str, Any]
    revision: int
    is_confirmed: bool
    is_retired: bool


def mapped_lines() -> Sequence[MappedLine]:
    """Give every mapped lesson of the current school as a line, in the order of `mapped_lessons`. One statement."""
    one = MappedLesson
    wanted = select(
        one.id, one.module_id, one.source, one.title, one.year_group, one.block, one.strand, one.tags, one.revision,
        one.confirmed_at.is_not(None), one.retired_at.is_not(None),
    ).order_by(one.id)  # fmt: skip
    lines = [MappedLine._make(row) for row in session().execute(wanted)]
    return sorted(lines, key=lambda line: (line.year_group.number, line.block.value, line.id))


_MAPPED, _WORDINGS, _DRAFTS = (cast(Table, one.__table__).c for one in (MappedLesson, LessonWording, OwnDraft))
_STAMP = (
    select(literal("lessons"), func.count(), func.coalesce(func.sum(_MAPPED.revision), 0), literal(""))
    .where(_MAPPED.school_id == bindparam("school"))
    .union_all(
        select(literal("wording"), _WORDINGS.id, literal(0), literal(""))
        .where(_WORDINGS.school_id == bindparam("school"), _WORDINGS.state == WordingState.APPROVED),
        select(literal("written"), _DRAFTS.id, literal(0), type_coerce(_DRAFTS.state, String))
        .where(_DRAFTS.school_id == bindparam("school"), _DRAFTS.approved_at.is_not(None)),
    )
)  # fmt: skip
"""Asked at the beginning of most requests, so without the rows' texts; on bare tables, it names its school itself."""


def _stamp(ours: Curriculum) -> _Stamp:
    lessons = revisions = 0
    wordings, written = list[int](), list[tuple[int, str]]()
    for what, number, revised, state in session().execute(_STAMP, {"school": current_school_id()}):
        if what == "lessons":
            lessons, revisions = number, int(revised)
        elif what == "wording":
            wordings.append(number)
        else:
            written.append((number, f"{number}{state[0]}"))
    named = " ".join(one for _, one in sorted(written))
    return ours.content_hash, lessons, revisions, " ".join(map(str, sorted(wordings))), named


def _written() -> list[tuple[OwnDraft, LessonModule]]:
    """Give the modules the school wrote, by the version that is approved; of those that are no more, the last, as retired."""
    chosen: dict[str, OwnDraft] = {}
    for row in approved_drafts():
        before = chosen.get(row.module_id)
        if before is None or before.state is not WordingState.APPROVED:
            chosen[row.module_id] = row
    found = [(row, checked(row.files, row.block).module) for row in chosen.values()]
    return [(row, _as_it_stands(row, module)) for row, module in found if module is not None]


def _as_it_stands(row: OwnDraft, module: LessonModule) -> LessonModule:
    live = row.state is WordingState.APPROVED
    return module.model_copy(update={"status": Status.LIVE if live else Status.RETIRED, "revision": row.number})


def _approved() -> Sequence[LessonWording]:
    approved = select(LessonWording).where(LessonWording.state == WordingState.APPROVED)
    return session().scalars(approved.order_by(LessonWording.id)).all()


def our_lesson(module_id: str, number: int) -> tuple[Lesson, int]:
    """Give one of our lessons in our own wording, and the revision of its module. Raises NotHere."""
    module = catalogue.ours().modules.get(module_id)
    if module is None or module.is_closed or not 1 <= number <= len(module.lessons):
        raise NotHere
    return module.lesson(number), module.revision


def _worded(module: LessonModule, texts: Mapping[tuple[str, int], Texts]) -> LessonModule:
    """Give a module with the school's approved words in its lessons."""
    if not any((module.id, lesson.number) in texts for lesson in module.lessons):
        return module
    lessons = [applied(lesson, texts.get((module.id, lesson.number), {})) for lesson in module.lessons]
    return module.model_copy(update={"lessons": tuple(lessons)})


def _joined(ours: Curriculum, stamp: _Stamp) -> Curriculum:
    own = [_mapped(row) for row in session().scalars(select(MappedLesson).order_by(MappedLesson.id))]
    written = _written()
    entries = [(stage_of(one.year), entry_of(one)) for one in own]
    entries += [(module.stage, entry_for(module, row.block)) for row, module in written]
    stages = [
        ProgrammeStage(id=stage.id, modules=(*stage.modules, *(entry for of, entry in entries if of is stage.id)))
        for stage in ours.programme.stages
    ]
    programme = Programme(framework=ours.programme.framework, follow_ups=ours.programme.follow_ups, stages=tuple(stages))
    texts = {(row.module_id, row.lesson_number): row.texts for row in _approved()}
    fields = {name: getattr(ours, name) for name in Curriculum.model_fields}
    return Curriculum.model_construct(
        **{
            **fields,
            "content_hash": " ".join([ours.content_hash, str(current_school_id()), *(str(one) for one in stamp[1:])]),
            "programme": programme,
            "all_modules": (
                *(_worded(module, texts) for module in ours.all_modules),
                *(module for _, module in written),
                *(module_of(one) for one in own),
            ),
        }
    )


def _mapped(row: MappedLesson) -> Mapped:
    return Mapped(
        module_id=row.module_id, source=row.source, title=row.title, year=row.year_group, block=row.block, minutes=row.minutes,
        strand=row.strand, skills=tuple(Skill(one) for one in row.tags["skills"]),
        methods=tuple(Method(one) for one in row.tags["methods"]),
        clauses=tuple(row.tags["clauses"]) if row.confirmed_at else (), added_on=row.added_at.date(),
        live=row.retired_at is None, revision=row.revision,
    )  # fmt: skip
