"""Classes of an import held against the classes there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from eduprog.school.importers.differences import ClassChange, Differences, FactChange
from eduprog.school.importers.known import Known, KnownClass
from eduprog.school.importers.overlapping import Overlaps
from eduprog.school.importers.questions import KEEP, LEAVE_OUT, YEAR_OPTIONS, Answer, asked, years_answered
from eduprog.school.importers.timetabling import TimetableAnswers, timetable_answers
from eduprog.school.importers.values import ClassEntry, Finding, Roster, Weight
from eduprog.school.rules import ImportKind

FACTS = ("name", "years", "size", "lead", "slots", "closed")
NOBODY = ""
_MOST_PUPILS = 400
People = Mapping[str, tuple[int | None, str]]


def compare_classes(
    roster: Roster, entries: Sequence[ClassEntry], answers: Mapping[str, str], known: Known, people: People, found: Differences
) -> None:
    """Sort the classes of an import into new, changed, gone and unchanged ones."""
    timetable = timetable_answers(roster, answers, known, people, found)
    comparing = _Comparing(roster, answers, known, people, found, timetable)
    for entry in [*entries, *comparing.touched_only(entries)]:
        comparing.compare(entry)
    comparing.overlaps.ask(found)
    comparing.find_missing(entries)


class _Comparing:
    """One comparison, with what all classes share."""

    def __init__(
        self, roster: Roster, answers: Mapping[str, str], known: Known, people: People, found: Differences,
        timetable: TimetableAnswers,
    ) -> None:  # fmt: skip
        self.roster, self.answers, self.known, self.people, self.found = roster, answers, known, people, found
        self.timetable = timetable
        self.overlaps = Overlaps(answers)
        self.by_name = {group.name.casefold(): group for group in known.classes.values() if not group.held["closed"]}
        self.taken: set[int] = {known.class_links[e.key].group_id for e in roster.classes if e.key in known.class_links}
        self.gone_enrolments = set(roster.gone_enrolments)
        self.ended_leads = self.gone_enrolments - {digest for entry in roster.classes for digest in entry.lead_by.values()}
        self.now_in: dict[str, int] = {}
        self.remembered: dict[int, set[str]] = defaultdict(set)
        for digest, group_id in known.enrolments.items():
            self.remembered[group_id].add(digest)

    def touched_only(self, entries: Sequence[ClassEntry]) -> list[ClassEntry]:
        """Give the classes that are mentioned by nothing but an enrolment that is gone from them."""
        covered = {self.known.class_links[entry.key].group_id for entry in entries if entry.key in self.known.class_links}
        self.gone_enrolments -= {digest for entry in entries for digest in entry.enrolments}
        for entry in entries:
            link = self.known.class_links.get(entry.key)
            self.now_in.update(dict.fromkeys(entry.enrolments, link.group_id if link else 0))
        touched = {
            group_id
            for digest, group_id in self.known.enrolments.items()
            if digest in self.gone_enrolments or self.now_in.get(digest, group_id) != group_id
        }
        links = self.known.class_links.values()
        touched |= {link.group_id for link in links if link.last_said.get("lead_by") in self.ended_leads}
        keys = {link.group_id: key for key, link in self.known.class_links.items()}
        return [ClassEntry(key=keys[group_id], named=False) for group_id in sorted(touched - covered) if group_id in keys]

    def compare(self, entry: ClassEntry) -> None:
        """Put one class where it belongs."""
        link = self.known.class_links.get(entry.key)
        group = self.known.classes.get(link.group_id) if link else self._of_that_name(entry)
        if entry.gone:
            if group is not None and link is not None and not group.held["closed"]:
                self.found.classes_gone.append((group.id, group.name))
            return
        if group is None and not entry.named:
            text = "This class is neither in these files nor imported before; its rows were left out."
            self.found.findings.append(Finding(weight=Weight.FAULT, text=text, file=entry.where, column="classSourcedId"))
            return
        said = self._said(entry, group)
        if said is None:
            self.found.classes_waiting.append(entry)
            return
        last_said = link.last_said if link else {}
        facts = tuple(self._changes(group, said, last_said)) if group else self._first_facts(said)
        kept = {**last_said, **{fact: value for fact, value in said.items() if value is not None}}
        if said["lead"] is not None:
            kept["lead_by"] = entry.lead_by.get(said["lead"])
        change = ClassChange(group.name if group else entry.name, entry, group.id if group else None, facts, kept)
        self._sort(change)

    def _sort(self, change: ClassChange) -> None:
        if change.group_id is None:
            self.found.classes_added.append(change)
        elif change.facts:
            self.found.classes_changed.append(change)
        else:
            self.found.classes_unchanged.append(change)
        self._sort_enrolments(change)

    def _sort_enrolments(self, change: ClassChange) -> None:
        remembered = self.remembered.get(change.group_id or 0, set())
        now = set(change.entry.enrolments)
        moved = {digest for digest in now if self.known.enrolments.get(digest, change.group_id) != change.group_id}
        self.found.enrolments_added.update(dict.fromkeys(sorted((now - remembered) | moved), change.entry.key))
        whole = self.whole_enrolments and change.entry.named
        self.found.enrolments_gone += sorted(remembered - now if whole else self._leaving(change.group_id or 0))

    def _leaving(self, group_id: int) -> set[str]:
        """Give those counted in a class before who are gone, or counted in another one now."""
        return {
            digest
            for digest in self.remembered.get(group_id, ())
            if digest in self.gone_enrolments or self.now_in.get(digest, group_id) != group_id
        }

    @property
    def whole_enrolments(self) -> bool:
        """Say whether enrolments that are missing are gone."""
        return bool(self.roster.whole_enrolments)

    def _of_that_name(self, entry: ClassEntry) -> KnownClass | None:
        group = self.by_name.get(entry.name.casefold()) if entry.named and not entry.gone else None
        if group is None or group.id in self.taken:
            return None
        self.taken.add(group.id)
        return group

    def _said(self, entry: ClassEntry, group: KnownClass | None) -> dict[str, Any] | None:
        """Give what the file says of a class, None for what it does not say; None if it must wait for an answer."""
        years = [year.value for year in entry.years] or self._asked_years(entry, group)
        if group is None and not years:
            return None
        lead = self._lead(entry)
        if lead is None and self._lead_ended(entry):
            lead = NOBODY
        slots = self.timetable.slots_of(entry)
        if slots is not None:
            slots = self.overlaps.settled(group.name if group else entry.name, slots) or None
        return {
            "name": entry.name if entry.named and (group is None or entry.key in self.known.class_links) else None,
            "years": years or None,
            "size": self._size(entry, group),
            "lead": lead,
            "slots": slots,
            "closed": False if entry.named else None,
        }

    def _asked_years(self, entry: ClassEntry, group: KnownClass | None) -> list[str]:
        if not entry.named or (group is not None and group.held["years"]):
            return []
        hint = f"The files say “{entry.year_text}”." if entry.year_text else ""
        text = f"Which year group is {entry.name} in?"
        name = f"year:{entry.key}"
        question = asked(self.answers, name, text, Answer.SELECT, options=YEAR_OPTIONS, hint=hint)
        self.found.questions.append(question)
        if question.answer == LEAVE_OUT:
            return []
        return [year.value for year in years_answered(question.answer)]

    def _size(self, entry: ClassEntry, group: KnownClass | None) -> int | None:
        size = entry.size
        if self.roster.kind is ImportKind.SIMS_TIMETABLE and group is not None and group.held["size"] is not None:
            return None  # a timetable report may hold a few pupils only
        changed = group is not None and not (self.whole_enrolments and entry.named)
        if group is not None and changed and (entry.enrolments or self._leaving(group.id)):
            size = self._size_after_changes(entry, group)
        if size is not None and size > _MOST_PUPILS:
            name = entry.name or "A class"
            text = f"{name} would have {size} pupils; a class has at most {_MOST_PUPILS}, so no size was taken."
            self.found.findings.append(Finding(weight=Weight.FAULT, text=text, file=entry.where))
            return None
        return size or None

    def _size_after_changes(self, entry: ClassEntry, group: KnownClass) -> int | None:
        before = self.remembered.get(group.id, set())
        after = (before - self._leaving(group.id)) | set(entry.enrolments)
        if after == before:
            return group.held["size"] if before else entry.size
        if not before and group.held["size"] is not None:
            text = f"The size of {group.name} stays as it is: it is not known who was counted. A full export would tell."
            self.found.findings.append(Finding(weight=Weight.NOTE, text=text, file=entry.where))
            return None
        return len(after)

    def _lead(self, entry: ClassEntry) -> str | None:
        """Give the key of who leads a class: the one the file names, or the one chosen among several."""
        staff_code = self.timetable.lead_of(entry)
        known = [key for key in entry.leads if key in self.people]
        if staff_code is not None or len(known) < 2:
            return staff_code or (known[0] if known else None)
        options = [("", "Nobody yet"), *((key, self.people[key][1]) for key in known)]
        text = f"Who leads {entry.name or 'the class'}?"
        question = asked(self.answers, f"lead:{entry.key}", text, Answer.SELECT, options=options, required=False)
        self.found.questions.append(question)
        return question.answer or None

    def _lead_ended(self, entry: ClassEntry) -> bool:
        """Say whether the enrolment by which somebody led the class is gone, and the files name nobody else."""
        link = self.known.class_links.get(entry.key)
        led_by = link.last_said.get("lead_by") if link else None
        if not led_by or entry.leads:
            return False
        return led_by in self.ended_leads or (self.whole_enrolments and entry.named)

    def _lead_change(self, group: KnownClass, wanted: str, last: str) -> list[FactChange]:
        held = group.held["lead"]
        if wanted == NOBODY:
            still = held is not None and self.people.get(last, (None, ""))[0] == held
            return [FactChange("lead", held, None)] if still else []
        same = held is not None and self.people.get(wanted, (None, ""))[0] == held
        return [] if same else [FactChange("lead", held, wanted)]

    def _changes(self, group: KnownClass, said: Mapping[str, Any], last_said: Mapping[str, Any]) -> list[FactChange]:
        """Give what differs from the class as it is, where the file does not just repeat what it said last time."""
        changes = []
        for fact in FACTS:
            if said[fact] is None or last_said.get(fact) == said[fact]:
                continue
            held, wanted = group.held[fact], said[fact]
            if fact == "lead":
                changes += self._lead_change(group, wanted, last_said.get("lead", NOBODY))
            elif fact == "name" and self._is_taken(group, wanted):
                continue
            elif held != wanted:
                changes.append(FactChange(fact, held, wanted))
        return changes

    def _is_taken(self, group: KnownClass, name: str) -> bool:
        other = self.by_name.get(name.casefold())
        if other is None or other.id == group.id:
            return False
        text = f"{group.name} keeps its name here, because another class is called {name}."
        self.found.findings.append(Finding(weight=Weight.FAULT, text=text))
        return True

    @staticmethod
    def _first_facts(said: Mapping[str, Any]) -> tuple[FactChange, ...]:
        return tuple(FactChange(fact, None, said[fact]) for fact in FACTS if said[fact] is not None and fact != "closed")

    def find_missing(self, entries: Sequence[ClassEntry]) -> None:
        """Ask about classes that came with an earlier import of this kind and are not in these files."""
        mentioned = {entry.key for entry in self.roster.classes}
        missing = {
            link.group_id: self.known.classes[link.group_id].name
            for key, link in self.known.class_links.items()
            if key not in mentioned and link.kind is self.roster.kind and not self.known.classes[link.group_id].held["closed"]
        }
        still = {change.group_id for change in (*self.found.classes_changed, *self.found.classes_unchanged)}
        missing = {group_id: name for group_id, name in missing.items() if group_id not in still}
        if not missing or self.roster.whole_classes is False or not any(entry.named for entry in entries):
            return
        names = ", ".join(sorted(missing.values())[:10]) + (" and others" if len(missing) > 10 else "")
        text = f"The files do not have {names}. What about {'this class' if len(missing) == 1 else 'these classes'}?"
        options = [("close", "Close: there is no such class any more"), (KEEP, "Keep: the files hold only a part of the school")]
        question = asked(self.answers, "gone", text, Answer.RADIO, options=options)
        self.found.questions.append(question)
        if question.answer == "close":
            self.found.classes_gone += sorted(missing.items())
