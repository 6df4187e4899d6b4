"""Prompts that wait, and whether they may go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eduprog.core import clock
from eduprog.core.db import session
from eduprog.curriculum import catalogue
from eduprog.curriculum.catalogue import UnknownModule
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import Gate, YearGroup
from eduprog.families.models import ParentPrompt
from eduprog.families.rules import TOLD_BY_HAND_DAYS, Obstacle, PromptState, Standing, StopReason, obstacle_of
from eduprog.gates import queries as gates
from eduprog.gates.queries import Holds
from eduprog.school.models import TeachingGroup


@dataclass(frozen=True)
class WaitingPrompt:
    """A prompt that waits, with what stands in its way now, whichever family it is for."""

    id: int
    teaching_group_id: int
    module_id: str
    years: tuple[YearGroup, ...]
    gated: bool
    not_before: datetime
    obstacle: Obstacle | None


def live_module(module_id: str) -> LessonModule | None:
    """Give a module that is still taught; None for one that is retired or unknown."""
    try:
        found = catalogue.current().module(module_id)
    except UnknownModule:
        return None
    return found if found.is_live else None


def is_gated(module: LessonModule) -> bool:
    """Say whether a module has conditions, so that what is said of it must be general."""
    return Gate.G0 not in module.gates


def told_by_hand(module_ids: Collection[str], now: datetime) -> frozenset[tuple[int, str]]:
    """Give the (class id, module id) that the school told families about by hand in the last three days."""
    wanted = select(ParentPrompt.teaching_group_id, ParentPrompt.module_id).where(
        ParentPrompt.module_id.in_(module_ids),
        ParentPrompt.stop_reason == StopReason.SENT_BY_HAND,
        ParentPrompt.stopped_at > now - timedelta(days=TOLD_BY_HAND_DAYS),
    )
    return frozenset((row.teaching_group_id, row.module_id) for row in session().execute(wanted))


def waiting_prompts(now: datetime) -> list[WaitingPrompt]:
    """Give the prompts that wait, oldest first, each with its obstacle. Four statements."""
    today = clock.local(now).date()
    wanted = (
        select(ParentPrompt)
        .where(ParentPrompt.state == PromptState.WAITING)
        .options(joinedload(ParentPrompt.teaching_group).selectinload(TeachingGroup.years))
        .order_by(ParentPrompt.not_before, ParentPrompt.id)
    )
    rows = session().scalars(wanted).all()
    if not rows:
        return []
    holds = gates.holds()
    by_hand = told_by_hand({row.module_id for row in rows}, now)
    return [_waiting(row, holds, by_hand, today) for row in rows]


def _waiting(row: ParentPrompt, holds: Holds, by_hand: frozenset[tuple[int, str]], today: date) -> WaitingPrompt:
    module = live_module(row.module_id)
    group = row.teaching_group
    standing = Standing(
        row.state,
        module_is_live=module is not None,
        on_hold=module is not None and holds.stop(module, group.year_groups),
        told_by_hand=(group.id, row.module_id) in by_hand,
        class_ended=group.ended_on is not None and group.ended_on <= today,
    )
    gated = module is None or is_gated(module)
    return WaitingPrompt(row.id, group.id, row.module_id, group.year_groups, gated, row.not_before, obstacle_of(standing))


def may_go(prompts: Sequence[WaitingPrompt], *, ripe_at: datetime, by_hand: bool = False) -> list[WaitingPrompt]:
    """Give those that nothing stands in the way of and whose time has come.

    Sent by hand, the time to undo counts from the sending instead; what is gated waits for its day all the same.
    """
    return [
        prompt
        for prompt in prompts
        if prompt.obstacle is None and (prompt.not_before <= ripe_at or (by_hand and not prompt.gated))
    ]
