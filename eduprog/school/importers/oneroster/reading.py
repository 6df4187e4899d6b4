"""A whole OneRoster set, read into what an import takes from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.importers.oneroster.classes import Around, ClassDraft, read_classes
from eduprog.school.importers.oneroster.enrolments import Enrolments, lead_ids, read_enrolments
from eduprog.school.importers.oneroster.files import SetFile, open_set
from eduprog.school.importers.oneroster.people import People, read_people, staff_of
from eduprog.school.importers.oneroster.places import read_orgs, read_sessions
from eduprog.school.importers.sheets import Sheet
from eduprog.school.importers.values import ClassEntry, Findings, Key, Roster, SessionEntry
from eduprog.school.importers.wording import day_of
from eduprog.school.rules import ImportKind

_ENOUGH = 0.9
_MOST_YEARS = 3


def read_oneroster(sheets: Sequence[Sheet], *, key: Key, today: date, year_starts_on: date, findings: Findings) -> Roster:
    """Read a set: staff, classes with their sizes and teachers, and what it suggests for the calendar."""
    files = open_set(sheets, findings)
    orgs = read_orgs(files["orgs"], findings)
    sessions = read_sessions(files["academicSessions"], findings)
    people = read_people(files, _reference_day(sessions, files["enrollments"], today), findings)
    classes = read_classes(files, Around(orgs, sessions, year_starts_on), findings)
    whole_classes = files["classes"].mode.whole if files["classes"] else False
    reference = _reference_day(sessions, files["enrollments"], today)
    reading = Enrolments(people, classes, whole_classes, reference, key, findings)
    read_enrolments(files["enrollments"], reading)
    counted = bool(files["enrollments"])
    entries = [_entry(draft, people, key, counted) for draft in classes.values()]
    _tell_of_gone_pupils(files, people, findings)
    used = {entry.org for entry in entries if entry.named and not entry.gone}
    return Roster(
        kind=ImportKind.ONEROSTER,
        staff=tuple(staff_of(people, key, findings)),
        classes=tuple(entries),
        gone_enrolments=tuple(reading.gone),
        whole_staff=people.whole,
        whole_classes=whole_classes,
        whole_enrolments=files["enrollments"].mode.whole if counted else False,
        orgs=tuple(org for source, org in orgs.items() if source in used),
        sessions=tuple(sessions.values()),
        findings=findings.all(),
    )


def _reference_day(sessions: Mapping[str, SessionEntry], enrollments: SetFile, today: date) -> date:
    """Give the day on which pupils are counted: today, or the last day of a full set that is older."""
    ends = [session.last_day for session in sessions.values()]
    if not ends and enrollments.mode.whole:
        ends = [day for record in enrollments.records() if (day := day_of(record.get("endDate"))) is not None]
    return min(today, max(ends, default=today))


def _entry(draft: ClassDraft, people: People, key: Key, counted: bool) -> ClassEntry:
    leads = lead_ids(draft, lambda user: key("person", user))
    return ClassEntry(
        key=key("class", draft.source),
        name=draft.name,
        years=draft.years or _years_of_pupils(draft, people),
        year_text=draft.year_text,
        size=len(draft.pupils) if counted and draft.named else None,
        leads=tuple(leads),
        lead_by=leads,
        sort=draft.sort,
        org=draft.org,
        enrolments=tuple(draft.pupils.values()),
        gone=draft.gone,
        past=draft.past,
        named=draft.named,
        where=draft.where,
    )


def _years_of_pupils(draft: ClassDraft, people: People) -> tuple[YearGroup, ...]:
    """Give the year groups of those in the class, if nearly all of them have one and they are few."""
    years = Counter(year for pupil in draft.pupils for year in people.pupil_years.get(pupil, ())[:1])
    if not years or sum(years.values()) < _ENOUGH * len(draft.pupils) or len(years) > _MOST_YEARS:
        return ()
    return tuple(sorted(years, key=lambda year: year.number))


def _tell_of_gone_pupils(files: Mapping[str, SetFile], people: People, findings: Findings) -> None:
    """Say that a pupil who is gone still counts where the set does not end their enrolment: changes alone delete nothing else."""
    users = files["users"]
    if files["enrollments"].mode.whole:
        return
    for user in people.gone:
        if people.is_pupil_only(user):
            text = "This pupil is gone. If no row of the enrolments ends their place, the size of their class stays as it is."
            findings.note(text, file=users.file, row=people.rows[user].number, column="status")
