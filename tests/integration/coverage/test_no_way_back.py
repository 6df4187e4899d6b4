"""Can any sum or difference of what pages and packs show, on any days, be led back to fewer than the floor?"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import combinations

import pytest
from flask import Flask
from sqlalchemy import update

from eduprog.checks import actions as checks
from eduprog.checks import queries as checks_queries
from eduprog.checks.rules import MINIMUM, Counted, Moment
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from eduprog.coverage import queries
from eduprog.coverage.rules.evidence import Audience
from eduprog.coverage.rules.schools import SchoolFacts, rows_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup, stage_of
from eduprog.families.rules import SMALLEST_SHOWN, from_five
from eduprog.organisations import actions as organisations
from eduprog.organisations.rules import Nation, Phase
from eduprog.school import actions as school
from eduprog.school.models import TeachingGroup
from tests.conftest import FULL
from tests.support.people import make_person
from tests.support.scenes import HALF_TERMS, SET_UP, START

NOW, TODAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC), date(2026, 11, 24)
MODULE = "K1-C1"
Part = tuple[str, Counted]

# Each part of a class has as many slips as no sum of others of its year group has, so that a figure tells whose answers are in
# it. Some sums of small classes reach ten only with one large part of them.
PARTS: dict[Part, int] = {
    ("1 A", Counted.ALL): 32, ("1 B", Counted.ALL): 7, ("1 C", Counted.BOYS): 64, ("1 C", Counted.GIRLS): 3,
    ("1/2 D", Counted.ALL): 6, ("1 G", Counted.ALL): 5, ("2 E", Counted.BOYS): 40, ("2 E", Counted.GIRLS): 100,
    ("2 F", Counted.ALL): 4,
}  # fmt: skip
YEARS = {"1/2 D": (YearGroup.Y1, YearGroup.Y2)}
SEEDS = range(40) if FULL else range(3)


@pytest.fixture
def classes(app: Flask) -> tuple[int, dict[str, int], int]:
    with transaction():
        made = organisations.create_school(
            name="Larch School", nation=Nation.ENGLAND, phase=Phase.PRIMARY, contact_email="a@b.example", by=SET_UP, now=START
        ).id
    lead = make_person(name="Mark Osei", school_id=made, roles=(Role.PROGRAMME_LEAD,))
    with school_scope(made), transaction():
        year = school.add_academic_year(
            starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 21), half_terms=HALF_TERMS, by=SET_UP, now=START
        )
        ids = {}
        for name in dict.fromkeys(name for name, _counted in PARTS):
            years = YEARS.get(name, (YearGroup(f"Y{name[0]}"),))
            ids[name] = school.open_class(
                academic_year_id=year.id, name=name, year_groups=list(years), stage=stage_of(years[0]), size=200,
                lead_teacher_id=None, slots=[], by=SET_UP, now=START,
            ).id  # fmt: skip
    return made, ids, lead


def _count(group_id: int, part: Part, moment: Moment, by: int) -> None:
    module = catalogue.current().module(MODULE)
    counts = {item.id: [PARTS[part], *([0] * (len(item.options) - 1))] for item in module.check_pair}
    with transaction():
        checks.enter_slips(
            group_id=group_id, module_id=MODULE, moment=moment, counted=part[1], held_on=TODAY, counts=counts, version=0,
            by=person(by), now=NOW, today=TODAY,
        )  # fmt: skip


def _sums_of(year: str) -> dict[int, frozenset[Part]]:
    parts = [part for part in PARTS if part[0].startswith(year)]
    sets = [frozenset(some) for number in range(1, len(parts) + 1) for some in combinations(parts, number)]
    sums = {_slips(some): some for some in sets}
    assert len(sums) == len(sets)
    return sums


def _slips(parts: Iterable[Part]) -> int:
    return sum(PARTS[part] for part in parts)


def _shown(ids: dict[str, int]) -> Iterable[tuple[str, int]]:
    """Give the year group and the number of answers behind every figure of slips: pages of classes, their forms, and the pack of
    each audience."""
    questions = [item.id for item in catalogue.current().module(MODULE).check_pair]
    for name, group_id in ids.items():
        said = checks_queries.of_class(group_id, MODULE, questions)
        for one in said.questions[:1]:
            yield from ((name[0], share.of) for share in one.whole.values() if share)
            yield from ((name[0], share.of) for pair in one.apart.values() if pair for share in pair)
        yield from ((name[0], sum(one.counts[questions[0]].values())) for one in said.entered if one.counts is not None)
    years = queries.years(None, today=TODAY)
    assert years is not None
    for audience in (Audience.INSPECTION, Audience.PARENTS):
        pack = queries.evidence(years, school="Larch School", audience=audience, today=TODAY)
        for table in pack.tables:
            if table.name.startswith("slips-"):
                yield from ((table.name[-1], int(str(cell).split(" of ")[1])) for cell in table.rows[0][2:])


def _can_be_made(wanted: frozenset[Part], figures: Iterable[frozenset[Part]]) -> bool:
    """Say whether sums and differences of figures, any number of times each, give exactly this part."""
    columns = list(PARTS)
    rows: list[list[Fraction]] = []
    for figure in figures:
        _add(rows, [Fraction(part in figure) for part in columns])
    return not any(_rest(rows, [Fraction(part in wanted) for part in columns]))


def _rest(rows: Sequence[list[Fraction]], vector: list[Fraction]) -> list[Fraction]:
    for row in rows:
        lead = next(place for place, value in enumerate(row) if value)
        if vector[lead]:
            factor = vector[lead] / row[lead]
            vector = [one - factor * other for one, other in zip(vector, row, strict=True)]
    return vector


def _add(rows: list[list[Fraction]], vector: list[Fraction]) -> None:
    rest = _rest(rows, vector)
    if any(rest):
        rows.append(rest)


def _too_few() -> list[frozenset[Part]]:
    sets = (frozenset(some) for number in range(1, len(PARTS)) for some in combinations(PARTS, number))
    return [parts for parts in sets if _slips(parts) < MINIMUM]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_figures_of_slips_on_any_days_add_up_to_fewer_than_ten_answers_even_for_whoever_counted_a_class(
    app: Flask, classes: tuple[int, dict[str, int], int], seed: int
) -> None:
    rng, (school_id, ids, lead) = random.Random(seed), classes
    entries = [(part, moment) for part in PARTS for moment in Moment]
    rng.shuffle(entries)
    ever: dict[frozenset[Part], None] = {}
    sums = {year: _sums_of(year) for year in ("1", "2")}
    with school_scope(school_id):
        for number, (part, moment) in enumerate(entries):
            _count(ids[part[0]], part, moment, lead)
            if number == len(entries) // 2:
                with transaction():
                    session().execute(update(TeachingGroup).where(TeachingGroup.name == "1 B").values(ended_on=date(2026, 11, 1)))
            ever.update(dict.fromkeys(sums[year][of] for year, of in _shown(ids)))
    small = {"1 B", "1/2 D", "1 G"}
    assert any(small <= {name for name, _counted in figure} for figure in ever), "small classes are shown together"
    assert all(_slips(figure) >= MINIMUM for figure in ever)
    for somebody in ids:
        counted = frozenset(part for part in PARTS if part[0] == somebody)
        known = [*ever, *(frozenset({part}) for part in counted)]
        assert [parts for parts in _too_few() if not parts & counted and _can_be_made(parts, known)] == [], somebody


def test_the_search_finds_a_way_where_there_is_one() -> None:
    everybody, large = frozenset(PARTS), frozenset(part for part in PARTS if part != ("2 F", Counted.ALL))
    assert _can_be_made(frozenset({("2 F", Counted.ALL)}), [everybody, large])
    assert not _can_be_made(frozenset({("2 F", Counted.ALL)}), [everybody])


@pytest.mark.parametrize("more", range(1, 5))
def test_one_to_four_families_more_are_never_the_only_difference_two_figures_allow(more: int) -> None:
    meant: dict[str, list[int]] = {}
    for count in range(200):
        meant.setdefault(from_five(count), []).append(count)
    for count in range(195):
        first, second = meant[from_five(count)], meant[from_five(count + more)]
        assert len({two - one for one in first for two in second}) >= SMALLEST_SHOWN


def test_a_school_below_the_floor_changes_no_other_line_and_nothing_is_added_up_over_schools() -> None:
    def facts(school_id: int, classes: int) -> SchoolFacts:
        return SchoolFacts(school_id, f"School {school_id}", classes, classes, (3, 40), (5, 40), (1, 9))

    three, two = [facts(1, 9), facts(2, 4), facts(3, 6)], [facts(1, 9), facts(3, 6)]
    with_small, without = rows_of(three), rows_of(two)
    assert [row for row in with_small if row.shown] == [row for row in without if row.shown]
    assert [row.shares for row in with_small if not row.shown] == [()]
    assert len(with_small) == len(three)
