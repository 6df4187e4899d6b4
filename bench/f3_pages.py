"""F3: the pages of the programme at sixty classes with three years behind them: CPU of the server and statements of each.

Run: python -m bench.f3_pages
"""

from __future__ import annotations

import gc
import sys

from bench.big_school import NOW, fill
from bench.f1_coverage import counted, cpu_of, page_of
from bench.installation import engines, installation
from bench.measure import Line, medians, report
from eduprog.core import clock

PAGES = ("/programme", "/coverage", "/programme/messages", "/programme/statements", "/programme/fidelity", "/programme/methods")
MOST_MS = 15.0
MOST_QUERIES = 10


def main() -> int:
    """Measure and report; give how many goals were missed."""
    clock.set_offset(NOW - clock.now())
    lines: list[Line] = []
    with engines() as each:
        for engine, new_database in each:
            with installation(new_database(), fill) as (app, _school):
                sent: dict[str, int] = {}
                for path in PAGES:
                    page_of(app, path)
                    with counted() as statements:
                        page_of(app, path)
                    sent[path] = len(statements)
                gc.freeze()  # as the server does once it is up
                found = medians({path: cpu_of(app, path) for path in PAGES})
                for path in PAGES:
                    lines.append(Line(f"F3 {path}, CPU, {engine}", MOST_MS, found[path], "ms", at_most=1.0))
                    lines.append(Line(f"F3 {path}, statements, {engine}", MOST_QUERIES, sent[path], "", at_most=1.0))
                slowest = max(found, key=found.__getitem__)
                print(f"slowest page on {engine}: {slowest}, {found[slowest]:.1f} ms")
    return report(lines)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
