"""Checks of one lesson: its minutes, the steps it must have and what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eduprog.curriculum.checks.context import BOUNDS, Context, words
from eduprog.curriculum.checks.head import OWN_LIFE, asks_about_own_life
from eduprog.curriculum.checks.lists import repeated
from eduprog.curriculum.schema import Lesson, ModuleHead, Sort, Step
from eduprog.curriculum.text.places import Path, Places
from eduprog.curriculum.vocabulary import Grouping, Method, Purpose, Stage

_PASS = re.compile(r"\bpass\b", re.IGNORECASE)
_STEP_OUT = re.compile(r"\bstep(s|ping|ped)? out\b", re.IGNORECASE)
_WATCH = re.compile(
    r"\b(watch|watches|watching|observe|observers?|spotters?|sit out|pass|opt out|instead|not act)\b", re.IGNORECASE
)
_ACTED = (Method.ROLE_PLAY, Method.PUPPETS)
_REQUIRED_PURPOSES = (Purpose.REHEARSAL, Purpose.QUESTION_BOX, Purpose.EXIT_CHECK)


def check_lesson(lesson: Lesson, places: Places, head: ModuleHead, context: Context) -> None:
    """Note what a lesson lacks or names wrongly."""
    if lesson.steps:
        _check_minutes(lesson, places, head.stage)
        _check_purposes(lesson, places)
        _check_methods(lesson, places)
    for index, step in enumerate(lesson.steps):
        _check_board(index, step, places, head.stage)
        _check_acting(index, lesson.steps, places)
    _check_names(lesson, places)
    _check_front(lesson, places, context)


def _check_minutes(lesson: Lesson, places: Places, stage: Stage) -> None:
    total = sum(step.minutes for step in lesson.steps)
    least, most = BOUNDS[stage].minutes
    if total != lesson.minutes:
        places.fault_at(("minutes",), f"The lesson says {lesson.minutes} minutes but its steps add up to {total}.")
    if not least <= lesson.minutes <= most:
        places.fault_at(("minutes",), f"A lesson of {stage} has {least} to {most} minutes, not {lesson.minutes}.")


def _check_purposes(lesson: Lesson, places: Places) -> None:
    first, last = lesson.steps[0], lesson.steps[-1]
    if first.purpose is not Purpose.GROUND_RULES:
        places.fault_at(("steps", 0), "The first step needs `- purpose: ground-rules`.")
    elif not _PASS.search(first.say + first.board):
        places.fault_at(("steps", 0), "The first step does not name the right to pass; say it in Say or On the board.")
    if last.purpose is not Purpose.HELP_CARD:
        places.fault_at(("steps", len(lesson.steps) - 1), "The last step needs `- purpose: help-card`.")
    for purpose in _REQUIRED_PURPOSES:
        if not any(step.purpose is purpose for step in lesson.steps):
            places.fault_at(("steps",), f"No step has `- purpose: {purpose}`; every lesson needs one.")
    for index, step in enumerate(lesson.steps):
        together = step.grouping in (Grouping.PAIRS, Grouping.SMALL_GROUPS)
        if step.purpose is Purpose.REHEARSAL and not together:
            path = ("steps", index, "grouping")
            places.fault_at(path, "Pupils rehearse with each other; write `- with: pairs` or `- with: small groups`.")


def _check_methods(lesson: Lesson, places: Places) -> None:
    if len({step.method for step in lesson.steps}) < 2:
        places.fault_at(("steps",), "The lesson uses only one method; use at least two different ones.")


def _check_board(index: int, step: Step, places: Places, stage: Stage) -> None:
    most = BOUNDS[stage].board_words
    count = words(step.board)
    if count > most:
        places.fault_at(("steps", index, "board"), f"The board has {count} words; at most {most} fit {stage}.")
    if not step.board and stage is not Stage.EY:
        places.fault_at(("steps", index), 'The heading "On the board" is missing in this step; add it.')


def _check_acting(index: int, steps: Sequence[Step], places: Places) -> None:
    step = steps[index]
    if step.method not in _ACTED:
        return
    near = steps[index : index + 2]
    if not any(_STEP_OUT.search(f"{one.do} {one.say}") for one in near):
        sentence = 'Pupils must leave their roles: use the words "step out" in Do or Say of this or the next step.'
        places.fault_at(("steps", index), sentence)
    if step.method is Method.ROLE_PLAY and not _WATCH.search(f"{step.do} {step.say}"):
        places.fault_at(("steps", index), "The role-play does not say who may watch or pass instead; say it.")


def _check_names(lesson: Lesson, places: Places) -> None:
    scenarios = [scenario.id for scenario in lesson.scenarios]
    handouts = [handout.id for handout in lesson.handouts]
    repeated(scenarios, ("scenarios",), places, "scenario")
    repeated(handouts, ("handouts",), places, "handout")
    for field, known in (("scenario", scenarios), ("handout", handouts)):
        used = [getattr(step, field) for step in lesson.steps]
        for index, name in enumerate(used):
            if name is not None and name not in known:
                places.fault_at(("steps", index, field), f'There is no {field} "{name}" in this lesson; check its id.')
        for index, name in enumerate(known):
            if name not in used:
                places.fault_at((f"{field}s", index), f'No step uses the {field} "{name}"; name it in a step or remove it.')


def _check_front(lesson: Lesson, places: Places, context: Context) -> None:
    if not 3 <= len(lesson.exit_check) <= 5:
        places.fault_at(("exit_check",), f"The exit check has {len(lesson.exit_check)} questions; 3 to 5 are needed.")
    _check_wording_of_front(lesson, places)
    for index, handout in enumerate(lesson.handouts):
        if isinstance(handout, Sort):
            _check_columns(handout, ("handouts", index, "items"), places)
    if context.vocabulary is not None:
        _check_people(lesson, places, frozenset(context.vocabulary.appears))


def _check_wording_of_front(lesson: Lesson, places: Places) -> None:
    for index, question in enumerate(lesson.exit_check):
        if asks_about_own_life(question.ask):
            places.fault_at(("exit_check", index, "ask"), OWN_LIFE)
    for index, scenario in enumerate(lesson.scenarios):
        if " ".join(scenario.offline.split()) == " ".join(scenario.online.split()):
            sentence = "The online twin is the same text as the offline one; tell what happens on a screen."
            places.fault_at(("scenarios", index, "online"), sentence)


def _check_columns(handout: Sort, path: Path, places: Places) -> None:
    for number, item in enumerate(handout.items):
        if item.column > len(handout.columns):
            sentence = f"Column {item.column} does not exist; the sheet has {len(handout.columns)}, counted from 1."
            places.fault_at((*path, number, "column"), sentence)


def _check_people(lesson: Lesson, places: Places, known: frozenset[str]) -> None:
    for index, scenario in enumerate(lesson.scenarios):
        for number, person in enumerate(scenario.people):
            for tag in person.tags:
                if tag not in known:
                    sentence = f'"{tag}" is no tag of the list appears in vocabulary.yaml; use one of those or add it there.'
                    places.fault_at(("scenarios", index, "people", number, "tags"), sentence)
