"""What each member of staff has to do, read for a whole school at once and as it stands at this moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from eduprog.curriculum import catalogue
from eduprog.delivery import queries as delivery
from eduprog.followups import queries as followups
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.gates import queries as gates
from eduprog.gates.queries import Holds
from eduprog.gates.rules import Condition
from eduprog.planning import queries as planning
from eduprog.planning.models import PlannedLesson
from eduprog.reminders.rules import FollowUpLine, LessonLine, OwnDuties
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup

_Row = TypeVar("_Row")
_Line = TypeVar("_Line")
ByPerson = Mapping[int, tuple[_Line, ...]]


@dataclass(frozen=True)
class Duties:
    """The duties of a school's staff by the id of who has them; what nobody has is left out."""

    lessons: ByPerson[LessonLine] = field(default_factory=dict)
    follow_ups: ByPerson[FollowUpLine] = field(default_factory=dict)
    missing: ByPerson[LessonLine] = field(default_factory=dict)
    overdue: ByPerson[FollowUpLine] = field(default_factory=dict)

    def of(self, person_id: int) -> OwnDuties:
        """Give what one person has to do."""
        lines = (self.lessons, self.follow_ups, self.missing, self.overdue)
        lessons, follow_ups, missing, overdue = (held.get(person_id, ()) for held in lines)
        return OwnDuties(lessons, follow_ups, missing, overdue)  # type: ignore[arg-type]  # queries give Sequences


def duties(*, first: date, last: date, today: date, since: date) -> Duties:
    """Give the lessons and follow-ups of a span of days that are not done, and those of `since` to yesterday that wait.

    A follow-up on hold is nobody's duty; a lesson on hold is told as that. A fixed number of statements.
    """
    holds = gates.holds()
    due = [row for row in followups.due_between(first, last) if row.state is FollowUpState.DUE]
    overdue = followups.overdue_on(today, since=since)
    give = _givers([*due, *overdue])
    return Duties(
        lessons=_gathered(_to_teach(first, last), _teacher_of, lambda row: lesson_line(row, holds)),
        follow_ups=_gathered(_not_held(due, holds), give, _follow_up_line),
        missing=_gathered(delivery.unrecorded_before(today, since=since), _teacher_of, lambda row: lesson_line(row, holds)),
        overdue=_gathered(_not_held(overdue, holds), give, _follow_up_line),
    )


def missing_records(*, before: date, since: date) -> ByPerson[LessonLine]:
    """Give the lessons of days before that one that nobody recorded and that are not on hold, by teacher."""
    holds = gates.holds()
    rows = delivery.unrecorded_before(before, since=since)
    free = [row for row in rows if not _is_held(row.module_id, row.teaching_group, holds)]
    return _gathered(free, _teacher_of, lambda row: lesson_line(row, holds))


def sensitive_lessons(*, first: date, last: date, academic_year_id: int | None) -> tuple[LessonLine, ...]:
    """Give the lessons of a span of days that ask for conditions and are not taught yet, by day."""
    holds = gates.holds()
    met = gates.conditions_met(academic_year_id) if academic_year_id is not None else {}
    lines = []
    for row in _to_teach(first, last):
        if "G0" not in catalogue.current().module(row.module_id).gates:
            years = row.teaching_group.year_groups
            told = bool(years) and all(Condition.DSL_TOLD in met.get((row.module_id, year), frozenset()) for year in years)
            lines.append(lesson_line(row, holds, dsl_told=told))
    return tuple(lines)


def _to_teach(first: date, last: date) -> Sequence[PlannedLesson]:
    planned = planning.lessons_between(first, last)
    taught = delivery.of_planned_lessons([row.id for row in planned])
    return [row for row in planned if row.id not in taught]


def lesson_line(row: PlannedLesson, holds: Holds, *, dsl_told: bool = False) -> LessonLine:
    """Give a planned lesson that has a day (its class loaded) as a line."""
    assert row.planned_on is not None
    module, group = catalogue.current().module(row.module_id), row.teaching_group
    gated = "G0" not in module.gates
    return LessonLine(
        row.id, module.id, "" if gated else module.title, row.lesson_number, row.part, group.name, _years(group), row.planned_on,
        row.starts_at, row.covered_by is not None, gated, holds.stop(module, group.year_groups), dsl_told,
    )  # fmt: skip


def _follow_up_line(row: FollowUp) -> FollowUpLine:
    assert row.due_on is not None
    module, group = catalogue.current().module(row.module_id), row.teaching_group
    return FollowUpLine(
        row.id, module.id, module.title if "G0" in module.gates else "", row.point, module.follow_ups[row.point].minutes,
        group.name, _years(group), row.due_on,
    )  # fmt: skip


def _years(group: TeachingGroup) -> str:
    return " and ".join(year.label for year in group.year_groups)


def _teacher_of(row: PlannedLesson) -> int | None:
    return row.covered_by or row.teaching_group.lead_teacher_id


def _givers(rows: Sequence[FollowUp]) -> Callable[[FollowUp], int | None]:
    """Give the function that says who gives a follow-up: the owner named for the class, else the lead of its host."""
    hosts = school.groups_by_id({row.teaching_group.host_group_id for row in rows if row.teaching_group.host_group_id})

    def giver(row: FollowUp) -> int | None:
        group = row.teaching_group
        host = hosts.get(group.host_group_id, group) if group.host_group_id else group
        return group.host_owner_id or host.lead_teacher_id

    return giver


def _not_held(rows: Iterable[FollowUp], holds: Holds) -> list[FollowUp]:
    return [row for row in rows if not _is_held(row.module_id, row.teaching_group, holds)]


def _is_held(module_id: str, group: TeachingGroup, holds: Holds) -> bool:
    return holds.stop(catalogue.current().module(module_id), group.year_groups)


def _gathered(
    rows: Iterable[_Row], whose: Callable[[_Row], int | None], line: Callable[[_Row], _Line]
) -> dict[int, tuple[_Line, ...]]:
    found: dict[int, list[_Line]] = defaultdict(list)
    for row in rows:
        person_id = whose(row)
        if person_id is not None:
            found[person_id].append(line(row))
    return {person_id: tuple(lines) for person_id, lines in found.items()}
