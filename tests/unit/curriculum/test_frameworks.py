"""The statutory content for England, counted as the research counted it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.frameworks import Framework, Planned, State
from eduprog.curriculum.help_sources import HelpAudience
from eduprog.curriculum.reading import Reading, collect_files, read_lessons
from eduprog.curriculum.vocabulary import FollowUpPoint, YearGroup


@pytest.fixture(scope="module")
def reading() -> Reading:
    files = collect_files(LESSONS)
    return read_lessons({path: raw for path, raw in files.items() if path.suffix == ".yaml"})


@pytest.fixture(scope="module")
def framework(reading: Reading) -> Framework:
    assert reading.framework is not None
    return reading.framework


def test_all_28_headings_and_195_items_are_counted_even_those_we_do_not_teach(framework: Framework) -> None:
    assert len(framework.headings) == 28
    assert {phase.id: phase.items for phase in framework.phases} == {"primary": 80, "secondary": 115}
    assert sum(heading.items for heading in framework.headings) == 195


@pytest.mark.parametrize(("phase", "statements", "in_pack", "planned"), [("primary", 57, 99, 99), ("secondary", 69, 136, 133)])
def test_statements_and_clauses_of_the_pack(
    framework: Framework, phase: str, statements: int, in_pack: int, planned: int
) -> None:
    ours = [statement for statement in framework.statements if statement.phase == phase and statement.in_pack]
    assert len(ours) == statements
    assert sum(clause.in_pack for statement in ours for clause in statement.clauses) == in_pack
    assert len(framework.planned_clauses(phase)) == planned


def test_the_three_clauses_not_planned_in_time_are_the_ones_named_by_design(framework: Framework) -> None:
    late = {clause.id: clause.planned for clause in framework.clauses.values() if clause.planned is not Planned.IN_TIME}
    assert late == {"S-PS-01a": Planned.ELSEWHERE, "S-DA-03a": Planned.ELSEWHERE, "S-HP-09": Planned.LATER}


def test_a_clause_outside_the_pack_says_so(framework: Framework) -> None:
    assert not framework.clauses["S-IS-06"].in_pack
    assert framework.clauses["P-RK-01b"].in_pack


def test_a_statement_is_taken_apart_into_its_clauses(framework: Framework) -> None:
    assert framework.take_apart("P-RK-01") == ("P-RK-01a", "P-RK-01b")
    assert framework.take_apart("P-RK-02") == ("P-RK-02",)
    assert framework.take_apart("P-RK-01b") == ("P-RK-01b",)
    assert framework.take_apart("P-RK-01z") == framework.take_apart("") == ()


def test_a_clause_knows_the_phase_by_whose_end_it_is_due(framework: Framework) -> None:
    assert framework.phase_of("P-RK-01a").by_end_of is YearGroup.Y6
    assert framework.phase_of("S-HP-09").by_end_of is YearGroup.Y11
    with pytest.raises(LookupError):
        framework.phase_of("X-YY-01")


def test_the_programme_lists_60_modules_from_reception_to_year_13(reading: Reading) -> None:
    assert reading.programme.value is not None
    entries = list(reading.programme.value.entries.values())
    assert len(entries) == 60
    assert entries[0].years == (YearGroup.R,)
    assert [stage.id.value for stage in reading.programme.value.stages] == ["EY", "K1", "L2", "U2", "K3", "K4", "K5"]
    assert [len(stage.modules) for stage in reading.programme.value.stages] == [3, 8, 9, 10, 14, 10, 6]


def test_the_default_windows_are_those_of_the_follow_up_rule(reading: Reading) -> None:
    assert reading.programme.value is not None
    windows = reading.programme.value.windows_for("K1-C1")
    assert windows == {"R1": (7, 14), "R2": (21, 35), "R3": (70, 98), "R4": (0, 27)}
    assert windows[FollowUpPoint.R4].last_day - windows[FollowUpPoint.R4].first_day + 1 == 28


def test_a_help_source_is_shown_until_its_check_is_due_and_no_longer(reading: Reading) -> None:
    assert reading.help_sources.value is not None
    childline = reading.help_sources.value.by_id()["childline"]
    assert childline.shown_on(date(2027, 5, 22))
    assert not childline.shown_on(date(2027, 5, 23))
    assert childline.serves(first_age=4, last_age=5)
    assert not childline.serves(first_age=16, last_age=20)


def test_every_help_source_must_be_checked_again_within_six_months(reading: Reading) -> None:
    assert reading.help_sources.value is not None
    for source in reading.help_sources.value.sources:
        assert 0 < (source.expires_on - source.verified_on).days <= 184, source.id


def test_nothing_for_adults_only_is_shown_to_children(reading: Reading) -> None:
    assert reading.help_sources.value is not None
    for source in reading.help_sources.value.sources:
        if HelpAudience.PUPIL in source.audience:
            assert source.ages.first < 18 or source.id in {"revenge-porn-helpline", "stopncii"}, source.id


def test_all_195_items_stand_in_the_file_and_each_heading_has_as_many_as_it_says(framework: Framework) -> None:
    assert len(framework.statements) == 195
    assert framework.is_complete
    for heading in framework.headings:
        assert [one.id for one in framework.statements if one.heading == heading.id] == [
            f"{heading.id}-{number:02}" for number in range(1, heading.items + 1)
        ]


def test_each_item_outside_the_pack_is_marked_and_none_of_its_clauses_is_planned(framework: Framework) -> None:
    outside = [one for one in framework.statements if not one.in_pack]
    assert len(outside) == 195 - 57 - 69
    assert not any(clause.in_pack for one in outside for clause in one.clauses)


@pytest.mark.parametrize(
    ("file", "state", "headings"),
    [
        ("ecw-2020", State.OUTLINE, 32),
        ("rse-wales", State.STUB, 9),
        ("rshp-scotland", State.STUB, 13),
        ("rse-northern-ireland", State.STUB, 7),
    ],
)
def test_other_frameworks_say_that_they_are_not_complete_and_claim_nothing(
    reading: Reading, file: str, state: State, headings: int
) -> None:
    (found,) = (part.value for part in reading.frameworks if part.value is not None and part.value.id == file)
    assert (found.state, found.is_complete, len(found.headings)) == (state, False, headings)
    assert "not" in found.note
    assert [found.planned_clauses(phase.id) for phase in found.phases] == [frozenset()] * len(found.phases)


@pytest.fixture
def official(fixtures: Path) -> list[dict[str, str]]:
    with (fixtures / "frameworks/rshe-2025/statutory-content.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_official_table_has_the_same_headings_with_as_many_items(
    framework: Framework, official: list[dict[str, str]]
) -> None:
    counted = Counter((row["phase"], row["topic"].lower()) for row in official)
    assert counted == {(heading.phase, heading.title.lower()): heading.items for heading in framework.headings}


def test_no_paraphrase_shares_six_words_in_a_row_with_the_official_text(
    framework: Framework, official: list[dict[str, str]]
) -> None:
    runs = {run for row in official for run in _runs(row["statement"])}
    copied = {clause.id: runs & _runs(clause.paraphrase) for clause in framework.clauses.values()}
    assert {one: found for one, found in copied.items() if found} == {}


def _runs(text: str) -> set[str]:
    words = re.findall(r"[a-z']+", text.lower().replace("’", "'"))
    return {" ".join(words[start : start + 6]) for start in range(len(words) - 5)}


def test_pack_and_clauses_are_those_of_the_research(framework: Framework, fixtures: Path) -> None:
    research = fixtures.parent / "curriculum.md"
    if not research.is_file():
        pytest.skip(f"the research lies outside the project and is not on this machine: {research}")
    rows = re.findall(r"^\| RSHE25-([PS]-[A-Z]{2}-\d\d) \| (.+?) \| (in|out) \|$", research.read_text(encoding="utf-8"), re.M)
    assert len(rows) == 164
    ours = {one.id: one for one in framework.statements}
    for statement_id, text, pack in rows:
        letters = set(re.findall(r"\(([a-h])\)", text)) or {""}
        assert ours[statement_id].in_pack is (pack == "in"), statement_id
        assert {clause.id.removeprefix(statement_id) for clause in ours[statement_id].clauses} == letters, statement_id
