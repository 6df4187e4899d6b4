"""A prompt exists because something was taught: queued by the delivery, stopped when the delivery is undone."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import Select, select

from eduprog.core import audit, clock
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import Gate
from eduprog.families.models import ParentPrompt
from eduprog.families.rules import PromptState, StopReason
from eduprog.organisations import queries as organisations
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import SchoolCalendar, wall_time


class AlreadyGone(Refusal):
    """This prompt has gone to families already, or was stopped."""


HOLD = timedelta(minutes=10)
GATED_WAIT_SCHOOL_DAYS = 2
_MORNING = time(8, 0)


def queue_prompt(
    *, delivery_id: int, group: TeachingGroup, module: LessonModule, by: Actor, now: datetime, calendar: SchoolCalendar
) -> ParentPrompt | None:
    """Queue a class's prompt for the home activity of a module, to go out with a later digest, not before it may.

    One per class and module; a second delivery of it gives the first back. None where the school sends no prompts on sex
    education. A gated module waits two school days, so that no adult at home can tie it to one lesson.
    """
    if module.home_activity.sex_education and not organisations.school_settings().sex_education_prompts:
        return None
    standing = select(ParentPrompt).where(
        ParentPrompt.teaching_group_id == group.id, ParentPrompt.module_id == module.id, ParentPrompt.state != PromptState.STOPPED
    )
    known = session().scalars(standing).one_or_none()
    if known is not None:
        return known
    prompt = ParentPrompt(
        delivery_id=delivery_id,
        teaching_group_id=group.id,
        module_id=module.id,
        not_before=_not_before(module, now, calendar),
        state=PromptState.WAITING,
        created_at=now,
    )
    session().add(prompt)
    session().flush()
    audit.record(act="prompt queued", subject="parent_prompt", subject_id=prompt.id, by=by, at=now, module=module.id)
    return prompt


def _not_before(module: LessonModule, now: datetime, calendar: SchoolCalendar) -> datetime:
    if Gate.G0 in module.gates:
        return now + HOLD
    today = clock.local(now).date()
    later = calendar.open_days(today + timedelta(days=1), today + timedelta(days=120))
    days = [day for _, day in zip(range(GATED_WAIT_SCHOOL_DAYS + 1), later, strict=False)]
    waited = days[-1] if len(days) > GATED_WAIT_SCHOOL_DAYS else today + timedelta(days=GATED_WAIT_SCHOOL_DAYS + 2)
    return wall_time(waited, _MORNING)


def stop_prompt(*, delivery_id: int, by: Actor, now: datetime, reason: StopReason = StopReason.DELIVERY_UNDONE) -> bool:
    """Stop the prompt a delivery queued, if it has not gone out. Says whether one was stopped."""
    waiting = select(ParentPrompt).where(
        ParentPrompt.delivery_id == delivery_id, ParentPrompt.state.in_((PromptState.WAITING, PromptState.HELD))
    )
    prompt = session().scalars(waiting).one_or_none()
    if prompt is None:
        return False
    stop(prompt, reason=reason, by=by, now=now)
    return True


def stop(prompt: ParentPrompt, *, reason: StopReason, by: Actor, now: datetime) -> None:
    """Stop one prompt that has not gone out, and say why."""
    prompt.state, prompt.stop_reason, prompt.stopped_at, prompt.held_by = PromptState.STOPPED, reason, now, None
    audit.record(act="prompt stopped", subject="parent_prompt", subject_id=prompt.id, by=by, at=now, reason=reason)


def hold_prompt(*, prompt_id: int, by: Actor, now: datetime, only_own: bool = False) -> None:
    """Hold a waiting prompt back until it is released. Raises NotHere or AlreadyGone.

    `only_own` lets only the class's own teacher do it.
    """
    prompt = unsent_prompt(prompt_id, only_of=by.person_id if only_own else None)
    if prompt.state is PromptState.WAITING:
        prompt.state, prompt.held_by = PromptState.HELD, by.person_id
        audit.record(act="prompt held", subject="parent_prompt", subject_id=prompt.id, by=by, at=now)


def release_prompt(*, prompt_id: int, by: Actor, now: datetime, only_own: bool = False) -> None:
    """Let a prompt that was held back go with the next digest. Raises as `hold_prompt` does."""
    prompt = unsent_prompt(prompt_id, only_of=by.person_id if only_own else None)
    if prompt.state is PromptState.HELD:
        prompt.state, prompt.held_by = PromptState.WAITING, None
        audit.record(act="prompt released", subject="parent_prompt", subject_id=prompt.id, by=by, at=now)


def told_by_hand(*, prompt_id: int, by: Actor, now: datetime) -> None:
    """Note that the school has told these families itself, so that nothing is sent. Raises NotHere or AlreadyGone."""
    stop(unsent_prompt(prompt_id), reason=StopReason.SENT_BY_HAND, by=by, now=now)


def unsent_prompt(prompt_id: int, *, only_of: int | None = None) -> ParentPrompt:
    """Give a prompt that has not gone, to change it; of a class this person leads, if named. Raises NotHere or AlreadyGone."""
    prompt = session().scalars(select(ParentPrompt).where(ParentPrompt.id == prompt_id).with_for_update()).one_or_none()
    if prompt is None or (only_of is not None and session().scalars(_leader_of(prompt)).one() != only_of):
        raise NotHere
    if prompt.state not in (PromptState.WAITING, PromptState.HELD):
        raise AlreadyGone
    return prompt


def _leader_of(prompt: ParentPrompt) -> Select[int | None]:
    return select(TeachingGroup.lead_teacher_id).where(TeachingGroup.id == prompt.teaching_group_id)
