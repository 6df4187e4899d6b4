"""F2: the board of a group of two hundred schools, three years each, against a bare grid over the same roll-ups.

The board reads roll-ups, the list of classes and the acts of a year; never a delivery, a follow-up or an address, so none is
written here: that it asks for none of them is checked. It is measured for fewer schools as well, so that growth is seen.
Run: python -m bench.f2_schools_board [engine]
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy.engine import Connection

from bench.asking import ask, counted, cpu_of, page_of
from bench.big_school import NOW, TODAY, TOKEN, YEARS, signed_in, write
from bench.f1_coverage import connection_of_limit
from bench.installation import engines, installation
from bench.measure import Line, exponent, medians, report
from eduprog.core import clock
from eduprog.curriculum.vocabulary import ActKind, Aspect, Nation, Stage, Strand
from eduprog.organisations.rules import GroupKind, Phase
from eduprog.school.rules import WeekLetterRule
from eduprog.wholeschool.rules import ActState

SIZES = (25, 50, 100, 200)
CLASSES, PUPILS, FAMILIES, ACTS = 60, 28, 900, 30
MOST_QUERIES = 8
LOOKS = 60
"""Pages asked for in turn with the limit's, to find the ninety-fifth hundredth."""
NEVER_READ = r"\b(delivery|follow_up|parent_carer|planned_lesson)\b"
BARE = """<!doctype html><title>Schools</title><h1>Schools</h1><table>{% for row in rows %}
<tr><th>{{ row[0] }}</th>{% for done, of in row[1] %}<td>{{ 100 * done // of }} %</td>{% endfor %}</tr>{% endfor %}</table>"""
OF_YEAR = """y.id = t.academic_year_id JOIN school s ON s.id = t.school_id
WHERE s.school_group_id = 1 AND y.starts_on <= '2027-03-02' AND y.ends_on >= '2027-03-02'"""
LESSONS = f"""SELECT s.id, s.name, sum(CASE WHEN t.strand IN ('respect', 'consent') THEN t.delivered ELSE 0 END),
 sum(CASE WHEN t.strand IN ('respect', 'consent') THEN t.planned ELSE 0 END),
 sum(CASE WHEN t.strand IN ('respect', 'consent') THEN 0 ELSE t.delivered END),
 sum(CASE WHEN t.strand IN ('respect', 'consent') THEN 0 ELSE t.planned END)
FROM school_tally t JOIN academic_year y ON {OF_YEAR} GROUP BY s.id, s.name ORDER BY s.name"""
ROLLED_UP = f"""SELECT t.school_id, count(*), count(DISTINCT t.lead_teacher_id), sum(t.size)
FROM teaching_group t JOIN academic_year y ON {OF_YEAR} GROUP BY t.school_id"""
DONE = f"""SELECT t.school_id, sum(CASE WHEN t.state = 'done' THEN 1 ELSE 0 END), count(*)
FROM whole_school_act t JOIN academic_year y ON {OF_YEAR} AND t.state <> 'dropped' GROUP BY t.school_id"""
GIVEN = """SELECT t.school_id, sum(t.given), sum(t.owed) FROM follow_up_tally t JOIN school s ON s.id = t.school_id
WHERE s.school_group_id = 1 AND t.due_on BETWEEN '2027-01-19' AND '2027-03-01' GROUP BY t.school_id"""
JOINED = """SELECT t.school_id, t.joined FROM family_tally t JOIN school s ON s.id = t.school_id WHERE s.school_group_id = 1"""


def fill(connection: Connection, schools: int) -> None:
    """Write the group, its schools with classes, acts and roll-ups of three years, and its lead, signed in."""
    common = {"created_at": NOW}
    trust = {"id": 1, "name": "Two Rivers", "slug": "two-rivers", "kind": GroupKind.TRUST, **common}
    write(connection, "school_group", [trust])
    people = [
        {"id": n, "email": f"p{n}@t.example", "name": f"Person {n}", "site_admin": False, **common} for n in range(1, CLASSES + 2)
    ]
    write(connection, "person", people)
    write(connection, "group_membership", [{"school_group_id": 1, "person_id": CLASSES + 1, "started_at": NOW}])
    signed_in(connection, TOKEN, person_id=CLASSES + 1, school_group_id=1)
    write(connection, "school", [
        {"id": n, "school_group_id": 1, "name": f"School {n:03}", "slug": f"s{n}", "nation": Nation.ENGLAND,
         "phase": Phase.PRIMARY, "contact_email": "o@s.example", "contact_phone": "01632 960001", **common}
        for n in range(1, schools + 1)
    ])  # fmt: skip
    for school_id in range(1, schools + 1):
        _school(connection, school_id)


def _school(connection: Connection, school_id: int) -> None:
    years: list[dict[str, object]] = []
    groups: list[dict[str, object]] = []
    tallies: list[dict[str, object]] = []
    acts: list[dict[str, object]] = []
    days: list[dict[str, object]] = []
    kinds, aspects = list(ActKind), list(Aspect)
    for place, starts in enumerate(YEARS):
        year_id = school_id * 10 + place
        of_year = {"school_id": school_id, "academic_year_id": year_id}
        years.append({
            "id": year_id, "school_id": school_id, "starts_on": date(starts, 9, 1), "ends_on": date(starts + 1, 7, 21),
            "week_cycle": 1, "week_letter_rule": WeekLetterRule.CALENDAR_WEEKS,
        })  # fmt: skip
        groups += [{**of_year, "name": f"Class {n}", "stage": Stage.K1, "lead_teacher_id": n + 1, "size": PUPILS, "version": 1}
                   for n in range(CLASSES)]  # fmt: skip
        tallies += [{**of_year, "strand": strand, "planned": 480, "delivered": 200 + school_id, "part": 9, "minutes": 9000}
                    for strand in Strand]  # fmt: skip
        acts += [
            {**of_year, "kind": kinds[n % len(kinds)], "aspect": aspects[n % len(aspects)], "title": f"Act {n}",
             "due_on": date(starts, 9, 10) + timedelta(days=9 * n), "state": ActState.DONE if n % 3 else ActState.PLANNED,
             "done_on": date(starts, 9, 10) + timedelta(days=9 * n) if n % 3 else None, "evidence": "", "version": 1}
            for n in range(ACTS)
        ]  # fmt: skip
        first = date(starts, 9, 2)
        days += [{"school_id": school_id, "due_on": day, "owed": 16, "given": 9 + school_id % 7}
                 for day in (first + timedelta(days=n) for n in range(320)) if day.weekday() < 5]  # fmt: skip
    family: list[dict[str, object]] = [{"school_id": school_id, "joined": FAMILIES}]
    for table, rows in (
        ("academic_year", years), ("teaching_group", groups), ("school_tally", tallies), ("whole_school_act", acts),
        ("follow_up_tally", days), ("family_tally", family),
    ):  # fmt: skip
        write(connection, table, rows)


def bare() -> Flask:
    """Make the limit: the same sums by raw statements, in a plain Jinja loop."""
    app, raw = Flask("bare"), connection_of_limit()
    template = app.jinja_env.from_string(BARE)

    def by_school(statement: str) -> dict[int, Any]:
        return {row[0]: row[1:] for row in raw.execute(statement).fetchall()}

    @app.get("/schools")
    def page() -> str:
        classes, acts, given, joined = by_school(ROLLED_UP), by_school(DONE), by_school(GIVEN), by_school(JOINED)
        rows = [
            (name, ((good + safe, good_of + safe_of), (good, good_of), (safe, safe_of), given[id_],
                    (joined[id_][0], classes[id_][2]), acts[id_]))
            for id_, name, good, good_of, safe, safe_of in raw.execute(LESSONS).fetchall()
        ]  # fmt: skip
        return template.render(rows=rows)

    return app


def slow_ends(ways: dict[str, Flask]) -> dict[str, float]:
    """Ask for the page in turn; give, by way, the milliseconds on the wall that nineteen of twenty answers stay below."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(LOOKS):
        for name, app in ways.items():
            begun = time.perf_counter()
            ask(app, "/schools")
            took[name].append((time.perf_counter() - begun) * 1000)
    return {name: sorted(found)[len(found) * 95 // 100] for name, found in took.items()}


def main() -> int:
    """Measure and report; give how many goals were missed."""
    clock.set_offset(NOW - clock.now())
    assert clock.today() == TODAY
    lines: list[Line] = []
    with engines() as each:
        for engine, new_database in each:
            if engine in (sys.argv[1:] or [engine]):
                lines += _of_engine(engine, new_database)
    return report(lines)


def _of_engine(engine: str, new_database: Callable[[], str]) -> list[Line]:
    points: dict[int, float] = {}
    lines: list[Line] = []
    for schools in SIZES:
        with installation(new_database(), partial(fill, schools=schools)) as (app, _nothing):
            with app.app_context():
                limit = bare()
            assert page_of(app, "/schools").count("School ") >= schools
            with counted() as sent:
                page_of(app, "/schools")
            assert not [one for one in sent if re.search(NEVER_READ, one)], sent
            gc.freeze()  # as the server does once it is up
            found = medians({"limit": cpu_of(limit, "/schools"), "ours": cpu_of(app, "/schools")})
            slow = slow_ends({"limit": limit, "ours": app})
            gc.unfreeze()
        points[schools] = found["ours"]
        print(
            f"{engine}, {schools} schools: {found['ours']:.1f} ms of CPU, limit {found['limit']:.1f}; p95 {slow['ours']:.1f} ms"
        )
        lines = [
            Line(
                f"F2 schools board, p95 on the wall, {schools} schools, {engine}", slow["limit"], slow["ours"], "ms", at_most=1.5
            ),
            Line(f"F2 schools board, CPU, {schools} schools, {engine}", found["limit"], found["ours"], "ms", at_most=1.5),
            Line(f"F2 statements of the schools board, {engine}", MOST_QUERIES, len(sent), "", at_most=1.0),
        ]
    return [*lines, Line(f"F10 schools board: exponent over {SIZES} schools, {engine}", 1.0, exponent(points), "", at_most=1.05)]


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
