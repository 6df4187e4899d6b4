"""What a family's digest carries, as it stands at this moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import BindParameter, Table, and_, bindparam, func, select

from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families.models import FamilyDigest, FamilyDigestPrompt, ParentCarer, ParentCarerClass, ParentPrompt, PromptAnswer
from eduprog.families.queries.coming import coming_next
from eduprog.families.queries.prompts import is_gated, live_module, told_by_hand
from eduprog.families.rules import (
    ContactState,
    DigestItem,
    Obstacle,
    PromptReply,
    PromptState,
    Standing,
    merged,
    obstacle_of,
    years_label,
)
from eduprog.gates import queries as gates
from eduprog.gates.queries import Holds
from eduprog.mail import queries as mail
from eduprog.school.models import TeachingGroup, TeachingGroupYear

DIGEST = "family-digest"
_SENT_AGAIN_WITHIN = timedelta(weeks=4)


@dataclass(frozen=True)
class CarriedPrompt:
    """One prompt of a digest: what it tells, and what stands in its way now."""

    id: int
    item: DigestItem
    obstacle: Obstacle | None
    coming: str = ""


@dataclass(frozen=True)
class DigestFacts:
    """A digest with its family and all it was made to carry."""

    id: int
    contact_id: int
    contact_state: ContactState
    address_encrypted: str | None
    language: str
    prompts: tuple[CarriedPrompt, ...]
    taken_back: bool = False

    @property
    def coming(self) -> tuple[tuple[str, str], ...]:
        """Give what the classes of what may be told begin next, as (year groups, module id), each once."""
        told = {prompt.item.module_id for prompt in self.prompts if prompt.obstacle is None}
        each = (prompt for prompt in self.prompts if prompt.coming and prompt.obstacle is None and prompt.coming not in told)
        return tuple(dict.fromkeys((years_label(prompt.item.years), prompt.coming) for prompt in each))

    @property
    def items(self) -> tuple[DigestItem, ...]:
        """Give what may be told now, each activity once, in teaching order."""
        may = [prompt.item for prompt in self.prompts if prompt.obstacle is None]
        return merged(may, tuple(catalogue.current().modules))


def digest_facts(digest_ids: Sequence[int], *, now: datetime, today: date) -> dict[int, DigestFacts]:
    """Give digests by id, those of other schools left out. Five statements, however many."""
    rows = session().execute(_carried().where(FamilyDigest.id.in_(digest_ids))).all()
    years = _years_of({row.group_id for row in rows})
    by_hand = told_by_hand({row.module_id for row in rows}, now) if rows else frozenset()
    holds = gates.holds() if rows else Holds()
    coming = coming_next({row.group_id for row in rows}, holds, today) if rows else {}
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.id].append(row)
    return {
        digest_id: DigestFacts(
            digest_id,
            own[0].contact_id,
            own[0].state,
            own[0].address_encrypted,
            own[0].language,
            tuple(
                replace(_prompt(row, years.get(row.group_id, ()), by_hand, holds, today), coming=coming.get(row.group_id, ""))
                for row in own
            ),
            taken_back=own[0].taken_back_at is not None,
        )
        for digest_id, own in found.items()
    }


def _carried() -> Any:
    still = and_(
        ParentCarerClass.parent_carer_id == FamilyDigest.parent_carer_id,
        ParentCarerClass.teaching_group_id == ParentPrompt.teaching_group_id,
    )
    return (
        select(
            FamilyDigest.id,
            FamilyDigest.taken_back_at,
            ParentCarer.id.label("contact_id"),
            ParentCarer.state,
            ParentCarer.address_encrypted,
            ParentCarer.language,
            ParentPrompt.id.label("prompt_id"),
            ParentPrompt.state.label("prompt_state"),
            ParentPrompt.stop_reason,
            ParentPrompt.module_id,
            ParentPrompt.sentence,
            ParentPrompt.sentence_approved,
            TeachingGroup.id.label("group_id"),
            TeachingGroup.ended_on,
            ParentCarerClass.id.label("class_row"),
        )
        .join(ParentCarer, ParentCarer.id == FamilyDigest.parent_carer_id)
        .join(FamilyDigestPrompt, FamilyDigestPrompt.family_digest_id == FamilyDigest.id)
        .join(ParentPrompt, ParentPrompt.id == FamilyDigestPrompt.parent_prompt_id)
        .join(TeachingGroup, TeachingGroup.id == ParentPrompt.teaching_group_id)
        .join(ParentCarerClass, still, isouter=True)
        .order_by(FamilyDigest.id, ParentPrompt.id)
    )


def _years_of(group_ids: Collection[int]) -> dict[int, tuple[YearGroup, ...]]:
    rows = session().execute(
        select(TeachingGroupYear.teaching_group_id, TeachingGroupYear.year_group)
        .where(TeachingGroupYear.teaching_group_id.in_(group_ids))
        .order_by(TeachingGroupYear.id)
    )
    years: dict[int, tuple[YearGroup, ...]] = {}
    for row in rows:
        years[row.teaching_group_id] = (*years.get(row.teaching_group_id, ()), row.year_group)
    return years


def _prompt(
    row: Any, years: tuple[YearGroup, ...], by_hand: frozenset[tuple[int, str]], holds: Holds, today: date
) -> CarriedPrompt:
    module = live_module(row.module_id)
    standing = Standing(
        row.prompt_state,
        row.stop_reason,
        module_is_live=module is not None,
        on_hold=module is not None and holds.stop(module, years),
        told_by_hand=row.prompt_state is not PromptState.SENT and (row.group_id, row.module_id) in by_hand,
        class_ended=row.ended_on is not None and row.ended_on <= today,
        in_class=row.class_row is not None,
    )
    sentences = (row.sentence,) if row.sentence and row.sentence_approved else ()
    item = DigestItem(row.module_id, years, module is None or is_gated(module), sentences)
    return CarriedPrompt(row.prompt_id, item, obstacle_of(standing))


def family_hash(contact_id: int, prompt_id: int) -> str:
    """Give the keyed hash under which a family's answer to a prompt is kept; another prompt's tells of another family."""
    return crypto.lookup_hash("prompt answer", f"{prompt_id}:{contact_id}")


def replies_of(digest: DigestFacts) -> dict[str, PromptReply]:
    """Give what the family of a digest has answered, by module id."""
    hashes = {family_hash(digest.contact_id, prompt.id): prompt.item.module_id for prompt in digest.prompts}
    rows = session().execute(
        select(PromptAnswer.family_hash, PromptAnswer.reply).where(PromptAnswer.family_hash.in_(hashes)).order_by(PromptAnswer.id)
    )
    return {hashes[row.family_hash]: row.reply for row in rows}


def waiting_messages(week_of: date) -> dict[int, datetime]:
    """Give the digests of this week and the four before it whose message has not gone yet, with the moment each was made."""
    session().flush()
    return {digest_id: made_at for digest_id, made_at in session().execute(_WAITING, _lately(week_of))}


def count_waiting_messages(week_of: date) -> int:
    """Say how many digests of this week and the four before it have a message that has not gone yet."""
    session().flush()
    return session().scalar(_HOW_MANY_WAIT, _lately(week_of)) or 0


def _lately(week_of: date) -> dict[str, Any]:
    return {"school": current_school_id(), "since": week_of - _SENT_AGAIN_WITHIN, "until": week_of}


_SCHOOL: BindParameter[int] = bindparam("school")
_DIGESTS = cast(Table, FamilyDigest.__table__).c
_WAITS = (
    _DIGESTS.school_id == _SCHOOL, _DIGESTS.week_of.between(bindparam("since"), bindparam("until")),
    _DIGESTS.taken_back_at.is_(None), _DIGESTS.id.in_(mail.waiting_subjects(DIGEST, _SCHOOL)),
)  # fmt: skip
_WAITING = select(_DIGESTS.id, _DIGESTS.created_at).where(*_WAITS).order_by(_DIGESTS.id)
_HOW_MANY_WAIT = select(func.count()).select_from(FamilyDigest.__table__).where(*_WAITS)
"""Both stand ready for any school, on bare tables: they name their school themselves."""
