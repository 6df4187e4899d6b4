"""Taking an import back: what it added goes, what it changed returns, what somebody changed since stays theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from eduprog.accounts import actions as accounts
from eduprog.accounts import queries as people
from eduprog.accounts.models import Person
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor, Role
from eduprog.curriculum.vocabulary import Stage
from eduprog.school import queries
from eduprog.school.importers.applying import facts_for_undo, write_facts
from eduprog.school.importers.references import referred_to
from eduprog.school.models import ImportedClass, ImportedEnrolment, ImportedPerson, ImportRun, TeachingGroup

_OWN_TABLES = {"teaching_group_year", "meeting_slot", "imported_class", "imported_enrolment"}


class ClassesInUse(Refusal):
    """Classes that this import added are in use already, so it can no longer be undone."""


def undo_differences(run: ImportRun, *, by: Actor, now: datetime) -> int:
    """Take back what a run did; give how many facts stayed because somebody changed them since. Raises ClassesInUse."""
    undo = run.undo_record
    _check_unused(undo["opened"])
    kept = _restore_classes(undo)
    _restore_links(run, undo)
    _restore_enrolments(undo)
    for group in queries.groups_by_id(undo["opened"]).values():
        session().delete(group)
    session().flush()
    _restore_staff(undo, by=by, now=now)
    session().flush()
    return kept


def _check_unused(group_ids: list[int]) -> None:
    groups = queries.groups_by_id(group_ids)
    pointed_to = referred_to("teaching_group", group_ids, ignoring=_OWN_TABLES)
    used = [groups[group_id].name for group_id in group_ids if group_id in groups and group_id in pointed_to]
    if used:
        names = ", ".join(used[:5]) + (f" and {len(used) - 5} more" if len(used) > 5 else "")
        raise ClassesInUse(f"This import can no longer be undone: {names} have lessons, families or records by now.")


def _restore_classes(undo: Mapping[str, Any]) -> int:
    kept = 0
    groups = queries.groups_by_id([change["id"] for change in undo["changed"]])
    for change in reversed(undo["changed"]):
        group = groups.get(change["id"])
        if group is not None:
            kept += _restore_class(group, change)
    return kept


def _restore_class(group: TeachingGroup, change: Mapping[str, Any]) -> int:
    now = facts_for_undo(group)
    back = {}
    for fact, before in change["before"].items():
        after = change["after"][fact]
        unchanged = bool(now[fact]) == after if fact == "closed" else now[fact] == after
        if unchanged and fact != "closed":
            back[fact] = before
        elif unchanged:
            group.ended_on = date.fromisoformat(before) if before else None
    write_facts(group, back, today=date.max)
    if "years" in back:
        group.stage = Stage(change["stage"])
    return len(change["before"]) - len(back) - ("closed" in change["before"] and bool(now["closed"]) == change["after"]["closed"])


def _restore_links(run: ImportRun, undo: Mapping[str, Any]) -> None:
    before = {link["digest"]: link["before"] for link in undo["class_links"]}
    for row in session().scalars(select(ImportedClass)).all():
        if row.source_digest in before:
            said = before[row.source_digest]
            if said is None:
                session().delete(row)
            else:
                row.last_said = said
    if undo["person_links"]:
        keys = undo["person_links"]
        for start in range(0, len(keys), 500):
            session().execute(delete(ImportedPerson).where(ImportedPerson.source_digest.in_(keys[start : start + 500])))
    session().flush()


def _restore_enrolments(undo: Mapping[str, Any]) -> None:
    added = undo["enrolments_added"]
    for start in range(0, len(added), 500):
        session().execute(delete(ImportedEnrolment).where(ImportedEnrolment.source_digest.in_(added[start : start + 500])))
    if undo["enrolments_gone"]:
        rows = [{"source_digest": digest, "teaching_group_id": group_id} for digest, group_id in undo["enrolments_gone"]]
        session().execute(insert(ImportedEnrolment), rows)


def _restore_staff(undo: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    """Withdraw invitations that nobody sent or took up; give those seen off their roles back."""
    if undo["invited"]:
        ids = [invited["invitation"] for invited in undo["invited"]]
        gone = accounts.withdraw_invitations(invitation_ids=ids, by=by, now=now)
        new = {invited["person"] for invited in undo["invited"] if invited["new"] and invited["invitation"] in gone}
        unknown = new - referred_to("person", new, ignoring=())
        for row in session().scalars(select(Person).where(Person.id.in_(unknown))).all():
            session().delete(row)
        session().flush()
    here = {row.id: set(row.roles) for row in people.people_of_school()}
    for ended in undo["ended"]:
        for role in map(Role, ended["roles"]):
            if role not in here.get(ended["person"], set()):
                accounts.grant_role(person_id=ended["person"], role=role, by=by, now=now)
        if not ended["roles"]:
            person = people.person(ended["person"])
            accounts.invite(name=person.name, email=person.email, roles=[Role.TEACHER], by_mail=False, by=by, now=now)
