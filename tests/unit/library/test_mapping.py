"""Are the three columns of a bought scheme read however schools write them, and are faults told by row and column?"""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.vocabulary import FollowUpPoint, HalfTermBlock, Method, Skill, Strand, YearGroup
from eduprog.library.rules.mapped_lessons import Mapped, entry_of, module_of
from eduprog.library.rules.mapping import block_of, read_rows, year_of
from eduprog.library.rules.suggesting import known_clauses, suggested


@cache
def _curriculum() -> Curriculum:
    return load_curriculum(LESSONS)


@pytest.mark.parametrize(
    ("written", "year"),
    [("Year 4", "Y4"), ("y4", "Y4"), ("Yr. 4", "Y4"), ("4", "Y4"), ("4.0", "Y4"), ("YEAR 10", "Y10"), ("Reception", "R"),
     ("YR", "R"), ("EYFS", "R"), ("Year 14", None), ("four", None), ("", None), ("4 and 5", None)],
)  # fmt: skip
def test_a_year_group_is_read_however_it_is_written(written: str, year: str | None) -> None:
    assert year_of(written) == (YearGroup(year) if year else None)


@pytest.mark.parametrize(
    ("written", "block"),
    [("Autumn 1", "autumn-1"), ("aut2", "autumn-2"), ("Spring term 1", "spring-1"), ("SPR-2", "spring-2"), ("HT5", "summer-1"),
     ("6", "summer-2"), ("Half term 3", "spring-1"), ("Autumn", None), ("7", None), ("Winter 1", None), ("", None)],
)  # fmt: skip
def test_a_half_term_is_read_however_it_is_written(written: str, block: str | None) -> None:
    assert block_of(written) == (HalfTermBlock(block) if block else None)


def test_headings_may_stand_in_any_order_or_be_missing() -> None:
    with_headings = [(1, ("Half term", "Lesson", "Notes", "Year")), (2, ("Autumn 1", "Being me", "x", "1"))]
    bare = [(1, ("Being me", "1", "Autumn 1"))]
    for table in (with_headings, bare):
        rows, faults = read_rows(table)
        assert faults == []
        assert [(row.title, row.year, row.block) for row in rows] == [("Being me", YearGroup.Y1, HalfTermBlock.AUTUMN_1)]


def test_every_fault_is_told_with_its_row_and_column() -> None:
    table = [
        (1, ("Title", "Year", "Half-term")), (2, ("Being me", "Year 1", "Autumn 1")), (3, ("", "Yaer 1", "Autumn 1")),
        (5, ("x" * 121, "Year 2", "soon")), (6, ("being ME", "1", "Spring 1")),
    ]  # fmt: skip
    rows, faults = read_rows(table)
    assert [row.number for row in rows] == [2, 6]
    assert [(fault.row, fault.column) for fault in faults] == [
        (3, "A (Title)"), (3, "B (Year group)"), (5, "A (Title)"), (5, "C (Half-term)"), (6, "A (Title)"),
    ]  # fmt: skip
    assert "“Yaer 1” is not a year group" in faults[1].text
    assert "stands in row 2" in faults[-1].text


def test_a_table_without_a_column_or_without_a_lesson_says_so() -> None:
    assert "No column is headed Half-term" in read_rows([(1, ("Title", "Year")), (2, ("a", "1"))])[1][0].text
    assert "no lesson under the headings" in read_rows([(1, ("Title", "Year", "Term"))])[1][0].text
    assert "empty" in read_rows([])[1][0].text
    many = [(1, ("Title", "Year", "Term")), *((n, (f"Lesson {n}", "1", "1")) for n in range(2, 500))]
    assert "more than 400" in read_rows(many)[1][0].text


@pytest.mark.parametrize(
    ("title", "strand"),
    [("Online friends and gaming", "media"), ("Asking for permission", "consent"), ("My body is private", "boundaries"),
     ("Telling a trusted adult", "help-seeking"), ("Celebrating difference", "respect"), ("Zxcv", "respect")],
)  # fmt: skip
def test_a_title_suggests_a_strand(title: str, strand: str) -> None:
    assert suggested(title, YearGroup.Y4, _curriculum().framework).strand.value == strand


def test_suggested_clauses_are_of_the_pupils_phase_and_known() -> None:
    framework = _curriculum().framework
    for year, letter in ((YearGroup.Y4, "P"), (YearGroup.Y9, "S")):
        clauses = suggested("Friendship, families and online safety", year, framework).clauses
        assert clauses
        assert {clause[0] for clause in clauses} == {letter}
        assert set(clauses) <= set(framework.clauses)


def test_typed_clauses_are_taken_apart_and_unknown_ones_named() -> None:
    framework = _curriculum().framework
    one = next(iter(framework.clauses))
    good, bad = known_clauses(f"{one}, {one.lower()}; X-99", framework)
    assert one in good
    assert bad == ["X-99"]


def _mapped(strand: Strand) -> Mapped:
    return Mapped(
        "OWN4-1", "Our scheme", "Being me in my world", YearGroup.Y4, HalfTermBlock.AUTUMN_1, 50, strand, (Skill.EM,),
        (Method.DISCUSSION,), ("P-RK-01a",), date(2026, 9, 1), True, 1,
    )  # fmt: skip


@pytest.mark.parametrize("strand", list(Strand))
def test_a_mapped_lesson_is_a_whole_module_with_follow_ups_and_something_for_home(strand: Strand) -> None:
    module = module_of(_mapped(strand))
    assert module.minutes == 50
    assert set(module.follow_ups) == set(FollowUpPoint)
    assert all(content.say for content in module.follow_ups.values())
    assert module.home_activity.together
    assert module.is_live
    assert entry_of(_mapped(strand)).half_term is HalfTermBlock.AUTUMN_1
    assert set(module.help_card.sources) <= set(_curriculum().help_sources)
