"""Does each step of the set-up say where it stands, from nothing to done?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from eduprog.yearcycle.rules import SetUpFacts, StepState, is_set_up, steps_of

EMPTY = SetUpFacts(nation="England", phase="primary", contact_email="office@oak.example")
DONE = SetUpFacts(
    nation="England", phase="primary", contact_email="office@oak.example", year_name="2026 to 2027", half_terms=6, classes=7,
    staff=12, admins=2, programme_leads=1, planned_classes=7, dsl_name="Ann Lee", dsl_place="Room 2", codes=7,
)  # fmt: skip


def _states(facts: SetUpFacts) -> dict[str, StepState]:
    return {step.key: step.state for step in steps_of(facts)}


def test_a_new_school_has_everything_before_it_and_one_thing_to_do_in_each_step() -> None:
    steps = steps_of(EMPTY)
    assert _states(EMPTY)["school"] is StepState.DONE
    assert {step.key for step in steps if step.state is StepState.NOT_STARTED} == {
        "calendar", "classes", "timetable", "scheme", "help", "parents",
    }  # fmt: skip
    assert all(step.next for step in steps if step.state not in (StepState.DONE, StepState.LATER))
    assert not is_set_up(steps)


def test_a_school_with_everything_is_set_up() -> None:
    states = _states(DONE)
    assert states.pop("reminder") is StepState.LATER
    assert set(states.values()) == {StepState.DONE}
    assert is_set_up(steps_of(DONE))


@pytest.mark.parametrize(
    ("step", "change", "state"),
    [
        ("school", {"contact_email": ""}, StepState.IN_PROGRESS),
        ("calendar", {"half_terms": 5}, StepState.IN_PROGRESS),
        ("calendar", {"year_is_over": True}, StepState.NEEDS_ATTENTION),
        ("classes", {"unowned": 1}, StepState.NEEDS_ATTENTION),
        ("staff", {"admins": 1}, StepState.NEEDS_ATTENTION),
        ("staff", {"programme_leads": 0}, StepState.IN_PROGRESS),
        ("timetable", {"untimed": 2}, StepState.IN_PROGRESS),
        ("timetable", {"untimed": 7}, StepState.NOT_STARTED),
        ("scheme", {"planned_classes": 6}, StepState.IN_PROGRESS),
        ("scheme", {"unplaced_lessons": 3}, StepState.NEEDS_ATTENTION),
        ("help", {"dsl_place": ""}, StepState.IN_PROGRESS),
        ("parents", {"codes": 3}, StepState.IN_PROGRESS),
    ],
)
def test_what_is_wrong_shows_in_its_own_step_alone(step: str, change: dict[str, object], state: StepState) -> None:
    states = _states(replace(DONE, **change))
    assert states.pop(step) is state
    assert set(states.values()) == {StepState.DONE, StepState.LATER}


def test_the_first_message_is_announced_with_its_day_and_then_done() -> None:
    assert "once there are term dates" in steps_of(EMPTY)[-1].now
    told = steps_of(replace(DONE, message_on="Monday 7 September"))[-1]
    assert (told.state, "Monday 7 September" in told.now) == (StepState.LATER, True)
    assert steps_of(replace(DONE, message_sent=True))[-1].state is StepState.DONE


def test_a_thing_that_wants_attention_does_not_bring_the_set_up_back() -> None:
    assert is_set_up(steps_of(replace(DONE, unowned=1, admins=1, unplaced_lessons=2, codes=0)))
    assert not is_set_up(steps_of(replace(DONE, classes=0, planned_classes=0)))
