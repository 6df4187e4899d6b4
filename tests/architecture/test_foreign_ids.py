"""Does the id of somebody else inside a right request get anything? Every form, every id in its address and in its fields.

Three schools are made alike, two of one trust. A form is filled in for each of them as its page shows it: what differs names a
row of the school. Each such thing is put in place of the school's own, one at a time, and beside them one that nobody has. Then
the form is pressed as it was filled in, so that it was a right one. New forms and new fields are found by themselves.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eduprog.core import clock
from eduprog.core.db import db, session, transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.organisations.models import School, SchoolGroup
from eduprog.organisations.rules import GroupKind
from eduprog.planning import actions as planning
from eduprog.planning import queries
from eduprog.planning.models import PlannedLesson
from tests.architecture.test_routes import _token
from tests.conftest import ENGINES, FULL
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.press_values import Press, encoded
from tests.support.presses import press_of
from tests.support.sweeping import Filled, Twin, all_forms, at_noon, digest, filled, posts

ONLY = os.environ.get("EDUPROG_FORMS", "")  # a pattern: try only the routes that it fits, and print what each swap was answered
EACH = 1 if FULL or ONLY else 12  # on every change one form of twelve
NOBODYS = "2000000000"
NAMES = ("Oakfield Primary School", "Beech Lane School", "Marsh House Academy")
# What differs among schools and names no row: what a page carries to be known again, how often something was saved, new words.
_NO_IDS = re.compile(
    r"^(csrf_token|once_key|keeper|version|seen.*|(contact_)?email|username|name.*|title|text.*|code|fact-.*|\w+_on)$"
)
_FAULT = re.compile(r'govuk-error-|role="alert"|ep-notice--error')


@pytest.fixture(params=ENGINES if FULL else ENGINES[:1])
def engine_name(request: pytest.FixtureRequest) -> str:
    """On every change on one engine; that the other refuses the rows themselves has tests of its own."""
    return str(request.param)


@dataclass
class _Told:
    """What came of the swaps."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    forms: int = 0
    right: int = 0
    ids: int = 0


def _in_one_trust(schools: Sequence[Twin]) -> None:
    with transaction() as work:
        trust = SchoolGroup(name="Riverbank Trust", slug="riverbank", kind=GroupKind.TRUST, created_at=clock.now())
        work.add(trust)
        work.flush()
        for twin in schools:
            work.get_one(School, twin.scene.school_id).school_group_id = trust.id


@pytest.mark.timeout(3600 if FULL else 180)
def test_no_form_takes_an_id_of_another_school_or_of_nobody(app: Flask) -> None:
    with at_noon():
        own, *others = (Twin(app, name) for name in NAMES)
        _in_one_trust([own, others[0]])
        pages, told = all_forms(app, own), _Told()
        for rule in posts(app, ONLY)[::EACH]:
            _swapped(app, rule, own, others, pages, told)
    said = ", ".join(f"{count:,} {answer}" for answer, count in told.answers.most_common())
    engine = db.engine.dialect.name
    tell(f"{told.forms} forms on {engine}, {told.right} right ones: {told.ids} ids swapped ({said}), {len(told.wrong)} taken")
    assert told.wrong == [], "\n".join(told.wrong)
    assert told.ids > told.forms
    assert told.right > told.forms * 0.9


def _swapped(app: Flask, rule: Rule, own: Twin, others: Sequence[Twin], pages: dict[str, list[Rule]], told: _Told) -> None:
    presses, forms = [Press()] * 3, []
    for number, twin in enumerate((own, *others)):
        with suppress(Exception):  # what must stand first is made by presses of the other forms, too
            presses[number] = press_of(rule.rule, twin)
        forms.append(filled(app, twin, rule, pages, presses[number]))
    before, theirs = digest(), digest([twin.scene.school_id for twin in others])
    accepted = []
    told.forms += 1
    for what, form, renamed in _swaps(forms[0], forms[1:]):
        first, taken = _tried(own, form, f"{rule.rule}, {what}", told)
        if taken and not renamed:
            accepted.append(f"{what}: {first}")
        if renamed and first < 400:
            before = digest()  # the rest of the form was right, and was done
    if digest() != before:
        told.wrong.append(f"{rule.rule}: something changed: {accepted}")
    if digest([twin.scene.school_id for twin in others]) != theirs:
        told.wrong.append(f"{rule.rule}: something of another school changed")
    told.right += _pressed(own, forms[0])[0] < 400


def _tried(own: Twin, form: Filled, what: str, told: _Told) -> tuple[int, bool]:
    """Press a form with an id in it that is not its school's; give the answer's status, and whether no word of a refusal came."""
    first, words = _pressed(own, form)
    refused = first >= 400 or bool(_FAULT.search(words))
    told.ids += 1
    told.answers[f"answered {first}" if first >= 400 else "refused in words" if refused else "passed over"] += 1
    if first >= 500 or any(name in words for name in NAMES[1:]):
        told.wrong.append(f"{what}: answered {first} or told of another school")
    if ONLY or not refused:
        print(what, first, "refused" if refused else "passed over")
    return first, not refused


def _pressed(twin: Twin, form: Filled) -> tuple[int, str]:
    """Press and go where it leads; give the answer's status and the words of the page after it."""
    body, kind = encoded(form.fields, form.files)
    answer = twin.browser.client.post(form.action, data=body, content_type=kind, follow_redirects=True)
    return (answer.history or (answer,))[0].status_code, answer.get_data(as_text=True)


def _swaps(own: Filled, others: Sequence[Filled]) -> Iterator[tuple[str, Filled, bool]]:
    """Give what is swapped, the form with it, and whether a field is named after a foreign row: then the rest of it is right."""
    places: dict[str, str] = {}
    for whose, other in zip(("same trust", "other trust"), others, strict=True):
        for action in _addresses(own.action, other.action):
            yield f"address of {whose}", replace(own, action=action), False
            places[re.sub(r"\d+", "#", action)] = action
        for name, values in _differing(own, other).items():
            yield f"{name} of {whose}", _with(own, name, values), False
            if any(value.isdecimal() for value in values) and other is others[-1]:
                yield f"{name} of nobody", _with(own, name, [NOBODYS]), False
        for name, foreign in _renamed(own, other):
            yield f"{name} as {foreign} of {whose}", _as_named(own, name, foreign), True
            if other is others[-1]:
                yield f"{name} of nobody", _as_named(own, name, re.sub(r"\d+", NOBODYS, foreign)), True
    for action in _addresses(own.action, re.sub(r"\d+", NOBODYS, own.action)) if places else ():
        yield "address of nobody", replace(own, action=action), False


def _addresses(own: str, other: str) -> list[str]:
    """Give the address with each of its parts that differ as the other has it."""
    mine, theirs = own.split("/"), other.split("/")
    differ = [place for place, (one, two) in enumerate(zip(mine, theirs, strict=False)) if one != two]
    return ["/".join([*mine[:place], theirs[place], *mine[place + 1 :]]) for place in differ]


def _values(form: Filled) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in form.fields:
        found.setdefault(name, []).append(value)
    return found


def _differing(own: Filled, other: Filled) -> dict[str, list[str]]:
    mine, theirs = _values(own), _values(other)
    return {name: theirs[name] for name in mine if name in theirs and mine[name] != theirs[name] and not _NO_IDS.match(name)}


def _renamed(own: Filled, other: Filled) -> list[tuple[str, str]]:
    mine, theirs = _values(own), _values(other)
    lonely = {name: re.sub(r"\d+", "#", name) for name in mine if name not in theirs}
    foreign = {re.sub(r"\d+", "#", name): name for name in theirs if name not in mine}
    return [(name, foreign[shape]) for name, shape in lonely.items() if shape in foreign]


def _with(form: Filled, name: str, values: Sequence[str]) -> Filled:
    kept = [one for one in form.fields if one[0] != name]
    return replace(form, fields=(*kept, *((name, value) for value in values)))


def _as_named(form: Filled, name: str, other: str) -> Filled:
    return replace(form, fields=tuple((other if known == name else known, value) for known, value in form.fields))


def test_what_is_a_colleagues_alone_no_other_teacher_of_the_school_can_touch(app: Flask) -> None:
    """A class may be taught by any colleague who stands in; these things are one person's, or one class's."""
    with at_noon():
        twin = Twin(app, NAMES[0])
        browser = Browser(app)
        theo = make_person(name="Theo Marsh", school_id=twin.scene.school_id, roles=(Role.TEACHER,))
        sign_in(browser, theo, twin.scene.school_id)
        with school_scope(twin.scene.school_id), transaction():
            feed = planning.make_feed(person_id=twin.scene.teacher_id, by=twin.scene.teacher, now=clock.now()).id
        known = twin.objects
        paths = [
            *(f"/families/prompts/{known['prompt_id']}{act}" for act in ("", "/hold", "/release", "/sentence")),
            *(f"/whole-school/acts/{known['whole_school_act_id']}{act}" for act in ("", "/done", "/reopen")),
            f"/my-calendar/{feed}/removal", f"/account/browsers/{known['session_id']}/end",
        ]  # fmt: skip
        fields = {"csrf_token": _token(browser), "text": "We sang.", "version": "1", "done_on": "2026-11-23", "attended": "4"}
        before = digest()
        assert [path for path in paths if browser.client.post(path, data=fields).status_code not in (404, 405)] == []
        assert [path for path in paths if browser.client.get(path).status_code not in (404, 405)] == []
        lessons = _lessons(twin)
        swap = {"csrf_token": twin.token, "with_id": str(lessons[1].id), "even_so": "y", "version": str(lessons[0].version)}
        answer = twin.browser.client.post(f"/planned-lessons/{lessons[0].id}/swap", data=swap, follow_redirects=True)
        assert _FAULT.search(answer.get_data(as_text=True))
        assert digest() == before


def _lessons(twin: Twin) -> list[PlannedLesson]:
    """Give a lesson to come of each of two classes."""
    session().rollback()
    with school_scope(twin.scene.school_id):
        return [
            next(one for one in queries.lessons_of_class(group_id) if one.planned_on and one.planned_on > clock.today())
            for group_id in twin.scene.group_ids.values()
        ]
