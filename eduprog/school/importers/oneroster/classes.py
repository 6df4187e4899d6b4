"""The classes of a OneRoster set, before anybody is counted into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.school.importers.oneroster.files import Record, SetFile, is_gone, is_new, needs
from eduprog.school.importers.oneroster.places import teachings_of
from eduprog.school.importers.values import ClassSort, Findings, OrgEntry, SessionEntry
from eduprog.school.importers.wording import is_formula, quoted, years_in_title, years_of

LONGEST_NAME = 40
_PSHE = re.compile(
    r"\b(ps[hm]c?e+|pshcee|rshe|rshp|rse|sre|phse|psd|life ?skills|personal,? social|relationships|pshe\w*)\b"
    r"|/(ps[eh]?|pd|rse?h)\w?\d*\b",
    re.IGNORECASE,
)
_TUTOR = re.compile(
    r"\b(tutor(ial)?|registration|reg(istration)? ?(group|form)|form (group|time)|homeroom|pastoral|mentor)\b", re.IGNORECASE
)


@dataclass
class ClassDraft:
    """A class while the set is being read; `pupils` are ids and never kept."""

    source: str
    name: str = ""
    years: tuple[YearGroup, ...] = ()
    year_text: str = ""
    sort: ClassSort = ClassSort.OTHER
    org: str = ""
    gone: bool = False
    past: bool = False
    named: bool = True
    where: str = ""
    pupils: dict[str, str] = field(default_factory=dict)
    leads: list[tuple[bool, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Around:
    """What classes of a set refer to."""

    orgs: Mapping[str, OrgEntry]
    sessions: Mapping[str, SessionEntry]
    year_starts_on: date


def read_classes(files: Mapping[str, SetFile], around: Around, findings: Findings) -> dict[str, ClassDraft]:
    """Give the classes of a set by id."""
    classes, found = files["classes"], dict[str, ClassDraft]()
    if not needs(classes, ["sourcedId", "title"], findings):
        return found
    teachings = teachings_of(files["courses"], findings)
    for record in classes.records():
        source = record.get("sourcedId")
        if not is_new(record, found, findings):
            continue
        gone = is_gone(record, findings)
        if gone is None:
            continue
        draft = ClassDraft(source, gone=gone, where=f"{record.file}, row {record.number}")
        if gone:
            draft.name = record.get("title")[:LONGEST_NAME]
        elif not _describe(draft, record, teachings, around, findings):
            continue
        _check_references(record, teachings, around, findings)
        found[source] = draft
    _make_names_differ(found, files["classes"], findings)
    return found


def _describe(
    draft: ClassDraft, record: Record, teachings: Mapping[str, tuple[str, str]], around: Around, findings: Findings
) -> bool:
    draft.name = _name(record, findings)
    if not draft.name:
        return False
    about, teaching_years = teachings.get(record.get("courseSourcedId"), ("", ""))
    said = record.get("grades") or teaching_years
    years = years_of(said)
    if years is None:
        text = f"{quoted(said)} is not a year group from Reception to Year 13."
        findings.note(text, file=record.file, row=record.number, column="grades")
    draft.year_text = said[:40]
    draft.years = years or years_in_title(draft.name)
    draft.sort = _sort(record, about)
    draft.org = record.get("schoolSourcedId")
    terms = [around.sessions[term] for term in record.ids("termSourcedIds") if term in around.sessions]
    draft.past = bool(terms) and all(term.last_day < around.year_starts_on for term in terms)
    return True


def _name(record: Record, findings: Findings) -> str:
    title, code = record.get("title"), record.get("classCode")
    if is_formula(title):
        text = "This would be run as a formula by a spreadsheet; the class was left out."
        findings.fault(text, file=record.file, row=record.number, column="title")
        return ""
    if not title:
        findings.fault("The class has no name, so it was left out.", file=record.file, row=record.number, column="title")
        return ""
    if len(title) <= LONGEST_NAME:
        return title
    short = code if code and len(code) <= LONGEST_NAME else title[: LONGEST_NAME - 1].rstrip() + "…"
    text = f"{quoted(title)} is longer than {LONGEST_NAME} letters; the class is called {quoted(short)} here."
    findings.note(text, file=record.file, row=record.number, column="title")
    return short


def _sort(record: Record, about: str) -> ClassSort:
    words = f"{record.get('title')} {record.get('classCode')} {record.get('subjects')} {about}"
    if _PSHE.search(words):
        return ClassSort.PSHE
    return ClassSort.TUTOR if record.get("classType").lower() == "homeroom" or _TUTOR.search(words) else ClassSort.OTHER


def _check_references(record: Record, teachings: Mapping[str, tuple[str, str]], around: Around, findings: Findings) -> None:
    checks = (
        ("courseSourcedId", [record.get("courseSourcedId")], teachings, "course"),
        ("schoolSourcedId", [record.get("schoolSourcedId")], around.orgs, "school"),
        ("termSourcedIds", record.ids("termSourcedIds"), around.sessions, "term"),
    )
    for column, ids, known, what in checks:
        if any(one and one not in known for one in ids):
            text = f"The set has no such {what}; the class was read without it."
            findings.note(text, file=record.file, row=record.number, column=column)


def _make_names_differ(found: dict[str, ClassDraft], classes: SetFile, findings: Findings) -> None:
    """Give classes of one name different ones: by their code, else by a number."""
    codes = {record.get("sourcedId"): (record.get("classCode"), record.number) for record in classes.records()}
    taken: set[tuple[str, str]] = set()
    for draft in found.values():
        if draft.gone:
            continue
        before, (code, row) = draft.name, codes[draft.source]
        choices = [before, f"{before} ({code})" if code else before, *(f"{before} ({number})" for number in range(2, 1000))]
        draft.name = next(name for name in choices if (draft.org, name.lower()) not in taken and _fits(name, before))
        taken.add((draft.org, draft.name.lower()))
        if draft.name != before:
            text = f"Another class is called {quoted(before)} too; this one is called {quoted(draft.name)} here."
            findings.note(text, file=classes.file, row=row, column="title")


def _fits(name: str, before: str) -> bool:
    return len(name) <= LONGEST_NAME or len(before) > LONGEST_NAME - 6
