"""What is written in the library: how sure a teacher feels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.library.models import TeachingConfidence
from eduprog.library.rules.confidence import Confidence


class OnlyPeople(Refusal):
    """Only a person can say how sure they feel."""


def say_confidence(*, module_id: str, confidence: Confidence, by: Actor, now: datetime) -> TeachingConfidence:
    """Keep how sure a person feels about a module, in place of what they said before.

    No audit entry is written: who felt unsure when is nobody else's business. Raises OnlyPeople.
    """
    if by.person_id is None:
        raise OnlyPeople
    same = select(TeachingConfidence).where(
        TeachingConfidence.module_id == module_id, TeachingConfidence.person_id == by.person_id
    )
    said = session().scalars(same).one_or_none()
    if said is None:
        said = TeachingConfidence(module_id=module_id, person_id=by.person_id)
        session().add(said)
    said.confidence, said.said_at = confidence, now
    session().flush()
    return said
