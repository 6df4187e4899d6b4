"""F3: every page at sixty classes with three years behind them: CPU of the server, statements, and growth with history.

The pages come from the table of routes (files made by typesetting apart), opened by somebody who holds every role of the
school, who leads its group or runs the installation, or by nobody. A second school, as large but in its first year, says
what history costs. Run: python -m bench.f3_pages [engine]
"""

from __future__ import annotations

import gc
import statistics
import sys

from flask import Flask, render_template_string

from bench.asking import ask, counted, cpu_of
from bench.big_school import NOW, TODAY, YEARS
from bench.every_page import Address, addresses, fill
from bench.installation import engines, installation
from bench.measure import Line, medians, report
from eduprog.core import clock

MOST_MS = 15.0
MOST_QUERIES = 10
GROWTH = 1.3
"""What a page may cost with three years of history, in what it costs in the first year; and never more than 3 ms more."""
_SLACK_MS = 3.0
_SLOWEST = 12
_ROUNDS = 5
_HELD_TO_GROWTH = 5.0
"""Pages below this many milliseconds are not held to the ratio, which noise would decide."""


_BARE = """<!doctype html><title>Lessons</title><h1>Lessons</h1><table>
{% for row in rows %}<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{{ row[0] }}</th>
<td class="govuk-table__cell"><a class="govuk-link" href="/lessons/{{ row[1] }}">{{ row[2] }}</a></td>
<td class="govuk-table__cell" data-label="Planned">{{ row[3] }}</td>
<td class="govuk-table__cell">{{ row[4] }}</td></tr>{% endfor %}</table>"""


def yardstick() -> float:
    """Give the milliseconds of a bare page of Flask and Jinja with three hundred rows: how fast the machine is just now."""
    bare = Flask("bare")
    rows = [(f"Class {n}", n, f"K1-C{n} lesson {n % 9}", f"Tue {n % 28} Mar", "Taught") for n in range(300)]
    bare.add_url_rule("/lessons", "lessons", lambda: render_template_string(_BARE, rows=rows))
    ask(bare, "/lessons", "")
    return medians({"bare": cpu_of(bare, "/lessons", "", pages=5)})["bare"]


def measured(app: Flask, pages: list[Address]) -> dict[str, tuple[float, int]]:
    """Give milliseconds and statements of each page that is one, by its route."""
    sent: dict[str, int] = {}
    for page in pages:
        ask(app, page.path, page.token)
        with counted() as statements:
            answer = ask(app, page.path, page.token)
        assert answer.status < 500 or page.rule == "/healthz", (page.path, answer.status)
        if answer.is_page and answer.status == 200:
            sent[page.rule] = len(statements)
    held = [page for page in pages if page.rule in sent]
    gc.freeze()  # as the server does once it is up
    found = medians({page.rule: cpu_of(app, page.path, page.token, pages=2) for page in held}, rounds=_ROUNDS)
    gc.unfreeze()
    return {rule: (found[rule], sent[rule]) for rule in sent}


def main() -> int:
    """Measure and report; give how many goals were missed."""
    clock.set_offset(NOW - clock.now())
    assert clock.today() == TODAY
    lines: list[Line] = []
    with engines() as each:
        for engine, new_database in each:
            if engine in (sys.argv[1:] or [engine]):
                found = _of_school(new_database(), years=YEARS)
                lines += _judged(engine, found, _of_school(new_database(), years=YEARS[-1:]))
    return report(lines)


def _of_school(url: str, *, years: tuple[int, ...]) -> dict[str, tuple[float, int]]:
    with installation(url, lambda connection: fill(connection, years=years)) as (app, school):
        with app.app_context():
            pages = addresses(app, school)
        return measured(app, pages)


def _judged(engine: str, found: dict[str, tuple[float, int]], first_year: dict[str, tuple[float, int]]) -> list[Line]:
    ordered = sorted(found, key=lambda rule: -found[rule][0])
    print(f"{engine}: a bare page of 300 rows takes {yardstick():.1f} ms on this machine now")
    print(f"{engine}: {len(found)} pages, median {statistics.median(ms for ms, _ in found.values()):.1f} ms; the slowest:")
    for rule in ordered[:_SLOWEST]:
        ms, sent = found[rule]
        print(f"  {ms:6.1f} ms {sent:3} statements  {rule}  (in its first year {first_year.get(rule, (0.0, 0))[0]:.1f} ms)")
    asks = {rule: sent for rule, (_, sent) in found.items() if sent > MOST_QUERIES}
    print(f"  more than {MOST_QUERIES} statements: {', '.join(f'{rule} {sent}' for rule, sent in asks.items()) or 'none'}")
    slow = [rule for rule in found if found[rule][0] > MOST_MS]
    print(f"  slower than {MOST_MS:.0f} ms: {len(slow)} of {len(found)}")
    most_asking = max(found, key=lambda rule: found[rule][1])
    both = [rule for rule in found if rule in first_year]
    grown = max(both, key=lambda rule: _growth(found[rule][0], first_year[rule][0]))
    more = [rule for rule in both if found[rule][1] > first_year[rule][1]]
    return [
        Line(f"F3 slowest page, CPU: {ordered[0]}, {engine}", MOST_MS, found[ordered[0]][0], "ms", at_most=1.0),
        Line(f"F3 most statements: {most_asking}, {engine}", MOST_QUERIES, found[most_asking][1], "", at_most=1.0),
        Line(
            f"F3 grows most with history: {grown}, {engine}", first_year[grown][0], found[grown][0], "ms",
            at_most=max(GROWTH, 1 + _SLACK_MS / first_year[grown][0]),
        ),
        Line(f"F3 pages that ask more with history {', '.join(more)}, {engine}", 1, 1 + len(more), "", at_most=1.0),
    ]  # fmt: skip


def _growth(now: float, before: float) -> float:
    return now / before if now > _HELD_TO_GROWTH else 0.0


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
