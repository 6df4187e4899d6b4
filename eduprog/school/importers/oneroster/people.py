"""The people of a OneRoster set: staff are taken, pupils are only told apart while the set is being read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.importers.oneroster.files import Record, SetFile, is_gone, needs
from eduprog.school.importers.values import Findings, Key, StaffEntry
from eduprog.school.importers.wording import day_of, email_of, is_formula, quoted, years_of

_LONGEST_NAME = 120


class Part(StrEnum):
    """What somebody is at school, as far as an import cares."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    OTHER_STAFF = "other staff"
    FAMILY = "family"


_PARTS = {
    **dict.fromkeys(("student", "pupil", "learner"), Part.PUPIL),
    **dict.fromkeys(("teacher", "faculty", "tutor", "instructor", "staff"), Part.TEACHER),
    **dict.fromkeys(
        ("aide", "administrator", "proctor", "principal", "counselor", "counsellor", "siteadministrator", "districtadministrator",
         "systemadministrator", "teachingassistant"), Part.OTHER_STAFF,
    ),
    **dict.fromkeys(("parent", "guardian", "relative", "carer", "contact"), Part.FAMILY),
}  # fmt: skip


def part_of(role: str) -> Part | None:
    """Give the part a role plays, or None for a role we do not know."""
    return _PARTS.get(role.lower().replace(" ", "").replace("_", ""))


@dataclass
class People:
    """Who is who while a set is being read; never kept."""

    whole: bool | None
    known: bool = False
    parts: dict[str, set[Part]] = field(default_factory=lambda: defaultdict(set))
    gone: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    pupil_years: dict[str, tuple[YearGroup, ...]] = field(default_factory=dict)
    orgs: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The schools at which each has a role, where the roles are a file of their own."""
    rows: dict[str, Record] = field(default_factory=dict)

    def is_staff(self, user: str) -> bool:
        """Say whether the set calls somebody a teacher."""
        return Part.TEACHER in self.parts.get(user, ())

    def may_teach(self, user: str) -> bool:
        """Say whether somebody who teaches a class is of the school.

        Other staff who do, and those of whom nothing else is said, are taken as teachers from then on.
        """
        parts = self.parts[user]
        if Part.OTHER_STAFF in parts or not parts:
            parts.add(Part.TEACHER)
        return not parts or bool(parts & {Part.TEACHER, Part.PUPIL})

    def is_pupil_only(self, user: str) -> bool:
        """Say whether the set calls somebody a pupil and nothing else."""
        return self.parts.get(user) == {Part.PUPIL}

    def is_adult_only(self, user: str) -> bool:
        """Say whether the set gives somebody parts, none of them a pupil's."""
        parts = self.parts.get(user, set())
        return bool(parts) and Part.PUPIL not in parts


def read_people(files: Mapping[str, SetFile], today: date, findings: Findings) -> People:
    """Tell the users of a set apart; what is wrong with a pupil's row is told without a word from it."""
    users = files["users"]
    people = People(whole=users.mode.whole if users else False)
    if needs(users, ["sourcedId"], findings):
        people.known = True
        for record in users.records():
            _read_user(record, people, findings)
        if not users.has("role") and not files["roles"]:
            text = "There is no column role, so who teaches is taken from the enrolments."
            findings.note(text, file=users.file, row=1, column="role")
    _read_roles(files["roles"], people, today, findings)
    return people


def _read_user(record: Record, people: People, findings: Findings) -> None:
    user = record.get("sourcedId")
    if not user:
        findings.fault("There is no id, so the row was left out.", file=record.file, row=record.number, column="sourcedId")
        return
    if user in people.rows or user in people.gone:
        findings.fault("This id was there before; the row was left out.", file=record.file, row=record.number, column="sourcedId")
        return
    gone = is_gone(record, findings)
    if gone is None:
        people.left_out.add(user)
        return
    for role in record.ids("role"):
        _add_part(user, role, record, people, findings)
    people.rows[user] = record
    if gone:
        people.gone.add(user)
        return
    years = years_of(record.get("grades"))
    if years:
        people.pupil_years[user] = years
    elif years is None and people.is_pupil_only(user):
        text = "This is not a year group from Reception to Year 13."
        findings.note(text, file=record.file, row=record.number, column="grades")


def _add_part(user: str, role: str, record: Record, people: People, findings: Findings) -> None:
    part = part_of(role)
    if part is None:
        text = "This role is not one we know; nobody was taken by it."
        findings.fault(text, file=record.file, row=record.number, column="role")
    else:
        people.parts[user].add(part)


def _read_roles(roles: SetFile, people: People, today: date, findings: Findings) -> None:
    """Read OneRoster 1.2's roles, a file of their own."""
    if not needs(roles, ["userSourcedId", "role"], findings):
        return
    for record in roles.records():
        user = record.get("userSourcedId")
        gone = is_gone(record, findings)
        if gone and part_of(record.get("role")) is Part.TEACHER:
            text = "This role is gone, but that alone ends nobody’s access. Somebody who left is seen off on the page Staff."
            findings.note(text, file=record.file, row=record.number, column="status")
        if gone is not False or _is_over(record, today, findings):
            continue
        if people.whole and user not in people.rows:
            text = "No row of the users has this id; the row was left out."
            findings.fault(text, file=record.file, row=record.number, column="userSourcedId")
        else:
            _add_part(user, record.get("role"), record, people, findings)
            people.orgs[user] += record.ids("orgSourcedIds")


def _is_over(record: Record, today: date, findings: Findings) -> bool:
    said = record.get("endDate")
    end = day_of(said)
    if said and end is None:
        findings.note("This is not a day; it was passed over.", file=record.file, row=record.number, column="endDate")
    elif end is not None and end < today:
        findings.note("This role is over; nobody was taken by it.", file=record.file, row=record.number, column="endDate")
        return True
    return False


def staff_of(people: People, key: Key, findings: Findings) -> list[StaffEntry]:
    """Give the teachers of a set, and those it says are gone; tell of those who cannot be invited."""
    found: list[StaffEntry] = []
    emails: dict[str, Record] = {}
    others = 0
    for user, record in people.rows.items():
        if not people.is_staff(user):
            others += Part.OTHER_STAFF in people.parts.get(user, ())
            continue
        entry = _entry(user, record, people, key, findings)
        if entry is None:
            people.left_out.add(user)
        elif entry.email and entry.email in emails:
            text = f"The address {entry.email} stands in two rows; this one was left out."
            findings.fault(text, file=record.file, row=record.number, column="email")
            people.left_out.add(user)
        else:
            emails[entry.email] = record
            found.append(entry)
    if others:
        who = "1 person was" if others == 1 else f"{others} people were"
        findings.note(f"{who} not taken, because their role is not a teacher’s. Invite them on the page Staff if they need it.")
    return found


def _entry(user: str, record: Record, people: People, key: Key, findings: Findings) -> StaffEntry | None:
    gone = user in people.gone
    given = record.get("preferredGivenName") or record.get("givenName")
    family = record.get("preferredFamilyName") or record.get("familyName")
    name = " ".join(part for part in (given, family) if part)[:_LONGEST_NAME]
    if is_formula(name) or is_formula(record.get("email")):
        text = "A cell of this row would be run as a formula by a spreadsheet; the row was left out."
        findings.fault(text, file=record.file, row=record.number)
        return None
    if not name and not gone:
        text = "There is no name, so this teacher was left out."
        findings.fault(text, file=record.file, row=record.number, column="familyName")
        return None
    if record.get("enabledUser").lower() in ("false", "0", "no") and not gone:
        text = "This teacher is not enabled in the other system, so was left out."
        findings.note(text, file=record.file, row=record.number, column="enabledUser")
        return None
    email = email_of(record.get("email")) or ""
    if not email and not gone:
        typed = record.get("email")
        said = f"{quoted(typed)} is not an address we can write to" if typed else "There is no address"
        text = f"{said}, so {name} cannot be invited until you give one among the questions."
        findings.note(text, file=record.file, row=record.number, column="email")
    suggested = "" if email else email_of(record.get("username")) or email_of(record.get("identifier")) or ""
    orgs = dict.fromkeys((*record.ids("orgSourcedIds"), *record.ids("primaryOrgSourcedId"), *people.orgs.get(user, ())))
    return StaffEntry(
        key=key("person", user), name=name, email=email, suggested_email=suggested, orgs=tuple(orgs), gone=gone,
        where=f"{record.file}, row {record.number}",
    )  # fmt: skip
