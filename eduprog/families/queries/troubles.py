"""What messages to families that went wrong were about: activities and classes, never a family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.families.models import ConsentRecord, FamilyDigestPrompt, ParentPrompt
from eduprog.families.queries.digests import DIGEST
from eduprog.families.rules import from_five
from eduprog.mail import queries as mail
from eduprog.school.models import TeachingGroup

_DIGESTS_LOOKED_AT = 2000


@dataclass(frozen=True)
class TroubledPrompt:
    """A class's prompt of which some messages did not go as they should; to how many families in words that point at none."""

    id: int
    module_id: str
    group_name: str
    families: str


def about_digests(digest_ids: Sequence[int]) -> Mapping[int, str]:
    """Say what digests carry. More than one class is not named: who has children in two could be told from it."""
    carried: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = session().execute(
        select(FamilyDigestPrompt.family_digest_id, ParentPrompt.module_id, TeachingGroup.name)
        .join(ParentPrompt, ParentPrompt.id == FamilyDigestPrompt.parent_prompt_id)
        .join(TeachingGroup, TeachingGroup.id == ParentPrompt.teaching_group_id)
        .where(FamilyDigestPrompt.family_digest_id.in_(digest_ids))
        .order_by(FamilyDigestPrompt.family_digest_id, ParentPrompt.module_id)
    )
    for row in rows:
        carried[row.family_digest_id].append((row.module_id, row.name))
    return {digest_id: _words(each) for digest_id, each in carried.items()}


def _words(carried: Sequence[tuple[str, str]]) -> str:
    names = sorted({name for _module, name in carried})
    if len(names) > 1:
        return "activities of more than one class"
    modules = ", ".join(dict.fromkeys(module for module, _name in carried))
    return f"{modules} for {names[0]}"


def about_joining(consent_ids: Sequence[int]) -> Mapping[int, str]:
    """Say which class was asked for."""
    rows = session().execute(
        select(ConsentRecord.id, TeachingGroup.name)
        .join(TeachingGroup, TeachingGroup.id == ConsentRecord.teaching_group_id)
        .where(ConsentRecord.id.in_(consent_ids))
    )
    return {row.id: f"for {row.name}" for row in rows}


def troubled_prompts(*, lead_teacher_id: int) -> list[TroubledPrompt]:
    """Give the prompts of a teacher's classes of which messages went wrong, newest first. One statement."""
    carried = (
        select(ParentPrompt.id, ParentPrompt.module_id, TeachingGroup.name, FamilyDigestPrompt.family_digest_id)
        .join(FamilyDigestPrompt, FamilyDigestPrompt.parent_prompt_id == ParentPrompt.id)
        .join(TeachingGroup, TeachingGroup.id == ParentPrompt.teaching_group_id)
        .where(TeachingGroup.lead_teacher_id == lead_teacher_id)
        .order_by(ParentPrompt.id.desc(), FamilyDigestPrompt.family_digest_id.desc())
        .limit(_DIGESTS_LOOKED_AT)
        .subquery()
    ).c
    named = (carried.id, carried.module_id, carried.name)
    rows = session().execute(
        select(*named, func.count())
        .where(mail.is_in_trouble(DIGEST, carried.family_digest_id))
        .group_by(*named)
        .order_by(carried.id.desc())
    )
    return [TroubledPrompt(prompt_id, module_id, name, from_five(count)) for prompt_id, module_id, name, count in rows]
