"""Nobody's edit vanishes: two people open one page and save it one after the other; what the first one saved stands.

Every form with something to fill in is tried: what the second person says instead stands in `SECOND`, and a form that is not
in it has its reason in `ALONE`. A new form fails here until somebody has said which it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eduprog.curriculum import catalogue
from eduprog.gates.rules import Condition, asked_of
from tests.support.page import Browser
from tests.support.press_values import Press, Value, encoded
from tests.support.presses import press_of
from tests.support.sweeping import Filled, Twin, all_forms, at_noon, filled, posts, state

EASY = (Condition.TRAINED_TEACHER, Condition.DSL_TOLD, Condition.HELP_CARD, Condition.PARENTS_SHOWN)
ONLY = os.environ.get("EDUPROG_FORMS", "")
# What the second person says, in place of what the first one said, from a page opened before.
SECOND: dict[str, Mapping[str, Value]] = {
    "/classes/<int:group_id>/modules/<string:module_id>/checks": {"question_1_answer_1": "3"},
    "/deliveries/<int:delivery_id>/away": {"away": "3"},
    "/deliveries/<int:delivery_id>/day": {"taught_on": "2026-11-20"},
    "/families/choices": {"draft_languages": ("ur",)},
    "/families/prompts/<int:prompt_id>/sentence": {"text": "We drew our names."},
    "/lessons/<string:module_id>/<int:number>/wording": {"text-2.do": "1. Build a tower with care. Ask before you help."},
    "/mapped-lessons/confirmations": {"one": None},  # filled in below: its fields carry the number of the lesson
    "/own-lessons/<string:own_module_id>": {"part-module.md|1": "Many upsets are about a hug too tight or a toy taken."},
    "/plan/classes/<int:group_id>/choices": {"slot_kind": "tutor", "blocks": ()},
    "/plan/year-groups/<int:scheme_id>/modules": {"block": "summer-1"},
    "/plan/year-groups/<int:scheme_id>/modules/<string:module_id>/place": {"block": "summer-1"},
    "/planned-lessons/<int:planned_lesson_id>/cover": {"person_id": ""},
    "/planned-lessons/<int:planned_lesson_id>/day": {"to": "2027-06-22", "even_so": "y"},
    "/planned-lessons/<int:planned_lesson_id>/stand-in": {"person_id": ""},
    "/planned-lessons/<int:planned_lesson_id>/swap": {},
    "/programme/own-frameworks/<int:school_framework_id>/mappings": {},
    "/school-details": {"dsl_name": "Somebody Else"},
    "/school/calendar/half-terms": {"summer-2_last": "2027-07-19"},
    "/school/calendar/years/<int:academic_year_id>/weeks": {"rule": "calendar-weeks"},
    "/school/classes/<int:group_id>/change": {"name": "Y1 Elm"},
    "/school/classes/<int:group_id>/host": {"host_kind": ""},
    "/sensitive-lessons/conditions": {},
    "/staff/<int:person_id>/roles": {"roles": ("teacher", "programme_lead")},
    "/whole-school/acts/<int:whole_school_act_id>/plan": {"due_on": "2027-03-09"},
}
_ADDS = "each press adds a thing of its own; nothing that stood changes"
_OWN = "only its owner has it"
_ONCE = "it is decided once: the second person finds it decided"
_SHOWN = "it shows or reads something and keeps nothing of others"
_SWITCH = "it says one thing of one person or lesson, on or off; the page shows which, and both presses stand in the history"
ALONE = {
    "/account/": _OWN, "/places": _OWN, "/my-calendar": _OWN, "/lessons/<string:module_id>/confidence": _OWN,
    "/classes/<int:group_id>/modules/<string:module_id>/checks/removal": "it names the version of the counts it takes away",
    "/closed-pack/": _ADDS, "/data-protection/": _ONCE, "/families/classes/": _ONCE, "/families/consultations": _ADDS,
    "/families/contacts": _ADDS, "/families/digests": _ONCE, "/families/notices": _ADDS, "/families/policies": _ADDS,
    "/families/sender": "a key is replaced as a whole; who did it and when stands in the history",
    "/lessons/<string:module_id>/<int:number>/wording/approval": "a wording set aside is kept and can be approved again",
    "/mapped-lessons": _ADDS, "/message-check": _SHOWN, "/messages/": _ONCE, "/own-lessons": _ADDS, "/pauses": _ADDS,
    "/plan/classes/<int:group_id>/feed": "it names the address it comes in place of", "/plan/mapped-lessons": _ADDS,
    "/plan/year-groups/<int:scheme_id>/modules/<string:module_id>/removal": "it names the version of the scheme",
    "/plan/years/": _ADDS, "/plan/runs/": _ONCE, "/planned-lessons/<int:planned_lesson_id>/before": _ADDS,
    "/planned-lessons/<int:planned_lesson_id>/next-year": "it names the version of the lesson",
    "/planned-lessons/<int:planned_lesson_id>/this-year": "it names the version of the lesson",
    "/planned-lessons/<int:planned_lesson_id>/parts": "it names the version of the lesson",
    "/planned-lessons/<int:planned_lesson_id>/stand-in/instead": "it names the version of the lesson",
    "/planned-lessons/<int:planned_lesson_id>/first-look": _SWITCH,
    "/planned-lessons/<int:planned_lesson_id>/supply-link": _SWITCH, "/programme/own-frameworks": _ADDS,
    "/programme/statements/": _ADDS, "/roll-over": _ONCE, "/school/calendar/closed-days": _ADDS, "/school/calendar/new": _ADDS,
    "/school/calendar/suggested": _ADDS, "/school/calendar/changes/": _ONCE,
    "/school/calendar/readings/": "answers to one reading; all of them are shown once more before the dates are used",
    "/school/classes/new": _ADDS, "/school/classes/<int:group_id>/end": _ONCE,
    "/school/classes/timetable": "it plans what stands when it is pressed, and can be undone",
    "/school/imports": "answers to one import; what it would change is shown once more, and applied only as shown",
    "/sensitive-lessons/deputies": _ADDS, "/sensitive-lessons/own-choice": _SHOWN, "/sensitive-lessons/trained-teachers": _SWITCH,
    "/staff/invit": _ADDS, "/staff/<int:person_id>/leave": _ONCE, "/staff/<int:person_id>/second-step": _ONCE,
    "/whole-school/acts/<int:whole_school_act_id>/drop": "it names the version of the act",
    "/whole-school/acts/<int:whole_school_act_id>/reopen": "it names the version of the act",
    "/whole-school/years/": _ADDS, "/families/codes": _ADDS, "/families/prompts/": _SWITCH, "/follow-ups/": _ONCE,
    "/deliveries/<int:delivery_id>/undo": _ONCE, "/programme/contributions/": _ONCE, "/plan/drop-down-days/": _ONCE,
    "/plan/feeds/": _ONCE, "/planned-lessons/<int:planned_lesson_id>/deliveries": _ONCE,
    "/planned-lessons/<int:planned_lesson_id>/misses": _ONCE, "/whole-school/acts/<int:whole_school_act_id>/done": _ONCE,
}  # fmt: skip


def _is_alone(rule: str) -> bool:
    return rule not in SECOND and any(rule.startswith(beginning) for beginning in ALONE)


@pytest.fixture(params=["sqlite"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """What a page says it saw is compared alike on both engines."""
    return str(request.param)


def test_every_form_says_whether_two_people_may_have_it_open(app: Flask) -> None:
    assert [rule.rule for rule in posts(app) if rule.rule not in SECOND and not _is_alone(rule.rule)] == []


@pytest.mark.timeout(600)
def test_what_one_person_saved_stands_after_another_saved_an_older_page(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    lost, lines = [], []
    with at_noon():
        twin = Twin(app, "Oakfield Primary School")
        _second_id, browser = twin.somebody(app, "Theo Marsh")
        pages = all_forms(app, twin)
        for rule in (rule for rule in posts(app, ONLY) if rule.rule in SECOND):
            found, said = _two_people(app, twin, browser, rule, pages)
            lost += found
            lines.append(said)
    if ONLY:
        with capsys.disabled():
            print("\n" + "\n".join(lines))
    assert lost == [], "\n".join(lost)


def _two_people(app: Flask, twin: Twin, second: Browser, rule: Rule, pages: dict[str, list[Rule]]) -> tuple[list[str], str]:
    press = press_of(rule.rule, twin)
    instead = Press({**press.fields, **_said_instead(rule.rule, press)}, press.files, press.objects, press.words)
    one, other = filled(app, twin, rule, pages, press), filled(app, twin, rule, pages, instead, second)
    before = state(twin.scene.school_id)
    first_answer = _send(twin.browser, one)
    between = state(twin.scene.school_id)
    second_answer = _send(second, other)
    after = state(twin.scene.school_id)
    made = {name: between[name] - before[name] for name in between}
    gone = {name: rows - after[name] for name, rows in made.items() if rows - after[name]}
    said = f"{rule.rule:80} {first_answer} {second_answer}"
    if first_answer >= 400 or not any(made.values()):
        return [f"{rule.rule}: the first person's press was refused or changed nothing ({first_answer})"], said
    faults = [f"{rule.rule}: {second_answer}, gone: {gone}"] if gone else []
    if after == between:  # refused, and only for the older page: from a new one it is taken
        fresh = Press({name: said for name, said in instead.fields.items() if name != "version"}, {}, press.objects, press.words)
        again = _send(second, filled(app, twin, rule, pages, fresh, second))
        faults += [f"{rule.rule}: refused from a new page too ({again})"] if state(twin.scene.school_id) == after else []
    return faults, f"{said} {'kept out' if after == between else 'both stand'}"


def _said_instead(rule: str, press: Press) -> Mapping[str, Value]:
    if rule == "/mapped-lessons/confirmations":
        return {name: "P-BS-03b" for name in press.fields if name.startswith("clauses-")}
    if rule.endswith("/mappings"):
        return {name: "P-BS-03b" if name.startswith("clause-") else None for name in press.fields}
    if rule == "/planned-lessons/<int:planned_lesson_id>/swap":
        return {"with_id": str(int(str(press.fields["with_id"])) + 1)}
    if rule == "/sensitive-lessons/conditions":
        module_id, said = str(press.fields["met"]).split("|")
        others = [one for one in asked_of(catalogue.current().modules[module_id]) if one.value != said]
        return {"met": f"{module_id}|{next(one.value for one in others if one in EASY)}"}
    return SECOND[rule]


def _send(browser: Browser, form: Filled) -> int:
    body, kind = encoded(form.fields, form.files)
    return browser.client.post(form.action, data=body, content_type=kind).status_code
