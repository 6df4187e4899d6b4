"""What a school sees of its families: counts, never a family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, Select, String, Table, bindparam, func, literal, select, true, type_coerce, union_all

from eduprog.core import crypto
from eduprog.core.db import Base, session
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.schema import LessonModule
from eduprog.families.models import (
    FamilyDigest,
    FamilyDigestPrompt,
    JoinCode,
    ParentCarer,
    ParentCarerClass,
    ParentPrompt,
    PromptAnswer,
)
from eduprog.families.queries.prompts import is_gated, live_module
from eduprog.families.rules import ContactState, PromptReply, PromptState, StopReason, shown_code, years_label
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.school.queries import ClassInYear


@dataclass(frozen=True)
class ClassCode:
    """What stands on the letter, and until when it works."""

    code: str
    expires_on: date


@dataclass(frozen=True)
class CodeToPrint:
    """A class with the code that works for it."""

    teaching_group_id: int
    group_name: str
    years: str
    code: str
    expires_on: date


@dataclass(frozen=True)
class ClassFigures:
    """A class: its code, how many have joined, how its prompts stand. Counts of families are bare: pages show them from five."""

    teaching_group_id: int
    name: str
    years: str
    code: ClassCode | None
    joined: int
    waiting: int
    sent: int
    did_it: int
    not_for_us: int


@dataclass(frozen=True)
class PromptLine:
    """A prompt of a class."""

    id: int
    module_id: str
    group_name: str
    state: PromptState
    stop_reason: StopReason | None
    not_before: datetime
    sent_at: datetime | None
    reached: int
    did_it: int
    not_for_us: int
    title: str
    sentence: str | None
    sentence_approved: bool
    gated: bool


def open_classes(today: date) -> list[ClassInYear]:
    """Give the classes of this academic year that have not ended, youngest first."""
    year = school.academic_year_on(today)
    return [group for group in school.classes_of_year(year.id) if (group.ended_on or date.max) > today] if year else []


def class_figures(groups: Sequence[ClassInYear], today: date) -> list[ClassFigures]:
    """Give the figures of these classes, in their order. Two statements."""
    ids = [group.id for group in groups]
    codes = _codes(ids, today)
    joined, prompts, answers = _counts(ids)
    return [
        ClassFigures(
            group.id,
            group.name,
            years_label(group.year_groups),
            codes.get(group.id),
            joined.get(group.id, 0),
            prompts.get((group.id, PromptState.WAITING), 0) + prompts.get((group.id, PromptState.HELD), 0),
            prompts.get((group.id, PromptState.SENT), 0),
            answers.get((group.id, PromptReply.DID_IT), 0),
            answers.get((group.id, PromptReply.NOT_FOR_US), 0),
        )
        for group in groups
    ]


def codes_to_print(groups: Sequence[ClassInYear], today: date) -> list[CodeToPrint]:
    """Give the codes that work today of these classes, in their order. One statement."""
    codes = _codes([group.id for group in groups], today)
    return [
        CodeToPrint(group.id, group.name, years_label(group.year_groups), codes[group.id].code, codes[group.id].expires_on)
        for group in groups
        if group.id in codes
    ]


def _codes(group_ids: Sequence[int], today: date) -> dict[int, ClassCode]:
    rows = session().execute(_CODES, {"school": current_school_id(), "groups": list(group_ids), "today": today})
    return {group_id: ClassCode(shown_code(crypto.decrypt(encrypted)), expires_on) for group_id, encrypted, expires_on in rows}


class _Counts(NamedTuple):
    """By class: addresses that joined, prompts by state, answers by reply."""

    joined: dict[int, int]
    prompts: dict[tuple[int, PromptState], int]
    answers: dict[tuple[int, PromptReply], int]


def _counts(group_ids: Sequence[int]) -> _Counts:
    """Count all three in one statement."""
    found = _Counts({}, {}, {})
    for what, group_id, kind, number in session().execute(_COUNTS, {"school": current_school_id(), "groups": list(group_ids)}):
        if what == "joined":
            found.joined[group_id] = number
        elif what == "prompts":
            found.prompts[group_id, PromptState(kind)] = number
        else:
            found.answers[group_id, PromptReply(kind)] = number
    return found


def prompt_lines(
    *, states: Sequence[PromptState], limit: int = 50, lead_teacher_id: int | None = None, prompt_id: int | None = None
) -> list[PromptLine]:
    """Give the prompts in these states, newest first; those of one teacher's classes, or the one, if named. Two statements."""
    whose = _CLASS.lead_teacher_id == lead_teacher_id if lead_teacher_id is not None else true()
    which = _PROMPT.id == prompt_id if prompt_id is not None else true()
    return _lines(session().execute(_newest(states, limit).where(whose, which), {"school": current_school_id()}).all())


def prompt_lists(*lists: tuple[PromptState, ...], limit: int = 50) -> list[list[PromptLine]]:
    """Give several lists of prompts, each of those in its states, newest first. Two statements."""
    lines = _lines(session().execute(_newest_lists(lists, limit), {"school": current_school_id()}).all())
    return [[line for line in lines if line.state in states] for states in lists]


@cache
def _newest_lists(lists: tuple[tuple[PromptState, ...], ...], limit: int) -> Any:
    """Give the statement of lists that pages show, made once for them."""
    return union_all(*(select(_newest(states, limit).subquery()) for states in lists))


def _newest(states: Sequence[PromptState], limit: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _PROMPT.id, _PROMPT.module_id, _CLASS.name, _PROMPT.state, _PROMPT.stop_reason, _PROMPT.not_before, _PROMPT.sent_at,
            _PROMPT.sentence, _PROMPT.sentence_approved, _PROMPT.created_at,
        )
        .where(_PROMPT.school_id == _SCHOOL, _CLASS.school_id == _SCHOOL, _CLASS.id == _PROMPT.teaching_group_id)
        .where(_PROMPT.state.in_(states))
        .order_by(_PROMPT.created_at.desc(), _PROMPT.id.desc())
        .limit(limit)
    )  # fmt: skip


def _lines(rows: Iterable[Any]) -> list[PromptLine]:
    rows = sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)
    reached, replies = _reached_and_replies([row.id for row in rows])
    modules = {module_id: live_module(module_id) for module_id in {row.module_id for row in rows}}
    return [
        PromptLine(
            row.id,
            row.module_id,
            row.name,
            row.state,
            row.stop_reason,
            row.not_before,
            row.sent_at,
            reached.get(row.id, 0),
            replies.get((row.id, PromptReply.DID_IT), 0),
            replies.get((row.id, PromptReply.NOT_FOR_US), 0),
            _title(modules[row.module_id]),
            row.sentence,
            row.sentence_approved,
            _is_gated(modules[row.module_id]),
        )
        for row in rows
    ]


def _title(module: LessonModule | None) -> str:
    return module.home_activity.title if module is not None else ""


def _is_gated(module: LessonModule | None) -> bool:
    return module is None or is_gated(module)


def _reached_and_replies(prompt_ids: Sequence[int]) -> tuple[dict[int, int], dict[tuple[int, PromptReply], int]]:
    """Give, by prompt, how many contacts a digest with it was made for; and by prompt and reply how many answered so."""
    rows = session().execute(_REACHED_AND_REPLIES, {"school": current_school_id(), "prompts": list(prompt_ids)}).all()
    return (
        {prompt_id: number for prompt_id, reply, number in rows if not reply},
        {(prompt_id, PromptReply(reply)): number for prompt_id, reply, number in rows if reply},
    )


def _table(model: type[Base]) -> Any:
    return cast(Table, model.__table__).c


_SCHOOL: BindParameter[Any] = bindparam("school")
_CLASSES: BindParameter[Any] = bindparam("groups", expanding=True)
_CODE, _PROMPT, _ANSWER, _CLASS = _table(JoinCode), _table(ParentPrompt), _table(PromptAnswer), _table(TeachingGroup)
_CODES = (
    select(_CODE.teaching_group_id, _CODE.code_encrypted, _CODE.expires_on)
    .where(_CODE.school_id == _SCHOOL, _CODE.teaching_group_id.in_(_CLASSES))
    .where(_CODE.revoked_at.is_(None), _CODE.expires_on >= bindparam("today"))
    .order_by(_CODE.id)
)
"""What the page of families counts stands ready for any school, on bare tables: it names its school itself."""


def _counting() -> Any:
    contact, of_class = _table(ParentCarer), _table(ParentCarerClass)
    joined = (
        select(literal("joined"), of_class.teaching_group_id, literal(""), func.count())
        .where(contact.id == of_class.parent_carer_id, contact.school_id == _SCHOOL, contact.state == ContactState.JOINED)
        .where(of_class.school_id == _SCHOOL, of_class.teaching_group_id.in_(_CLASSES))
        .group_by(of_class.teaching_group_id)
    )
    prompts = (
        select(literal("prompts"), _PROMPT.teaching_group_id, type_coerce(_PROMPT.state, String), func.count())
        .where(_PROMPT.school_id == _SCHOOL, _PROMPT.teaching_group_id.in_(_CLASSES))
        .group_by(_PROMPT.teaching_group_id, _PROMPT.state)
    )
    answers = (
        select(literal("answers"), _PROMPT.teaching_group_id, type_coerce(_ANSWER.reply, String), func.count())
        .where(_PROMPT.id == _ANSWER.parent_prompt_id, _PROMPT.school_id == _SCHOOL, _ANSWER.school_id == _SCHOOL)
        .where(_PROMPT.teaching_group_id.in_(_CLASSES))
        .group_by(_PROMPT.teaching_group_id, _ANSWER.reply)
    )
    return joined.union_all(prompts, answers)


def _reaching() -> Any:
    carried, digest = _table(FamilyDigestPrompt), _table(FamilyDigest)
    ids: BindParameter[Any] = bindparam("prompts", expanding=True)
    reached = (
        select(carried.parent_prompt_id, literal(""), func.count(digest.parent_carer_id.distinct()))
        .where(digest.id == carried.family_digest_id, digest.school_id == _SCHOOL, carried.school_id == _SCHOOL)
        .where(carried.parent_prompt_id.in_(ids))
        .group_by(carried.parent_prompt_id)
    )
    replies = (
        select(_ANSWER.parent_prompt_id, type_coerce(_ANSWER.reply, String), func.count())
        .where(_ANSWER.school_id == _SCHOOL, _ANSWER.parent_prompt_id.in_(ids))
        .group_by(_ANSWER.parent_prompt_id, _ANSWER.reply)
    )
    return reached.union_all(replies)


_COUNTS, _REACHED_AND_REPLIES = _counting(), _reaching()
