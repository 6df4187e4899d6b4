"""What stands in the navigation of each person, in order. Every page a person opens on purpose has a place here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, request, url_for

from eduprog.core import clock
from eduprog.core.permissions import Permission
from eduprog.web.guards import SignedIn, access_of, known_person, signed_in


@dataclass(frozen=True)
class _Place:
    text: str
    endpoint: str
    permission: Permission


@dataclass(frozen=True)
class NavigationItem:
    """A link as the layout shows it."""

    text: str
    href: str
    current: bool


PLACES = (
    _Place("My week", "delivery.my_week", Permission.SEE_OWN_CLASSES),
    _Place("Programme", "coverage.board", Permission.SEE_SCHOOL),
    _Place("Coverage", "coverage.grid", Permission.SEE_SCHOOL),
    _Place("Plan", "planning.year", Permission.PLAN_PROGRAMME),
    _Place("Lessons", "library.browse", Permission.SEE_LIBRARY),
    _Place("Whole school", "wholeschool.year", Permission.SEE_OWN_ACTS),
    _Place("Messages home", "families.own_prompts", Permission.SEE_OWN_CLASSES),
    _Place("Families", "families.overview", Permission.SEE_FAMILY_FIGURES),
    _Place("Sensitive lessons", "gates.ahead", Permission.PAUSE_TEACHING),
    _Place("Set-up", "yearcycle.set_up_page", Permission.MANAGE_SCHOOL),
    _Place("School", "school.calendar", Permission.MANAGE_SCHOOL),
    _Place("Classes", "yearcycle.classes", Permission.MANAGE_SCHOOL),
    _Place("Details", "organisations.school_details", Permission.MANAGE_SCHOOL),
    _Place("Staff", "accounts.staff", Permission.MANAGE_STAFF),
    _Place("Schools", "coverage.schools_board", Permission.SEE_GROUP),
    _Place("Installation", "scheduler.site", Permission.SEE_SITE),
)


_FRAME = "eduprog.frame"
_KNOWN = "eduprog_navigation"
_MOST_KNOWN = 5000


def page_frame() -> dict[str, Any]:
    """Give what the frame of every page shows: whose page it is, where they can go, and the time.

    Worked out once for an answer and person: each field of a form is a template of its own, and would ask again.
    """
    person = known_person()
    known = person.get_id() if person else None
    whose, frame = request.environ.get(_FRAME, (None, None))
    if frame is None or whose != known:
        frame = _page_frame(person)
        request.environ[_FRAME] = (known, frame)
    return dict(frame)


def _page_frame(known: SignedIn | None) -> dict[str, Any]:
    return {
        "navigation": navigation(),
        "now": clock.local(clock.now()),
        "school_name": known.school_name if known else None,
        "person_name": known.name if known else None,
        "sign_out_url": url_for("accounts.sign_out") if known else None,
    }


def navigation() -> Sequence[NavigationItem]:
    """Give the navigation of the person behind this request; once for all who hold their roles and open this page."""
    person = known_person()
    if person is None:
        return []
    known = current_app.extensions.setdefault(_KNOWN, {})
    key = (person.roles, person.resting, request.endpoint, request.blueprint, request.script_root)
    items = known.get(key)
    if items is None:
        items = [
            NavigationItem(place.text, url_for(place.endpoint), _is_current(place.endpoint, request.blueprint))
            for place in PLACES
            if _is_open(place, person)
        ]
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[key] = items
    return cast(Sequence[NavigationItem], items)


def first_page() -> str:
    """Give the address of the first screen of the person behind this request: what a feature puts first, or their first place."""
    for asks_for_them in current_app.extensions.get("eduprog_first_pages", ()):
        if (address := asks_for_them()) is not None:
            return str(address)
    for place in PLACES:
        if _is_open(place, signed_in()):
            return url_for(place.endpoint)
    return url_for("accounts.places")


def _is_open(place: _Place, person: SignedIn) -> bool:
    """Say whether this person may enter, even after a rest, and the feature is registered here."""
    if place.endpoint not in current_app.view_functions or not person.may(place.permission):
        return False
    access = access_of(place.endpoint)
    return not person.resting or (access is not None and access.after_rest)


def _is_current(endpoint: str, blueprint: str | None) -> bool:
    if request.endpoint == endpoint:
        return True
    access = access_of(request.endpoint or "")
    if access is None or access.permission in (None, Permission.SEE_OWN_ACCOUNT):
        return False  # everybody's pages belong to no place, whichever feature serves them
    siblings = [place for place in PLACES if place.endpoint.split(".")[0] == blueprint]
    return len(siblings) == 1 and siblings[0].endpoint == endpoint
