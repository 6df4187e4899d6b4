"""Set up schemes of work and change them: move a module, reorder, take out, add."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning import queries
from eduprog.planning.models import SchemeEntry, SchemeOfWork
from eduprog.planning.rules import BLOCK_ORDER, is_plannable
from eduprog.school.rules import HalfTermBlock


class AlreadyInScheme(Refusal):
    """That module is in this scheme of work already."""


class NotPlannable(Refusal):
    """That module cannot be planned: it is closed, retired or not one of ours."""


def set_up_schemes(*, academic_year_id: int, year_groups: Iterable[YearGroup], by: Actor, now: datetime) -> list[SchemeOfWork]:
    """Give each year group that has none the default scheme of work: our modules in our order and half-terms."""
    known = queries.schemes_of_year(academic_year_id)
    modules = catalogue.current().modules
    entries = [one for one in catalogue.current().programme.entries.values() if is_plannable(modules.get(one.id))]
    added = []
    for year in sorted(set(year_groups) - set(known), key=lambda group: group.number):
        chosen = [entry for entry in entries if entry.years[0] is year]
        in_order = sorted(chosen, key=lambda entry: BLOCK_ORDER[entry.half_term])
        rows = [
            SchemeEntry(module_id=entry.id, block=entry.half_term, position=number)
            for number, entry in enumerate(in_order, start=1)
        ]
        added.append(SchemeOfWork(academic_year_id=academic_year_id, year_group=year, entries=rows))
    if not added:
        return []
    session().add_all(added)
    session().flush()
    audit.record(
        act="schemes of work set up", subject="academic_year", subject_id=academic_year_id, by=by, at=now, added=len(added)
    )
    return added


def move_module(
    *, scheme_id: int, module_id: str, block: HalfTermBlock, place: int | None = None, version: int, by: Actor, now: datetime
) -> SchemeOfWork:
    """Put a module into a half-term, at a place among those already there (from 1; None:

    the last). Raises NotHere or Conflict.
    """
    scheme = _open(scheme_id, version)
    moved = _entry(scheme, module_id)
    rest = [entry for entry in _in_order(scheme) if entry is not moved]
    moved.block = block
    _put(scheme, rest, moved, place)
    return _saved(scheme, "module moved in scheme", module_id, by, now)


def add_module(*, scheme_id: int, module_id: str, block: HalfTermBlock, version: int, by: Actor, now: datetime) -> SchemeOfWork:
    """Add a module to a scheme, last in a half-term. Raises NotHere, Conflict, AlreadyInScheme or NotPlannable."""
    scheme = _open(scheme_id, version)
    if not is_plannable(catalogue.current().modules.get(module_id)):
        raise NotPlannable
    if any(entry.module_id == module_id for entry in scheme.entries):
        raise AlreadyInScheme
    rest = _in_order(scheme)
    added = SchemeEntry(module_id=module_id, block=block, position=len(rest) + 1)
    scheme.entries.append(added)
    _put(scheme, rest, added, None)
    return _saved(scheme, "module added to scheme", module_id, by, now)


def take_out_module(*, scheme_id: int, module_id: str, version: int, by: Actor, now: datetime) -> SchemeOfWork:
    """Take a module out of a scheme.

    What was taught stays; the rest leaves the plan when it is planned again. Raises NotHere or Conflict.
    """
    scheme = _open(scheme_id, version)
    scheme.entries.remove(_entry(scheme, module_id))
    _number(_in_order(scheme))
    return _saved(scheme, "module taken out of scheme", module_id, by, now)


def _open(scheme_id: int, version: int) -> SchemeOfWork:
    scheme = queries.scheme(scheme_id)
    if scheme.version != version:
        raise Conflict
    return scheme


def _entry(scheme: SchemeOfWork, module_id: str) -> SchemeEntry:
    found = next((entry for entry in scheme.entries if entry.module_id == module_id), None)
    if found is None:
        raise NotHere
    return found


def _in_order(scheme: SchemeOfWork) -> list[SchemeEntry]:
    return sorted(scheme.entries, key=lambda entry: (BLOCK_ORDER[entry.block], entry.position))


def _put(scheme: SchemeOfWork, rest: list[SchemeEntry], one: SchemeEntry, place: int | None) -> None:
    before = [entry for entry in rest if BLOCK_ORDER[entry.block] < BLOCK_ORDER[one.block]]
    same = [entry for entry in rest if entry.block is one.block]
    after = [entry for entry in rest if BLOCK_ORDER[entry.block] > BLOCK_ORDER[one.block]]
    same.insert(len(same) if place is None else max(0, place - 1), one)
    _number([*before, *same, *after])


def _number(entries: list[SchemeEntry]) -> None:
    for number, entry in enumerate(entries, start=1):
        entry.position = number


def _saved(scheme: SchemeOfWork, act: str, module_id: str, by: Actor, now: datetime) -> SchemeOfWork:
    flag_modified(scheme, "year_group")  # raises the version even where only entries changed: the second of two people sees it
    session().flush()
    audit.record(act=act, subject="scheme_of_work", subject_id=scheme.id, by=by, at=now, module=module_id)
    return scheme
