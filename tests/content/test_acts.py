"""What a school does beyond lessons is all there, and what is closed stays closed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.catalogue import ActIsClosed, Curriculum, UnknownAct
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.vocabulary import ActForm, ActKind, Aspect, Gate, KeyStage, Stage, key_stage_of


@pytest.fixture(scope="module")
def curriculum() -> Curriculum:
    return load_curriculum(LESSONS)


def test_every_aspect_and_every_open_kind_of_act_is_there(curriculum: Curriculum) -> None:
    assert {act.aspect for act in curriculum.acts.values()} == set(Aspect)
    assert {act.kind for act in curriculum.acts.values()} == {kind for kind in ActKind if not kind.is_closed}


def test_every_stage_has_one_poster_and_one_card_with_three_doors(curriculum: Curriculum) -> None:
    for kind in (ActKind.HELP_POSTER, ActKind.POCKET_CARD):
        found = Counter(act.stages for act in curriculum.acts.values() if act.kind is kind)
        assert found == {(stage,): 1 for stage in Stage}
    for act in curriculum.acts.values():
        if act.form is ActForm.HELP:
            assert act.help_doors is not None
            assert len({door.title for door in act.help_doors.doors}) == 3


def test_every_key_stage_has_an_assembly(curriculum: Curriculum) -> None:
    assemblies = [act for act in curriculum.acts.values() if act.kind is ActKind.ASSEMBLY]
    reached = {key_stage_of(stage.years[0]) for act in assemblies for stage in act.stages}
    assert reached == {KeyStage.KS1, KeyStage.KS2, KeyStage.KS3, KeyStage.KS4, KeyStage.KS5}


def test_the_staff_briefing_says_what_staff_must_be_able_to_say(curriculum: Curriculum) -> None:
    briefing = curriculum.act("staff-briefing")
    said = " ".join(part.say for part in briefing.parts).lower()
    assert briefing.minutes == sum(part.minutes for part in briefing.parts) == 30
    for words in ("i believe you", "show me", "can't keep this secret", "tell you what happens next", "{{dsl}}", "do not look"):
        assert words in said


def test_a_closed_act_is_in_no_list_and_is_refused_when_asked_for_as_if_it_were_open(curriculum: Curriculum) -> None:
    assert sorted(curriculum.closed_acts) == ["closed-u2-guide", "closed-u2-pictures", "closed-u2-seen"]
    for act_id, act in curriculum.closed_acts.items():
        assert act.is_closed
        assert act.gate is Gate.G2
        assert act_id not in curriculum.acts
        assert act not in curriculum.acts_for(Stage.U2)
        assert curriculum.closed_act(act_id) is act
        with pytest.raises(ActIsClosed, match="signed it off"):
            curriculum.act(act_id)


def test_no_closed_module_is_offered_for_a_stage_or_a_year(curriculum: Curriculum) -> None:
    assert not any(module.is_closed for module in curriculum.modules.values())


def test_an_act_nobody_knows_is_refused(curriculum: Curriculum) -> None:
    with pytest.raises(UnknownAct, match="There is no act party"):
        curriculum.act("party")
    with pytest.raises(UnknownAct):
        curriculum.closed_act("staff-briefing")


def test_acts_come_out_of_the_cache_as_they_went_in(curriculum: Curriculum, tmp_path: Path) -> None:
    load_curriculum(LESSONS, tmp_path / "cache")
    assert load_curriculum(LESSONS, tmp_path / "cache").all_acts == curriculum.all_acts


def test_acts_of_a_stage_are_those_that_name_it_and_those_for_everybody(curriculum: Curriculum) -> None:
    found = {act.id for act in curriculum.acts_for(Stage.K1)}
    assert {"staff-briefing", "assembly-k1-owl-keeps-telling", "help-poster-k1"} <= found
    assert not found & {"help-poster-k3", "parent-session-secondary"}
