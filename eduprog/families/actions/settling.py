"""Note what became of prompts: sent once a family's message was taken, stopped once too old to mean anything."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.families.actions.prompts import stop
from eduprog.families.models import FamilyDigestPrompt, ParentPrompt
from eduprog.families.queries import DIGEST, waiting_prompts
from eduprog.families.rules import Obstacle, PromptState, StopReason
from eduprog.mail import queries as mail
from eduprog.mail.rules import MailState

KEPT_WAITING = timedelta(days=28)
_UNSENT = (PromptState.WAITING, PromptState.HELD)


def settle_prompts(*, by: Actor, now: datetime) -> int:
    """Mark the prompts that families have been sent, and stop those that waited four weeks. Gives how many changed."""
    return _mark_sent(now) + _stop_old(by=by, now=now)


def _mark_sent(now: datetime) -> int:
    rows = (
        session()
        .execute(
            select(FamilyDigestPrompt.parent_prompt_id, FamilyDigestPrompt.family_digest_id)
            .join(ParentPrompt, ParentPrompt.id == FamilyDigestPrompt.parent_prompt_id)
            .where(ParentPrompt.state.in_(_UNSENT))
        )
        .all()
    )
    states = mail.states_of(DIGEST, {row.family_digest_id for row in rows}) if rows else {}
    gone: dict[int, bool] = defaultdict(bool)
    for row in rows:
        gone[row.parent_prompt_id] |= states.get(row.family_digest_id) is MailState.SENT
    ids = [prompt_id for prompt_id, is_gone in gone.items() if is_gone]
    for prompt in session().scalars(select(ParentPrompt).where(ParentPrompt.id.in_(ids), ParentPrompt.state.in_(_UNSENT))):
        prompt.state, prompt.sent_at, prompt.held_by = PromptState.SENT, now, None
    return len(ids)


def _stop_old(*, by: Actor, now: datetime) -> int:
    old = select(ParentPrompt).where(ParentPrompt.state.in_(_UNSENT), ParentPrompt.created_at < now - KEPT_WAITING)
    prompts = session().scalars(old).all()
    if not prompts:
        return 0
    paused = {prompt.id for prompt in waiting_prompts(now) if prompt.obstacle is Obstacle.PAUSED}
    for prompt in prompts:
        stop(prompt, reason=_why(prompt, paused), by=by, now=now)
    return len(prompts)


def _why(prompt: ParentPrompt, paused: set[int]) -> StopReason:
    if prompt.state is PromptState.HELD:
        return StopReason.HELD_BACK
    return StopReason.PAUSED if prompt.id in paused else StopReason.TOO_LATE
