"""A school of sixty classes with three years of history, written in bulk: planned, delivered, followed up, counted.

It teaches our modules where the programme puts them, and for the rest of forty lessons a year a scheme it bought.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection

from eduprog.core.db import Base
from eduprog.core.permissions import Role
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import FollowUpPoint, HalfTermBlock, Nation, Strand, YearGroup, stage_of
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups.rules import FollowUpState, PlacementState
from eduprog.organisations.rules import Phase
from eduprog.planning.rules import PlanState
from eduprog.school.rules import SlotKind, WeekLetterRule

YEARS = (2024, 2025, 2026)
CLASSES = 60
LESSONS = 40
TODAY = date(2027, 3, 2)
NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
TOKEN = "a-token-of-the-bench"
_BLOCK_STARTS = ((9, 2), (11, 2), (1, 4), (2, 22), (4, 12), (6, 7))
_BATCH = 1000
_WRITTEN = ("teaching_group", "teaching_group_year", "meeting_slot", "planned_lesson", "delivery", "follow_up")
LED_BY_ONE = 12
"""Classes that the person who is signed in leads, as a specialist does."""
LEAD_ROLES = (Role.PROGRAMME_LEAD, Role.TEACHER, Role.SAFEGUARDING_LEAD, Role.SENIOR_LEADER, Role.SCHOOL_ADMIN)


@dataclass(frozen=True)
class Taught:
    """A lesson of a year group: its module, its number there and whether it is the module's last."""

    module_id: str
    number: int
    strand: Strand
    is_last: bool
    is_ours: bool


@dataclass(frozen=True)
class BigSchool:
    """The ids a measurement needs; `strand_of` names the strand of each module."""

    school_id: int
    year_ids: tuple[int, ...]
    strand_of: dict[str, Strand]
    classes: int
    years: tuple[int, ...] = YEARS

    @property
    def lead_id(self) -> int:
        """Give who is signed in."""
        return self.school_id * 100

    def group_id(self, number: int, *, year: int = -1) -> int:
        """Give the id of a class of a year, counted from nought."""
        return self.year_ids[year] * 1000 + number


def fill(connection: Connection, *, school_id: int = 1, classes: int = CLASSES, years: Sequence[int] = YEARS) -> BigSchool:
    """Write the school, with somebody signed in who sees all of it, by the cookie `TOKEN`."""
    rng = random.Random(school_id)
    _people(connection, school_id, classes)
    lessons = {year: lessons_of(year) for year in YearGroup}
    _scheme_it_bought(connection, school_id, lessons)
    year_ids = []
    for index, starts in enumerate(years):
        year_id = (school_id - 1) * len(years) + index + 1
        year_ids.append(year_id)
        _academic_year(connection, school_id, year_id, starts)
        _classes(connection, rng, school_id, year_id, starts, lessons, classes)
    strand_of = {one.module_id: one.strand for several in lessons.values() for one in several}
    return BigSchool(school_id, tuple(year_ids), strand_of, classes, tuple(years))


def lessons_of(year: YearGroup) -> list[Taught]:
    """Give the forty lessons of a year group: ours, then those of the scheme that was bought."""
    ours = [
        Taught(module.id, lesson.number, module.strand, lesson.number == len(module.lessons), True)
        for module in catalogue.current().all_modules
        if module.is_live and not module.is_closed and module.years[0] is year
        for lesson in module.lessons
    ]
    strands = list(Strand)
    bought = range(LESSONS - len(ours))
    named = f"OWN{year.value.removeprefix('Y')}"
    return ours + [Taught(f"{named}-{n}", 1, strands[n % len(strands)], True, False) for n in bought]


def _scheme_it_bought(connection: Connection, school_id: int, lessons: dict[YearGroup, list[Taught]]) -> None:
    blocks = list(HalfTermBlock)
    write(connection, "mapped_lesson", [
        {
            "school_id": school_id, "module_id": one.module_id, "source": "Bright Steps", "title": f"Bright step {place}",
            "year_group": year, "block": blocks[place % len(blocks)], "minutes": 45, "strand": one.strand,
            "tags": {"skills": [], "methods": [], "clauses": []}, "added_by": school_id * 100, "added_at": NOW, "revision": 1,
        }
        for year, several in lessons.items() for place, one in enumerate(several) if not one.is_ours
    ])  # fmt: skip


def _people(connection: Connection, school_id: int, classes: int) -> None:
    common = {"created_at": NOW}
    write(connection, "school", [{
        "id": school_id, "name": "Riverbank All-through School", "slug": f"riverbank-{school_id}", "nation": Nation.ENGLAND,
        "phase": Phase.ALL_THROUGH, "contact_email": "office@riverbank.example", "contact_phone": "01632 960001", **common,
    }])  # fmt: skip
    people = [
        {"id": school_id * 100 + n, "email": f"p{n}@s{school_id}.example", "name": f"Person {n}", "site_admin": False, **common}
        for n in range(classes)
    ]
    write(connection, "person", people)
    lead = people[0]["id"]
    write(connection, "membership", [
        {"school_id": school_id, "person_id": lead, "role": role, "started_at": NOW} for role in LEAD_ROLES
    ])  # fmt: skip
    write(connection, "membership", [
        {"school_id": school_id, "person_id": one["id"], "role": Role.TEACHER, "started_at": NOW} for one in people[1:]
    ])  # fmt: skip
    signed_in(connection, f"{TOKEN}{'' if school_id == 1 else school_id}", person_id=lead, school_id=school_id)


def signed_in(
    connection: Connection, token: str, *, person_id: int, school_id: int | None = None, school_group_id: int | None = None
) -> None:
    """Write a session of a person, in a school, a group or neither, that a browser opens by the token."""
    held = {
        "token_hash": hashlib.sha256(token.encode()).hexdigest(), "person_id": person_id, "school_id": school_id,
        "school_group_id": school_group_id, "started_at": NOW, "expires_at": NOW + timedelta(hours=12), "proved_at": NOW,
    }  # fmt: skip
    added = connection.execute(insert(Base.metadata.tables["sign_in_session"]).values(held))
    write(connection, "session_seen", [{"session_id": added.inserted_primary_key[0], "seen_at": NOW}])


def _academic_year(connection: Connection, school_id: int, year_id: int, starts: int) -> None:
    write(connection, "academic_year", [{
        "id": year_id, "school_id": school_id, "starts_on": date(starts, 9, 1), "ends_on": date(starts + 1, 7, 21),
        "week_cycle": 1, "week_letter_rule": WeekLetterRule.CALENDAR_WEEKS,
    }])  # fmt: skip
    spans = [
        (block, date(starts + (month < 9), month, day)) for block, (month, day) in zip(HalfTermBlock, _BLOCK_STARTS, strict=True)
    ]
    write(connection, "half_term", [
        {
            "school_id": school_id, "academic_year_id": year_id, "block": block, "first_day": first,
            "last_day": first + timedelta(days=37),
        }
        for block, first in spans
    ])  # fmt: skip


def _classes(
    connection: Connection,
    rng: random.Random,
    school_id: int,
    year_id: int,
    starts: int,
    lessons: dict[YearGroup, list[Taught]],
    classes: int,
) -> None:
    written: dict[str, list[dict[str, object]]] = {name: [] for name in _WRITTEN}
    cells: dict[tuple[YearGroup, Strand, HalfTermBlock], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    members = list(YearGroup)
    for number in range(classes):
        group_id = year_id * 1000 + number
        year = members[number % len(members)]
        shared = {"school_id": school_id, "teaching_group_id": group_id}
        written["teaching_group"].append({
            "id": group_id, "school_id": school_id, "academic_year_id": year_id, "name": f"{year.short} {number}",
            "stage": stage_of(year), "size": 28, "version": 1,
            "lead_teacher_id": school_id * 100 + (0 if number < LED_BY_ONE else number),
        })  # fmt: skip
        written["teaching_group_year"].append({**shared, "year_group": year})
        written["meeting_slot"].append(
            {**shared, "weekday": number % 5, "starts_at": time(9, 30), "minutes": 60, "kind": SlotKind.PSHE}
        )
        for place, lesson in enumerate(lessons[year]):
            block, on = _day(starts, place)
            outcome = _outcome(rng, on)
            _lesson(written, shared, group_id * 100 + place, lesson, (block, on), outcome)
            _count(cells[year, lesson.strand, block], outcome)
    for table, rows in written.items():
        write(connection, table, rows)
    _tallies(connection, school_id, year_id, cells)


def _day(starts: int, place: int) -> tuple[HalfTermBlock, date]:
    number = place % len(_BLOCK_STARTS)
    month, day = _BLOCK_STARTS[number]
    return list(HalfTermBlock)[number], date(starts + (month < 9), month, day) + timedelta(days=7 * (place // 6 % 5))


def _lesson(
    written: dict[str, list[dict[str, object]]],
    shared: dict[str, int],
    lesson_id: int,
    lesson: Taught,
    when: tuple[HalfTermBlock, date],
    outcome: LessonOutcome | None,
) -> None:
    block, on = when
    about = {"id": lesson_id, **shared, "module_id": lesson.module_id, "lesson_number": lesson.number, "block": block}
    written["planned_lesson"].append({
        **about, "planned_on": on, "moved_by_hand": False, "version": 1, "state": PlanState.PLANNED, "planned_at": NOW,
        "recorded": outcome is not None,
    })  # fmt: skip
    if outcome is None:
        return
    written["delivery"].append({
        **about, "planned_lesson_id": lesson_id, "revision": 1, "taught_on": on, "outcome": outcome, "minutes": 45,
        "taught_by": None, "recorded_at": NOW,
    })  # fmt: skip
    if lesson.is_last and (lesson.is_ours or lesson_id % 4 == 0):
        written["follow_up"] += [_follow_up(shared, lesson.module_id, lesson_id, point, on) for point in FollowUpPoint]


def _count(cell: list[int], outcome: LessonOutcome | None) -> None:
    cell[0] += 1
    if outcome is not None:
        cell[2 if outcome is LessonOutcome.PART_TAUGHT else 1] += 1
        cell[3] += 45


def _outcome(rng: random.Random, on: date) -> LessonOutcome | None:
    drawn = rng.random()
    if on >= TODAY or drawn < 0.08:
        return None
    return LessonOutcome.PART_TAUGHT if drawn < 0.16 else LessonOutcome.AS_PLANNED


def _follow_up(shared: dict[str, int], module: str, delivery_id: int, point: FollowUpPoint, on: date) -> dict[str, object]:
    number = list(FollowUpPoint).index(point) + 1
    due = on + timedelta(days=14 * number)
    done = due < TODAY - timedelta(days=14) and (delivery_id + number) % 20 != 0
    return {
        **shared, "delivery_id": delivery_id, "module_id": module, "point": point, "taught_on": on, "opens_on": due,
        "closes_on": due, "placement": PlacementState.PLACED, "due_on": due,
        "state": FollowUpState.DONE if done else FollowUpState.DUE,
        "done_on": due if done else None, "done_by": shared["school_id"] * 100 if done else None, "created_at": NOW, "version": 1,
    }  # fmt: skip


def _tallies(
    connection: Connection, school_id: int, year_id: int, cells: dict[tuple[YearGroup, Strand, HalfTermBlock], list[int]]
) -> None:
    names = ("planned", "delivered", "part", "minutes")
    shared = {"school_id": school_id, "academic_year_id": year_id}
    write(connection, "coverage_tally", [
        {**shared, "year_group": year, "strand": strand, "block": block, **dict(zip(names, figures, strict=True))}
        for (year, strand, block), figures in cells.items()
    ])  # fmt: skip
    by_strand: dict[Strand, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (_year, strand, _block), figures in cells.items():
        by_strand[strand] = [kept + figure for kept, figure in zip(by_strand[strand], figures, strict=True)]
    write(connection, "school_tally", [
        {**shared, "strand": strand, **dict(zip(names, figures, strict=True))} for strand, figures in by_strand.items()
    ])  # fmt: skip


def write(connection: Connection, name: str, rows: list[dict[str, object]]) -> None:
    """Insert rows into a table, a thousand at a time."""
    table: Table = Base.metadata.tables[name]
    for start in range(0, len(rows), _BATCH):
        connection.execute(insert(table), rows[start : start + _BATCH])
