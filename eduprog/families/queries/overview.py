"""What a school sees of its families: counts, never a family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, String, func, literal, select, true, type_coerce, union_all

from eduprog.core import crypto
from eduprog.core.db import session
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
    standing = select(JoinCode).where(
        JoinCode.teaching_group_id.in_(group_ids), JoinCode.revoked_at.is_(None), JoinCode.expires_on >= today
    )
    rows = session().scalars(standing.order_by(JoinCode.id))
    return {row.teaching_group_id: ClassCode(shown_code(crypto.decrypt(row.code_encrypted)), row.expires_on) for row in rows}


class _Counts(NamedTuple):
    """By class: addresses that joined, prompts by state, answers by reply."""

    joined: dict[int, int]
    prompts: dict[tuple[int, PromptState], int]
    answers: dict[tuple[int, PromptReply], int]


def _counts(group_ids: Sequence[int]) -> _Counts:
    """Count all three in one statement."""
    prompt, answer = ParentPrompt, PromptAnswer
    joined = (
        select(literal("joined"), ParentCarerClass.teaching_group_id, literal(""), func.count())
        .join(ParentCarer, ParentCarer.id == ParentCarerClass.parent_carer_id)
        .where(ParentCarerClass.teaching_group_id.in_(group_ids), ParentCarer.state == ContactState.JOINED)
        .group_by(ParentCarerClass.teaching_group_id)
    )
    prompts = (
        select(literal("prompts"), prompt.teaching_group_id, type_coerce(prompt.state, String), func.count())
        .where(prompt.teaching_group_id.in_(group_ids))
        .group_by(prompt.teaching_group_id, prompt.state)
    )
    answers = (
        select(literal("answers"), prompt.teaching_group_id, type_coerce(answer.reply, String), func.count())
        .join(prompt, prompt.id == answer.parent_prompt_id)
        .where(prompt.teaching_group_id.in_(group_ids))
        .group_by(prompt.teaching_group_id, answer.reply)
    )
    found = _Counts({}, {}, {})
    for what, group_id, kind, number in session().execute(joined.union_all(prompts, answers)):
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
    whose = TeachingGroup.lead_teacher_id == lead_teacher_id if lead_teacher_id is not None else true()
    which = ParentPrompt.id == prompt_id if prompt_id is not None else true()
    return _lines(session().execute(_newest(states, limit).where(whose, which)).all())


def prompt_lists(*lists: Sequence[PromptState], limit: int = 50) -> list[list[PromptLine]]:
    """Give several lists of prompts, each of those in its states, newest first. Two statements."""
    parts = [select(_newest(states, limit).subquery()) for states in lists]
    lines = _lines(session().execute(union_all(*parts)).all())
    return [[line for line in lines if line.state in states] for states in lists]


def _newest(states: Sequence[PromptState], limit: int) -> Select[*tuple[Any, ...]]:
    one = ParentPrompt
    return (
        select(
            one.id, one.module_id, TeachingGroup.name, one.state, one.stop_reason, one.not_before, one.sent_at, one.sentence,
            one.sentence_approved, one.created_at,
        )
        .join(TeachingGroup, TeachingGroup.id == one.teaching_group_id)
        .where(one.state.in_(states))
        .order_by(one.created_at.desc(), one.id.desc())
        .limit(limit)
    )  # fmt: skip


def _lines(rows: Iterable[Any]) -> list[PromptLine]:
    rows = sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)
    reached, replies = _reached_and_replies([row.id for row in rows])
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
            _title(row.module_id),
            row.sentence,
            row.sentence_approved,
            _is_gated(row.module_id),
        )
        for row in rows
    ]


def _title(module_id: str) -> str:
    module = live_module(module_id)
    return module.home_activity.title if module is not None else ""


def _is_gated(module_id: str) -> bool:
    module = live_module(module_id)
    return module is None or is_gated(module)


def _reached_and_replies(prompt_ids: Sequence[int]) -> tuple[dict[int, int], dict[tuple[int, PromptReply], int]]:
    """Give, by prompt, how many contacts a digest with it was made for; and by prompt and reply how many answered so."""
    carried, answer = FamilyDigestPrompt, PromptAnswer
    reached = (
        select(carried.parent_prompt_id, literal(""), func.count(FamilyDigest.parent_carer_id.distinct()))
        .join(FamilyDigest, FamilyDigest.id == carried.family_digest_id)
        .where(carried.parent_prompt_id.in_(prompt_ids))
        .group_by(carried.parent_prompt_id)
    )
    replies = (
        select(answer.parent_prompt_id, type_coerce(answer.reply, String), func.count())
        .where(answer.parent_prompt_id.in_(prompt_ids))
        .group_by(answer.parent_prompt_id, answer.reply)
    )
    rows = session().execute(reached.union_all(replies)).all()
    return (
        {prompt_id: number for prompt_id, reply, number in rows if not reply},
        {(prompt_id, PromptReply(reply)): number for prompt_id, reply, number in rows if reply},
    )
