"""F1: the coverage page of a school of sixty classes with three years behind it, signed in, against a bare Flask grid.

The limit is a Flask application with one route: no session, no guard, no frame, no words for screen readers; it reads the
same cells by one raw statement from the rows of planned and delivered lessons (what a page without roll-ups would do) and
sets them in a Jinja loop. A second limit reads our roll-ups instead: nothing can be leaner. Both answer with the same cells.
Run: python -m bench.f1_coverage
"""

from __future__ import annotations

import gc
import re
import sys
from collections import defaultdict
from typing import Any

from flask import Flask

from bench.asking import counted, cpu_of, page_of
from bench.big_school import NOW, TODAY, BigSchool, fill
from bench.installation import engines, installation
from bench.measure import Line, medians, report
from eduprog.core import clock
from eduprog.core.db import db
from eduprog.curriculum.vocabulary import HalfTermBlock, Strand, YearGroup

PAGE = "/coverage"
MOST_QUERIES = 5
FROM_RECORDS = """
SELECT tgy.year_group, pl.module_id, pl.block, count(*), sum(CASE WHEN d.outcome <> 'part_taught' THEN 1 ELSE 0 END),
       sum(CASE WHEN d.outcome = 'part_taught' THEN 1 ELSE 0 END)
FROM planned_lesson pl
JOIN teaching_group tg ON tg.id = pl.teaching_group_id
JOIN teaching_group_year tgy ON tgy.teaching_group_id = tg.id
LEFT JOIN delivery d ON d.school_id = pl.school_id AND d.planned_lesson_id = pl.id AND d.withdrawn_at IS NULL
WHERE tg.academic_year_id = {year} AND pl.state <> 'withdrawn'
GROUP BY 1, 2, 3
"""
FROM_TALLIES = "SELECT year_group, strand, block, planned, delivered, part FROM coverage_tally WHERE academic_year_id = {year}"
BARE = """<!doctype html><title>Coverage</title><h1>Coverage</h1><table>
{% for year in years %}{% for strand in strands %}<tr><th>{{ year }} {{ strand }}</th>
{% set here = "/coverage/records?year-group=" ~ year ~ "&strand=" ~ strand %}
{% for block in blocks %}{% set one = cells.get((year, strand, block)) %}
{% if one %}<td class="l{{ one[1] * 4 // one[0] }}"><a href="{{ here }}&amp;half-term={{ block }}">{{ one[1] }}/{{ one[0] }} {{ one[2] }}</a></td>
{% else %}<td>–</td>{% endif %}{% endfor %}
{% set sum = totals[(year, strand)] %}<td><a href="{{ here }}">{{ sum[1] }}/{{ sum[0] }} {{ sum[2] }}</a></td></tr>
{% endfor %}{% endfor %}</table>"""  # noqa: E501


def bare(school: BigSchool, statement: str) -> Flask:
    """Make the limit: the same cells by a raw statement, in a plain Jinja loop."""
    app = Flask("bare")
    raw = connection_of_limit()
    names = {
        "years": [y.value for y in YearGroup],
        "strands": [s.value for s in Strand],
        "blocks": [b.value for b in HalfTermBlock],
    }
    wanted = statement.format(year=school.year_ids[-1])
    strand_of = {module: strand.value for module, strand in school.strand_of.items()}

    template = app.jinja_env.from_string(BARE)

    @app.get("/coverage")
    def page() -> str:
        cells: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        totals: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for year, key, block, *figures in raw.execute(wanted).fetchall():
            strand = strand_of.get(key, key)
            for kept in (cells[year, strand, block], totals[year, strand]):
                for index, figure in enumerate(figures):
                    kept[index] += figure or 0
        return template.render(cells=cells, totals=totals, **names)

    return app


def connection_of_limit() -> Any:
    """Give a connection of the driver's own, as a page without an ORM would use."""
    pooled = db.engine.raw_connection()
    raw: Any = pooled.driver_connection
    pooled.detach()
    if db.engine.dialect.name == "postgresql":
        raw.autocommit = True
    return raw


def figures_of(page: str) -> list[str]:
    """Give the figures of the cells of a page, in order."""
    return re.findall(r">(\d+/\d+)\b", page)


def main() -> int:
    """Measure and report; give how many goals were missed."""
    clock.set_offset(NOW - clock.now())
    assert clock.today() == TODAY
    lines: list[Line] = []
    with engines() as each:
        for engine, new_database in each:
            with installation(new_database(), fill) as (app, school):
                lines += _compared(engine, app, school)
    return report(lines)


def _compared(engine: str, app: Flask, school: BigSchool) -> list[Line]:
    with app.app_context():
        from_records, from_tallies = bare(school, FROM_RECORDS), bare(school, FROM_TALLIES)
    wanted = figures_of(page_of(from_records, PAGE))
    assert len(wanted) > 400
    for other in (from_tallies, app):
        assert set(figures_of(page_of(other, PAGE))) >= set(wanted)
    gc.freeze()  # as the server does once it is up
    with counted() as sent:
        page_of(app, PAGE)
    found = medians({"records": cpu_of(from_records, PAGE), "tallies": cpu_of(from_tallies, PAGE), "ours": cpu_of(app, PAGE)})
    return [
        Line(
            f"F1 coverage page, CPU, against a bare grid over the records, {engine}",
            found["records"],
            found["ours"],
            "ms",
            at_most=1.5,
        ),
        Line(f"F1 the same against a bare grid over the roll-ups, {engine}", found["tallies"], found["ours"], "ms", at_most=1.5),
        Line(f"F1 statements of the coverage page, {engine}", MOST_QUERIES, len(sent), "", at_most=1.0),
    ]


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
