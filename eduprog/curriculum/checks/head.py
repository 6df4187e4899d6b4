"""Checks of module.md."""

from __future__ import annotations

import re

from eduprog.curriculum.checks.context import BOUNDS, Context
from eduprog.curriculum.checks.lists import repeated
from eduprog.curriculum.schema import ModuleHead
from eduprog.curriculum.text.places import Places
from eduprog.curriculum.vocabulary import Gate, Message

EVIDENCE_ROWS = 25
OWN_LIFE = "No question asks what pupils have lived; ask what an invented person could do or what is true."
_PASS = re.compile(r"\bpass(es|ing)?\b", re.IGNORECASE)
_OWN_LIFE = re.compile(
    r"\b(?:have you (?:ever|seen|been|sent|had|done|watched)|has (?:any|some)(?:one|body) ever|did you ever|when did you)\b",
    re.IGNORECASE,
)


def check_head(head: ModuleHead, places: Places, context: Context) -> None:
    """Note what of module.md does not fit its stage, the framework or itself."""
    _check_stage(head, places)
    _check_statements(head, places, context)
    _check_pair(head, places)
    for row in head.evidence.rows:
        if row > EVIDENCE_ROWS:
            places.fault_at(("evidence", "rows"), f"There is no evidence row {row}; the table has {EVIDENCE_ROWS}.")
    if not any(_PASS.search(rule) for rule in head.ground_rules):
        places.fault_at(("ground_rules",), "The ground rules do not name the right to pass; add a rule that does.")


def _check_stage(head: ModuleHead, places: Places) -> None:
    for index, year in enumerate(head.years):
        if year not in head.stage.years:
            places.fault_at(("years", index), f"{year.label} is not a year group of {head.stage}.")
    if not head.stage.is_primary and Message.POSITIVE not in head.messages:
        places.fault_at(("messages",), "The positive message P is missing; every module from K3 on carries it.")
    if head.stage.is_primary and {Gate.W, Gate.W_UNSETTLED} & set(head.gates):
        places.fault_at(("gates",), "A primary module has no gate W or W?; no primary module contains sex education.")
    if Gate.G2 in head.gates:
        places.fault_at(("gates",), "No module has gate G2: what is closed is an act, in the folder acts.")
    if {Gate.W, Gate.W_UNSETTLED} & set(head.gates) and Gate.G1 not in head.gates:
        places.fault_at(("gates",), "A module with gate W or W? needs gate G1 as well.")


def _check_statements(head: ModuleHead, places: Places, context: Context) -> None:
    for index, written in enumerate(head.statements):
        if context.framework is None:
            return
        if not context.framework.take_apart(written):
            sentence = f'"{written}" is no statement or clause of the framework; check its id.'
            places.fault_at(("statements", index), sentence)


def _check_pair(head: ModuleHead, places: Places) -> None:
    wanted = BOUNDS[head.stage].check_items
    if len(head.check_pair) != wanted:
        places.fault_at(("check_pair",), f"The check pair has {len(head.check_pair)} questions; {wanted} are needed.")
    repeated([item.id for item in head.check_pair], ("check_pair",), places, "question")
    for index, item in enumerate(head.check_pair):
        repeated(item.options, ("check_pair", index, "options"), places, "option")
        if asks_about_own_life(item.ask):
            places.fault_at(("check_pair", index, "ask"), OWN_LIFE)
        if item.answer > len(item.options):
            sentence = f"The answer is option {item.answer} of only {len(item.options)}; count the options from 1."
            places.fault_at(("check_pair", index, "answer"), sentence)


def asks_about_own_life(question: str) -> bool:
    """Return whether a question asks pupils for what they have lived, which no check ever does."""
    return _OWN_LIFE.search(question) is not None
