"""Is anything that somebody types ever run: in a page, a table, a file, a mail?

Markup, Markdown, formulas and line ends are typed into every text field of every form, and into the cells of what is imported.
Then every page and file of the school is looked at, and every mail.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from eduprog.core.db import Base, db, session, transaction
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.families import actions as families
from tests.conftest import ENGINES, FULL
from tests.support.executing import MARK, faults_of, faults_of_mail
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import group_lead_of, sign_in
from tests.support.planting import WORDY, given_out, mails, plant
from tests.support.press_values import NOON, Press, encoded
from tests.support.presses import press_of
from tests.support.sweeping import Filled, Twin, all_forms, at_noon, filled, posts

HOSTILE = {
    "an element": "<img src=x onerror=zqx()>",
    "a script": "<script>zqx()</script><zqx onzqx=1>",
    "the end of an attribute": "\"'><a href='javascript:zqx()' onzqx=1>z</a>",
    "a Markdown link": "[zqx](javascript:zqx()) ![zqx](https://evil.example/zqx)",
    "a formula": "=HYPERLINK(\"https://evil.example/zqx\",\"zqx\")",
    "a short formula": "@zqx+1",
    "lines": "zqx\r\nBcc: zqx@evil.example\r\n\r\nzqx",
    "everything": "=<zqx onzqx=1>'\"\r\nBcc: zqx",
    "a template": "{{ 7*7 }}«link» ${zqx} %(zqx)s",
}  # fmt: skip
FILES = (".pdf", ".pptx", ".zip", ".docx")
# On every change a few forms, one kind of words, and every sixth page and table.
ONLY, KINDS, PAGES = (
    ("", tuple(HOSTILE), 1) if FULL else (r"/(sentence|invite|classes/new|imports)$", ("the end of an attribute",), 6)
)
ONLY = os.environ.get("EDUPROG_FORMS", ONLY)
_NOT_TYPED_INTO = ("sign-out", "leave", "password", "places")
_TAKES_OUT = ("data-protection/words", "erasures")  # what is typed there goes everywhere: after the looking
_ADDRESS = re.compile(r"email|phone|slug|domain|framework_|clause_id")  # what no form takes, or is none of ours
_SECRET = re.compile(r"password|^code$|^csrf_token$")


@pytest.fixture(params=ENGINES if FULL else ENGINES[:1])
def engine_name(request: pytest.FixtureRequest) -> str:
    """On every change on one engine."""
    return str(request.param)


@dataclass
class _Typed:
    """What was typed where."""

    fields: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    presses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@pytest.mark.timeout(3600 if FULL else 120)
def test_nothing_that_is_typed_is_run_anywhere(app: Flask) -> None:
    with at_noon():
        twin, typed = Twin(app, "Oakfield Primary School"), _Typed()
        with school_scope(twin.scene.school_id), transaction():
            asked = families.ask_to_join(teaching_group_id=twin.scene.group_ids["Y1"], address="ada@own.example", now=NOON)
            assert asked is not None
            families.confirm_joining(consent_id=asked, now=NOON)
        pages = all_forms(app, twin)
        rules = [rule for rule in posts(app, ONLY) if not rule.rule.endswith(_NOT_TYPED_INTO)]
        for rule in rules:
            if not rule.rule.endswith(_TAKES_OUT):
                _type(app, twin, rule, pages, typed)
        kept = _kept()
        unlike = [name for name in WORDY if name not in kept and not _ADDRESS.search(name)]
        kept += plant(twin.scene.school_id, lambda _name: HOSTILE["everything"], unlike)
        addresses = sorted(rule.rule for rule in app.url_map.iter_rules() if FULL or not rule.rule.endswith(FILES))[::PAGES]
        looked = Counter[str]()
        for browser in (twin.browser, _lead(app, twin)):
            for name, answer in given_out(app, browser, twin.objects, lambda rule: rule.rule in addresses):
                looked[answer.mimetype] += 1
                typed.wrong += [f"{name}: {fault}" for fault in faults_of(answer)]
        sent = mails(app)
        typed.wrong += [fault for mail in sent for fault in faults_of_mail(mail)]
        for rule in rules:
            if rule.rule.endswith(_TAKES_OUT):
                _type(app, twin, rule, pages, typed)
    shown = ", ".join(f"{count} {kind.rpartition('/')[2].rpartition('.')[2]}" for kind, count in looked.most_common())
    accepted = typed.presses["accepted"]
    took = f"{len(typed.taken)} of {len(typed.fields)} fields took it in {accepted:,} of {typed.presses.total():,} presses"
    tell(f"{took}, {len(kept)} columns hold it; looked at {shown} and {len(sent)} mails: {len(typed.wrong)} run")
    assert typed.wrong == [], "\n".join(typed.wrong)
    assert accepted
    assert not FULL or (len(kept) > len(WORDY) * 0.5 and len(typed.taken) > 60)


def _type(app: Flask, twin: Twin, rule: Rule, pages: dict[str, list[Rule]], typed: _Typed) -> None:
    """Press a form with each kind of words in all its fields at once; where that is refused, in one after the other."""
    for words in KINDS:
        form = _form(app, twin, rule, pages)
        wanted = sorted(name for name in form.typed if not _SECRET.search(name))
        if wanted and not _press(twin, rule, _with(form, wanted, HOSTILE[words]), wanted, typed) and len(wanted) > 1:
            for name in wanted:
                _press(twin, rule, _with(form, [name], HOSTILE[words]), [name], typed)
        for name in [name for name, (told, _data) in form.files.items() if told.endswith(".csv")]:
            for changed in _cells(form, name, HOSTILE[words]):
                _press(twin, rule, changed, [name], typed)


def _form(app: Flask, twin: Twin, rule: Rule, pages: dict[str, list[Rule]]) -> Filled:
    session().rollback()
    press = Press()
    with suppress(Exception):  # what must stand first may be gone by now: then it is pressed without
        press = press_of(rule.rule, twin)
    return filled(app, twin, rule, pages, press)


def _with(form: Filled, names: list[str], words: str) -> Filled:
    return replace(form, fields=tuple((name, _like(value, words) if name in names else value) for name, value in form.fields))


def _like(value: str, words: str) -> str:
    """Give the words, in the shape of an address where one is asked for."""
    return f"{words.replace(' ', '')}@evil.example" if "@" in value else words


def _cells(form: Filled, name: str, words: str) -> Iterator[Filled]:
    """Give the form with its table, the words in one cell of it after the other."""
    told, data = form.files[name]
    rows = list(csv.reader(io.StringIO(data.decode())))
    for place in range(len(rows[-1])):
        out = io.StringIO()
        csv.writer(out).writerows([*rows[:-1], [words if at == place else cell for at, cell in enumerate(rows[-1])]])
        yield replace(form, files={**form.files, name: (told, out.getvalue().encode())})


def _press(twin: Twin, rule: Rule, form: Filled, names: list[str], typed: _Typed) -> bool:
    body, kind = encoded(form.fields, form.files)
    answer = twin.browser.client.post(form.action, data=body, content_type=kind, follow_redirects=True)
    first = (answer.history or (answer,))[0].status_code
    told = {f"{rule.rule} {name}" for name in names}
    typed.fields |= told
    typed.taken |= told if first < 400 else set()
    typed.presses["accepted" if first < 400 else "refused"] += 1
    typed.wrong += [f"{rule.rule}, answer to a press: {fault}" for fault in faults_of(answer)]
    typed.wrong += [f"{rule.rule}: {first}"] if first >= 500 else []
    return first < 400


def _kept() -> list[str]:
    """Give the columns in which it stands now."""
    with across_schools("the test looks"), db.engine.connect() as connection:
        tables = Base.metadata.tables
        held = {name: connection.scalars(select(tables[name.split(".")[0]].c[name.split(".")[1]])).all() for name in WORDY}
    return [name for name, values in held.items() if any(MARK in str(value) or "{{ 7*7 }}" in str(value) for value in values)]


def _lead(app: Flask, twin: Twin) -> Browser:
    browser = Browser(app)
    lead, group_id = group_lead_of(twin.scene.school_id)
    sign_in(browser, lead, school_group_id=group_id)
    return browser
