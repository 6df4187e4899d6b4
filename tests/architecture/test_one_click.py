"""One click, one effect: every form there is, pressed many times at once and again after a reload, does what one press does.

Two schools are made alike. In one each form is pressed once, in the other many times at once, by threads against a running
server behind a proxy that sends each press twice, and then once more. The forms are found by walking through every page, so a
new one is tried by itself; what makes them accept a press stands in `tests/support/presses.py`, and a form that refuses its
press fails here.
"""

from __future__ import annotations

import http.client
import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eduprog.core.db import db, session
from tests.conftest import FULL
from tests.support.figures import tell
from tests.support.in_threads import in_threads
from tests.support.press_values import encoded
from tests.support.presses import press_of
from tests.support.retrying import Retries, retrying
from tests.support.sweeping import SHARED_TABLES, Change, Filled, State, Twin, all_forms, at_noon, change, filled, posts, state

ONLY = os.environ.get("EDUPROG_FORMS", "")  # a pattern: try only the routes that it fits, and print what each did
AT_ONCE = 20 if FULL else 2
# Pressed more than once, these do more on purpose.
_EACH_COUNTS = {"/account/password": "the old password is wrong by then, and every wrong password is a try that is counted"}
# Not accepted in this scene, each for its reason.
_NOT_HERE = {
    "/school/calendar/suggested": "it needs an import that named terms; it keeps them as /school/calendar/new does",
}


def _press(port: int, cookies: str, form: Filled, gate: threading.Barrier) -> tuple[int, str]:
    body, kind = encoded(form.fields, form.files)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    gate.wait(30)
    connection.request("POST", form.action, body, {"Cookie": cookies, "Content-Type": kind})
    answer = connection.getresponse()
    words = answer.read().decode(errors="replace")
    connection.close()
    return answer.status, words


def _pressed(proxy: Retries, twin: Twin, form: Filled, times: int) -> list[tuple[int, str]]:
    """Press it so often at once; give what came back, and what the proxy lost."""
    session().rollback()
    gate = threading.Barrier(times)
    proxy.lost.clear()
    with ThreadPoolExecutor(times) as pool:
        seen = list(pool.map(lambda _n: _press(proxy.port, twin.cookies(), form, gate), range(times)))
    assert len(proxy.lost) == times
    return [*seen, *((status, "") for status in proxy.lost)]


def _pressed_once(twin: Twin, form: Filled) -> tuple[int, str]:
    """Press in the browser and go where it leads; give the answer's status and the words of the page after it."""
    body, kind = encoded(form.fields, form.files)
    answer = twin.browser.client.post(form.action, data=body, content_type=kind, follow_redirects=True)
    first = answer.history[0].status_code if answer.history else answer.status_code
    return first, answer.get_data(as_text=True)


def _fault(words: str) -> str:
    """Give what the page says is wrong with the form."""
    found = re.search(r'role="alert".*?</(div|section)>', words, re.DOTALL)
    shown = found.group(0) if found else words.partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown))[:300]


@pytest.mark.timeout(3600)
def test_every_form_pressed_many_times_at_once_and_again_does_what_one_press_does(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong: list[str] = []
    lines: list[str] = []
    with at_noon():
        twins = Twin(app, "Oakfield Primary School"), Twin(app, "Beech Lane School")
        pages = all_forms(app, twins[0])
        states = [state(twin.scene.school_id) for twin in twins]
        with in_threads(app, AT_ONCE) as port, retrying(port) as proxy:
            for rule in posts(app, ONLY):
                found, said = _of_one_form(app, proxy, rule, twins, pages, states)
                wrong += found
                lines.append(said)
    if ONLY or FULL:
        with capsys.disabled():
            print("\n" + "\n".join(lines))
    engine = db.engine.dialect.name
    told = f"{engine}: {len(lines)} forms pressed {AT_ONCE} times at once and once more, each press sent twice by a proxy"
    tell(f"{told}: {len(wrong)} did more than one press does")
    assert wrong == [], "\n".join(wrong)


def _of_one_form(
    app: Flask, proxy: Retries, rule: Rule, twins: tuple[Twin, Twin], pages: dict[str, list[Rule]], states: list[State]
) -> tuple[list[str], str]:
    changes: list[Change] = []
    answers: list[list[tuple[int, str]]] = []
    quiet = ""
    for which, twin in enumerate(twins):
        try:
            press = press_of(rule.rule, twin)
        except Exception as fault:  # what must stand first could not be made: say for which form
            return [f"{rule.rule}: {type(fault).__name__}: {fault}"], f"{rule.rule}: not prepared"
        quiet = press.quiet
        states[which] = state(twin.scene.school_id)
        form = filled(app, twin, rule, pages, press)
        pressed = _pressed(proxy, twin, form, AT_ONCE) + _pressed(proxy, twin, form, 1) if which else [_pressed_once(twin, form)]
        after = state(twin.scene.school_id)
        changes.append(change(states[which], after))
        answers.append(pressed)
        states[which] = after
        states[1 - which].update({name: after[name] for name in SHARED_TABLES if name in after})
    once, often = (Counter(status for status, _words in one) for one in answers)
    said = f"{rule.rule:80} {dict(once)} {dict(often)} {', '.join(changes[0]) or '-'}"
    return list(_wrong(rule.rule, changes, answers, quiet)), said


def _wrong(rule: str, changes: list[Change], answers: list[list[tuple[int, str]]], quiet: str) -> Iterator[str]:
    status, words = answers[0][0]
    if status >= 400 and rule not in _NOT_HERE:
        yield f"{rule}: refused with {status}: {_fault(words)}"
    elif not changes[0] and not quiet and status < 400:
        yield f"{rule}: pressed once it changes nothing ({status}): {_fault(words) or words[:200]}"
    if changes[0] != changes[1] and rule not in _EACH_COUNTS:
        yield f"{rule}\n   once: {changes[0]}\n  often: {changes[1]}"
    if any(status >= 500 for status, _words in answers[1]):
        yield f"{rule}: {Counter(status for status, _words in answers[1])}"
