"""Plan the year for classes by their schemes of work, and undo a planning run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from eduprog.core import audit, clock
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning import queries
from eduprog.planning.actions.figures import change_of_plan, counted_in_runs
from eduprog.planning.actions.report import Missing, PlanReport
from eduprog.planning.actions.requests import Requests
from eduprog.planning.actions.storing import new_run, store_places
from eduprog.planning.models import PlannedLesson, PlanningChange
from eduprog.planning.queries import Row
from eduprog.planning.rules import Place, Placed, Placer, PlanState, RunKind, WhyUnplaced
from eduprog.school import queries as school
from eduprog.school.models import TeachingGroup
from eduprog.school.rules import HalfTermBlock
from eduprog.tallies import actions as tallies
from eduprog.tallies.actions import TallyChange


class NotTheLastRun(Refusal):
    """Only the last planning run can be undone, and only once."""


@dataclass
class _Work:
    """What a run is about to write."""

    added: list[tuple[int, Placed]] = field(default_factory=list)
    counted: dict[tuple[YearGroup, ...], Counter[tuple[str, HalfTermBlock]]] = field(default_factory=dict)
    runs: dict[int | None, list[tuple[str, HalfTermBlock, int]]] = field(default_factory=dict)
    changes: list[TallyChange] = field(default_factory=list)
    placed: list[tuple[Row, Place]] = field(default_factory=list)
    dropped: list[tuple[Row, TeachingGroup]] = field(default_factory=list)
    groups: dict[int, TeachingGroup] = field(default_factory=dict)

    def add(self, group: TeachingGroup, placed: Placed) -> None:
        """Add lessons, and count them for the roll-ups: a lesson once, however many parts it has."""
        if placed.places:
            self.added.append((group.id, placed))
            if placed.alike is None or placed.alike not in self.runs:
                self.runs[placed.alike] = counted_in_runs(placed.places)
            counted = self.counted.setdefault(group.year_groups, Counter())
            for module_id, block, number in self.runs[placed.alike]:
                counted[module_id, block] += number


def plan_year(
    *,
    academic_year: school.AnyYear,
    groups: Sequence[TeachingGroup],
    by: Actor,
    now: datetime,
    not_before: date | None = None,
    kind: RunKind = RunKind.ADD,
) -> PlanReport:
    """Plan the year for these classes by their schemes of work. Planning twice changes nothing.

    ADD adds what is missing and tries again for what found no day; what stands stays. AGAIN also places anew what may move:
    what was taught, what was moved by hand, and what lies before `not_before` stays. Nothing is planned before `not_before`.
    """
    facts = queries.plan_facts(academic_year.id)
    begun = {_lesson_of(row) for held in facts.rows.values() for row in held if row.recorded}
    held_rows = [
        row for group in groups for row in facts.rows.get(group.id, ()) if not (row.part == 1 and _lesson_of(row) in begun)
    ]
    free = {row.id for row in held_rows if _may_move(row, kind, not_before)}
    requests = Requests(academic_year, groups, facts, school.calendar(), today=clock.local(now).date(), not_before=not_before)
    placer = Placer(facts.diary(free))
    report, work = PlanReport(), _Work()
    for group in groups:
        held = facts.rows.get(group.id, ())
        request = requests.of_class(group, [row for row in held if row.id not in free], [row for row in held if row.id in free])
        if request is None:
            report.kept += len(held)
            continue
        placed = placer.place(request)
        _tell(group, [place for place in placed.places if place[2] is None or place[4]], report)
        if free and any(row.id in free for row in held):
            _take_up(group, placed.places, [row for row in held if row.id in free], kind, work, report)
        else:
            work.add(group, placed)
        report.kept += sum(row.id not in free for row in held)
    _write(academic_year, work, report, kind, by, now)
    return report


def _lesson_of(row: Row) -> tuple[int, str, int]:
    return (row.group_id, row.module_id, row.lesson_number)


def _may_move(row: Row, kind: RunKind, not_before: date | None) -> bool:
    if row.make_good_of is not None or row.recorded or row.why is WhyUnplaced.NEXT_YEAR:
        return False
    if row.state is PlanState.UNPLACED:
        return True
    past = not_before is not None and row.day is not None and row.day < not_before
    return kind is RunKind.AGAIN and not row.moved_by_hand and row.covered_by is None and not past


def _take_up(
    group: TeachingGroup, places: Sequence[Place], free: Sequence[Row], kind: RunKind, work: _Work, report: PlanReport
) -> None:
    """Compare what was placed with what stood: what is the same stays as it is."""
    work.groups[group.id] = group
    waiting = {(row.module_id, row.lesson_number, row.part): row for row in free}
    before, added, doubtful = len(work.placed), list[Place](), list[tuple[Row, Place]]()
    for place in places:
        row = waiting.pop((place.wanted.module_id, place.wanted.lesson_number, place.part), None)
        if row is None:
            added.append(place)
        elif _moves(row, place):
            work.placed.append((row, place))
        elif row.why is not place.why:
            doubtful.append((row, place))
        else:
            report.kept += 1
    work.add(group, Placed(added))
    if added or len(work.placed) > before:  # another reason alone is no change: planning twice changes nothing
        work.placed += doubtful
    placed = {(place.wanted.module_id, place.wanted.lesson_number) for place in places}
    for row in waiting.values():
        if kind is RunKind.AGAIN or (row.module_id, row.lesson_number) in placed:
            work.dropped.append((row, group))
        else:
            report.kept += 1


def _moves(row: Row, place: Place) -> bool:
    if place.meeting is None:
        return row.state is not PlanState.UNPLACED
    return (row.day, row.starts_at, row.minutes, row.block) != (
        place.meeting.day, place.meeting.starts_at, place.minutes, place.meeting.block,
    )  # fmt: skip


def _tell(group: TeachingGroup, places: Iterable[Place], report: PlanReport) -> None:
    for place in places:
        named = (group.name, place.wanted.module_id, place.wanted.lesson_number)
        if place.meeting is None:
            assert place.why is not None
            report.unplaced.append(named)
            report.missing.append(Missing(group.id, *named, place.part, place.why))
        else:
            report.late.append(named)


def _write(academic_year: school.AnyYear, work: _Work, report: PlanReport, kind: RunKind, by: Actor, now: datetime) -> None:
    report.added = sum(len(placed.places) for _, placed in work.added)
    report.moved, report.withdrawn = len(work.placed), len(work.dropped)
    if not (work.added or work.placed or work.dropped):
        return
    run_id = report.run_id = new_run(
        academic_year_id=academic_year.id, kind=kind, made_at=now, made_by=by.person_id, added=report.added, moved=report.moved,
        withdrawn=report.withdrawn, unplaced=len(report.missing),
    )  # fmt: skip
    _change_rows(run_id, work, academic_year.id)
    store_places(work.added, run_id=run_id, now=now)
    tallies.apply([*work.changes, *_figures(work, academic_year.id)])
    audit.record(
        act="year planned", subject="academic_year", subject_id=academic_year.id, by=by, at=now, lessons=report.added,
        moved=report.moved, withdrawn=report.withdrawn, kind=kind,
    )  # fmt: skip


def _figures(work: _Work, academic_year_id: int) -> list[TallyChange]:
    """Give what the added lessons change in the roll-ups."""
    curriculum = catalogue.current()
    return [
        TallyChange(academic_year_id, years, curriculum.module(module_id).strand, block, planned=number)
        for years, counted in work.counted.items()
        for (module_id, block), number in counted.items()
    ]


def _change_rows(run_id: int, work: _Work, academic_year_id: int) -> None:
    found = queries.rows_by_id([row.id for row, _ in (*work.placed, *work.dropped)])
    for row, group in work.dropped:
        _note(run_id, found[row.id])
        found[row.id].state, found[row.id].why_unplaced = PlanState.WITHDRAWN, None
        _count(found[row.id], group, academic_year_id, -1, work.changes)
    for row, place in work.placed:
        lesson, group = found[row.id], work.groups[row.group_id]
        _note(run_id, lesson)
        _count(lesson, group, academic_year_id, -1, work.changes)
        _put(lesson, place)
        _count(lesson, group, academic_year_id, 1, work.changes)
    if work.dropped or work.placed:
        session().flush()  # what is withdrawn makes room for what is added


def _note(run_id: int, lesson: PlannedLesson) -> None:
    session().add(
        PlanningChange(
            planning_run_id=run_id, planned_lesson_id=lesson.id, was_on=lesson.planned_on, was_at=lesson.starts_at,
            was_minutes=lesson.minutes, was_block=lesson.block, was_state=lesson.state, was_unplaced=lesson.why_unplaced,
            left_version=lesson.version + 1,
        )
    )  # fmt: skip


def _put(lesson: PlannedLesson, place: Place) -> None:
    meeting = place.meeting
    lesson.state = PlanState.PLANNED if meeting else PlanState.UNPLACED
    lesson.why_unplaced = place.why
    lesson.planned_on = meeting.day if meeting else None
    lesson.starts_at = meeting.starts_at if meeting else None
    lesson.minutes = place.minutes if meeting else None
    lesson.block = meeting.block if meeting else place.wanted.block


def _count(lesson: PlannedLesson, group: TeachingGroup, academic_year_id: int, by: int, changes: list[TallyChange]) -> None:
    if lesson.part < 2 and lesson.make_good_of is None:
        changes.append(change_of_plan(group, lesson.module_id, lesson.block, academic_year_id, by))


def undo_run(*, run_id: int, by: Actor, now: datetime) -> PlanReport:
    """Undo the last planning run: what it added is withdrawn, what it moved goes back. What was taught, moved or covered since
    then stays, and is counted as kept. Raises NotHere or NotTheLastRun.
    """
    run = queries.planning_run(run_id)
    last = queries.last_run(run.academic_year_id)
    if last is None or last.id != run.id:
        raise NotTheLastRun
    report, changes = PlanReport(run_id=run.id), list[TallyChange]()
    held = queries.changes_of(run.id)
    added = queries.added_by(run.id)
    groups = school.groups_of_year(run.academic_year_id)
    by_id = {group.id: group for group in groups}
    begun = {(row.teaching_group_id, row.module_id, row.lesson_number) for row in added if row.recorded}
    for lesson in added:
        if lesson.state is PlanState.WITHDRAWN:
            continue
        taught = (lesson.teaching_group_id, lesson.module_id, lesson.lesson_number) in begun
        if taught or lesson.moved_by_hand or lesson.covered_by is not None:
            report.kept += 1
            continue
        _count(lesson, by_id[lesson.teaching_group_id], run.academic_year_id, -1, changes)
        lesson.state, lesson.why_unplaced = PlanState.WITHDRAWN, None
        report.withdrawn += 1
    session().flush()
    _put_back(held, by_id, run.academic_year_id, changes, report)
    run.undone_at = now
    session().flush()
    tallies.apply(changes)
    audit.record(act="planning undone", subject="planning_run", subject_id=run.id, by=by, at=now, withdrawn=report.withdrawn)
    return report


def _put_back(
    held: Sequence[PlanningChange],
    groups: Mapping[int, TeachingGroup],
    academic_year_id: int,
    changes: list[TallyChange],
    report: PlanReport,
) -> None:
    rows = queries.rows_by_id([change.planned_lesson_id for change in held])
    standing = _standing_keys({row.teaching_group_id for row in rows.values()})
    for change in held:
        lesson = rows[change.planned_lesson_id]
        back = lesson.state is PlanState.WITHDRAWN and change.was_state is not PlanState.WITHDRAWN
        key = (lesson.teaching_group_id, lesson.module_id, lesson.lesson_number, lesson.part)
        if lesson.version != change.left_version or lesson.recorded or (back and key in standing):
            report.kept += 1
            continue
        if not back:
            _count(lesson, groups[lesson.teaching_group_id], academic_year_id, -1, changes)
        lesson.state, lesson.why_unplaced, lesson.block = change.was_state, change.was_unplaced, change.was_block
        lesson.planned_on, lesson.starts_at, lesson.minutes = change.was_on, change.was_at, change.was_minutes
        _count(lesson, groups[lesson.teaching_group_id], academic_year_id, 1, changes)
        report.moved += 1


def _standing_keys(group_ids: Collection[int]) -> set[tuple[int, str, int, int]]:
    return {
        (row.teaching_group_id, row.module_id, row.lesson_number, row.part)
        for row in queries.lessons_of_classes(group_ids)
        if row.make_good_of is None
    }
