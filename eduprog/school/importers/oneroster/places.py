"""The schools and the terms of a OneRoster set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from eduprog.school.importers.oneroster.files import Record, SetFile, is_gone, is_new, needs
from eduprog.school.importers.values import Findings, OrgEntry, SessionEntry
from eduprog.school.importers.wording import day_of, quoted


def read_orgs(orgs: SetFile, findings: Findings) -> dict[str, OrgEntry]:
    """Give the schools of a set by id; if none of its organisations says it is a school, all of them."""
    if not needs(orgs, ["sourcedId"], findings):
        return {}
    schools: dict[str, OrgEntry] = {}
    others: dict[str, OrgEntry] = {}
    kinds: dict[str, str] = {}
    parents: list[tuple[str, str, int]] = []
    for record in orgs.records():
        if is_gone(record, findings) is not False:
            continue
        org, kind = record.get("sourcedId"), record.get("type").lower()
        if not is_new(record, kinds, findings):
            continue
        kinds[org] = kind
        (schools if kind == "school" else others)[org] = OrgEntry(key=org, name=record.get("name")[:120] or org)
        parents.append((org, record.get("parentSourcedId"), record.number))
    _check_parents(orgs.file, parents, kinds, findings)
    if others and not schools:
        findings.note("None of these is a school by its type; they were read as yours.", file=orgs.file, column="type")
    return schools or others


def _check_parents(file: str, parents: list[tuple[str, str, int]], kinds: Mapping[str, str], findings: Findings) -> None:
    for org, parent, row in parents:
        if parent and kinds.get(parent) == "school" and kinds[org] == "school":
            text = "A school cannot belong to another school; each was read as a school of its own."
            findings.note(text, file=file, row=row, column="parentSourcedId")
        elif parent and parent not in kinds:
            findings.note("No row has this id.", file=file, row=row, column="parentSourcedId")


def read_sessions(sessions: SetFile, findings: Findings) -> dict[str, SessionEntry]:
    """Give the terms and years of a set by id; tell of days that are none or stand the wrong way round."""
    found: dict[str, SessionEntry] = {}
    if not needs(sessions, ["sourcedId", "startDate", "endDate"], findings):
        return found
    for record in sessions.records():
        if is_gone(record, findings) is False and (days := _days(record, findings)) and is_new(record, found, findings):
            first, last = days
            entry = SessionEntry(title=record.get("title")[:80], kind=record.get("type")[:40], first_day=first, last_day=last)
            found[record.get("sourcedId")] = entry
    return found


def _days(record: Record, findings: Findings) -> tuple[date, date] | None:
    first, last = day_of(record.get("startDate")), day_of(record.get("endDate"))
    for column, day in (("startDate", first), ("endDate", last)):
        if day is None:
            text = f"{quoted(record.get(column))} is not a day; the row was left out."
            findings.fault(text, file=record.file, row=record.number, column=column)
    if first is None or last is None:
        return None
    if last < first:
        text = "It ends before it starts; the row was left out."
        findings.fault(text, file=record.file, row=record.number, column="endDate")
        return None
    return first, last


def teachings_of(file: SetFile, findings: Findings) -> Mapping[str, tuple[str, str]]:
    """Give what a class may learn from what it belongs to, by id: the title with its subjects, and the years."""
    if not needs(file, ["sourcedId"], findings):
        return {}
    found: dict[str, tuple[str, str]] = {}
    for record in file.records():
        if is_gone(record, findings) is False and is_new(record, found, findings):
            found[record.get("sourcedId")] = f"{record.get('title')} {record.get('subjects')}", record.get("grades")
    return found
