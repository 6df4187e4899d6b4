"""Does a year ask for the right acts on possible days, do figures count what they say, and is the wheel readable?"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.vocabulary import ActKind, Aspect, HalfTermBlock, Rhythm, Stage
from eduprog.school.rules import HalfTermSpan, SchoolCalendar
from eduprog.wholeschool.rules import (
    ActState,
    Counted,
    WheelItem,
    expected_in,
    figures_of,
    look_of,
    suggest,
    usual_aspect,
    year_wheel,
)

SPANS = (
    HalfTermSpan(HalfTermBlock.AUTUMN_1, date(2026, 9, 2), date(2026, 10, 23)),
    HalfTermSpan(HalfTermBlock.AUTUMN_2, date(2026, 11, 2), date(2026, 12, 18)),
    HalfTermSpan(HalfTermBlock.SPRING_1, date(2027, 1, 4), date(2027, 2, 12)),
    HalfTermSpan(HalfTermBlock.SPRING_2, date(2027, 2, 22), date(2027, 3, 25)),
    HalfTermSpan(HalfTermBlock.SUMMER_1, date(2027, 4, 12), date(2027, 5, 28)),
    HalfTermSpan(HalfTermBlock.SUMMER_2, date(2027, 6, 7), date(2027, 7, 21)),
)
CALENDAR = SchoolCalendar(terms=tuple((span.first, span.last) for span in SPANS), half_terms=SPANS)
PRIMARY = {Stage.EY, Stage.K1, Stage.L2, Stage.U2}
LESSONS = Path(__file__).resolve().parents[3] / "lessons"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Curriculum:
    return load_curriculum(LESSONS, cache=tmp_path_factory.mktemp("cache"))


def test_a_primary_school_is_not_asked_for_secondary_assemblies_nor_for_closed_acts(library: Curriculum) -> None:
    asked = {act.id for act in expected_in(library.all_acts, PRIMARY, ())}
    assert "assembly-ks3-it-stops-with-me" not in asked
    assert {"assembly-k1-owl-keeps-telling", "staff-briefing", "policy-review", "evaluation"} <= asked
    assert not [one for one in asked if one.startswith("closed")]


def test_what_is_done_every_two_years_is_not_asked_for_the_year_after(library: Curriculum) -> None:
    act = library.acts["staff-briefing"].model_copy(update={"repeats": Rhythm.EVERY_TWO_YEARS})
    assert expected_in([act], PRIMARY, ()) == [act]
    assert expected_in([act], PRIMARY, {"staff-briefing"}) == []


def test_every_suggestion_stands_on_an_open_day_of_its_half_term_and_the_days_are_spread(library: Curriculum) -> None:
    asked = expected_in(library.all_acts, PRIMARY, ())
    found = suggest(asked, known=(), half_terms=SPANS, calendar=CALENDAR, today=date(2026, 9, 1))
    blocks = {span.block: span for span in SPANS}
    assert {one.act.id for one in found} == {act.id for act in asked}
    for one in found:
        assert CALENDAR.is_open(one.due_on)
        if one.act.repeats is not Rhythm.TERMLY:
            assert one.due_on in blocks[one.act.half_term]
    autumn = [one.due_on for one in found if one.due_on in SPANS[0]]
    assert len(set(autumn)) == len(autumn)


def test_a_termly_act_is_suggested_once_a_term(library: Curriculum) -> None:
    act = library.acts["staff-briefing"].model_copy(update={"repeats": Rhythm.TERMLY})
    found = suggest([act], known=(), half_terms=SPANS, calendar=CALENDAR, today=date(2026, 9, 1))
    assert [CALENDAR.half_term_of(one.due_on).block for one in found] == [  # type: ignore[union-attr]
        HalfTermBlock.AUTUMN_1, HalfTermBlock.SPRING_1, HalfTermBlock.SUMMER_1,
    ]  # fmt: skip


def test_in_the_middle_of_a_year_nothing_is_suggested_for_a_day_that_is_over(library: Curriculum) -> None:
    today = date(2027, 2, 15)
    asked = expected_in(library.all_acts, PRIMARY, ())
    found = suggest(asked, known={"staff-briefing"}, half_terms=SPANS, calendar=CALENDAR, today=today)
    assert min(one.due_on for one in found) >= today
    assert "staff-briefing" not in {one.act.id for one in found}
    assert suggest(asked, known=(), half_terms=SPANS, calendar=CALENDAR, today=date(2027, 7, 22)) == []


def test_an_aspect_counts_done_planned_overdue_and_what_nobody_planned(library: Curriculum) -> None:
    today = date(2026, 11, 1)
    rows = [
        Counted(1, Aspect.STAFF, ActState.DONE, date(2026, 9, 10), "staff-briefing"),
        Counted(2, Aspect.POLICY, ActState.PLANNED, today - timedelta(days=1), "policy-review"),
        Counted(3, Aspect.PUPILS, ActState.PLANNED, today, "assembly-k1-owl-keeps-telling", (Stage.K1,)),
        Counted(4, Aspect.PUPILS, ActState.DROPPED, today, "pupil-campaign"),
    ]
    asked = [library.acts[one] for one in ("staff-briefing", "policy-review", "pupil-campaign", "evaluation")]
    of = {one.aspect: one for one in figures_of(rows, asked, today=today)}
    assert (of[Aspect.STAFF].done, of[Aspect.STAFF].missing, of[Aspect.STAFF].asked) == ((1,), 0, 1)
    assert (of[Aspect.POLICY].overdue, of[Aspect.POLICY].missing) == ((2,), 1)
    assert (of[Aspect.PUPILS].planned, of[Aspect.PUPILS].dropped, of[Aspect.PUPILS].asked) == ((3,), (4,), 1)
    assert of[Aspect.EVALUATION].not_planned == ("evaluation",)
    assert list(of) == list(Aspect)


def test_for_a_year_group_only_its_stage_and_the_whole_school_count(library: Curriculum) -> None:
    today = date(2026, 11, 1)
    rows = [
        Counted(1, Aspect.PUPILS, ActState.DONE, today, "assembly-k1-owl-keeps-telling", (Stage.K1,)),
        Counted(2, Aspect.PUPILS, ActState.DONE, today, "pupil-campaign"),
    ]
    pupils = {
        stage: next(one for one in figures_of(rows, (), today=today, stage=stage) if one.aspect is Aspect.PUPILS)
        for stage in (Stage.K1, Stage.U2)
    }
    assert pupils[Stage.K1].done == (1, 2)
    assert pupils[Stage.U2].done == (2,)


@pytest.mark.parametrize(
    ("days", "look"), [(-1, "overdue"), (0, "due"), (14, "due"), (15, "planned")]
)  # fmt: skip
def test_a_planned_act_shows_by_its_day(days: int, look: str) -> None:
    today = date(2026, 11, 1)
    assert look_of(ActState.PLANNED, today + timedelta(days=days), today) == look


def test_what_is_settled_shows_as_that_whatever_the_day() -> None:
    assert look_of(ActState.DONE, date(2020, 1, 1), date(2026, 11, 1)) == "done"


def test_every_open_kind_has_a_usual_aspect_that_the_library_agrees_with(library: Curriculum) -> None:
    for act in library.acts.values():
        if act.kind not in (ActKind.CONSULTATION, ActKind.ASSEMBLY):
            assert usual_aspect(act.kind) is act.aspect, act.id


_ITEMS = st.lists(st.tuples(st.sampled_from(list(Aspect)), st.integers(0, 364)), max_size=40)


@settings(max_examples=60)
@given(_ITEMS)
def test_no_two_dots_of_the_wheel_lie_on_each_other_and_all_are_inside(drawn: list[tuple[Aspect, int]]) -> None:
    items = [
        WheelItem(number, aspect, date(2026, 9, 1) + timedelta(days=days), "planned")
        for number, (aspect, days) in enumerate(drawn, 1)
    ]
    wheel = year_wheel(date(2026, 9, 1), items)
    assert [dot.number for dot in wheel.dots] == [item.number for item in items]
    assert all(0 < dot.x < wheel.size and 0 < dot.y < wheel.size for dot in wheel.dots)
    if max((sum(1 for item in items if item.aspect is aspect) for aspect in Aspect), default=0) <= 14:
        for one, other in combinations(wheel.dots, 2):
            assert ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 > 1.6 * wheel.dot


def test_september_is_at_the_top_and_march_at_the_bottom() -> None:
    items = [
        WheelItem(1, Aspect.EVALUATION, date(2026, 9, 1), "done"),
        WheelItem(2, Aspect.EVALUATION, date(2027, 3, 2), "due"),
        WheelItem(3, Aspect.EVALUATION, date(2026, 12, 1), "due"),
    ]
    top, bottom, right = year_wheel(date(2026, 9, 1), items).dots
    assert top.y < 60
    assert abs(top.x - 200) < 1
    assert bottom.y > 340
    assert right.x > 340
