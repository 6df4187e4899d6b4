"""Stages, years and key stages hang together."""

from __future__ import annotations

from eduprog.curriculum.vocabulary import KeyStage, Stage, Strand, YearGroup, key_stage_of, stage_of


def test_every_year_group_belongs_to_one_stage_in_order() -> None:
    assert [year for stage in Stage for year in stage.years] == list(YearGroup)
    assert " ".join(stage_of(year) for year in YearGroup) == "EY K1 K1 L2 L2 U2 U2 K3 K3 K3 K4 K4 K5 K5"


def test_both_stages_of_key_stage_2_are_one_key_stage() -> None:
    assert {key_stage_of(year) for stage in (Stage.L2, Stage.U2) for year in stage.years} == {KeyStage.KS2}
    assert key_stage_of(YearGroup.R) is KeyStage.EYFS
    assert key_stage_of(YearGroup.Y13) is KeyStage.KS5


def test_primary_ends_with_year_6() -> None:
    assert {year for year in YearGroup if stage_of(year).is_primary} == {year for year in YearGroup if year.number <= 6}


def test_a_year_group_is_followed_by_the_next_until_the_last() -> None:
    assert YearGroup.R.next is YearGroup.Y1
    assert YearGroup.Y13.next is None
    assert (YearGroup.R.label, YearGroup.Y4.label, YearGroup.R.short) == ("Reception", "Year 4", "Rec")


def test_every_strand_has_a_letter_of_its_own() -> None:
    assert sorted(strand.letter for strand in Strand) == ["B", "C", "H", "M", "R"]
    assert Strand.MEDIA.label == "Media literacy"
