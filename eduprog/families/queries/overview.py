"""What a school sees of its families: counts, never a family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, true

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


def open_classes(today: date) -> list[TeachingGroup]:
    """Give the classes of this academic year that have not ended, youngest first."""
    year = school.academic_year_on(today)
    return [group for group in school.groups_of_year(year.id) if (group.ended_on or date.max) > today] if year else []


def class_figures(groups: Sequence[TeachingGroup], today: date) -> list[ClassFigures]:
    """Give the figures of these classes, in their order. Four statements."""
    ids = [group.id for group in groups]
    codes = _codes(ids, today)
    joined = _joined(ids)
    prompts = _prompt_counts(ids)
    answers = _answers(ids)
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


def codes_to_print(groups: Sequence[TeachingGroup], today: date) -> list[CodeToPrint]:
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


def _joined(group_ids: Sequence[int]) -> dict[int, int]:
    rows = session().execute(
        select(ParentCarerClass.teaching_group_id, func.count(ParentCarerClass.id).label("n"))
        .join(ParentCarer, ParentCarer.id == ParentCarerClass.parent_carer_id)
        .where(ParentCarerClass.teaching_group_id.in_(group_ids), ParentCarer.state == ContactState.JOINED)
        .group_by(ParentCarerClass.teaching_group_id)
    )
    return {row.teaching_group_id: row.n for row in rows}


def _prompt_counts(group_ids: Sequence[int]) -> dict[tuple[int, PromptState], int]:
    rows = session().execute(
        select(ParentPrompt.teaching_group_id, ParentPrompt.state, func.count(ParentPrompt.id).label("n"))
        .where(ParentPrompt.teaching_group_id.in_(group_ids))
        .group_by(ParentPrompt.teaching_group_id, ParentPrompt.state)
    )
    return {(row.teaching_group_id, row.state): row.n for row in rows}


def _answers(group_ids: Sequence[int]) -> dict[tuple[int, PromptReply], int]:
    rows = session().execute(
        select(ParentPrompt.teaching_group_id, PromptAnswer.reply, func.count(PromptAnswer.id).label("n"))
        .join(ParentPrompt, ParentPrompt.id == PromptAnswer.parent_prompt_id)
        .where(ParentPrompt.teaching_group_id.in_(group_ids))
        .group_by(ParentPrompt.teaching_group_id, PromptAnswer.reply)
    )
    return {(row.teaching_group_id, row.reply): row.n for row in rows}


def prompt_lines(
    *, states: Sequence[PromptState], limit: int = 50, lead_teacher_id: int | None = None, prompt_id: int | None = None
) -> list[PromptLine]:
    """Give the prompts in these states, newest first; those of one teacher's classes, or the one, if named. Three statements."""
    whose = TeachingGroup.lead_teacher_id == lead_teacher_id if lead_teacher_id is not None else true()
    which = ParentPrompt.id == prompt_id if prompt_id is not None else true()
    rows = (
        session()
        .execute(
            select(
                ParentPrompt.id,
                ParentPrompt.module_id,
                TeachingGroup.name,
                ParentPrompt.state,
                ParentPrompt.stop_reason,
                ParentPrompt.not_before,
                ParentPrompt.sent_at,
                ParentPrompt.sentence,
                ParentPrompt.sentence_approved,
            )
            .join(TeachingGroup, TeachingGroup.id == ParentPrompt.teaching_group_id)
            .where(ParentPrompt.state.in_(states), whose, which)
            .order_by(ParentPrompt.created_at.desc(), ParentPrompt.id.desc())
            .limit(limit)
        )
        .all()
    )
    ids = [row.id for row in rows]
    reached, replies = _reached(ids), _replies(ids)
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


def _reached(prompt_ids: Sequence[int]) -> dict[int, int]:
    rows = session().execute(
        select(FamilyDigestPrompt.parent_prompt_id, func.count(FamilyDigest.parent_carer_id.distinct()).label("n"))
        .join(FamilyDigest, FamilyDigest.id == FamilyDigestPrompt.family_digest_id)
        .where(FamilyDigestPrompt.parent_prompt_id.in_(prompt_ids))
        .group_by(FamilyDigestPrompt.parent_prompt_id)
    )
    return {row.parent_prompt_id: row.n for row in rows}


def _replies(prompt_ids: Sequence[int]) -> dict[tuple[int, PromptReply], int]:
    rows = session().execute(
        select(PromptAnswer.parent_prompt_id, PromptAnswer.reply, func.count(PromptAnswer.id).label("n"))
        .where(PromptAnswer.parent_prompt_id.in_(prompt_ids))
        .group_by(PromptAnswer.parent_prompt_id, PromptAnswer.reply)
    )
    return {(row.parent_prompt_id, row.reply): row.n for row in rows}
