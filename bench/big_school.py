"""A school of sixty classes with three years of history, written in bulk: planned, delivered, followed up, counted."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection

from eduprog.core.db import Base
from eduprog.core.permissions import Role
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


@dataclass(frozen=True)
class BigSchool:
    """The ids a measurement needs; `strand_of` names the strand of each module."""

    school_id: int
    year_ids: tuple[int, ...]
    strand_of: dict[str, Strand]


def fill(connection: Connection, *, school_id: int = 1) -> BigSchool:
    """Write the school, with somebody signed in who sees all of it, by the cookie `TOKEN`."""
    rng = random.Random(school_id)
    _people(connection, school_id)
    strand_of = {f"K1-{strand.letter}{number}": strand for strand in Strand for number in range(1, 5)}
    year_ids = []
    for index, starts in enumerate(YEARS):
        year_id = (school_id - 1) * len(YEARS) + index + 1
        year_ids.append(year_id)
        _academic_year(connection, school_id, year_id, starts)
        _classes(connection, rng, school_id, year_id, starts, strand_of)
    return BigSchool(school_id, tuple(year_ids), strand_of)


def _people(connection: Connection, school_id: int) -> None:
    common = {"created_at": NOW}
    _write(connection, "school", [{
        "id": school_id, "name": "Riverbank All-through School", "slug": f"riverbank-{school_id}", "nation": Nation.ENGLAND,
        "phase": Phase.ALL_THROUGH, "contact_email": "office@riverbank.example", "contact_phone": "01632 960001", **common,
    }])  # fmt: skip
    people = [
        {"id": school_id * 100 + n, "email": f"p{n}@s{school_id}.example", "name": f"Person {n}", "site_admin": False, **common}
        for n in range(CLASSES)
    ]
    _write(connection, "person", people)
    lead = people[0]["id"]
    _write(connection, "membership", [
        {"school_id": school_id, "person_id": lead, "role": Role.PROGRAMME_LEAD, "started_at": NOW},
    ])  # fmt: skip
    _write(connection, "membership", [
        {"school_id": school_id, "person_id": one["id"], "role": Role.TEACHER, "started_at": NOW} for one in people[1:]
    ])  # fmt: skip
    token = hashlib.sha256(f"{TOKEN}{'' if school_id == 1 else school_id}".encode()).hexdigest()
    _write(connection, "sign_in_session", [{
        "id": school_id, "token_hash": token, "person_id": lead, "school_id": school_id, "started_at": NOW,
        "expires_at": NOW + timedelta(hours=12),
    }])  # fmt: skip
    _write(connection, "session_seen", [{"session_id": school_id, "seen_at": NOW}])


def _academic_year(connection: Connection, school_id: int, year_id: int, starts: int) -> None:
    _write(connection, "academic_year", [{
        "id": year_id, "school_id": school_id, "starts_on": date(starts, 9, 1), "ends_on": date(starts + 1, 7, 21),
        "week_cycle": 1, "week_letter_rule": WeekLetterRule.CALENDAR_WEEKS,
    }])  # fmt: skip
    spans = [
        (block, date(starts + (month < 9), month, day)) for block, (month, day) in zip(HalfTermBlock, _BLOCK_STARTS, strict=True)
    ]
    _write(connection, "half_term", [
        {
            "school_id": school_id, "academic_year_id": year_id, "block": block, "first_day": first,
            "last_day": first + timedelta(days=37),
        }
        for block, first in spans
    ])  # fmt: skip


def _classes(
    connection: Connection, rng: random.Random, school_id: int, year_id: int, starts: int, strand_of: dict[str, Strand]
) -> None:
    groups, years, slots, planned, delivered, follow_ups = ([] for _ in range(6))
    cells: dict[tuple[YearGroup, Strand, HalfTermBlock], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    members = list(YearGroup)
    modules = list(strand_of)
    for number in range(CLASSES):
        group_id = year_id * 1000 + number
        year = members[number % len(members)]
        shared = {"school_id": school_id, "teaching_group_id": group_id}
        groups.append({
            "id": group_id, "school_id": school_id, "academic_year_id": year_id, "name": f"{year.short} {number}",
            "stage": stage_of(year), "size": 28, "lead_teacher_id": school_id * 100 + number, "version": 1,
        })  # fmt: skip
        years.append({**shared, "year_group": year})
        slots.append({**shared, "weekday": number % 5, "starts_at": time(9, 30), "minutes": 60, "kind": SlotKind.PSHE})
        for lesson in range(LESSONS):
            block_number = lesson % len(_BLOCK_STARTS)
            block = list(HalfTermBlock)[block_number]
            month, day = _BLOCK_STARTS[block_number]
            on = date(starts + (month < 9), month, day) + timedelta(days=7 * (lesson // 6 % 5))
            module = modules[lesson % len(modules)]
            lesson_id = group_id * 100 + lesson
            about = {"module_id": module, "lesson_number": lesson // len(modules) + 1, "block": block}
            outcome = _outcome(rng, on)
            planned.append({"id": lesson_id, **shared, **about, "planned_on": on, "moved_by_hand": False, "version": 1,
                            "state": PlanState.PLANNED, "planned_at": NOW})  # fmt: skip
            cell = cells[year, strand_of[module], block]
            cell[0] += 1
            if outcome is None:
                continue
            cell[2 if outcome is LessonOutcome.PART_TAUGHT else 1] += 1
            cell[3] += 45
            delivered.append({"id": lesson_id, **shared, **about, "planned_lesson_id": lesson_id, "revision": 1, "taught_on": on,
                              "outcome": outcome, "minutes": 45, "taught_by": None, "recorded_at": NOW})  # fmt: skip
            if lesson >= len(modules):
                follow_ups += [_follow_up(shared, module, lesson_id, point, on, done=on < TODAY - timedelta(days=120))
                               for point in FollowUpPoint]  # fmt: skip
    for table, rows in (("teaching_group", groups), ("teaching_group_year", years), ("meeting_slot", slots),
                        ("planned_lesson", planned), ("delivery", delivered), ("follow_up", follow_ups)):  # fmt: skip
        _write(connection, table, rows)
    _tallies(connection, school_id, year_id, cells)


def _outcome(rng: random.Random, on: date) -> LessonOutcome | None:
    drawn = rng.random()
    if on >= TODAY or drawn < 0.08:
        return None
    return LessonOutcome.PART_TAUGHT if drawn < 0.16 else LessonOutcome.AS_PLANNED


def _follow_up(
    shared: dict[str, int], module: str, delivery_id: int, point: FollowUpPoint, on: date, *, done: bool
) -> dict[str, object]:
    due = on + timedelta(days=14 * (list(FollowUpPoint).index(point) + 1))
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
    _write(connection, "coverage_tally", [
        {**shared, "year_group": year, "strand": strand, "block": block, **dict(zip(names, figures, strict=True))}
        for (year, strand, block), figures in cells.items()
    ])  # fmt: skip
    by_strand: dict[Strand, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (_year, strand, _block), figures in cells.items():
        by_strand[strand] = [kept + figure for kept, figure in zip(by_strand[strand], figures, strict=True)]
    _write(connection, "school_tally", [
        {**shared, "strand": strand, **dict(zip(names, figures, strict=True))} for strand, figures in by_strand.items()
    ])  # fmt: skip


def _write(connection: Connection, name: str, rows: list[dict[str, object]]) -> None:
    table: Table = Base.metadata.tables[name]
    for start in range(0, len(rows), _BATCH):
        connection.execute(insert(table), rows[start : start + _BATCH])
