"""Does anything of one school reach anybody of another: every door, every role, from every one of many schools?

The schools belong to two trusts. Somebody of each role of each school asks for every route of their own school, of others of
their trust and of others elsewhere, pages first. What they are answered holds no name of a school that is not theirs to see.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bench.every_page import DOCUMENTS
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission, Role, permissions_of
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families import actions as families
from eduprog.organisations.models import School, SchoolGroup
from eduprog.organisations.rules import GroupKind
from tests.architecture.test_routes import (
    DENIED,
    SCHOOL_ROLES,
    SHARED,
    _address,
    _disabled,
    _group_lead,
    _guarded,
    _objects,
    _provider,
    _site_admin,
    _token,
)
from tests.conftest import FULL
from tests.support.figures import tell
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.pieces import piece
from tests.support.scenes import Scene, a_planned_school
from tests.support.sweeping import at_noon

SCHOOLS, HOMES, EACH_WAY = (20, 20, 2) if FULL else (4, 1, 1)
EACH = 1 if FULL else 9  # on every change one door of nine, from one of four schools
WHO = (*SCHOOL_ROLES, Role.GROUP_LEAD, Role.SITE_ADMIN, "disabled", "nobody")
_OPEN_TO_NOBODY = {"/school/calendar/changes/<int:change_id>"}  # the change of the matrix waits, and has another page
_ENDS = re.compile(r"sign-out|/browsers/|/places")


@pytest.fixture
def engine_name() -> str:
    """The guards are the same on both engines; tenancy of the database has tests of its own on both."""
    return "sqlite"


@dataclass
class _Place:
    """A school of many, with an object of each kind and a word that stands in no other."""

    scene: Scene
    objects: dict[str, object]
    word: str
    trust: int


@dataclass
class _Asked:
    """What came of all requests."""

    answers: Counter[str] = field(default_factory=Counter)
    opened: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def _places() -> tuple[list[_Place], list[int]]:
    with transaction() as work:
        trusts = [
            SchoolGroup(name=f"{name} Trust", slug=name.lower(), kind=GroupKind.TRUST, created_at=clock.now())
            for name in ("Riverbank", "Hillside")
        ]
        work.add_all(trusts)
        work.flush()
        groups = [one.id for one in trusts]
    made = []
    for number in range(SCHOOLS):
        word = f"{chr(ord('A') + number)}quillon"
        scene = a_planned_school(name=f"{word} Primary School", years=(YearGroup.Y1, YearGroup.Y4))
        with transaction() as work:
            work.get_one(School, scene.school_id).school_group_id = groups[number % 2]
        with school_scope(scene.school_id), transaction():
            families.make_missing_codes(
                teaching_group_ids=list(scene.group_ids.values()), by=scene.teacher, now=clock.now(), today=clock.today()
            )
        made.append(_Place(scene, _objects(scene), word, groups[number % 2]))
    return made, groups


@pytest.fixture
def noon() -> Iterator[None]:
    """A Tuesday in term."""
    with at_noon():
        yield


@pytest.mark.timeout(3 * 3600 if FULL else 180)
def test_nobody_of_many_schools_reaches_another(app: Flask, noon: None) -> None:
    places, groups = _places()
    _provider()
    asked = _Asked()
    doors = [door for door in _guarded(app) if door[0].rule not in ("/account/proof/with/<int:provider_id>",)]
    doors = doors[::EACH]
    pages, forms = ([door for door in doors if (door[1] == "GET") is is_page] for is_page in (True, False))
    above = {Role.SITE_ADMIN: _site_admin(), **{group: _group_lead(group) for group in groups}}
    homes = [number % SCHOOLS for number in piece(HOMES)]
    for home in homes:
        for some in (pages, forms):
            for who in WHO:
                _Visit(app, places[home], who, above, asked).every_door(some, _others(places, home), light=home > homes[0])
    said = ", ".join(f"{count:,} {name}" for name, count in asked.answers.most_common())
    who = f"{len(WHO)} kinds of people of {len(homes)} schools out of {SCHOOLS}"
    tell(f"{asked.answers.total():,} requests of {who} at {len(doors)} doors ({said}), {len(asked.opened)} doors opened to "
         f"somebody: {len(asked.wrong)} leaks or faults")  # fmt: skip
    assert asked.wrong == [], "\n".join(asked.wrong[:50])
    assert not FULL or asked.answers.total() >= 100_000 * len(homes) // HOMES
    unopened = {rule.rule for rule, _method, _permission in pages if f"GET {rule.rule}" not in asked.opened}
    assert unopened <= _OPEN_TO_NOBODY, "what nobody reaches was not tried"


def _others(places: list[_Place], home: int) -> list[_Place]:
    """Give other schools, some of the same trust and some of the other; which ones, turns from school to school."""
    turned = places[home + 1 :] + places[:home]
    same = [one for one in turned if one.trust == places[home].trust]
    return same[:EACH_WAY] + [one for one in turned if one.trust != places[home].trust][:EACH_WAY]


class _Visit:
    """Somebody of one school who tries every door."""

    def __init__(self, app: Flask, place: _Place, who: Role | str, above: dict[object, int], asked: _Asked) -> None:
        self._app, self._place, self._who, self._asked = app, place, who, asked
        if who == "nobody":
            self._person = 0
        elif who == "disabled":
            self._person = _disabled(place.scene)
        elif isinstance(who, Role) and who in SCHOOL_ROLES:
            self._person = make_person(name=who.label, school_id=place.scene.school_id, roles=(who,))
        else:
            self._person = above[Role.SITE_ADMIN if who is Role.SITE_ADMIN else place.trust]
        self._may = permissions_of([who]) if isinstance(who, Role) else frozenset()
        self._begin()

    def _begin(self) -> None:
        self._browser = Browser(self._app)
        if self._person:
            where = {"school_id": self._place.scene.school_id}
            if self._who in (Role.GROUP_LEAD, Role.SITE_ADMIN):
                where = {"school_group_id": self._place.trust} if self._who is Role.GROUP_LEAD else {}
            sign_in(self._browser, self._person, **where)
        self._csrf = _token(self._browser) if self._may else ""

    def every_door(self, doors: list[tuple[Rule, str, Permission]], others: list[_Place], *, light: bool) -> None:
        """Try each at home and elsewhere; `light` leaves out the files of the own school, which cost much and are shared."""
        for rule, method, permission in doors:
            if not (light and rule.rule.endswith(DOCUMENTS)):
                self._try(rule, method, permission, self._place, own=True)
            for other in others if set(rule.arguments) - set(SHARED) else ():
                if any(other.objects.get(name) != self._place.objects.get(name) for name in set(rule.arguments) - set(SHARED)):
                    self._try(rule, method, permission, other, own=False)
            if _ENDS.search(rule.rule):
                self._begin()

    def _try(self, rule: Rule, method: str, permission: Permission, place: _Place, *, own: bool) -> None:
        data = {"csrf_token": self._csrf} if method != "GET" else None
        answer = self._browser.client.open(_address(rule, place.objects), method=method, data=data)
        status = answer.status_code
        self._asked.answers[f"{status // 100}xx" if status not in DENIED else "refused"] += 1
        if status < 400 and self._may:
            self._asked.opened.add(f"{method} {rule.rule}")
        self._asked.wrong += [f"{self._who} of {self._place.word}, {method} {rule.rule} of {place.word}: {fault}"
                              for fault in self._faults(permission, status, own, answer.get_data())]  # fmt: skip
        answer.close()

    def _faults(self, permission: Permission, status: int, own: bool, held: bytes) -> Iterator[str]:
        turned_away = status in (*DENIED, *(() if self._may else (302, 400)))
        if status >= 500:
            yield f"{status}"
        if (permission not in self._may or not own) and not turned_away:
            yield f"{status}, must be 403 or 404"
        if permission in self._may and own and status == 403:
            yield "403 for one who may"
        if not self._sees_all and set(re.findall(rb"\b([A-T])quillon", held)) - self._words:
            yield "it names another school"

    @property
    def _sees_all(self) -> bool:
        return self._who is Role.SITE_ADMIN

    @property
    def _words(self) -> set[bytes]:
        """The first letters of the schools whose names this person may read: the own, and for a trust's lead all of it."""
        letters = range(SCHOOLS) if self._who is Role.GROUP_LEAD else [ord(self._place.word[0]) - ord("A")]
        home = ord(self._place.word[0]) - ord("A")
        return {bytes([ord("A") + number]) for number in letters if number % 2 == home % 2}
