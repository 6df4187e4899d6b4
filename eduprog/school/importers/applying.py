"""Doing what a preview showed, and remembering how to undo it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, insert, select

from eduprog.accounts import actions as accounts
from eduprog.accounts import queries as people
from eduprog.core.db import session
from eduprog.core.permissions import Actor, Role
from eduprog.curriculum.vocabulary import YearGroup, stage_of
from eduprog.school import queries
from eduprog.school.importers.differences import ClassChange, Differences
from eduprog.school.importers.known import held_facts
from eduprog.school.models import (
    ImportedClass,
    ImportedEnrolment,
    ImportedPerson,
    ImportRun,
    MeetingSlot,
    TeachingGroup,
    TeachingGroupYear,
)
from eduprog.school.rules import SlotKind, WeekLetter


def apply_differences(run: ImportRun, found: Differences, *, by: Actor, now: datetime, today: date) -> dict[str, Any]:
    """Do everything in the differences; give the record by which it can be undone."""
    undo: dict[str, Any] = {
        "opened": [], "changed": [], "invited": [], "ended": [], "class_links": [], "person_links": [],
        "enrolments_added": [], "enrolments_gone": [],
    }  # fmt: skip
    leads = _keep_staff(run, found, undo, by=by, now=now)
    group_ids = _keep_classes(run, found, leads, undo, today=today)
    _keep_enrolments(found, group_ids, undo)
    _end_staff(found, undo, by=by, now=now)
    session().flush()
    return undo


def _keep_staff(run: ImportRun, found: Differences, undo: dict[str, Any], *, by: Actor, now: datetime) -> dict[str, int]:
    """Keep new staff as invitations that nobody has sent; give everybody's id by key."""
    ids: dict[str, int] = {}
    newcomers = [accounts.Newcomer(change.entry.name, change.email) for change in found.staff_added]
    kept = accounts.keep_for_invitation(newcomers=newcomers, roles=[Role.TEACHER], by=by, now=now) if newcomers else []
    by_email = {invitation.email: invitation for invitation in kept}
    for change in found.staff_added:
        invitation = by_email[change.email]
        ids[change.entry.key] = invitation.person_id
        made = {"invitation": invitation.invitation_id, "person": invitation.person_id, "new": invitation.is_new}
        undo["invited"].append(made)
    linked = {row.source_digest: row.person_id for row in session().scalars(select(ImportedPerson))}
    ids |= {change.entry.key: change.person_id for change in found.staff_unchanged if change.person_id}
    for key, person_id in ids.items():
        if key not in linked:
            session().add(ImportedPerson(kind=run.kind, source_digest=key, person_id=person_id))
            undo["person_links"].append(key)
    return linked | ids


def _keep_classes(
    run: ImportRun, found: Differences, leads: Mapping[str, int], undo: dict[str, Any], *, today: date
) -> dict[str, int]:
    links = {row.source_digest: row for row in session().scalars(select(ImportedClass))}
    group_ids: dict[str, int] = {}
    wanted = [change.group_id for change in (*found.classes_changed, *found.classes_unchanged) if change.group_id]
    groups = queries.groups_by_id([*wanted, *(group_id for group_id, _name in found.classes_gone)])
    opened = [_open(run, change, leads) for change in found.classes_added]
    session().add_all(opened)
    session().flush()
    for change, group in zip(found.classes_added, opened, strict=True):
        undo["opened"].append(group.id)
        group_ids[change.entry.key] = group.id
    for change in found.classes_changed:
        group = groups[change.group_id or 0]
        after = {fact.fact: _written(fact.fact, fact.after, leads) for fact in change.facts}
        undo["changed"].append(write_facts(group, after, today=today))
    for change in (*found.classes_changed, *found.classes_unchanged):
        group_ids[change.entry.key] = change.group_id or 0
    for group_id, _name in found.classes_gone:
        undo["changed"].append(write_facts(groups[group_id], {"closed": True}, today=today))
        for link in (row for row in links.values() if row.teaching_group_id == group_id):
            undo["class_links"].append({"digest": link.source_digest, "before": link.last_said})
            link.last_said = {**link.last_said, "closed": True}  # so that a file that has it again opens it
    for change in (*found.classes_added, *found.classes_changed, *found.classes_unchanged):
        _link(run, change, group_ids[change.entry.key], links, undo)
    return group_ids


def _open(run: ImportRun, change: ClassChange, leads: Mapping[str, int]) -> TeachingGroup:
    """Make a new class; a set has hundreds, so they are written together and the run's own entry in the chain stands for all."""
    years = [YearGroup(value) for value in change.after("years")]
    return TeachingGroup(
        academic_year_id=run.academic_year_id,
        name=change.name,
        stage=stage_of(years[0]),
        lead_teacher_id=_written("lead", change.after("lead"), leads),
        size=change.after("size"),
        years=[TeachingGroupYear(year_group=year) for year in years],
        slots=[_slot(*place) for place in change.after("slots") or ()],
    )


def _slot(weekday: int, week: str, starts: str, minutes: int, kind: str) -> MeetingSlot:
    letter = WeekLetter(week) if week else None
    return MeetingSlot(weekday=weekday, week=letter, starts_at=time.fromisoformat(starts), minutes=minutes, kind=SlotKind(kind))


def _written(fact: str, value: Any, leads: Mapping[str, int]) -> Any:
    if fact != "lead" or value is None:
        return value
    return int(value[3:]) if value.startswith("id:") else leads[value]


def _link(run: ImportRun, change: ClassChange, group_id: int, links: Mapping[str, ImportedClass], undo: dict[str, Any]) -> None:
    """Remember which class it became and what the file said, so that a later import changes only what changed."""
    held = links.get(change.entry.key)
    if held is None:
        session().add(
            ImportedClass(kind=run.kind, source_digest=change.entry.key, teaching_group_id=group_id, last_said=change.said)
        )
        undo["class_links"].append({"digest": change.entry.key, "before": None})
    elif held.last_said != change.said:
        undo["class_links"].append({"digest": change.entry.key, "before": held.last_said})
        held.last_said = change.said


def write_facts(group: TeachingGroup, after: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """Give a class these facts; give back what they were, for undoing. Needs years and slots loaded."""
    before = {fact: facts_for_undo(group)[fact] for fact in after}
    record = {"id": group.id, "before": before, "after": dict(after), "stage": group.stage.value}
    if "name" in after:
        group.name = after["name"]
    if "size" in after:
        group.size = after["size"]
    if "lead" in after:
        group.lead_teacher_id = after["lead"]
    if "years" in after:
        _write_years(group, [YearGroup(value) for value in after["years"]])
    if "slots" in after:
        _write_slots(group, after["slots"])
    if "closed" in after:
        group.ended_on = today if after["closed"] else None
    session().flush()
    return record


def facts_for_undo(group: TeachingGroup) -> dict[str, Any]:
    """Give a class's facts as they can be written back."""
    return {**held_facts(group), "closed": group.ended_on.isoformat() if group.ended_on else None}


def _write_years(group: TeachingGroup, years: list[YearGroup]) -> None:
    """Change the year groups; the stage goes with them unless somebody chose another."""
    held = sorted(group.year_groups, key=lambda year: year.number)
    if held and group.stage is stage_of(held[0]) and years:
        group.stage = stage_of(years[0])
    group.years = [
        *(row for row in group.years if row.year_group in years),
        *(TeachingGroupYear(year_group=year) for year in years if year not in held),
    ]


def _write_slots(group: TeachingGroup, slots: list[list[Any]]) -> None:
    held = {(s.weekday, s.week.value if s.week else "", f"{s.starts_at:%H:%M}", s.minutes, s.kind.value): s for s in group.slots}
    wanted = [tuple(slot) for slot in slots]
    group.slots = [slot for place, slot in held.items() if place in wanted]
    session().flush()  # the old time must be free before the new one takes it
    group.slots += [_slot(*place) for place in wanted if place not in held]


def _keep_enrolments(found: Differences, group_ids: Mapping[str, int], undo: dict[str, Any]) -> None:
    """Keep the keyed hashes of who is counted where; one that moved is gone from its old class first."""
    leaving = [*found.enrolments_gone, *found.enrolments_added]
    for start in range(0, len(leaving), 500):
        part = leaving[start : start + 500]
        rows = session().scalars(select(ImportedEnrolment).where(ImportedEnrolment.source_digest.in_(part))).all()
        undo["enrolments_gone"] += [[row.source_digest, row.teaching_group_id] for row in rows]
        session().execute(delete(ImportedEnrolment).where(ImportedEnrolment.source_digest.in_(part)))
    if found.enrolments_added:
        rows_added = [
            {"source_digest": digest, "teaching_group_id": group_ids[key]} for digest, key in found.enrolments_added.items()
        ]
        session().execute(insert(ImportedEnrolment), rows_added)
        undo["enrolments_added"] = list(found.enrolments_added)


def _end_staff(found: Differences, undo: dict[str, Any], *, by: Actor, now: datetime) -> None:
    """See those off who are gone: roles and sessions end, open invitations are taken back."""
    here = {row.id: row for row in people.people_of_school()}
    invited = {row.email: row.id for row in people.invited()}
    emails = {row.id: row for row in people.people_by_id([person_id for person_id, _name in found.staff_gone]).values()}
    for person_id, _name in found.staff_gone:
        roles = [role.value for role in here[person_id].roles] if person_id in here else []
        undo["ended"].append({"person": person_id, "roles": roles})
        if roles:
            accounts.end_membership(person_id=person_id, by=by, now=now)
        elif emails[person_id].email in invited:
            accounts.revoke_invitation(invitation_id=invited[emails[person_id].email], by=by, now=now)
