"""Who is in which class, counted: pupils become keyed hashes and a number, teachers the class's lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from eduprog.school.importers.oneroster.classes import ClassDraft
from eduprog.school.importers.oneroster.files import Record, SetFile, is_gone, needs
from eduprog.school.importers.oneroster.people import Part, People, part_of
from eduprog.school.importers.values import Findings, Key
from eduprog.school.importers.wording import day_of


@dataclass
class Enrolments:
    """What the enrolments of a set are read against, and those it says are gone."""

    people: People
    classes: dict[str, ClassDraft]
    whole_classes: bool | None
    reference_day: date
    key: Key
    findings: Findings
    gone: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def read_enrolments(enrollments: SetFile, reading: Enrolments) -> None:
    """Count pupils into the classes and find their teachers; tell of each row that does neither."""
    if not needs(enrollments, ["classSourcedId", "userSourcedId"], reading.findings):
        return
    for record in enrollments.records():
        _read_row(record, reading)


def _fault(reading: Enrolments, record: Record, column: str, text: str) -> None:
    reading.findings.fault(text, file=record.file, row=record.number, column=column)


def _read_row(record: Record, reading: Enrolments) -> None:
    gone = is_gone(record, reading.findings)
    if gone is None:
        return
    source = record.get("sourcedId")
    if gone:
        _read_gone(record, source, reading)
        return
    source = source or f"{record.get('classSourcedId')}\n{record.get('userSourcedId')}"
    if source in reading.seen:
        _fault(reading, record, "sourcedId", "This enrolment was there before; the row was left out.")
        return
    reading.seen.add(source)
    draft = _class_of(record, reading)
    part = _part_of(record, reading) if draft else None
    over = part is not None and _is_over(record, reading)
    if draft is None or part is not Part.PUPIL or over:
        # Whoever was counted by this enrolment before is so no longer.
        reading.gone.append(reading.key("enrolment", source))
    if draft is not None and part is not None and not over:
        _count(record, draft, part, reading.key("enrolment", source), reading)


def _count(record: Record, draft: ClassDraft, part: Part, digest: str, reading: Enrolments) -> None:
    user = record.get("userSourcedId")
    if part is Part.TEACHER:
        draft.leads.append((record.get("primary").lower() in ("true", "1", "yes"), user, digest))
    elif part is Part.PUPIL and user in draft.pupils:
        _fault(reading, record, "userSourcedId", "This pupil is in the class already; counted once.")
    elif part is Part.PUPIL:
        draft.pupils[user] = digest


def _read_gone(record: Record, source: str, reading: Enrolments) -> None:
    if source:
        reading.gone.append(reading.key("enrolment", source))
    else:
        _fault(reading, record, "sourcedId", "There is no id, so it is not known which enrolment is gone.")


def _class_of(record: Record, reading: Enrolments) -> ClassDraft | None:
    source = record.get("classSourcedId")
    draft = reading.classes.get(source)
    if draft is not None:
        return None if draft.gone else draft
    if not source:
        _fault(reading, record, "classSourcedId", "There is no class, so the row was left out.")
        return None
    if reading.whole_classes:
        _fault(reading, record, "classSourcedId", "No row of the classes has this id; the row was left out.")
        return None
    stub = ClassDraft(source, named=False, where=f"{record.file}, row {record.number}")
    reading.classes[source] = stub
    return stub


def _part_of(record: Record, reading: Enrolments) -> Part | None:
    """Give what somebody is in a class, or None, with a finding, if that cannot be or nobody knows them."""
    people, user = reading.people, record.get("userSourcedId")
    if user in people.gone or user in people.left_out:
        return None
    if not user or (people.whole and user not in people.rows):
        _fault(reading, record, "userSourcedId", "No row of the users has this id; the row was left out.")
        return None
    said = record.get("role")
    part = part_of(said) if said else next(iter(people.parts.get(user, ())), None)
    if part is None:
        text = "This role is not one we know" if said else "It does not say in which role"
        _fault(reading, record, "role", f"{text}; the row was left out.")
    elif part is Part.PUPIL and people.is_adult_only(user):
        _fault(reading, record, "role", "It says pupil, but the users say this person is an adult; not counted.")
        return None
    elif part is Part.TEACHER and people.is_pupil_only(user):
        _fault(reading, record, "role", "It says teacher, but the users say this person is a pupil; the row was left out.")
        return None
    elif part is Part.TEACHER and not people.may_teach(user):
        _fault(reading, record, "role", "It says teacher, but the users say this person is family; the row was left out.")
        return None
    return part


def _is_over(record: Record, reading: Enrolments) -> bool:
    days = {column: day_of(record.get(column)) for column in ("beginDate", "endDate") if record.get(column)}
    for column, day in days.items():
        if day is None:
            reading.findings.note("This is not a day; it was passed over.", file=record.file, row=record.number, column=column)
    end = days.get("endDate")
    if end is None or end >= reading.reference_day:
        return False
    reading.findings.note("This enrolment is over; not counted.", file=record.file, row=record.number, column="endDate")
    return True


def lead_ids(draft: ClassDraft, key: Callable[[str], str]) -> dict[str, str]:
    """Give the class's teachers as keys with their enrolments: the primary one alone if the set names one, else all, in order."""
    primary = [(user, digest) for first, user, digest in draft.leads if first]
    found = primary[:1] or [(user, digest) for _first, user, digest in draft.leads]
    leads: dict[str, str] = {}
    for user, digest in found:
        leads.setdefault(key(user), digest)
    return leads
