"""Whether a class's lesson may begin: what its gates ask for and what lacks, on the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eduprog.curriculum import catalogue
from eduprog.gates import queries as gates
from eduprog.gates.rules import Condition, asked_of, is_hard_stop, missing
from eduprog.planning.models import PlannedLesson


@dataclass(frozen=True)
class Readiness:
    """What lacks before a lesson. `stops` says that it may not begin, `asks` that somebody has to let it go on."""

    missing: tuple[Condition, ...] = ()
    stops: bool = False
    asks: bool = False


def readiness(planned: PlannedLesson, today: date) -> Readiness:
    """Give what lacks before a planned lesson (its class loaded) on a day. No statement for a lesson without gates.

    A lesson with sex education and no notice to parents never begins. Of anything else that lacks, the teacher is asked on
    the day of the lesson and later, once: looking at the slides before is free.
    """
    module, group = catalogue.current().module(planned.module_id), planned.teaching_group
    if not asked_of(module):
        return Readiness()
    teacher = planned.covered_by or group.lead_teacher_id
    met = gates.standing(group.academic_year_id).met(module, group.year_groups, [teacher])
    lacks = missing(module, met)
    due = planned.planned_on is not None and planned.planned_on <= today and not planned.recorded
    asks = bool(lacks) and due and not gates.went_ahead(group.id, module.id, today)
    return Readiness(lacks, is_hard_stop(module, met), asks)
