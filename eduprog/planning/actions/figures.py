"""What a planned lesson changes in the roll-ups."""

from __future__ import annotations

from collections.abc import Iterable

from eduprog.curriculum import catalogue
from eduprog.planning import queries
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import Place
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies import actions as tallies
from eduprog.tallies.actions import TallyChange


def change_of_plan(group: TeachingGroup, module_id: str, block: HalfTermBlock, academic_year_id: int, by: int) -> TallyChange:
    """Give what one planned lesson more (or less) changes in the roll-ups."""
    strand = catalogue.current().module(module_id).strand
    return TallyChange(academic_year_id, group.year_groups, strand, block, planned=by)


def counted_in_runs(places: Iterable[Place]) -> list[tuple[str, HalfTermBlock, int]]:
    """Count lessons that follow one another in the same module and half-term; of a lesson in parts the first counts."""
    found: list[tuple[str, HalfTermBlock, int]] = []
    module_id, block, number = "", None, 0
    for wanted, part, meeting, _why, _late in places:
        at = meeting.block if meeting else wanted.block
        if block is not None and (at is not block or wanted.module_id != module_id):
            found.append((module_id, block, number))
            number = 0
        module_id, block = wanted.module_id, at
        number += part < 2
    return [*found, (module_id, block, number)] if block is not None else found


def is_counted(lesson: PlannedLesson) -> bool:
    """Say whether a planned lesson counts for itself: the first part for the whole lesson, the original for its make-good."""
    return lesson.make_good_of is None and lesson.part < 2


def count_move(lesson: PlannedLesson, group: TeachingGroup, to: HalfTermBlock) -> HalfTermBlock:
    """Move a planned lesson to another cell of the roll-ups; give the half-term it counts in from now on.

    The first part of a lesson of which another part was taught stays where it counts: what was taught is counted there.
    """
    if lesson.part == 1 and _has_begun(lesson):
        return lesson.block
    if is_counted(lesson) and to is not lesson.block:
        tallies.apply(
            [
                change_of_plan(group, lesson.module_id, lesson.block, group.academic_year_id, -1),
                change_of_plan(group, lesson.module_id, to, group.academic_year_id, 1),
            ]
        )
    return to


def _has_begun(lesson: PlannedLesson) -> bool:
    others = queries.lessons_of_class(lesson.teaching_group_id)
    return any(one.recorded and (one.module_id, one.lesson_number) == (lesson.module_id, lesson.lesson_number) for one in others)
