"""An import held against the school as it is: what is new, what changed since the file last spoke, what is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from eduprog.school.importers.classes_compared import compare_classes
from eduprog.school.importers.differences import Differences, StaffChange
from eduprog.school.importers.known import Known
from eduprog.school.importers.questions import KEEP, YES, Answer, asked
from eduprog.school.importers.values import ClassEntry, ClassSort, Finding, Roster, StaffEntry, Weight
from eduprog.school.importers.wording import email_of
from eduprog.school.rules import ImportKind


def compare(roster: Roster, answers: Mapping[str, str], known: Known) -> Differences:
    """Give what an import would do, with these answers. Changes nothing."""
    found = Differences(findings=list(roster.findings))
    org = _org(roster, answers, known, found)
    roster = _whole(roster, answers, known, found)
    teaching = {lead for entry in roster.classes if org is None or entry.org == org for lead in entry.leads}
    staff = [entry for entry in roster.staff if org is None or not entry.orgs or org in entry.orgs or entry.key in teaching]
    people = _compare_staff(roster, staff, answers, known, found)
    found.names = {key: name for key, (_id, name) in people.items()}
    found.names |= {str(person.id): person.name for person in known.staff.values()}
    if found.open_questions:  # whose classes these are is not known yet
        return found
    classes = [entry for entry in roster.classes if org is None or not entry.named or entry.gone or entry.org == org]
    classes = _in_time(classes, answers, known, found)
    wanted = _in_scope(classes, answers, known, found)
    found.classes_left_out = len(classes) - len(wanted)
    compare_classes(roster, wanted, answers, known, people, found)
    _staff_gone(roster, staff, answers, known, found)
    return found


def _org(roster: Roster, answers: Mapping[str, str], known: Known, found: Differences) -> str | None:
    """Give the school of the set that is this one, or None where there is nothing to choose."""
    if len(roster.orgs) < 2:
        return None
    same = [org.key for org in roster.orgs if org.name.casefold() == known.school_name.casefold()]
    if len(same) == 1:
        text = f"The files hold {len(roster.orgs)} schools; only {known.school_name} was read."
        found.findings.append(Finding(weight=Weight.NOTE, text=text))
        return same[0]
    counts = Counter(entry.org for entry in roster.classes if entry.named and not entry.gone)
    options = [(org.key, f"{org.name} ({counts[org.key]} classes)") for org in roster.orgs]
    question = asked(answers, "org", "Which of these schools is yours?", Answer.RADIO, options=options)
    found.questions.append(question)
    return question.answer


def _whole(roster: Roster, answers: Mapping[str, str], known: Known, found: Differences) -> Roster:
    """Ask whether a set that does not say so holds everything, where that would matter."""
    unsaid = None in (roster.whole_classes, roster.whole_staff, roster.whole_enrolments)
    earlier = any(link.kind is roster.kind for link in known.class_links.values())
    if roster.kind is not ImportKind.ONEROSTER or not unsaid or not earlier:
        return roster
    options = [("everything", "Everything: what is missing is gone"), ("changes", "Only changes: what is missing stays")]
    question = asked(answers, "mode", "Do these files hold everything, or only what changed?", Answer.RADIO, options=options)
    found.questions.append(question)
    whole = question.answer == "everything"
    parts = {name: whole for name in ("whole_classes", "whole_staff", "whole_enrolments") if getattr(roster, name) is None}
    return roster.model_copy(update=parts)


def _in_time(classes: list[ClassEntry], answers: Mapping[str, str], known: Known, found: Differences) -> list[ClassEntry]:
    """Leave out classes whose terms are over; ask if that would be all of them."""
    named = [entry for entry in classes if entry.named and not entry.gone]
    past = [entry for entry in named if entry.past]
    if not past:
        return classes
    if len(past) == len(named):
        years = f"{known.starts_on.year} to {known.ends_on.year}"
        options = [(YES, f"Yes, take these classes into {years}"), (KEEP, "No, take no classes")]
        text = "The terms in these files are over. Is this the right export?"
        question = asked(answers, "past", text, Answer.RADIO, options=options)
        found.questions.append(question)
        return classes if question.answer == YES else [entry for entry in classes if not entry.named or entry.gone]
    text = "The terms of this class are over, so it was left out: "
    found.findings += [Finding(weight=Weight.FAULT, text=f"{text}{entry.name}.", file=entry.where) for entry in past]
    return [entry for entry in classes if not entry.past]


_SCOPES = {
    "all": ("All of them", frozenset(ClassSort)),
    "pshe": ("Only PSHE classes", frozenset({ClassSort.PSHE})),
    "tutor": ("Only tutor groups and registration classes", frozenset({ClassSort.TUTOR})),
    "both": ("PSHE classes and tutor groups", frozenset({ClassSort.PSHE, ClassSort.TUTOR})),
}


def _in_scope(classes: list[ClassEntry], answers: Mapping[str, str], known: Known, found: Differences) -> list[ClassEntry]:
    """Ask which classes to take where the set has classes of several sorts. A class taken before stays."""
    fresh = [entry for entry in classes if entry.named and not entry.gone and entry.key not in known.class_links]
    counts = Counter(entry.sort for entry in fresh)
    if len(counts) < 2:
        return classes
    options = [
        (value, f"{label} ({sum(counts[sort] for sort in sorts)})")
        for value, (label, sorts) in _SCOPES.items()
        if value == "all" or all(counts[sort] for sort in sorts)
    ]
    text = "Which classes does the programme teach?"
    hint = "The files hold more than one sort of class. Classes you leave out can come with a later import."
    question = asked(answers, "scope", text, Answer.RADIO, options=options, hint=hint)
    found.questions.append(question)
    sorts = _SCOPES[question.answer][1] if question.answer else frozenset()
    asked_about = {entry.key for entry in fresh}
    return [entry for entry in classes if entry.key not in asked_about or entry.sort in sorts]


def _compare_staff(
    roster: Roster, staff: list[StaffEntry], answers: Mapping[str, str], known: Known, found: Differences
) -> dict[str, tuple[int | None, str]]:
    """Sort the staff of the files; give, by key, who can lead a class: their id (None for somebody new) and name."""
    people: dict[str, tuple[int | None, str]] = {f"id:{person.id}": (person.id, person.name) for person in known.staff.values()}
    for key, (person_id, _kind) in known.person_links.items():
        if person_id in known.staff:
            people[key] = (person_id, known.staff[person_id].name)
    by_email = {person.email: person for person in known.staff.values()}
    for entry in staff:
        if entry.gone:
            continue
        if entry.key in people:
            found.staff_unchanged.append(StaffChange(entry, entry.email, people[entry.key][0]))
            continue
        email = entry.email or _asked_email(entry, answers, found)
        here = by_email.get(email)
        change = StaffChange(entry, email, here.id if here else None)
        if not email:
            found.staff_waiting.append(change)
            continue
        people[entry.key] = (change.person_id, here.name if here else entry.name)
        (found.staff_unchanged if here else found.staff_added).append(change)
    return people


def _asked_email(entry: StaffEntry, answers: Mapping[str, str], found: Differences) -> str:
    name = f"email:{entry.key}"
    text = f"Email address of {entry.name}"
    typed = answers.get(name, "")
    hint = "This is not an address we can write to." if typed and not email_of(typed) else "Leave it empty to leave them out."
    question = asked(answers, name, text, Answer.EMAIL, required=False, hint=hint, suggestion=entry.suggested_email)
    found.questions.append(question)
    taken = {change.email for change in found.staff_added}
    email = email_of(typed) or ""
    return "" if email in taken else email


def _staff_gone(roster: Roster, staff: list[StaffEntry], answers: Mapping[str, str], known: Known, found: Differences) -> None:
    """Ask whether staff whom the files no longer have keep their access."""
    mentioned = {entry.key for entry in staff if not entry.gone}
    told = {entry.key for entry in staff if entry.gone}
    still = {known.person_links[key][0] for key in mentioned if key in known.person_links}
    missing = set(known.person_links) - mentioned if roster.whole_staff and mentioned else set()
    leaving = {}
    for key in sorted(told | missing):
        person_id, kind = known.person_links.get(key, (0, ImportKind.TABLE))
        if person_id in known.staff and person_id not in still and (key in told or kind is roster.kind is ImportKind.ONEROSTER):
            leaving[person_id] = known.staff[person_id].name
    if not leaving:
        return
    names = ", ".join(sorted(leaving.values())[:10]) + (" and others" if len(leaving) > 10 else "")
    text = f"The files no longer have {names}. What about their access?"
    options = [("end", "End it: they have left"), (KEEP, "Keep it")]
    question = asked(answers, "gone-staff", text, Answer.RADIO, options=options)
    found.questions.append(question)
    if question.answer == "end":
        found.staff_gone = sorted(leaving.items())
