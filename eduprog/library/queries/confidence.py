"""How sure teachers feel: one's own answer, and counts that name nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.core.permissions import Actor
from eduprog.library.models import TeachingConfidence
from eduprog.library.rules.confidence import FEWEST_PEOPLE, Confidence, about


@dataclass(frozen=True)
class TrainingNeed:
    """How sure the people of a school who said so feel about a module; at least five did. Shares in words, no count."""

    module_id: str
    shares: Mapping[Confidence, str]


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
    fifths: dict[str, int] = {}
    needs = []
    for module_id, counts in said.items():
        of = sum(counts.values())
        if of >= FEWEST_PEOPLE:
            fifths[module_id] = round(5 * counts[Confidence.HELP] / of)
            needs.append(TrainingNeed(module_id, {one: about(count, of) for one, count in counts.items()}))
    return sorted(needs, key=lambda need: (-fifths[need.module_id], need.module_id))
