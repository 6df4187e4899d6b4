"""One click, one effect: every form there is, pressed many times at once and again after a reload, does what one press does.

Two schools are made alike. In one each form is pressed once, in the other many times at once, by threads against a running
server, and then once more. The forms are found by walking through every page, so a new one is tried by itself; a route that
no page leads to must be given its fields here, or a reason.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import JSON, LargeBinary, select
from waitress.server import create_server
from werkzeug.routing import Rule

from eduprog.core.db import Base, UTCDateTime, session
from eduprog.core.tenancy import across_schools
from tests.architecture.test_routes import SCHOOL_ROLES, SHARED, _address, _objects, _token
from tests.conftest import FULL
from tests.support.forms import FoundForm, forms_on
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

ONLY = os.environ.get("EDUPROG_FORMS", "")  # a pattern: try only the routes that it fits
AT_ONCE = 20 if FULL else 4
# A press leaves a line in the audit chain and moves a session's clock; what else it leaves is its effect.
_NO_EFFECT = {"audit_entry", "audit_head", "sign_in_session", "session_seen", "viewing_count"}
_EACH_COUNTS = {"/account/proof": "every wrong password is a try that is counted"}
# Not pressed here yet, because they do not pass: pressed once more they do something more.
_OWED = {
    "/planned-lessons/<int:planned_lesson_id>/swap": "swapping twice swaps back; the form must say which two days it saw",
    "/school/calendar/half-terms": "every press writes a line into the calendar's history, though nothing changes",
}
_NAMES = re.compile(r"(^|_)(id|hash|encrypted|email|address|name|slug|key|token|digest|by|outcome|secret)$")
# What ends or takes back comes last, so that the others still find something to do; what ends the session comes at the very end.
_LATE = ("removal", "drop", "undo", "revoke", "take-back", "leave", "end", "roll-over", "retirement", "told-by-hand", "let-be")
_LAST = ("places", "sign-out", "sign-out-elsewhere", "password", "second-step", "demo")


class Twin:
    """One of two schools made alike, with somebody who may do everything in it."""

    def __init__(self, app: Flask, name: str) -> None:
        self.scene: Scene = a_planned_school(name=name)
        self.objects = _objects(self.scene)
        self.browser = Browser(app)
        everything = make_person(name="Iris Cole", school_id=self.scene.school_id, roles=SCHOOL_ROLES)
        sign_in(self.browser, everything, self.scene.school_id)

    def page(self, address: str) -> Page | None:
        """Fetch a page; None for what is none."""
        answer = self.browser.client.get(address, follow_redirects=True)
        return Page(answer) if answer.mimetype == "text/html" and answer.status_code == 200 else None

    def cookies(self) -> str:
        """Give the header that says who presses."""
        return "; ".join(f"{one.key}={one.value}" for one in self.browser.client._cookies.values())


@contextmanager
def _served(app: Flask) -> Iterator[int]:
    """Run a real server of threads on this application; give its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = create_server(app, sockets=[listening], threads=AT_ONCE, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(5)


def _press(port: int, cookies: str, form: FoundForm, gate: threading.Barrier) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    gate.wait(30)
    connection.request("POST", form.action, urlencode(form.fields), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def _pressed(port: int, twin: Twin, form: FoundForm, times: int) -> list[int]:
    session().rollback()
    gate = threading.Barrier(times)
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _n: _press(port, twin.cookies(), form, gate), range(times)))


def _state(school_id: int) -> dict[str, Counter[tuple[str, ...]]]:
    """Give what a school's tables and those of the whole installation hold: rows without ids, moments and words of their own."""
    session().rollback()
    held = {}
    with across_schools("test"):
        for table in Base.metadata.sorted_tables:
            if table.name in _NO_EFFECT:
                continue
            plain = (c for c in table.columns if not isinstance(c.type, (UTCDateTime, JSON, LargeBinary)))
            kept = [column for column in plain if not _NAMES.search(column.name)]
            asked = select(*kept) if kept else select(table.c[next(iter(table.c.keys()))] * 0)
            if "school_id" in table.c:
                asked = asked.where(table.c.school_id == school_id)
            if table.name == "school":
                asked = asked.where(table.c.id == school_id)
            held[table.name] = Counter(tuple(map(str, row)) for row in session().connection().execute(asked))
    session().rollback()
    return held


_SHARED = [table.name for table in Base.metadata.sorted_tables if "school_id" not in table.c and table.name != "school"]
Change = dict[str, tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]]


def _change(before: Mapping[str, Counter[Any]], after: Mapping[str, Counter[Any]]) -> Change:
    changed = {name for name in before if before[name] != after[name]}
    return {name: (after[name] - before[name], before[name] - after[name]) for name in sorted(changed)}


def _posts(app: Flask) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set()) and re.search(ONLY, rule.rule)]
    guarded = [rule for rule in rules if app.view_functions[rule.endpoint].access.permission is not None]  # type: ignore[attr-defined]
    guarded = [rule for rule in guarded if rule.rule not in _OWED]
    return sorted(guarded, key=lambda rule: (_when(rule.rule), rule.rule))


def _when(rule: str) -> int:
    words = rule.split("/")
    return 2 if any(word in _LAST for word in words) else int(any(word in _LATE for word in words))


def _all_forms(app: Flask, twin: Twin) -> dict[str, tuple[Rule, FoundForm]]:
    """Walk through every page of a school; give the forms by the route they post to, each with the route of its page."""
    adapter = app.url_map.bind("127.0.0.1")
    found: dict[str, tuple[Rule, FoundForm]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        known = not set(rule.arguments) - set(twin.objects) - set(SHARED)
        if "GET" not in (rule.methods or set()) or access is None or access.permission is None or not known:
            continue
        page = twin.page(_address(rule, twin.objects) or rule.rule)
        for form in forms_on(page, rule.rule) if page is not None else ():
            target, _values = adapter.match(form.path, method="POST", return_rule=True)
            found.setdefault(target.rule, (rule, form))
    return found


def _form(app: Flask, twin: Twin, rule: Rule, found: Mapping[str, tuple[Rule, FoundForm]], token: str) -> FoundForm:
    """Give a school's form as its page shows it now; else what its route is given here, else its token alone."""
    adapter = app.url_map.bind("127.0.0.1")
    address = _address(rule, twin.objects) or rule.rule
    if rule.rule in found and not found[rule.rule][1].only_a_button:
        where = found[rule.rule][0]
        page = twin.page(_address(where, twin.objects) or where.rule)
        for form in forms_on(page, address) if page is not None else ():
            if adapter.match(form.path, method="POST", return_rule=True)[0].rule == rule.rule:
                return form
    return FoundForm("", address, (("csrf_token", token), *FIELDS.get(rule.rule, ())))


FIELDS: dict[str, tuple[tuple[str, str], ...]] = {}


@pytest.mark.skipif(not (FULL or ONLY), reason="it walks through every form of two schools: with EDUPROG_FULL or EDUPROG_FORMS")
@pytest.mark.timeout(900)
def test_every_form_pressed_many_times_at_once_and_again_does_what_one_press_does(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    twins = Twin(app, "Oakfield Primary School"), Twin(app, "Beech Lane School")
    found = _all_forms(app, twins[0])
    tokens = [_token(twin.browser) for twin in twins]
    states = [_state(twin.scene.school_id) for twin in twins]
    wrong, lines = [], []
    with _served(app) as port:
        for rule in _posts(app):
            changes: list[Change] = []
            answers: list[Counter[int]] = []
            for which, twin in enumerate(twins):
                form = _form(app, twin, rule, found, tokens[which])
                pressed = _pressed(port, twin, form, AT_ONCE if which else 1)
                pressed += _pressed(port, twin, form, 1) if which else []
                after = _state(twin.scene.school_id)
                changes.append(_change(states[which], after))
                answers.append(Counter(pressed))
                states[which] = after
                states[1 - which].update({name: after[name] for name in _SHARED if name in after})
            lines.append(f"{rule.rule:80} {dict(answers[0])} {dict(answers[1])} {', '.join(changes[0]) or '-'}")
            if changes[0] != changes[1] and rule.rule not in _EACH_COUNTS:
                wrong.append(f"{rule.rule}\n   once: {changes[0]}\n  often: {changes[1]}")
            if any(status >= 500 for status in answers[1]):
                wrong.append(f"{rule.rule}: {dict(answers[1])}")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert wrong == [], "\n".join(wrong)
