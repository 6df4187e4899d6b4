"""The message clock, and the mix of methods and skills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from flask import render_template
from markupsafe import Markup, escape

from eduprog.core import clock
from eduprog.core.permissions import Permission
from eduprog.coverage import queries
from eduprog.coverage.rules.message_clock import ClockCell, Way
from eduprog.coverage.rules.steps import NO_LESSONS, RELATIONSHIP_STRANDS, Share, by_grouping, by_method, by_purpose, by_skill
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.years import years_asked
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Message, Method, Skill, Strand, YearGroup
from eduprog.web.filters import plural
from eduprog.web.guards import may, requires

K = TypeVar("K", bound=Hashable)
Shares = Mapping[tuple[YearGroup, K], Share]
_FRESH_DAYS = 35


@blueprint.get("/programme/messages")
@requires(Permission.SEE_SCHOOL)
def messages() -> str:
    """Show when each class last met each message and strand."""
    years = years_asked()
    found = queries.message_clock(years, today=clock.today()) if years else None
    words = catalogue.current().vocabulary
    return render_template(
        "coverage/messages.html",
        h1="Message clock",
        year=years.chosen if years else None,
        years=years.all if years else (),
        rows=[(row, _cells(row.messages), _cells(row.strands)) for row in found.rows] if found else [],
        going_cold=found.going_cold if found else (),
        messages=[words.messages[message] for message in Message],
        strands=list(Strand),
        labels={message: words.messages[message].label for message in Message},
        opens_classes=may(Permission.SEE_OWN_CLASSES),
    )


def _cells(cells: tuple[ClockCell, ...]) -> Markup:
    return Markup("".join([_cell(cell.meeting and cell.meeting.way, cell.days, cell.cold) for cell in cells]))  # noqa: S704 - ours


@lru_cache(maxsize=5000)
def _cell(way: Way | None, days: int, cold: bool) -> str:
    """Write a cell: numbers, and words of our own closed lists."""
    if way is None:
        return '<td class="govuk-table__cell ep-heat__cell ep-level--none">not yet</td>'
    level = "due" if cold else "3" if days <= _FRESH_DAYS else "1"
    words = f"{escape(plural(days, 'day'))}<br><span>{way.value}</span>{'<br>going cold' if cold else ''}"
    return f'<td class="govuk-table__cell ep-heat__cell ep-level--{level}">{words}</td>'


@blueprint.get("/programme/methods")
@requires(Permission.SEE_SCHOOL)
def methods() -> str:
    """Show how lessons were taught: methods, skills, and who worked with whom, in minutes done of minutes planned."""
    years = years_asked()
    lessons = queries.lessons_of_year(years.chosen.id) if years else NO_LESSONS
    groups = list(lessons.sums)
    words = catalogue.current().vocabulary
    method_labels = {one: words.methods[one].label for one in Method}
    method, skill, together, kind = by_method(lessons), by_skill(lessons), by_grouping(lessons), by_purpose(lessons)
    return render_template(
        "coverage/methods.html",
        h1="Methods and skills",
        year=years.chosen if years else None,
        years=years.all if years else (),
        groups=groups,
        methods=_rows(method_labels, method, groups),
        skills=_rows({one: words.skills[one].label for one in Skill}, skill, groups),
        method_bars=_bars(method_labels, method),
        together=_stacks(together, groups),
        purpose=_stacks(kind, groups),
        relationship=[strand.label for strand in RELATIONSHIP_STRANDS],
    )


def _rows(labels: Mapping[K, str], shares: Shares[K], groups: Sequence[YearGroup]) -> list[tuple[str, list[Share]]]:
    rows = [(label, [shares.get((group, member), Share()) for group in groups]) for member, label in labels.items()]
    return [(label, cells) for label, cells in rows if any(cell != Share() for cell in cells)]


def _bars(labels: Mapping[K, str], shares: Shares[K]) -> list[dict[str, object]]:
    totals: Counter[K] = Counter()
    for (_group, member), share in shares.items():
        totals[member] += share.done
    return [{"label": labels[one], "value": done, "text": f"{done:,} min"} for one, done in totals.most_common() if done]


def _stacks(shares: Shares[bool], groups: Sequence[YearGroup]) -> list[dict[str, object]]:
    rows = [(group.label, [shares.get((group, one), Share()).done for one in (True, False)]) for group in groups]
    return [{"label": label, "values": values} for label, values in rows if sum(values)]
