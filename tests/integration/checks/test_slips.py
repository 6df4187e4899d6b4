"""Are slips counted in one go, bounded by the class, changed without loss, and shown only when they are enough?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from eduprog.checks import actions, queries
from eduprog.checks.actions import (
    CountedOtherwise,
    CountsChanged,
    HeldInFuture,
    MoreAnswersThanPupils,
    NothingCounted,
    NotOnTheSlip,
)
from eduprog.checks.rules import Counted, Moment, Share
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import Scene, a_planned_school

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
MODULE = "K1-C1"


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


def _questions() -> list[Any]:
    return list(catalogue.current().module(MODULE).check_pair)


def _counts(right: int, wrong: int) -> dict[str, list[int]]:
    found = {}
    for item in _questions():
        counts = [0] * len(item.options)
        counts[item.answer - 1] = right
        counts[item.answer % len(item.options)] = wrong
        found[item.id] = counts
    return found


def _enter(scene: Scene, right: int, wrong: int, **more: Any) -> int:
    facts = {
        "group_id": scene.group_ids["Y1"], "module_id": MODULE, "moment": Moment.BASELINE, "counted": Counted.ALL,
        "held_on": TODAY, "counts": _counts(right, wrong), "version": 0, "by": scene.teacher, **more,
    }  # fmt: skip
    with transaction():
        return actions.enter_slips(**facts, now=NOW, today=TODAY).version


def _said(scene: Scene) -> queries.ClassSlips:
    return queries.of_class(scene.group_ids["Y1"], MODULE, [item.id for item in _questions()])


def test_before_and_after_are_shown_of_those_who_answered(scene: Scene) -> None:
    with school_scope(scene.school_id):
        _enter(scene, 12, 14)
        _enter(scene, 24, 3, moment=Moment.EXIT)
        first = _said(scene).questions[0]
        assert first.whole == {Moment.BASELINE: Share(12, 26), Moment.EXIT: Share(24, 27), Moment.REFRESH: None}


def test_below_ten_nothing_is_shown_not_even_for_a_correction(scene: Scene) -> None:
    with school_scope(scene.school_id):
        _enter(scene, 5, 4)
        said = _said(scene)
        assert said.questions[0].whole[Moment.BASELINE] is None
        assert said.entered[0].counts is None


def test_boys_and_girls_together_are_the_class_and_one_small_group_hides_both(scene: Scene) -> None:
    with school_scope(scene.school_id):
        _enter(scene, 10, 4, counted=Counted.BOYS)
        _enter(scene, 6, 3, counted=Counted.GIRLS)
        question = _said(scene).questions[0]
        assert question.whole[Moment.BASELINE] == Share(16, 23)
        assert question.apart[Moment.BASELINE] is None
        assert [one.counts for one in _said(scene).entered] == [None, None]
        _enter(scene, 8, 3, counted=Counted.GIRLS, version=1)
        assert _said(scene).questions[0].apart[Moment.BASELINE] == (Share(10, 14), Share(8, 11))


def test_a_class_has_no_more_answers_than_pupils_and_the_sentence_says_which_question(scene: Scene) -> None:
    with school_scope(scene.school_id):
        with pytest.raises(MoreAnswersThanPupils, match="Question 1 has 29 answers, but Y1 Oak has 28 pupils"):
            _enter(scene, 20, 9)
        _enter(scene, 10, 5, counted=Counted.BOYS)
        with pytest.raises(MoreAnswersThanPupils, match="15 of them counted before"):
            _enter(scene, 10, 4, counted=Counted.GIRLS)


def test_the_same_tap_twice_is_one_count_and_a_stale_page_loses_nothing(scene: Scene) -> None:
    with school_scope(scene.school_id):
        assert _enter(scene, 12, 14) == _enter(scene, 12, 14)
        with pytest.raises(CountsChanged):
            _enter(scene, 3, 20)
        assert _said(scene).questions[0].whole[Moment.BASELINE] == Share(12, 26)


def test_guessing_a_colleagues_counts_right_says_no_more_than_guessing_them_wrong(scene: Scene) -> None:
    with school_scope(scene.school_id):
        version = _enter(scene, 3, 1)
        for right, wrong in ((3, 1), (1, 3)):
            with pytest.raises(CountsChanged):
                _enter(scene, right, wrong, by=person(scene.lead_id))
        assert _enter(scene, 3, 1) == version


def test_what_cannot_be_counted_is_refused(scene: Scene) -> None:
    with school_scope(scene.school_id):
        with pytest.raises(NothingCounted):
            _enter(scene, 0, 0)
        with pytest.raises(HeldInFuture):
            _enter(scene, 5, 5, held_on=date(2026, 11, 25))
        with pytest.raises(NotOnTheSlip):
            _enter(scene, 5, 5, counts={"another": [5, 5]})
        _enter(scene, 5, 5)
        with pytest.raises(CountedOtherwise):
            _enter(scene, 5, 5, counted=Counted.BOYS)


def test_counts_taken_away_are_gone_and_others_may_be_entered(scene: Scene) -> None:
    with school_scope(scene.school_id):
        version = _enter(scene, 5, 6)
        where: dict[str, Any] = {
            "group_id": scene.group_ids["Y1"], "module_id": MODULE, "moment": Moment.BASELINE, "counted": Counted.ALL,
            "by": scene.teacher, "now": NOW,
        }  # fmt: skip
        with pytest.raises(CountsChanged), transaction():
            actions.take_away(**where, version=version + 1)
        with transaction():
            actions.take_away(**where, version=version)
        assert _said(scene).entered == []
        with pytest.raises(NotHere), transaction():
            actions.take_away(**where, version=version)
        _enter(scene, 9, 9, counted=Counted.GIRLS)


def test_over_classes_only_those_asked_both_times_count(scene: Scene) -> None:
    with school_scope(scene.school_id):
        _enter(scene, 12, 14)
        _enter(scene, 24, 3, moment=Moment.EXIT)
        _enter(scene, 2, 20, group_id=scene.group_ids["Y4"])
        landed = queries.landings(dict.fromkeys(scene.group_ids.values(), "here"))["here"][MODULE]
        assert {(one.before, one.after, one.classes) for one in landed} == {(Share(12, 26), Share(24, 27), 1)}
        assert len(landed) == len(_questions())


def test_a_teacher_counts_on_the_page_and_is_told_what_to_mend(app: Flask, browser: Browser, scene: Scene) -> None:
    sign_in(browser, scene.teacher_id, scene.school_id)
    address = f"/classes/{scene.group_ids['Y1']}/modules/{MODULE}/checks"
    page = browser.get(address)
    answers = [f"question_{number}_answer_1" for number in range(1, len(_questions()) + 1)]
    wrong = browser.submit(page, address, **{answers[0]: "29"})
    assert wrong.status == 422
    assert "Question 1 has 29 answers" in wrong.words
    assert browser.submit(page, address, **{answers[0]: "many"}).status == 422
    assert "Nothing was counted yet" in browser.submit(page, address).words
    done = browser.submit(page, address, **dict.fromkeys(answers, "21"))
    assert "Counts saved: before K1-C1, whole class." in done.words
    assert "of 21 right" in done.words
    again = browser.submit(page, address, **dict.fromkeys(answers, "20"))
    assert "Somebody else entered these counts meanwhile" in again.words
    away = browser.submit(browser.get(f"{address}?moment=baseline"), f"{address}/removal")
    assert "Counts taken away." in away.words
    assert "of 21 right" not in away.words
