"""F6: the year's plan of many schools, computed and stored, against computing and a bulk insert alone; and of one school.

The limit places every lesson by the same rules on values that lie ready in memory and writes the same rows in the way the
database takes them fastest (`executemany` on SQLite's own driver, COPY on PostgreSQL), a transaction for each school: nothing
is read, counted or recorded. Ours is `plan_year` as the page calls it with a school's classes: it reads calendar, schemes,
what stands and what was decided, places, stores lessons, roll-ups, the run and the audit entry. A third line says how long
the barest loop takes that knows nothing but "the next meeting". Rows are deleted between the rounds, untimed.
Run: python -m bench.f6_planner [schools]
"""

from __future__ import annotations

import sys
import time as clock_time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection

from bench.installation import engines, installation
from bench.measure import Line, medians, report
from eduprog.core.db import Base, db, session, transaction
from eduprog.core.permissions import command
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import HalfTermBlock, Nation, Stage, YearGroup
from eduprog.organisations.rules import Phase
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.actions.requests import Requests
from eduprog.planning.rules import ClassRequest, Diary, Place, is_plannable, place_class
from eduprog.school import queries as school
from eduprog.school.rules import SlotKind, WeekLetterRule

SCHOOLS = 200
CLASSES = 40
BIG_CLASSES = 60
LESSONS = 40
NOW = datetime(2026, 8, 25, 9, 0, tzinfo=UTC)
BY = command("bench")
_STARTS = ((2026, 9, 2), (2026, 11, 2), (2027, 1, 4), (2027, 2, 22), (2027, 4, 12), (2027, 6, 7))
_COLUMNS = (
    "school_id", "teaching_group_id", "module_id", "lesson_number", "part", "block", "planned_on", "starts_at", "minutes",
    "state", "moved_by_hand", "recorded", "planned_at", "planning_run_id", "version",
)  # fmt: skip


def fill(schools: int) -> Callable[[Connection], None]:
    """Make schools of 40 classes (the last one of 60) that meet twice a week, with schemes of 40 lessons."""

    def write(connection: Connection) -> None:
        entries = _forty_lessons()
        for number in range(1, schools + 2):
            _school(connection, number, CLASSES if number <= schools else BIG_CLASSES, entries)

    return write


def _forty_lessons() -> list[tuple[str, HalfTermBlock]]:
    """Choose modules in teaching order until they have forty lessons, and spread them over the six half-terms."""
    modules = [one for one in catalogue.current().all_modules if is_plannable(one)]
    ordered = sorted(modules, key=lambda one: catalogue.current().programme.position.get(one.id, 999))
    chosen: list[str] = []
    count = 0
    for module in ordered:
        if count + len(module.lessons) <= LESSONS:
            chosen.append(module.id)
            count += len(module.lessons)
    blocks = list(HalfTermBlock)
    return [(module_id, blocks[number * len(blocks) // len(chosen)]) for number, module_id in enumerate(chosen)]


def _school(connection: Connection, number: int, classes: int, entries: list[tuple[str, HalfTermBlock]]) -> None:
    common: dict[str, Any] = {"school_id": number}
    _write(connection, "school", [{
        "id": number, "name": f"School {number}", "slug": f"school-{number}", "nation": Nation.ENGLAND,
        "phase": Phase.ALL_THROUGH, "contact_email": f"office{number}@school.example", "contact_phone": "01632 960001",
        "created_at": NOW,
    }])  # fmt: skip
    _write(connection, "academic_year", [{
        **common, "id": number, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 7, 21), "week_cycle": 1,
        "week_letter_rule": WeekLetterRule.CALENDAR_WEEKS,
    }])  # fmt: skip
    firsts = [date(*one) for one in _STARTS]
    _write(connection, "half_term", [
        {**common, "academic_year_id": number, "block": block, "first_day": first, "last_day": first + timedelta(days=44)}
        for block, first in zip(HalfTermBlock, firsts, strict=True)
    ])  # fmt: skip
    people = [{"id": number * 100 + n, "email": f"p{n}@s{number}.example", "name": f"P {n}", "site_admin": False,
               "created_at": NOW} for n in range(classes)]  # fmt: skip
    _write(connection, "person", people)
    years = list(YearGroup)[1:]
    _write(connection, "scheme_of_work", [
        {**common, "id": number * 100 + n, "academic_year_id": number, "year_group": year, "version": 1}
        for n, year in enumerate(years)
    ])  # fmt: skip
    _write(connection, "scheme_entry", [
        {**common, "scheme_of_work_id": number * 100 + n, "module_id": module_id, "block": block, "position": place}
        for n in range(len(years)) for place, (module_id, block) in enumerate(entries, start=1)
    ])  # fmt: skip
    groups = [number * 100 + n for n in range(classes)]
    _write(connection, "teaching_group", [
        {**common, "id": one, "academic_year_id": number, "name": f"Class {one}", "stage": Stage.K3, "size": 28,
         "lead_teacher_id": one if n % 4 else groups[0], "version": 1} for n, one in enumerate(groups)
    ])  # fmt: skip
    _write(connection, "teaching_group_year", [
        {**common, "teaching_group_id": one, "year_group": years[6 + n % 3]} for n, one in enumerate(groups)
    ])  # fmt: skip
    _write(connection, "meeting_slot", [
        {**common, "teaching_group_id": one, "weekday": (n + extra) % 5, "starts_at": time(9 + n // 5 % 4 + extra // 2, 0),
         "minutes": 60, "kind": SlotKind.PSHE}
        for n, one in enumerate(groups) for extra in (0, 2)
    ])  # fmt: skip


def _write(connection: Connection, name: str, rows: list[dict[str, Any]]) -> None:
    table: Table = Base.metadata.tables[name]
    connection.execute(insert(table), rows)


def empty() -> None:
    """Take every plan away again."""
    tables = ("planned_lesson", "planning_run", "coverage_tally", "school_tally", "audit_entry", "audit_head")
    raw: Any = db.engine.raw_connection()
    driver = raw.driver_connection
    if db.engine.dialect.name == "postgresql":
        driver.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        driver.commit()
    else:
        driver.execute("PRAGMA foreign_keys=OFF")
        for table in tables:
            driver.execute(f"DELETE FROM {table}")
        driver.execute("PRAGMA foreign_keys=ON")
    raw.close()


@dataclass
class Ready:
    """The classes of one school with all that placing them needs."""

    school_id: int
    requests: list[tuple[int, ClassRequest]]


def get_ready(schools: range) -> list[Ready]:
    """Read what the rules need of each school."""
    found = []
    for number in schools:
        with school_scope(number):
            year = school.academic_year_on(date(2026, 9, 1))
            assert year is not None
            requests = Requests(year, planning_queries.plan_facts(number), school.calendar(), NOW.date(), None)
            made = [(group.id, requests.of_class(group, [], [])) for group in school.groups_of_year(number)]
            found.append(Ready(number, [(group_id, one) for group_id, one in made if one is not None]))
    return found


def ours(schools: range) -> float:
    """Plan the year of these schools; give the seconds it took, the reading of the classes not counted."""
    empty()
    seconds = 0.0
    for number in schools:
        with school_scope(number), transaction():
            year = school.academic_year_on(date(2026, 9, 1))
            groups = school.groups_of_year(number)
            assert year is not None
            began = clock_time.perf_counter()
            planning.plan_year(academic_year=year, groups=groups, by=BY, now=NOW)
            seconds += clock_time.perf_counter() - began
            began = clock_time.perf_counter()
        seconds += clock_time.perf_counter() - began  # the commit
    return seconds


def calendar_alone(number: int) -> float:
    """Read one school's calendar; give the seconds."""
    with school_scope(number), transaction():
        began = clock_time.perf_counter()
        school.calendar()
        return clock_time.perf_counter() - began


def limit(ready: list[Ready]) -> float:
    """Compute by the same rules and insert in bulk; give the seconds."""
    empty()
    raw: Any = db.engine.raw_connection()
    began = clock_time.perf_counter()
    for one in ready:
        diary = Diary()
        places = [(group_id, place) for group_id, request in one.requests for place in place_class(request, diary)]
        _insert(raw.driver_connection, [_values(one.school_id, group_id, place) for group_id, place in places])
    seconds = clock_time.perf_counter() - began
    raw.close()
    return seconds


def bare(ready: list[Ready]) -> float:
    """Give each lesson the next meeting, whatever it is, and insert in bulk; give the seconds."""
    empty()
    raw: Any = db.engine.raw_connection()
    began = clock_time.perf_counter()
    for one in ready:
        places = [
            (group_id, Place(wanted, 0, meeting))
            for group_id, request in one.requests
            for wanted, meeting in zip(request.wanted, request.meetings, strict=False)
        ]
        _insert(raw.driver_connection, [_values(one.school_id, group_id, place) for group_id, place in places])
    seconds = clock_time.perf_counter() - began
    raw.close()
    return seconds


def _values(school_id: int, group_id: int, place: Place) -> tuple[Any, ...]:
    wanted, meeting = place.wanted, place.meeting
    block, day, starts_at = (meeting.block, meeting.day, meeting.starts_at) if meeting else (wanted.block, None, None)
    return (
        school_id, group_id, wanted.module_id, wanted.lesson_number, place.part, block.value, day, starts_at,
        place.minutes if meeting else None, "planned" if meeting else "unplaced", False, False, NOW, None, 1,
    )  # fmt: skip


def _insert(driver: Any, rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(_COLUMNS)
    if db.engine.dialect.name == "postgresql":
        with driver.cursor().copy(f"COPY planned_lesson ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        driver.commit()
        return
    at = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
    texts = [
        (
            *row[:6],
            row[6].isoformat() if row[6] else None,
            row[7].strftime("%H:%M:%S.%f") if row[7] else None,
            *row[8:12],
            at,
            *row[13:],
        )
        for row in rows
    ]
    driver.execute("BEGIN IMMEDIATE")
    driver.executemany(f"INSERT INTO planned_lesson ({names}) VALUES ({', '.join('?' * len(_COLUMNS))})", texts)
    driver.execute("COMMIT")


def measure(engine: str, url: str, schools: int) -> list[Line]:
    """Measure on one engine."""
    with installation(url, fill(schools)) as (app, _), app.app_context():
        many, one = range(1, schools + 1), range(schools + 1, schools + 2)
        ready = get_ready(many)
        found = medians({"limit": lambda: limit(ready), "ours": lambda: ours(many), "bare": lambda: bare(ready)}, rounds=ROUNDS)
        single = medians({"calendar": lambda: calendar_alone(one[0]), "ours": lambda: ours(one)})
        session().close()
    extra = (single["ours"] - single["calendar"]) * 1000
    print(f"{engine}: the barest loop and a bulk insert take {found['bare']:.2f} s for the same number of rows")
    return [
        Line(
            f"{engine}: {schools} schools x {CLASSES} classes x {LESSONS} lessons",
            found["limit"],
            found["ours"],
            "s",
            at_most=1.5,
        ),
        Line(
            f"{engine}: one school of {BIG_CLASSES} classes, on top of its calendar (limit 50 ms)", 50.0, extra, "ms", at_most=1.0
        ),
    ]


ROUNDS = 3
"""Of the many schools: each round writes 960,000 rows."""


def main() -> int:
    """Measure on every engine there is."""
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else SCHOOLS
    lines: list[Line] = []
    with engines() as each:
        for engine, make in each:
            lines += measure(engine, make(), schools)
    return report(lines)


if __name__ == "__main__":
    sys.exit(bool(main()))
