"""What an import would change: added, changed, gone, unchanged, and what it must ask first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eduprog.school.importers.questions import Question
from eduprog.school.importers.values import ClassEntry, Finding, StaffEntry


@dataclass(frozen=True)
class FactChange:
    """One fact of a class before and after."""

    fact: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ClassChange:
    """What happens to one class. `said` is what the file says of it now; `group_id` is None for a class that is new."""

    name: str
    entry: ClassEntry
    group_id: int | None
    facts: tuple[FactChange, ...]
    said: dict[str, Any]

    def after(self, fact: str) -> Any:
        """Give a fact's new value, None if it does not change."""
        return next((change.after for change in self.facts if change.fact == fact), None)


@dataclass(frozen=True)
class StaffChange:
    """Somebody to be kept for an invitation, already here, or gone."""

    entry: StaffEntry
    email: str
    person_id: int | None


@dataclass
class Differences:
    """Everything an import would do."""

    questions: list[Question] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    classes_added: list[ClassChange] = field(default_factory=list)
    classes_changed: list[ClassChange] = field(default_factory=list)
    classes_unchanged: list[ClassChange] = field(default_factory=list)
    classes_gone: list[tuple[int, str]] = field(default_factory=list)
    classes_waiting: list[ClassEntry] = field(default_factory=list)
    classes_left_out: int = 0
    staff_added: list[StaffChange] = field(default_factory=list)
    staff_unchanged: list[StaffChange] = field(default_factory=list)
    staff_waiting: list[StaffChange] = field(default_factory=list)
    staff_gone: list[tuple[int, str]] = field(default_factory=list)
    enrolments_added: dict[str, str] = field(default_factory=dict)
    enrolments_gone: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Names of staff, by key and by id as text."""

    @property
    def open_questions(self) -> list[Question]:
        """Give the questions that must be answered first."""
        return [question for question in self.questions if question.is_open]

    @property
    def is_ready(self) -> bool:
        """Say whether it can be applied."""
        return not self.open_questions and not self.blocked

    @property
    def changes_nothing(self) -> bool:
        """Say whether everything is as the file says already."""
        return not (self.classes_added or self.classes_changed or self.classes_gone or self.staff_added or self.staff_gone)

    def counts(self) -> dict[str, int]:
        """Give how many of each."""
        return {
            "classes_added": len(self.classes_added), "classes_changed": len(self.classes_changed),
            "classes_gone": len(self.classes_gone), "classes_unchanged": len(self.classes_unchanged),
            "staff_added": len(self.staff_added), "staff_unchanged": len(self.staff_unchanged),
            "staff_gone": len(self.staff_gone), "enrolments_added": len(self.enrolments_added),
            "enrolments_gone": len(self.enrolments_gone),
        }  # fmt: skip

    def digest(self) -> str:
        """Give a digest of what would be done, so that what was looked at is what is done."""
        done: Sequence[Any] = [
            [[c.group_id, c.entry.key, [[f.fact, f.before, f.after] for f in c.facts]] for c in self.classes_added],
            [[c.group_id, c.entry.key, [[f.fact, f.before, f.after] for f in c.facts]] for c in self.classes_changed],
            self.classes_gone, [[s.entry.key, s.email] for s in self.staff_added], self.staff_gone,
            sorted(self.enrolments_added.items()), sorted(self.enrolments_gone),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(done, sort_keys=True, default=str).encode()).hexdigest()
