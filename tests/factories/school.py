"""The smallest valid rows of the school's calendar and classes."""

from __future__ import annotations

from datetime import date
from typing import Any

from eduprog.core import clock
from eduprog.curriculum.vocabulary import Stage
from eduprog.school.models import AcademicYear, Closure, TeachingGroup
from eduprog.school.rules import ClosureKind


def an_academic_year(**changes: Any) -> AcademicYear:
    """The year 2026/27, without half-terms."""
    return AcademicYear(**{"starts_on": date(2026, 9, 1), "ends_on": date(2027, 7, 21), **changes})


def a_teaching_group(academic_year_id: int, **changes: Any) -> TeachingGroup:
    """A class of an academic year that does not meet yet."""
    return TeachingGroup(**{"academic_year_id": academic_year_id, "name": "1 Oak", "stage": Stage.K1, **changes})


def a_closure(**changes: Any) -> Closure:
    """An INSET day."""
    return Closure(**{"day": date(2026, 10, 12), "kind": ClosureKind.INSET, "added_at": clock.now(), **changes})
