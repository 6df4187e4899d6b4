"""F6: the year's plan of many schools, computed and stored, against computing and a bulk insert alone; and of one school.

The limit places every lesson by the same rules on values that lie ready in memory and writes the same rows into the same
table, with every check, index and foreign key, in the way the database takes them fastest (on SQLite's own driver statements
of many rows that say once what all rows share, COPY on PostgreSQL), a transaction for each school: nothing is read, counted
or recorded. Ours is `plan_year` as the page calls it with a school's classes: it reads calendar, schemes, what stands and what
was decided, places, stores lessons, roll-ups, the run and the audit entry.

On PostgreSQL what lessons refer to is checked once a statement (docs/adr/0018), for the limit as for ours. Storing 2,400 rows
there is not ours to save: of about 30 ms the bare rows take a third, the five indexes half, references and checks the rest. No
index can go while classes, days, numbers and what stands once are asked for; one over an expression could serve two of them, but
SQLite's migrations would lose it, as they do not see it. The role that measures is not held back by row-level security; behind
it COPY is refused, and ours does not use it. Classes that are alike are placed once, for the limit as for ours.

Every large school is planned once, as a school plans its year: where the lessons of a round before had just been taken away, the
limit and ours took up to twice as long.

School after school is planned, every other one both ways, in a table that grows. The figures are processor time, of ours and
of the database's own processes, as other work on the machine would blur time on the wall; medians are of batches of schools,
and of the large schools. The exponent (F10) says by which power of the number of schools our cost grows.
Run: python -m bench.f6_planner [schools [engine]]
"""

from __future__ import annotations

import gc
import statistics
import sys
import time as clock_time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, text
from sqlalchemy.engine import Connection

from bench.installation import engines, installation
from bench.measure import ROUNDS, Line, exponent, report
from eduprog.core.db import Base, db, session, transaction
from eduprog.core.permissions import command
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import HalfTermBlock, Nation, Stage, YearGroup
from eduprog.organisations.rules import Phase
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.planning.actions.requests import Requests
from eduprog.planning.rules import ClassRequest, Diary, Place, Placer, RunKind, is_plannable
from eduprog.school import queries as school
from eduprog.school.rules import SlotKind, WeekLetterRule

SCHOOLS = 200
CLASSES = 40
BIG_CLASSES = 60
LESSONS = 40
BIG_SCHOOLS = 2 * (ROUNDS + 2)
"""Each planned once, as a school plans its year: every other one by the limit."""
BATCHES = 10
FEW = 2
"""Schools at the small end of the exponent; ten and a hundred times as many stand above it."""
DAY = date(2026, 9, 1)
Figures = tuple[float, float]
"""Seconds of processor time, and on the wall."""
NOW = datetime(2026, 8, 25, 9, 0, tzinfo=UTC)
BY = command("bench")
_STARTS = ((2026, 9, 2), (2026, 11, 2), (2027, 1, 4), (2027, 2, 22), (2027, 4, 12), (2027, 6, 7))
_WRITTEN = ("planned_lesson", "planning_run", "coverage_tally", "school_tally", "audit_entry", "audit_head")
_COLUMNS = (
    "school_id", "teaching_group_id", "module_id", "lesson_number", "part", "block", "planned_on", "starts_at", "minutes",
    "state", "moved_by_hand", "recorded", "planned_at", "planning_run_id", "version",
)  # fmt: skip


def fill(schools: int) -> Callable[[Connection], None]:
    """Make schools of 40 classes, and behind them large ones of 60, that meet twice a week, with schemes of 40 lessons."""

    def write(connection: Connection) -> None:
        entries = _forty_lessons()
        rows: dict[str, list[dict[str, Any]]] = {}
        for number in range(1, schools + 1 + BIG_SCHOOLS):
            _school(rows, number, CLASSES if number <= schools else BIG_CLASSES, entries)
        for name, held in rows.items():
            table: Table = Base.metadata.tables[name]
            connection.execute(insert(table), held)

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


def _school(rows: dict[str, list[dict[str, Any]]], number: int, classes: int, entries: list[tuple[str, HalfTermBlock]]) -> None:
    common: dict[str, Any] = {"school_id": number}
    _write(rows, "school", [{
        "id": number, "name": f"School {number}", "slug": f"school-{number}", "nation": Nation.ENGLAND,
        "phase": Phase.ALL_THROUGH, "contact_email": f"office{number}@school.example", "contact_phone": "01632 960001",
        "created_at": NOW,
    }])  # fmt: skip
    _write(rows, "academic_year", [{
        **common, "id": number, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 7, 21), "week_cycle": 1,
        "week_letter_rule": WeekLetterRule.CALENDAR_WEEKS,
    }])  # fmt: skip
    firsts = [date(*one) for one in _STARTS]
    _write(rows, "half_term", [
        {**common, "academic_year_id": number, "block": block, "first_day": first, "last_day": first + timedelta(days=44)}
        for block, first in zip(HalfTermBlock, firsts, strict=True)
    ])  # fmt: skip
    people = [{"id": number * 100 + n, "email": f"p{n}@s{number}.example", "name": f"P {n}", "site_admin": False,
               "created_at": NOW} for n in range(classes)]  # fmt: skip
    _write(rows, "person", people)
    years = [year for year in YearGroup if 7 <= year.number <= 11]
    _write(rows, "scheme_of_work", [
        {**common, "id": number * 100 + n, "academic_year_id": number, "year_group": year, "version": 1}
        for n, year in enumerate(years)
    ])  # fmt: skip
    _write(rows, "scheme_entry", [
        {**common, "scheme_of_work_id": number * 100 + n, "module_id": module_id, "block": block, "position": place}
        for n in range(len(years)) for place, (module_id, block) in enumerate(entries, start=1)
    ])  # fmt: skip
    groups = [number * 100 + n for n in range(classes)]
    _write(rows, "teaching_group", [
        {**common, "id": one, "academic_year_id": number, "name": f"Class {one}", "stage": Stage.K3, "size": 28,
         "lead_teacher_id": one if n % 4 else groups[0], "version": 1} for n, one in enumerate(groups)
    ])  # fmt: skip
    _write(rows, "teaching_group_year", [
        {**common, "teaching_group_id": one, "year_group": years[n % 3]} for n, one in enumerate(groups)
    ])  # fmt: skip
    _write(rows, "meeting_slot", [
        {**common, "teaching_group_id": one, "weekday": (n + extra) % 5, "starts_at": time(9 + n // 5 % 4 + extra // 2, 0),
         "minutes": 60, "kind": SlotKind.PSHE}
        for n, one in enumerate(groups) for extra in (0, 2)
    ])  # fmt: skip


def _write(rows: dict[str, list[dict[str, Any]]], name: str, more: list[dict[str, Any]]) -> None:
    rows.setdefault(name, []).extend(more)


def take_away(number: int) -> None:
    """Take the plan of one school away again."""
    raw: Any = db.engine.raw_connection()
    driver = raw.driver_connection
    lite = db.engine.dialect.name == "sqlite"
    if lite:
        driver.execute("PRAGMA foreign_keys=OFF")
    for table in _WRITTEN:
        driver.execute(f"DELETE FROM {table} WHERE school_id = {number}")
    if lite:
        driver.execute("PRAGMA foreign_keys=ON")
    else:
        driver.commit()
    raw.close()


class Clock:
    """The processor time of this process and of the database's processes that work for it, and the time that passes."""

    def __init__(self) -> None:
        self._backends: list[Path] = []
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as one, db.engine.connect() as other:  # both stay open in the pool
                pids = {each.execute(text("SELECT pg_backend_pid()")).scalar_one() for each in (one, other)}
            self._backends = [Path(f"/proc/{pid}/schedstat") for pid in pids]

    def processor(self) -> float:
        """Give the seconds of processor time used so far."""
        return clock_time.process_time() + sum(int(one.read_text().split()[0]) for one in self._backends) / 1e9

    def of(self, run: Callable[[], object]) -> Figures:
        """Give the seconds something takes: of processor time, and those that pass."""
        used, began = self.processor(), clock_time.perf_counter()
        run()
        return self.processor() - used, clock_time.perf_counter() - began


@dataclass
class Ready:
    """The classes of one school with all that placing them needs."""

    school_id: int
    requests: list[tuple[int, ClassRequest]]


def get_ready(number: int) -> Ready:
    """Read what the rules need of a school."""
    with school_scope(number):
        year = school.academic_year_on(DAY)
        assert year is not None
        groups, facts = school.groups_of_year(number), planning_queries.plan_facts(number)
        requests = Requests(year, groups, facts, school.calendar(), today=NOW.date(), not_before=None)
        made = [(group.id, requests.of_class(group, [], [])) for group in groups]
    session().rollback()  # a reader that stays would keep rows from being taken away
    return Ready(number, [(group_id, one) for group_id, one in made if one is not None])


def ours(number: int, clock: Clock) -> Figures:
    """Plan the year of a school; give the seconds, the reading of its classes not counted."""
    with school_scope(number):
        work = transaction()
        work.__enter__()
        year, groups = school.academic_year_on(DAY), school.groups_of_year(number)
        assert year is not None
        planned = clock.of(lambda: planning.plan_year(academic_year=year, groups=groups, by=BY, now=NOW))
        committed = clock.of(lambda: work.__exit__(None, None, None))
        session().close()
    return planned[0] + committed[0], planned[1] + committed[1]


def calendar_alone(number: int, clock: Clock) -> Figures:
    """Read one school's calendar; give the seconds."""
    with school_scope(number), transaction():
        return clock.of(school.calendar)


def limit(ready: Ready, clock: Clock) -> Figures:
    """Compute by the same rules and insert in bulk; give the seconds."""
    with db.engine.begin() as connection:  # the run the rows name, so that they are the same rows
        facts = {"academic_year_id": ready.school_id, "kind": RunKind.ADD, "made_at": NOW, "moved": 0, "withdrawn": 0}
        runs = Base.metadata.tables["planning_run"]
        added = connection.execute(insert(runs).values(school_id=ready.school_id, added=0, unplaced=0, **facts))
        run_id = added.inserted_primary_key[0]
    raw: Any = db.engine.raw_connection()

    def run() -> None:
        placer = Placer(Diary())
        places = [(group_id, place) for group_id, request in ready.requests for place in placer.place(request).places]
        _insert(raw.driver_connection, [_values(ready.school_id, run_id, group_id, place) for group_id, place in places])

    figures = clock.of(run)
    raw.close()
    return figures


def _values(school_id: int, run_id: int, group_id: int, place: Place) -> tuple[Any, ...]:
    wanted, meeting = place.wanted, place.meeting
    block, day, starts_at = (meeting.block, meeting.day, meeting.starts_at) if meeting else (wanted.block, None, None)
    return (
        school_id, group_id, wanted.module_id, wanted.lesson_number, place.part, block.value, day, starts_at,
        place.minutes if meeting else None, "planned" if meeting else "unplaced", False, False, NOW, run_id, 1,
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
    days = {row[6]: row[6].isoformat() if row[6] else None for row in rows}
    times = {row[7]: row[7].strftime("%H:%M:%S.%f") if row[7] else None for row in rows}
    texts = [(*row[1:6], days[row[6]], times[row[7]], row[8], row[9]) for row in rows]
    school_id, run_id = rows[0][0], rows[0][13]
    marks = f"({', '.join('?' * len(texts[0]))})"
    driver.execute("BEGIN IMMEDIATE")
    for start in range(0, len(texts), 2000):  # many rows a statement are twice as fast here as executemany
        some = texts[start : start + 2000]
        driver.execute(
            f"INSERT INTO planned_lesson ({names}) SELECT ?, one.*, false, false, ?, ?, 1 "
            f"FROM (VALUES {', '.join([marks] * len(some))}) AS one",
            (school_id, at, run_id, *[value for row in some for value in row]),
        )
    driver.execute("COMMIT")


def side_by_side(number: int, clock: Clock) -> tuple[Figures, Figures | None]:
    """Give our figures for one school, and the limit's for every other one, now before and now after; our rows stay."""
    if number % 2:
        return ours(number, clock), None
    ready = get_ready(number)
    if number % 4:
        least = limit(ready, clock)
        take_away(number)
        return ours(number, clock), least
    found = ours(number, clock)
    take_away(number)
    return found, limit(ready, clock)


def of_a_few(clock: Clock) -> list[float]:
    """Give our seconds for the first schools alone, medians of as many rounds as everywhere."""
    rounds: list[list[float]] = [[] for _ in range(FEW)]
    for turn in range(ROUNDS + 2):
        for number in range(1, FEW + 1):
            used, _ = ours(number, clock)
            take_away(number)
            if turn > 1:
                rounds[number - 1].append(used)
    return [statistics.median(one) for one in rounds]


def of_large_ones(first: int, clock: Clock) -> dict[str, float]:
    """Give milliseconds for a large school, medians of several: its calendar, the limit, ours. Nothing is taken away before."""
    found: dict[str, list[float]] = {"calendar": [], "limit": [], "ours": []}
    for number in range(first, first + BIG_SCHOOLS, 2):
        found["calendar"].append(calendar_alone(number, clock)[0])
        ready = get_ready(number + 1)
        found["limit"].append(limit(ready, clock)[0])
        found["ours"].append(ours(number, clock)[0])
    return {name: statistics.median(figures[2:]) * 1000 for name, figures in found.items()}


def measure(engine: str, url: str, schools: int) -> list[Line]:
    """Measure on one engine."""
    with installation(url, fill(schools)) as (app, _), app.app_context():
        clock = Clock()
        gc.collect()
        gc.freeze()  # as the server does once it is up
        few = of_a_few(clock)
        one = of_large_ones(schools + 1, clock)
        found = [side_by_side(number, clock) for number in range(1, schools + 1)]
        session().close()
    size = max(1, schools // 2 // BATCHES)
    both = [(used, least) for used, least in found if least is not None]
    batches = [both[start : start + size] for start in range(0, len(both), size)]
    used, limits = ([sum(pair[way][0] for pair in batch) for batch in batches] for way in (0, 1))
    passed = [sum(pair[way][1] for pair in both) for way in (0, 1)]
    points = {FEW: sum(few)} | {n: sum(used[0] for used, _ in found[:n]) for n in (10 * FEW, 100 * FEW) if n <= schools}
    print(
        f"{engine}: on the wall {passed[0] / passed[1]:.2f} x the limit; "
        f"a school of {CLASSES}: {sum(used) / len(both) * 1000:.0f} ms, limit {sum(limits) / len(both) * 1000:.0f} ms; "
        f"of {BIG_CLASSES}: {one['ours']:.0f} ms, limit {one['limit']:.0f} ms, calendar {one['calendar']:.1f} ms; "
        f"{', '.join(f'{n} schools {seconds:.2f} s' for n, seconds in points.items())}"
    )
    middle = [statistics.median(each) * schools / size for each in (limits, used)]
    name = f"{engine}: {schools} schools x {CLASSES} classes x {LESSONS} lessons, processor"
    lines = [
        Line(name, middle[0], middle[1], "s", at_most=1.5),
        Line(
            f"{engine}: a school of {BIG_CLASSES} classes beyond its calendar (limit 50 ms)", 50.0, one["ours"] - one["calendar"],
            "ms", at_most=1.0,
        ),
    ]  # fmt: skip
    if len(points) > 1:
        lines.append(
            Line(f"{engine}: exponent over {', '.join(map(str, points))} schools", 1.0, exponent(points), "", at_most=1.05)
        )
    return lines


def main() -> int:
    """Measure on every engine there is."""
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else SCHOOLS
    lines: list[Line] = []
    with engines() as each:
        for engine, make in each:
            if engine in (sys.argv[2:] or [engine]):
                lines += measure(engine, make(), schools)
    return report(lines)


if __name__ == "__main__":
    sys.exit(bool(main()))
