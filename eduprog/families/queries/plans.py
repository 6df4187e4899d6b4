"""Which families a digest goes to, and what each one's carries: one message a family and week, nothing twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.families.models import FamilyDigest, FamilyDigestPrompt, ParentCarer, ParentCarerClass, ParentPrompt
from eduprog.families.queries.digests import DIGEST
from eduprog.families.queries.prompts import WaitingPrompt, may_go
from eduprog.families.rules import ContactState
from eduprog.mail import queries as mail
from eduprog.mail.rules import MailState

NOT_TOLD_AGAIN = timedelta(days=180)
_CAME_TO_NOTHING = (MailState.CANCELLED, MailState.MISSED, MailState.FAILED)


@dataclass(frozen=True)
class DigestPlan:
    """What would be sent: prompt ids by contact without a digest this week, and by (digest, contact) whose was taken back.

    `unheard` are prompts of classes nobody has joined.
    """

    fresh: Mapping[int, tuple[int, ...]]
    again: Mapping[tuple[int, int], tuple[int, ...]]
    unheard: tuple[int, ...]
    module_ids: frozenset[str]

    @property
    def families(self) -> int:
        """Give how many families would be written to."""
        return len(self.fresh) + len(self.again)


def plan_digests(prompts: Sequence[WaitingPrompt], *, week_of: date, now: datetime, by_hand: bool) -> DigestPlan:
    """Plan the digests of a week. By hand, a digest of this week that was taken back before it went may go after all."""
    members = _members({prompt.teaching_group_id for prompt in prompts})
    unheard = tuple(prompt.id for prompt in prompts if prompt.teaching_group_id not in members)
    told = _told({prompt.module_id for prompt in prompts}, since=now - NOT_TOLD_AGAIN) if members else set()
    wanted: dict[int, list[WaitingPrompt]] = defaultdict(list)
    for prompt in prompts:
        for contact_id in members.get(prompt.teaching_group_id, ()):
            if (contact_id, prompt.module_id) not in told:
                wanted[contact_id].append(prompt)
    known = _digests_of(week_of, wanted)
    taken_back = _taken_back(known.values()) if by_hand else frozenset()
    fresh = {contact: _ids(each) for contact, each in wanted.items() if contact not in known}
    again = {(known[c], c): _ids(each) for c, each in wanted.items() if known.get(c) in taken_back}
    reached = {contact for contact in fresh} | {contact for _, contact in again}
    modules = frozenset(prompt.module_id for contact in reached for prompt in wanted[contact])
    return DigestPlan(fresh, again, unheard, modules)


def plan_by_hand(waiting: Sequence[WaitingPrompt], *, week_of: date, now: datetime) -> DigestPlan:
    """Plan what a person would send now of what waits."""
    return plan_digests(may_go(waiting, ripe_at=now, by_hand=True), week_of=week_of, now=now, by_hand=True)


def _ids(prompts: Sequence[WaitingPrompt]) -> tuple[int, ...]:
    return tuple(prompt.id for prompt in prompts)


def _members(group_ids: Collection[int]) -> dict[int, list[int]]:
    """Give the joined contacts of each class."""
    wanted = (
        select(ParentCarerClass.teaching_group_id, ParentCarerClass.parent_carer_id)
        .join(ParentCarer, ParentCarer.id == ParentCarerClass.parent_carer_id)
        .where(ParentCarerClass.teaching_group_id.in_(group_ids), ParentCarer.state == ContactState.JOINED)
        .order_by(ParentCarerClass.parent_carer_id)
    )
    members: dict[int, list[int]] = defaultdict(list)
    for row in session().execute(wanted):
        members[row.teaching_group_id].append(row.parent_carer_id)
    return dict(members)


def _told(module_ids: Collection[str], *, since: datetime) -> set[tuple[int, str]]:
    """Give the (contact, module) that a digest has carried, or is about to: a second child's class tells nothing new."""
    wanted = (
        select(FamilyDigest.id, FamilyDigest.parent_carer_id, ParentPrompt.module_id)
        .join(FamilyDigestPrompt, FamilyDigestPrompt.family_digest_id == FamilyDigest.id)
        .join(ParentPrompt, ParentPrompt.id == FamilyDigestPrompt.parent_prompt_id)
        .where(ParentPrompt.module_id.in_(module_ids), FamilyDigest.created_at >= since)
    )
    rows = session().execute(wanted).all()
    states = mail.states_of(DIGEST, {row.id for row in rows})
    return {(row.parent_carer_id, row.module_id) for row in rows if states.get(row.id) not in (None, *_CAME_TO_NOTHING)}


def _digests_of(week_of: date, contact_ids: Collection[int]) -> dict[int, int]:
    wanted = select(FamilyDigest.parent_carer_id, FamilyDigest.id).where(FamilyDigest.week_of == week_of)
    return {row.parent_carer_id: row.id for row in session().execute(wanted) if row.parent_carer_id in contact_ids}


def _taken_back(digest_ids: Collection[int]) -> frozenset[int]:
    states = mail.states_of(DIGEST, digest_ids)
    return frozenset(digest_id for digest_id, state in states.items() if state is MailState.CANCELLED)
