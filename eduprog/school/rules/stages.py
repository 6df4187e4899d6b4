"""In which stage's lessons a class may be taught, and after which year group pupils leave."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from eduprog.curriculum.vocabulary import Stage, YearGroup, stage_of
from eduprog.organisations.rules import Phase

YOUNGER_BY_AT_MOST = 3


class StageReason(StrEnum):
    """Why a class is taught in another stage than its age: a closed list, about the class and never about a child."""

    SPECIAL_SCHOOL = "special_school"
    ALTERNATIVE_PROVISION = "alternative_provision"
    RESOURCE_BASE = "resource_base"

    @property
    def label(self) -> str:
        """The words used on pages."""
        return {
            StageReason.SPECIAL_SCHOOL: "Special school",
            StageReason.ALTERNATIVE_PROVISION: "Alternative provision",
            StageReason.RESOURCE_BASE: "Resource base",
        }[self]


def stages_by_age(years: Iterable[YearGroup]) -> tuple[Stage, ...]:
    """Give the stages these year groups belong to by age, youngest first."""
    found = {stage_of(year) for year in years}
    return tuple(stage for stage in Stage if stage in found)


def stages_allowed(years: Iterable[YearGroup]) -> tuple[Stage, ...]:
    """Give the stages a class of these year groups may be taught in, youngest first; none for a class without year groups.

    Those of its age, and with a reason the three before them: never an older one, whose lessons may not be right for its age.
    """
    own = stages_by_age(years)
    if not own:
        return ()
    order = list(Stage)
    first = max(order.index(own[0]) - YOUNGER_BY_AT_MOST, 0)
    return tuple(order[first : order.index(own[-1]) + 1])


def leaves_school(year: YearGroup, phase: Phase) -> bool:
    """Tell whether pupils of a year group leave a school of this phase in July."""
    return year.next is None or (phase is Phase.PRIMARY and year is YearGroup.Y6)
