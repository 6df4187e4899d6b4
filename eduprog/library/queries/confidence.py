"""How sure teachers feel: one's own answer, and counts that name nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.library.models import TeachingConfidence
from eduprog.library.rules.confidence import FEWEST_PEOPLE, Confidence


@dataclass(frozen=True)
class TrainingNeed:
    """How many people of a school said how sure they feel about a module; at least five did."""

    module_id: str
    people: int
    counts: Mapping[Confidence, int]


def own_confidence(module_id: str, of: Actor) -> Confidence | None:
    """Give what this person said of a module, or None."""
    asked = select(TeachingConfidence.confidence)
    return session().scalar(asked.where(TeachingConfidence.module_id == module_id, TeachingConfidence.person_id == of.person_id))


def training_needs() -> Sequence[TrainingNeed]:
    """Give the modules of which at least five people said how sure they feel, those where most would like help first."""
    asked = select(TeachingConfidence.module_id, TeachingConfidence.confidence, func.count())
    rows = session().execute(asked.group_by(TeachingConfidence.module_id, TeachingConfidence.confidence))
    said: dict[str, dict[Confidence, int]] = {}
    for module_id, confidence, people in rows:
        said.setdefault(module_id, dict.fromkeys(Confidence, 0))[confidence] = people
    needs = [TrainingNeed(module_id, sum(counts.values()), counts) for module_id, counts in said.items()]
    shown = [need for need in needs if need.people >= FEWEST_PEOPLE]
    return sorted(shown, key=lambda need: (-need.counts[Confidence.HELP] / need.people, need.module_id))
