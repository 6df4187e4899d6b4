"""Is every door still guarded? Every route × every role × own and other school, from the routes themselves."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eduprog.core import clock, crypto
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission, Role, permissions_of, person
from eduprog.core.tenancy import school_scope
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.followups import queries as followups
from eduprog.gates import actions as gates
from eduprog.gates.rules import PauseScope
from eduprog.planning import queries as planning
from tests.support.matrix import more_objects
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

GOLDEN = Path(__file__).parent / "routes.golden.txt"
SCHOOL_ROLES = (Role.TEACHER, Role.PROGRAMME_LEAD, Role.SAFEGUARDING_LEAD, Role.SENIOR_LEADER, Role.SCHOOL_ADMIN)
DENIED = {403, 404}


def _rules(app: Flask) -> list[Rule]:
    return sorted(
        (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"), key=lambda rule: (rule.rule, str(rule.methods))
    )


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


@pytest.fixture
def engine_name() -> str:
    """The matrix is about guards; tenancy on the other engine has tests of its own."""
    return "sqlite"


def test_every_route_says_who_may_enter(app: Flask) -> None:
    silent = [rule.rule for rule in _rules(app) if getattr(app.view_functions[rule.endpoint], "access", None) is None]
    assert silent == []


def test_the_doors_are_the_ones_we_know(app: Flask) -> None:
    lines = []
    for rule in _rules(app):
        access = app.view_functions[rule.endpoint].access
        door = access.permission.name if access.permission else f"public: {access.reason}"
        lines.append(f"{','.join(_methods(rule)):9} {rule.rule:60} {door}")
    table = "\n".join(lines) + "\n"
    if os.environ.get("EDUPROG_REWRITE_GOLDEN"):
        GOLDEN.write_text(table)
    assert table == GOLDEN.read_text(), "a door was added or changed; look at it, then EDUPROG_REWRITE_GOLDEN=1"


def test_addresses_are_nouns_in_kebab_case_with_typed_parameters(app: Flask) -> None:
    for rule in _rules(app):
        plain = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", plain), rule.rule
        for parameter in re.findall(r"<([^>]+)>", rule.rule):
            assert ":" in parameter, f"{rule.rule}: say the type of {parameter}"


@dataclass
class World:
    """Three schools, two of one trust, with an object of each kind in each of them, and people of every role in the first."""

    own: Scene
    objects: dict[str, dict[str, object]] = field(default_factory=dict)
    people: dict[Role | str, int] = field(default_factory=dict)
    group_id: int = 0


@pytest.fixture
def world(app: Flask) -> World:
    from eduprog.organisations.models import School, SchoolGroup
    from eduprog.organisations.rules import GroupKind

    scenes = {
        "own": a_planned_school(name="Oakfield Primary School"),
        "same trust": a_planned_school(name="Beech Lane School"),
        "other trust": a_planned_school(name="Marsh House Academy"),
    }
    with transaction() as work:
        group = SchoolGroup(name="Riverbank Trust", slug="riverbank", kind=GroupKind.TRUST, created_at=clock.now())
        work.add(group)
        work.flush()
        for place in ("own", "same trust"):
            work.get_one(School, scenes[place].school_id).school_group_id = group.id
        group_id = group.id
    _provider()
    made = World(own=scenes["own"], group_id=group_id)
    for place, scene in scenes.items():
        made.objects[place] = _objects(scene)
    for role in SCHOOL_ROLES:
        made.people[role] = make_person(name=role.label, school_id=made.own.school_id, roles=(role,))
    made.people["disabled"] = _disabled(made.own)
    made.people[Role.GROUP_LEAD] = _group_lead(group_id)
    made.people[Role.SITE_ADMIN] = _site_admin()
    return made


def _provider() -> None:
    """The installation's only provider of accounts, its number 1."""
    from eduprog.accounts.models import SignInProvider
    from eduprog.accounts.rules import ProviderKind

    with transaction() as work:
        work.add(SignInProvider(id=1, kind=ProviderKind.GOOGLE, name="Google", issuer="https://accounts.google.com",
                                client_id="us", secret_encrypted=crypto.encrypt("a secret"), created_at=clock.now(),
                                domains=[]))  # fmt: skip


def _disabled(scene: Scene) -> int:
    from eduprog.accounts.models import Person

    gone = make_person(name="Gone", school_id=scene.school_id, roles=SCHOOL_ROLES)
    with transaction() as work:
        work.get_one(Person, gone).disabled_at = clock.now()
    return gone


def _group_lead(group_id: int) -> int:
    from eduprog.accounts.models import GroupMembership

    lead = make_person(name="Trust lead")
    with transaction() as work:
        work.add(GroupMembership(school_group_id=group_id, person_id=lead, started_at=clock.now()))
    return lead


def _site_admin() -> int:
    from eduprog.accounts.models import Person

    admin = make_person(name="Site admin")
    with transaction() as work:
        work.get_one(Person, admin).site_admin = True
    return admin


def _objects(scene: Scene) -> dict[str, object]:
    """One of everything in a school, by the name of the parameter that points to it."""
    now, today = datetime(2026, 11, 24, 12, tzinfo=UTC), date(2026, 11, 24)
    with school_scope(scene.school_id):
        lessons = planning.lessons_of_class(scene.group_ids["Y1"])
        with transaction():
            recorded = delivery.record_delivery(
                planned_lesson_id=lessons[0].id,
                taught_on=today,
                outcome=LessonOutcome.AS_PLANNED,
                by=scene.teacher,
                now=now,
                today=today,
            ).id
            pause = gates.pause(scope=PauseScope.MODULE, subject="L2-B1", by=person(scene.lead_id), now=now).id
        found: dict[str, object] = {
            "planned_lesson_id": planning.lessons_of_class(scene.group_ids["Y4"])[0].id,
            "delivery_id": recorded,
            "follow_up_id": followups.of_delivery(recorded)[0].id,
            "group_id": scene.group_ids["Y1"],
            "academic_year_id": scene.academic_year_id,
            "pause_id": pause,
            "person_id": scene.teacher_id,
        }
        return {**found, **more_objects(scene)}


# What every school shares: the curriculum, and words that name no row.
SHARED = {"module_id": "K1-C1", "number": 1, "act_id": "staff-briefing", "year": "R", "stage": "k1", "clause_id": "P-BS-03a"} | {
    "about": "ask_teacher", "audience": "governors", "table": "coverage", "provider_id": 1,
}  # fmt: skip


def _address(rule: Rule, objects: dict[str, object]) -> str | None:
    """Fill in a route's parameters; None where it has none that belongs to a school."""
    values = {}
    for name in rule.arguments:
        known = {**SHARED, **objects}
        assert name in known, f"{rule.rule}: tell tests/support/matrix.py where to find a {name}"
        values[name] = known[name]
    return str(rule.build(values)[1]) if rule.arguments else rule.rule  # type: ignore[index]


def _signed_in(app: Flask, world: World, who: Role | str) -> Browser:
    browser = Browser(app)
    place = {"school_group_id": world.group_id} if who is Role.GROUP_LEAD else {"school_id": world.own.school_id}
    sign_in(browser, world.people[who], **({} if who is Role.SITE_ADMIN else place))
    return browser


def _token(browser: Browser) -> str:
    page = browser.client.get("/account").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return found.group(1) if found else ""


def _status(browser: Browser, method: str, address: str, token: str) -> int:
    if method == "GET":
        return browser.client.get(address).status_code
    return browser.client.open(address, method=method, data={"csrf_token": token}).status_code


def _guarded(app: Flask) -> list[tuple[Rule, str, Permission]]:
    doors = [(rule, app.view_functions[rule.endpoint].access.permission) for rule in _rules(app)]
    # What ends sessions is tried last, so that the others are not tried from outside.
    ordered = sorted(doors, key=lambda door: "sign-out" in door[0].rule or "sessions" in door[0].rule or "places" in door[0].rule)
    return [(rule, method, permission) for rule, permission in ordered if permission for method in _methods(rule)]


@pytest.mark.parametrize("who", [*SCHOOL_ROLES, Role.GROUP_LEAD, Role.SITE_ADMIN], ids=lambda role: role.value)
def test_a_role_reaches_what_it_may_and_nothing_else(app: Flask, world: World, who: Role) -> None:
    wrong = []
    for rule, method, permission in _guarded(app):
        browser = _signed_in(app, world, who)
        token = _token(browser)
        own = _status(browser, method, _address(rule, world.objects["own"]), token)
        if permission not in permissions_of([who]):
            wrong += [f"{method} {rule.rule}: {own}, must be 403 or 404"] if own not in DENIED else []
            continue
        if own == 403 or own >= 500:
            wrong.append(f"{method} {rule.rule}: {own} for one who may")
        if set(rule.arguments) - set(SHARED):
            for place in ("same trust", "other trust"):
                other = _status(browser, method, _address(rule, world.objects[place]), token)
                wrong += [f"{method} {rule.rule} in {place}: {other}, must be 403 or 404"] if other not in DENIED else []
    assert wrong == []


@pytest.mark.parametrize("who", ["nobody", "disabled"])
def test_nobody_gets_in_without_a_session_that_stands(app: Flask, world: World, who: str) -> None:
    browser = Browser(app) if who == "nobody" else _signed_in(app, world, who)
    wrong = []
    for rule, method, _permission in _guarded(app):
        answer = browser.client.open(_address(rule, world.objects["own"]), method=method)
        turned_away = answer.status_code in {400, *DENIED} or (answer.status_code == 302 and "/sign-in" in answer.location)
        wrong += [] if turned_away else [f"{method} {rule.rule}: {answer.status_code}"]
    assert wrong == []


def test_every_guarded_route_lets_somebody_in() -> None:
    granted = permissions_of(list(Role))
    assert set(Permission) <= granted
