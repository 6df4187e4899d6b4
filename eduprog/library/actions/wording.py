"""Adapt the words of a lesson: every save is kept, one is approved, nobody's words are lost."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import select

from eduprog.core import audit, paths
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.language import Audience, LanguageRules, check_text, load_rules
from eduprog.library.models import LessonWording
from eduprog.library.queries import own
from eduprog.library.queries.wording import latest_number, wording
from eduprog.library.rules.wording import LONGEST, Texts, WordingState, changed_texts, label_of, texts_of

_READERS = {"say": Audience.PUPIL, "board": Audience.PUPIL, "do": Audience.STAFF}


class NothingChanged(Refusal):
    """That is our own wording, word for word; nothing was kept."""


class HarmfulWording(Refusal):
    """This wording may not be approved: the message check found something in it."""


def save_wording(*, module_id: str, lesson_number: int, texts: Texts, based_on: int, by: Actor, now: datetime) -> LessonWording:
    """Keep a wording of one of our lessons beside all others. Raises NotHere or NothingChanged.

    Somebody else's wording saved meanwhile stays: `based_on` of this one says which it began from. The same words of one
    person, sent twice from one page, are one wording.
    """
    lesson, revision = own.our_lesson(module_id, lesson_number)
    ours = texts_of(lesson)
    changed = changed_texts(texts, ours)
    if not changed:
        raise NothingChanged
    newest = latest_number(module_id, lesson_number)
    if newest and _is_again(held := wording(module_id, lesson_number, newest), changed, based_on, by):
        return held
    number = newest + 1
    row = LessonWording(
        module_id=module_id, lesson_number=lesson_number, number=number, based_on=min(based_on, number - 1),
        base_revision=revision, texts=changed, ours={key: ours[key] for key in changed}, state=WordingState.DRAFT,
        written_by=by.id, written_at=now,
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record(act="wording saved", subject="lesson_wording", subject_id=row.id, by=by, at=now, module=module_id, number=number)
    return row


def _is_again(held: LessonWording, changed: Texts, based_on: int, by: Actor) -> bool:
    """Say whether a wording is the very one that is sent: a second press of the button."""
    return held.written_by == by.id and held.texts == changed and held.based_on == min(based_on, held.number - 1)


def approve_wording(*, module_id: str, lesson_number: int, number: int, by: Actor, now: datetime) -> LessonWording:
    """Let a wording be the one that is taught; the one before is set aside, not lost. Raises NotHere or HarmfulWording."""
    row = wording(module_id, lesson_number, number)
    faults = faults_of(module_id, lesson_number, row.texts)
    if faults:
        raise HarmfulWording(next(iter(faults.values())))
    standing = select(LessonWording).where(
        LessonWording.module_id == module_id, LessonWording.lesson_number == lesson_number,
        LessonWording.state == WordingState.APPROVED,
    )  # fmt: skip
    for before in session().scalars(standing):
        before.state = WordingState.SET_ASIDE
    session().flush()
    row.state, row.approved_at, row.approved_by = WordingState.APPROVED, now, by.id
    session().flush()
    own.forget(current_school_id())
    audit.record(
        act="wording approved", subject="lesson_wording", subject_id=row.id, by=by, at=now, module=module_id, number=number
    )
    return row


def go_back_to_ours(*, module_id: str, lesson_number: int, by: Actor, now: datetime) -> None:
    """Teach our own wording again; the school's is set aside, not lost. Raises NotHere if none is approved."""
    rows = session().scalars(
        select(LessonWording).where(
            LessonWording.module_id == module_id, LessonWording.lesson_number == lesson_number,
            LessonWording.state == WordingState.APPROVED,
        )
    ).all()  # fmt: skip
    if not rows:
        raise NotHere
    for row in rows:
        row.state = WordingState.SET_ASIDE
        audit.record(act="wording set aside", subject="lesson_wording", subject_id=row.id, by=by, at=now, module=module_id)
    session().flush()
    own.forget(current_school_id())


def faults_of(module_id: str, lesson_number: int, texts: Texts) -> dict[str, str]:
    """Give what the message check says of each text, with better words; nothing for texts that pass.

    Words that stand in our own text are not asked about again: they were looked at when it was written.
    """
    lesson, _ = own.our_lesson(module_id, lesson_number)
    ours = texts_of(lesson)
    faults = {}
    for key, written in texts.items():
        found = [
            one
            for one in check_text(written, _READERS[key.split(".")[1]], _rules())
            if written[one.start : one.end] not in ours.get(key, "")
        ]
        if found:
            words = written[found[0].start : found[0].end]
            faults[key] = f"{label_of(key, lesson)}: “{words}”. {found[0].reason} Better: {found[0].better}"
    return faults


def findings(text: str, reader: Audience) -> list[str]:
    """Give what the message check says of a text somebody types: the words, why, and better ones; a sentence each."""
    found = check_text(text[:LONGEST], reader, _rules())
    return [f"“{text[one.start : one.end]}”. {one.reason} Better: {one.better}" for one in found]


@cache
def _rules() -> LanguageRules:
    return load_rules(paths.LESSONS / "language.yaml")
