"""What a roll-over would do, what it did, and whether it can still be undone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.delivery.models import Delivery, MissedLesson
from eduprog.families.models import ConsentRecord
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.organisations import queries as organisations
from eduprog.planning.models import PlannedLesson
from eduprog.school import queries as school
from eduprog.school.queries import ClassInYear
from eduprog.yearcycle.models import RollOver
from eduprog.yearcycle.rules import NextClass, OldClass, propose


@dataclass(frozen=True)
class NextYear:
    """The step that can be taken now: from which year to which, the classes of the first, and what is proposed for the second."""

    old: school.SchoolYear
    new: school.SchoolYear
    groups: Sequence[ClassInYear]
    proposed: Sequence[NextClass]


@dataclass(frozen=True)
class Obstacle:
    """Something recorded in the new year, and how often, because of which the roll-over stays."""

    what: str
    count: int


def roll_overs() -> Sequence[RollOver]:
    """Give the roll-overs of the school, the newest first, undone ones too."""
    return session().scalars(select(RollOver).order_by(RollOver.id.desc())).all()


def roll_over(roll_over_id: int) -> RollOver:
    """Give a roll-over. Raises NotHere."""
    found = session().scalars(select(RollOver).where(RollOver.id == roll_over_id)).one_or_none()
    if found is None:
        raise NotHere
    return found


def next_year(today: date) -> NextYear | None:
    """Give the step to the next academic year that stands open, with its proposal.

    None where no year with classes is followed by a known one that is not over, or where that step has been taken.
    """
    taken = {row.from_year_id for row in roll_overs() if row.undone_at is None}
    years = school.academic_years()
    for old, new in reversed(list(pairwise(years))):
        groups = _standing(old) if old.id not in taken and new.ends_on >= today else []
        if groups:
            phase = organisations.current_school().phase
            existing = [old_class(group) for group in _standing(new)]
            return NextYear(old, new, groups, propose([old_class(group) for group in groups], phase, existing))
    return None


def _standing(year: school.SchoolYear) -> list[ClassInYear]:
    return [group for group in school.classes_of_year(year.id) if group.ended_on is None]


def old_class(group: ClassInYear) -> OldClass:
    """Give a class as the rules of the roll-over see it."""
    return OldClass(group.id, group.name, group.year_groups, group.lead_teacher_id)


def obstacles_to_undo(new_group_ids: Collection[int]) -> list[Obstacle]:
    """Give what was recorded for classes of the new year; empty while a roll-over can be undone. Four statements."""
    of_classes = select(PlannedLesson.id).where(PlannedLesson.teaching_group_id.in_(new_group_ids))
    found = [
        ("lesson recorded", select(func.count(Delivery.id)).where(Delivery.teaching_group_id.in_(new_group_ids))),
        ("lesson not taught", select(func.count(MissedLesson.id)).where(MissedLesson.planned_lesson_id.in_(of_classes))),
        (
            "follow-up done or left out",
            select(func.count(FollowUp.id)).where(
                FollowUp.teaching_group_id.in_(new_group_ids), FollowUp.state.in_((FollowUpState.DONE, FollowUpState.SKIPPED))
            ),
        ),
        (
            "family that asked to join a class",
            select(func.count(ConsentRecord.id)).where(ConsentRecord.teaching_group_id.in_(new_group_ids)),
        ),
    ]
    counted = [Obstacle(what, session().scalar(wanted) or 0) for what, wanted in found]
    return [one for one in counted if one.count]
