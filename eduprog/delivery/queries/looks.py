"""Which planned lessons the safeguarding lead wants to be asked about first."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.delivery.models import FirstLook


def first_looks(planned_lesson_ids: Collection[int]) -> frozenset[int]:
    """Give which of these planned lessons the safeguarding lead wants to be asked about first. One statement."""
    wanted = select(FirstLook.planned_lesson_id).where(FirstLook.cleared_at.is_(None))
    return frozenset(session().scalars(wanted.where(FirstLook.planned_lesson_id.in_(planned_lesson_ids))))


def standing_looks() -> frozenset[int]:
    """Give every planned lesson the safeguarding lead wants to be asked about first. One statement."""
    return frozenset(session().scalars(select(FirstLook.planned_lesson_id).where(FirstLook.cleared_at.is_(None))))


def standing_look(planned_lesson_id: int) -> FirstLook | None:
    """Give the safeguarding lead's "see me first" that stands on a planned lesson."""
    wanted = select(FirstLook).where(FirstLook.planned_lesson_id == planned_lesson_id, FirstLook.cleared_at.is_(None))
    return session().scalars(wanted).one_or_none()
