"""F2: the board of a group of two hundred schools, three years each, against a bare grid over the same roll-ups.

The board reads roll-ups and the list of classes, never a delivery, so deliveries are not written here.
Run: python -m bench.f2_schools_board
"""

from __future__ import annotations

import gc
import sys
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy.engine import Connection

from bench.asking import counted, cpu_of, page_of
from bench.big_school import NOW, TODAY, TOKEN, YEARS, signed_in, write
from bench.f1_coverage import connection_of_limit
from bench.installation import engines, installation
from bench.measure import Line, medians, report
from eduprog.core import clock
from eduprog.curriculum.vocabulary import Nation, Stage, Strand
from eduprog.organisations.rules import GroupKind, Phase
from eduprog.school.rules import WeekLetterRule

SCHOOLS, CLASSES = 200, 60
MOST_QUERIES = 8
BARE = """<!doctype html><title>Schools</title><h1>Schools</h1><table>{% for name, good, good_of, safe, safe_of in rows %}
<tr><th>{{ name }}</th><td>{{ 100 * (good + safe) // (good_of + safe_of) }} %</td><td>{{ 100 * good // good_of }} %</td>
<td>{{ 100 * safe // safe_of }} %</td></tr>{% endfor %}</table>"""
RAW = """SELECT s.name, sum(CASE WHEN t.strand IN ('respect', 'consent') THEN t.delivered ELSE 0 END),
 sum(CASE WHEN t.strand IN ('respect', 'consent') THEN t.planned ELSE 0 END),
 sum(CASE WHEN t.strand IN ('respect', 'consent') THEN 0 ELSE t.delivered END),
 sum(CASE WHEN t.strand IN ('respect', 'consent') THEN 0 ELSE t.planned END)
FROM school_tally t JOIN academic_year y ON y.id = t.academic_year_id JOIN school s ON s.id = t.school_id
WHERE s.school_group_id = 1 AND y.starts_on <= '2027-03-02' AND y.ends_on >= '2027-03-02' GROUP BY s.id, s.name ORDER BY s.name"""
CLASSES_TOO = """SELECT g.school_id, count(*), count(DISTINCT g.lead_teacher_id) FROM teaching_group g
JOIN academic_year y ON y.id = g.academic_year_id JOIN school s ON s.id = g.school_id
WHERE s.school_group_id = 1 AND y.starts_on <= '2027-03-02' AND y.ends_on >= '2027-03-02' GROUP BY g.school_id"""


def fill(connection: Connection) -> None:
    """Write the group, its schools with classes and roll-ups of three years, and its lead, signed in."""
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
        for n in range(1, SCHOOLS + 1)
    ])  # fmt: skip
    years, groups, tallies = [], [], []
    for school_id in range(1, SCHOOLS + 1):
        for place, starts in enumerate(YEARS):
            year_id = school_id * 10 + place
            years.append({
                "id": year_id, "school_id": school_id, "starts_on": date(starts, 9, 1), "ends_on": date(starts + 1, 7, 21),
                "week_cycle": 1, "week_letter_rule": WeekLetterRule.CALENDAR_WEEKS,
            })  # fmt: skip
            groups += [{"school_id": school_id, "academic_year_id": year_id, "name": f"Class {n}", "stage": Stage.K1,
                        "lead_teacher_id": n + 1, "version": 1} for n in range(CLASSES)]  # fmt: skip
            tallies += [{"school_id": school_id, "academic_year_id": year_id, "strand": strand, "planned": 480,
                         "delivered": 200 + school_id, "part": 9, "minutes": 9000} for strand in Strand]  # fmt: skip
    for table, rows in (("academic_year", years), ("teaching_group", groups), ("school_tally", tallies)):
        write(connection, table, rows)


def bare() -> Flask:
    """Make the limit: the same sums by raw statements, in a plain Jinja loop."""
    app, raw = Flask("bare"), connection_of_limit()
    template = app.jinja_env.from_string(BARE)

    @app.get("/schools")
    def page() -> str:
        raw.execute(CLASSES_TOO).fetchall()
        rows: list[Any] = raw.execute(RAW).fetchall()
        return template.render(rows=rows)

    return app


def main() -> int:
    """Measure and report; give how many goals were missed."""
    clock.set_offset(NOW - clock.now())
    assert clock.today() == TODAY
    lines: list[Line] = []
    with engines() as each:
        for engine, new_database in each:
            with installation(new_database(), fill) as (app, _nothing):
                with app.app_context():
                    limit = bare()
                assert page_of(app, "/schools").count("School ") >= SCHOOLS
                with counted() as sent:
                    page_of(app, "/schools")
                gc.freeze()  # as the server does once it is up
                found = medians({"limit": cpu_of(limit, "/schools"), "ours": cpu_of(app, "/schools")})
                lines.append(
                    Line(f"F2 schools board, CPU, {SCHOOLS} schools, {engine}", found["limit"], found["ours"], "ms", at_most=1.5)
                )
                lines.append(Line(f"F2 statements of the schools board, {engine}", MOST_QUERIES, len(sent), "", at_most=1.0))
    return report(lines)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
