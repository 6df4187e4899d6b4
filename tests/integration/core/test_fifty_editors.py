"""Nobody's edit vanishes under load: many people edit the same things at once; every save that was accepted is in the history.

A school's details have a version: whoever saves from an older page is told. A lesson's wording has none: every save is kept.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import func, select

from eduprog.core import audit
from eduprog.core.db import db, session
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.library.models import LessonWording
from eduprog.organisations import queries as organisations
from tests.architecture.test_routes import SCHOOL_ROLES
from tests.conftest import FULL
from tests.support.figures import tell
from tests.support.in_threads import in_threads
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school
from tests.support.sweeping import at_noon

EDITORS, SECONDS = (50, 600) if FULL else (12, 3)
DETAILS = "/school-details"
LESSONS = 12
BOARD = "text-1.board"
_SHOWN = re.compile(r'<input[^>]*name="(csrf_token|version|dsl_name|contact_phone|based_on)"[^>]*>')


@dataclass
class Desk:
    """What all editors share: the forms as they stood, and what was accepted."""

    port: int
    until: float
    forms: dict[str, dict[str, str]]
    statuses: Counter[str] = field(default_factory=Counter)
    details: dict[int, tuple[str, str]] = field(default_factory=dict)
    wordings: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Editor(threading.Thread):
    """Somebody who opens a page, changes one thing, saves, and begins anew."""

    def __init__(self, desk: Desk, cookies: dict[str, str], number: int) -> None:
        super().__init__()
        self._desk, self._cookies, self._number = desk, cookies, number
        self._chance = random.Random(number)
        self._saves = 0

    def run(self) -> None:
        """Edit until the time is up."""
        lessons = sorted(self._desk.forms.keys() - {DETAILS})
        try:
            while time.monotonic() < self._desk.until:
                self._edit(self._chance.choice([DETAILS, self._chance.choice(lessons)]))
        except Exception as fault:
            self._desk.faults.append(repr(fault))

    def _edit(self, address: str) -> None:
        fields = {**self._desk.forms[address], **self._shown(address)}
        self._saves += 1
        mark = f"{self._number} {self._saves}"
        what = self._chance.choice(["dsl_name", "contact_phone"]) if address == DETAILS else BOARD
        fields[what] = f"Editor {mark}"
        status = self._ask("POST", address, fields)[0]
        with self._desk.lock:
            self._desk.statuses[f"{'details' if address == DETAILS else 'wording'} {status}"] += 1
            if status == 302 and address == DETAILS:
                version = int(fields["version"])
                assert version not in self._desk.details, f"two saves from version {version} were accepted"
                self._desk.details[version] = (what, fields[what])
            elif status == 302:
                self._desk.wordings.append(fields[what])

    def _shown(self, address: str) -> dict[str, str]:
        """Open the page: what its form says now."""
        status, page = self._ask("GET", address)
        assert status == 200, f"{address}: {status}"
        shown = {found[1]: re.search(r'value="([^"]*)"', found[0]) for found in _SHOWN.finditer(page)}
        return {name: value[1] if value else "" for name, value in shown.items()}

    def _ask(self, method: str, address: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._desk.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, address, urllib.parse.urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        self._cookies |= dict(one.split(";")[0].split("=", 1) for one in answer.headers.get_all("Set-Cookie", []))
        said = answer.read().decode()
        connection.close()
        return answer.status, said


def _signed_in(app: Flask, scene: Scene, number: int) -> Browser:
    browser = Browser(app)
    sign_in(browser, make_person(name=f"Editor {number}", school_id=scene.school_id, roles=SCHOOL_ROLES), scene.school_id)
    return browser


@pytest.mark.timeout(SECONDS * 2 + 300)
def test_every_save_that_was_accepted_is_in_the_history_and_the_last_one_stands(app: Flask) -> None:
    with at_noon():
        scene = a_planned_school()
        browsers = [_signed_in(app, scene, number) for number in range(EDITORS)]
        lessons = [f"/lessons/{module.id}/1/wording" for module in catalogue.current().all_modules[:LESSONS]]
        forms = {address: browsers[0].get(address).form(address) for address in (DETAILS, *lessons)}
        forms = {address: form for address, form in forms.items() if address == DETAILS or BOARD in form}
        assert len(forms) > LESSONS / 2
        forms[DETAILS].pop("sex_education_prompts", None)
        assert browsers[0].client.post(DETAILS, data=forms[DETAILS]).status_code == 302
        session().rollback()
        before = _saved(scene)
        with in_threads(app, 8) as port:
            desk = Desk(port, time.monotonic() + SECONDS, forms)
            editors = [Editor(desk, _cookies(browser), number) for number, browser in enumerate(browsers)]
            for editor in editors:
                editor.start()
            for editor in editors:
                editor.join()
    assert desk.faults == []
    assert set(desk.statuses) == {"details 302", "details 409", "wording 302"}, desk.statuses
    _details_are_whole(scene, desk, _saved(scene) - before)
    with school_scope(scene.school_id):
        kept = [row.texts["1.board"] for row in session().scalars(select(LessonWording))]
        assert sorted(kept) == sorted(desk.wordings)
        assert audit.broken_at() is None
    said = f"{db.engine.dialect.name}: {EDITORS} editors for {SECONDS} s, {dict(sorted(desk.statuses.items()))}"
    tell(f"{said}: every accepted save in the history, 0 overwritten unseen")


def _cookies(browser: Browser) -> dict[str, str]:
    return {one.key: one.value for one in browser.client._cookies.values()}


def _saved(scene: Scene) -> int:
    session().rollback()
    with school_scope(scene.school_id):
        saves = audit.AuditEntry.act.in_(["settings saved", "contact saved"])
        found = session().scalar(select(func.count()).select_from(audit.AuditEntry).where(saves)) or 0
    session().rollback()  # the database ends a transaction that idles for half a minute
    return found


def _details_are_whole(scene: Scene, desk: Desk, saves: int) -> None:
    """Each accepted save is one act of the history, they follow one another without a gap, and the last of each field stands."""
    versions = sorted(desk.details)
    assert len(versions) == saves > EDITORS / 4
    assert versions == list(range(versions[0], versions[0] + saves))
    with school_scope(scene.school_id):
        settings, school = organisations.school_settings(), organisations.current_school()
        assert settings.version == versions[-1] + 1
        stands = {"dsl_name": settings.dsl_name, "contact_phone": school.contact_phone}
    for what, value in stands.items():
        last = [said for _, (which, said) in sorted(desk.details.items()) if which == what][-1]
        assert value == last, f"{what}: “{last}” was accepted last, and “{value}” stands"
