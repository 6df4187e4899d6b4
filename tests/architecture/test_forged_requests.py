"""Does another site, a mail scanner or a stranger get anything done in somebody's name?

Every route that takes a form is sent what a forger can make a browser send, and every page is read: the database stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, abort
from werkzeug.routing import Rule

from bench import every_page
from bench.asking import ask
from bench.big_school import NOW
from eduprog.accounts.models import GroupMembership, Person
from eduprog.core import clock
from eduprog.core.db import db, transaction
from eduprog.core.permissions import SCHOOL_ROLES, Role, permissions_of
from eduprog.organisations.models import School, SchoolGroup
from eduprog.organisations.rules import GroupKind
from tests.architecture.test_routes import _address, _objects, _provider, _rules, _token
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import a_planned_school
from tests.support.sweeping import digest

HERE, ELSEWHERE = "http://127.0.0.1", "https://evil.example"
# What a forger sends, without the token of the victim's own page (`right`) or with it; `other` is one of another session.
FORGED: dict[str, Callable[[str, str], tuple[dict[str, str], dict[str, str]]]] = {
    "no token": lambda _right, _other: ({}, {}),
    "a token of another session": lambda _right, other: ({"csrf_token": other}, {}),
    "a token with one letter changed": lambda right, _other: ({"csrf_token": _changed(right)}, {}),
    "from another site": lambda right, _other: ({"csrf_token": right}, {"Sec-Fetch-Site": "cross-site", "Origin": ELSEWHERE}),
    "from a neighbour of the same site": lambda right, _other: ({"csrf_token": right}, {"Sec-Fetch-Site": "same-site"}),
    "from another site in an old browser": lambda right, _other: ({"csrf_token": right}, {"Origin": ELSEWHERE}),
    "from a frame without an origin": lambda right, _other: ({"csrf_token": right}, {"Origin": "null"}),
}
HONEST: tuple[dict[str, str], ...] = ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": HERE})


def _changed(token: str) -> str:
    """Change a letter in the middle of the signature: the last one holds bits that say nothing."""
    return token[:-10] + ("A" if token[-10] != "A" else "B") + token[-9:]


@pytest.fixture
def engine_name() -> str:
    """The guard asks no database."""
    return "sqlite"


@dataclass
class Victim:
    """Somebody signed in who may do everything in one place, with the token of their pages."""

    browser: Browser
    token: str
    may: frozenset[Any]


def _victims(app: Flask) -> tuple[list[Victim], dict[str, object]]:
    scene = a_planned_school(name="Oakfield Primary School")
    with transaction() as work:
        group = SchoolGroup(name="Riverbank Trust", slug="riverbank", kind=GroupKind.TRUST, created_at=clock.now())
        work.add(group)
        work.flush()
        work.get_one(School, scene.school_id).school_group_id = group_id = group.id
    _provider()
    objects = _objects(scene)
    everything = make_person(name="Iris Cole", school_id=scene.school_id, roles=SCHOOL_ROLES)
    with transaction() as work:
        work.get_one(Person, everything).site_admin = True
        work.add(GroupMembership(school_group_id=group_id, person_id=everything, started_at=clock.now()))
    places: list[tuple[dict[str, int], tuple[Role, ...]]] = [
        ({"school_id": scene.school_id}, SCHOOL_ROLES), ({"school_group_id": group_id}, (Role.GROUP_LEAD,)),
        ({}, (Role.SITE_ADMIN,)),
    ]  # fmt: skip
    found = []
    for place, roles in places:
        browser = Browser(app)
        sign_in(browser, everything, **place)
        found.append(Victim(browser, _token(browser), permissions_of(roles)))
    return found, objects


def _writing(app: Flask) -> list[tuple[Rule, str]]:
    return [(rule, method) for rule in _rules(app) for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})]


def _of(rule: Rule, app: Flask, victims: list[Victim]) -> Victim:
    """Give the victim who may do this; what is open to all is done by the first."""
    wanted = app.view_functions[rule.endpoint].access.permission  # type: ignore[attr-defined]  # a mark on the function
    return next(victim for victim in victims if wanted is None or wanted in victim.may)


def _path(rule: Rule, objects: dict[str, object]) -> str:
    strangers = {name: "not-one-of-ours" for name in rule.arguments if name in ("token", "code")}
    address = _address(rule, {**objects, **strangers})
    assert address is not None
    return address


def test_what_is_forged_is_refused_by_every_route_and_what_is_honest_gets_through(app: Flask) -> None:
    people, objects = _victims(app)
    other = _token_of_another_session(app)
    before, accepted, tried = digest(), [], 0
    for rule, method in _writing(app):
        if app.view_functions[rule.endpoint].access.signed_link:  # type: ignore[attr-defined]  # a mark on the function
            continue  # the link itself is the proof; `test_every_link` forges those
        victim = _of(rule, app, people)
        for name, forge in FORGED.items():
            fields, headers = forge(victim.token, other)
            answer = victim.browser.client.open(_path(rule, objects), method=method, data=fields, headers=headers)
            tried += 1
            accepted += [f"{method} {rule.rule}, {name}: {answer.status_code}"] if answer.status_code not in (400, 403) else []
    assert accepted == []
    assert digest() == before
    assert tried > 900
    assert _refused_though_honest(app, people, objects) == []
    tell(f"{tried} forged requests to {tried // len(FORGED)} routes, {len(accepted)} accepted")


def _refused_though_honest(app: Flask, people: list[Victim], objects: dict[str, object]) -> list[str]:
    refused = []
    with _only_the_guard(app):
        for rule, method in _writing(app):
            victim, data = _of(rule, app, people), {}
            data["csrf_token"] = victim.token
            for headers in HONEST if not rule.rule.startswith("/demo/") else ():
                answer = victim.browser.client.open(_path(rule, objects), method=method, data=data, headers=headers)
                refused += [f"{method} {rule.rule} {headers}: {answer.status_code}"] if answer.status_code != 418 else []
    return refused


@contextmanager
def _only_the_guard(app: Flask) -> Iterator[None]:
    """Let each view say that it was reached, and do nothing."""
    kept = dict(app.view_functions)

    def reached(**_arguments: object) -> None:
        abort(418)

    for endpoint, view in kept.items():
        if (access := getattr(view, "access", None)) is not None:
            stand_in = lambda **arguments: reached(**arguments)  # noqa: E731 - one object each, to carry the mark
            stand_in.access = access  # type: ignore[attr-defined]  # a mark on the function
            app.view_functions[endpoint] = stand_in
    handlers = app.error_handler_spec[None].pop(None, {})
    try:
        yield
    finally:
        app.view_functions.update(kept)
        app.error_handler_spec[None][None] = handlers


def _token_of_another_session(app: Flask) -> str:
    page = Browser(app).client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_reading_any_page_or_asking_for_its_head_changes_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eduprog.core.clock.now", lambda: NOW)
    with db.engine.connect() as connection, connection.begin():
        school = every_page.fill(connection, classes=3, years=(2025, 2026))
    pages = every_page.addresses(app, school)
    before, changed = digest(), []
    for page in pages:
        for fields in ("", "?_method=DELETE&csrf_token=x&submit=1&confirmed=1&state=done"):
            assert ask(app, page.path + fields, page.token).status != 500, page.path
        head = app.test_client().head(page.path, headers={"Cookie": f"eduprog-session={page.token}"})
        assert head.status_code != 500, page.path
        if (now := digest()) != before:
            changed.append(page.rule)
            before = now
    assert changed == []
    assert len(pages) > 100
    tell(f"{len(pages)} pages read, with and without fields, and asked for their head: {len(changed)} changed anything")
