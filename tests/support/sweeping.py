"""Sweeps over every form there is: schools made alike, the forms of all their pages, and what a school's tables hold."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Column, LargeBinary, literal, select
from werkzeug.routing import Rule

from eduprog.core import clock
from eduprog.core.db import Base, UTCDateTime, session
from eduprog.core.permissions import Permission, permissions_of
from eduprog.core.tenancy import across_schools
from tests.architecture.test_routes import SCHOOL_ROLES, SHARED, _address, _objects, _token
from tests.support.forms import FoundForm, forms_on
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.press_values import NOON, Press, laid_over
from tests.support.scenes import Scene, a_planned_school

State = dict[str, Counter[tuple[str, ...]]]
Change = dict[str, tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]]
# A press leaves a line in the audit chain and moves a session's clock; what else it leaves is its effect.
_NO_EFFECT = {"audit_entry", "audit_head", "session_seen", "viewing_count"}
# Read at most every five minutes, or counted for the log of who reads a viewing room: tables of their own that a GET may write.
_MAY_CHANGE = {"session_seen", "viewing_count"}
_NAMES = re.compile(r"(^|_)(id|hash|encrypted|email|address|name|slug|key|token|digest|by|outcome|secret|fingerprint)$")
_HASHES = re.compile(r"[0-9a-f]{8,}|\d+")
_COLUMNS_LEFT = {"last_step", "proved_until", "password_hash"}
SHARED_TABLES = [table.name for table in Base.metadata.sorted_tables if "school_id" not in table.c and table.name != "school"]
# What ends or takes back comes last, so that the others still find something to do; what ends the session comes at the very end.
_LATE = (
    "removal",
    "drop",
    "undo",
    "revoke",
    "take-back",
    "leave",
    "end",
    "roll-over",
    "retirement",
    "told-by-hand",
    "let-be",
    "words",
)
_FILES = (".pdf", ".zip", ".pptx", ".docx", ".xlsx", ".csv")  # no form stands in them
_LAST = ("places", "sign-out", "sign-out-elsewhere", "password", "second-step", "demo")


class Twin:
    """One of several schools made alike, with somebody who may do everything in it."""

    def __init__(self, app: Flask, name: str) -> None:
        self.scene: Scene = a_planned_school(name=name)
        self.objects = _objects(self.scene)
        self.person_id, self.browser = self.somebody(app, "Iris Cole")
        self.token = _token(self.browser)

    def somebody(self, app: Flask, name: str) -> tuple[int, Browser]:
        """Give a person who holds every role here, and a browser they are signed in with."""
        person_id, browser = make_person(name=name, school_id=self.scene.school_id, roles=SCHOOL_ROLES), Browser(app)
        sign_in(browser, person_id, self.scene.school_id)
        return person_id, browser

    def page(self, address: str, browser: Browser | None = None) -> Page | None:
        """Fetch a page; None for what is none."""
        answer = (browser or self.browser).client.get(address, follow_redirects=True)
        return Page(answer) if answer.mimetype == "text/html" and answer.status_code == 200 else None

    def cookies(self) -> str:
        """Give the header that says who presses."""
        return "; ".join(f"{one.key}={one.value}" for one in self.browser.client._cookies.values())


@dataclass(frozen=True)
class Filled:
    """A form filled in for a press: where it goes and what it sends; `typed` names the fields in which people type words."""

    action: str
    fields: tuple[tuple[str, str], ...]
    files: Mapping[str, tuple[str, bytes]]
    typed: frozenset[str] = frozenset()


@contextmanager
def at_noon() -> Iterator[None]:
    """Let it be noon of a Tuesday in term."""
    before = clock.offset()
    clock.set_offset(before + (NOON - clock.now()))
    try:
        yield
    finally:
        clock.set_offset(before)


def posts(app: Flask, only: str = "") -> list[Rule]:
    """Give every route that takes a form from somebody of a school, in the order in which they are pressed."""
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set()) and re.search(only, rule.rule)]
    theirs = permissions_of(frozenset(SCHOOL_ROLES)) | {Permission.SEE_OWN_ACCOUNT}
    guarded = [rule for rule in rules if app.view_functions[rule.endpoint].access.permission in theirs]  # type: ignore[attr-defined]
    return sorted(guarded, key=lambda rule: (_when(rule.rule), rule.rule))


def _when(rule: str) -> int:
    words = rule.split("/")
    return 2 if any(word in _LAST for word in words) else int(any(word in _LATE for word in words))


def all_forms(app: Flask, twin: Twin) -> dict[str, list[Rule]]:
    """Walk through every page of a school; give, by the route that a form posts to, the routes of the pages it stands on.

    Schools made alike have the same forms, so each application is walked through once.
    """
    known: dict[str, list[Rule]] | None = app.extensions.get("tests: forms of all pages")
    return known or app.extensions.setdefault("tests: forms of all pages", _walk(app, twin))


def _walk(app: Flask, twin: Twin) -> dict[str, list[Rule]]:
    adapter = app.url_map.bind("127.0.0.1")
    found: dict[str, list[Rule]] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        known = not set(rule.arguments) - set(twin.objects) - set(SHARED)
        if "GET" not in (rule.methods or set()) or access is None or access.permission is None or not known:
            continue
        if rule.rule.endswith(_FILES):
            continue
        page = twin.page(_address(rule, twin.objects) or rule.rule)
        for form in forms_on(page, rule.rule) if page is not None else ():
            target = adapter.match(form.path, method="POST", return_rule=True)[0].rule
            if rule not in found.setdefault(target, []):
                found[target].append(rule)
    return found


def filled(
    app: Flask, twin: Twin, rule: Rule, pages: Mapping[str, list[Rule]], press: Press, browser: Browser | None = None
) -> Filled:
    """Fill in a school's form as one of its pages shows it now; else its token and what the press says."""
    objects = {**twin.objects, **press.objects}
    address = _address(rule, objects) or rule.rule
    shown = _shown(app, twin, rule, pages.get(rule.rule, []), objects, address, browser)
    token = twin.token if browser is None else _token(browser)
    form = shown or FoundForm("", address, (("csrf_token", token),))
    return Filled(form.action, tuple(laid_over(form.fields, press)), press.files, form.typed)


def _shown(
    app: Flask, twin: Twin, rule: Rule, pages: list[Rule], objects: dict[str, object], address: str, browser: Browser | None
) -> FoundForm | None:
    """Find the form on its pages: the one at the very address, else any of its route where nothing else was meant."""
    adapter = app.url_map.bind("127.0.0.1")
    others: list[FoundForm] = []
    for where in pages:
        page = twin.page(_address(where, objects) or where.rule, browser)
        for form in forms_on(page, address) if page is not None else ():
            if adapter.match(form.path, method="POST", return_rule=True)[0].rule == rule.rule:
                if form.path == address:
                    return form
                others.append(form)
    return others[0] if others and not others[0].only_a_button else None


def state(school_id: int) -> State:
    """Give what a school's tables and those of the whole installation hold: rows without ids, moments and words of their own.

    Of moments and of what names somebody it says whether they are there; of longer things, how long they are.
    """
    session().rollback()
    held = {}
    with across_schools("test"):
        for table in Base.metadata.sorted_tables:
            if table.name in _NO_EFFECT:
                continue
            asked = select(*[_shape(column) for column in table.columns if column.name not in _COLUMNS_LEFT], literal(0))
            if "school_id" in table.c:
                asked = asked.where(table.c.school_id == school_id)
            if table.name == "school":
                asked = asked.where(table.c.id == school_id)
            held[table.name] = Counter(tuple(map(_plain, row)) for row in session().connection().execute(asked))
    session().rollback()
    return held


def _shape(column: Column[Any]) -> Any:
    if isinstance(column.type, JSON):
        return column
    if isinstance(column.type, (UTCDateTime, LargeBinary)) or _NAMES.search(column.name):
        return column.is_(None).label(column.name) if column.nullable else literal(0).label(column.name)
    return column


def digest(school_ids: Iterable[int] = ()) -> str:
    """Give what every table holds, but for the two that a GET may write, as one number; if schools are named, theirs alone."""
    session().rollback()
    found = hashlib.sha256()
    with across_schools("the whole database is compared"):
        for table in Base.metadata.sorted_tables:
            if table.name not in _MAY_CHANGE and (not school_ids or "school_id" in table.c):
                asked = select(table).order_by(*table.primary_key.columns)
                asked = asked.where(table.c.school_id.in_(school_ids)) if school_ids else asked
                found.update(repr((table.name, [tuple(row) for row in session().execute(asked)])).encode())
    session().rollback()
    return found.hexdigest()


def change(before: Mapping[str, Counter[Any]], after: Mapping[str, Counter[Any]]) -> Change:
    """Give what came and what went, by table."""
    changed = {name for name in before if before[name] != after[name]}
    return {name: (after[name] - before[name], before[name] - after[name]) for name in sorted(changed)}


def _plain(value: Any) -> str:
    """Give a value as text; of structures their keys and how many there are of each: what they say differs among twins."""
    if isinstance(value, dict):
        kinds = Counter(
            f"{_HASHES.sub('#', str(key))} {_plain(one) if isinstance(one, (dict, list)) else ''}" for key, one in value.items()
        )
        return str(sorted(kinds.items()))
    if isinstance(value, list):
        return f"{len(value)} of them"
    return str(value)
