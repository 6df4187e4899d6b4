"""How far the set-up of a school is: ten steps, each with its state and one thing to do next, told from what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class StepState(StrEnum):
    """Where a step of the set-up stands."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NEEDS_ATTENTION = "needs_attention"
    LATER = "later"

    @property
    def label(self) -> str:
        """The words used on pages."""
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what is there now, and the one thing to do next. Steps that are not `needed` do not hold the set-up open."""

    key: str
    title: str
    state: StepState
    now: str
    next: str = ""
    needed: bool = True


@dataclass(frozen=True, slots=True)
class SetUpFacts:
    """What the tables say of a school. Counts of classes are of the academic year that is being set up."""

    nation: str
    phase: str
    contact_email: str
    year_name: str = ""
    half_terms: int = 0
    year_is_over: bool = False
    classes: int = 0
    unowned: int = 0
    untimed: int = 0
    staff: int = 0
    admins: int = 0
    programme_leads: int = 0
    invited: int = 0
    planned_classes: int = 0
    unplaced_lessons: int = 0
    dsl_name: str = ""
    dsl_place: str = ""
    codes: int = 0
    message_sent: bool = False
    message_on: str = ""


def steps_of(facts: SetUpFacts) -> list[Step]:
    """Give the steps in the order in which they are best done."""
    return [
        _school(facts),
        _calendar(facts),
        _classes(facts),
        _staff(facts),
        _timetable(facts),
        _scheme(facts),
        _help(facts),
        _parents(facts),
        _reminder(facts),
    ]


def is_set_up(steps: Sequence[Step]) -> bool:
    """Tell whether everything that is needed has been done; what merely wants attention does not open the set-up again."""
    return all(step.state in (StepState.DONE, StepState.NEEDS_ATTENTION) for step in steps if step.needed)


def _school(facts: SetUpFacts) -> Step:
    now = f"{facts.phase.replace('-', ' ').capitalize()} school in {facts.nation}."
    if not facts.contact_email:
        return Step("school", "School", StepState.IN_PROGRESS, now, "Say how parents and carers reach the office.")
    return Step("school", "School", StepState.DONE, now)


def _calendar(facts: SetUpFacts) -> Step:
    title = "Calendar"
    if not facts.half_terms:
        return Step("calendar", title, StepState.NOT_STARTED, "No term dates yet.", "Paste or upload the school’s term dates.")
    now = f"{facts.half_terms} half-terms of {facts.year_name}."
    if facts.half_terms < 6:
        return Step("calendar", title, StepState.IN_PROGRESS, now, "Add the half-terms that are missing: a year has six.")
    if facts.year_is_over:
        return Step("calendar", title, StepState.NEEDS_ATTENTION, f"{now} It is over.", "Add the term dates of the next year.")
    return Step("calendar", title, StepState.DONE, now)


def _classes(facts: SetUpFacts) -> Step:
    if not facts.classes:
        waits = "" if facts.half_terms else " The calendar comes first."
        return Step("classes", "Classes", StepState.NOT_STARTED, f"No classes yet.{waits}", "Import them, or add them by hand.")
    now = f"{_count(facts.classes, 'class', 'classes')}."
    if facts.unowned:
        without = f"{_count(facts.unowned, 'class has', 'classes have')} no lead teacher."
        return Step("classes", "Classes", StepState.NEEDS_ATTENTION, f"{now} {without}", "Choose who leads them.")
    return Step("classes", "Classes", StepState.DONE, now)


def _staff(facts: SetUpFacts) -> Step:
    people = f"{_count(facts.staff, 'person', 'people')} here"
    now = f"{people}, {facts.invited} invited." if facts.invited else f"{people}."
    if not facts.programme_leads:
        return Step("staff", "Staff", StepState.IN_PROGRESS, f"{now} No head of PSHE.", "Invite one: they plan the year.")
    if facts.admins < 2:
        alone = "Only one of them is a school admin."
        return Step("staff", "Staff", StepState.NEEDS_ATTENTION, f"{now} {alone}", "Make somebody else a school admin too.")
    return Step("staff", "Staff", StepState.DONE, now)


def _timetable(facts: SetUpFacts) -> Step:
    title = "Timetable"
    if not facts.classes or facts.untimed == facts.classes:
        return Step("timetable", title, StepState.NOT_STARTED, "No class has a time yet.", "Say when each class meets.")
    if facts.untimed:
        now = f"{facts.untimed} of {_count(facts.classes, 'class', 'classes')} have no time yet."
        return Step("timetable", title, StepState.IN_PROGRESS, now, "Say when they meet.")
    return Step("timetable", title, StepState.DONE, "Every class has its times.")


def _scheme(facts: SetUpFacts) -> Step:
    title = "Scheme of work"
    if not facts.planned_classes:
        now = "Nothing is planned yet." if facts.classes else "Nothing is planned yet. The classes come first."
        return Step("scheme", title, StepState.NOT_STARTED, now, "Plan the year for every class in one click.")
    now = f"{facts.planned_classes} of {_count(facts.classes, 'class is', 'classes are')} planned."
    if facts.planned_classes < facts.classes:
        return Step("scheme", title, StepState.IN_PROGRESS, now, "Plan the rest.")
    if facts.unplaced_lessons:
        lost = f"{_count(facts.unplaced_lessons, 'lesson', 'lessons')} found no day."
        return Step("scheme", title, StepState.NEEDS_ATTENTION, f"{now} {lost}", "Find another place for them.")
    return Step("scheme", title, StepState.DONE, now)


def _help(facts: SetUpFacts) -> Step:
    title = "Designated safeguarding lead (DSL) and help card"
    if not facts.dsl_name:
        return Step("help", title, StepState.NOT_STARTED, "Help cards do not say who helps.", "Name the DSL.")
    if not facts.dsl_place:
        return Step("help", title, StepState.IN_PROGRESS, f"{facts.dsl_name}.", "Say where children find them.")
    return Step("help", title, StepState.DONE, f"{facts.dsl_name}, {facts.dsl_place}.")


def _parents(facts: SetUpFacts) -> Step:
    title = "Parents and carers"
    if not facts.codes:
        return Step("parents", title, StepState.NOT_STARTED, "No codes yet.", "Make codes, so that families can join.", False)
    now = f"{_count(facts.codes, 'class has', 'classes have')} a code."
    if facts.codes < facts.classes:
        return Step("parents", title, StepState.IN_PROGRESS, now, "Make the codes that are missing.", False)
    return Step("parents", title, StepState.DONE, now, needed=False)


def _reminder(facts: SetUpFacts) -> Step:
    title, own = "First reminder", "Staff choose their own reminders on their account page."
    if facts.message_sent:
        return Step("reminder", title, StepState.DONE, f"The weekly message to staff has gone. {own}", needed=False)
    if not facts.message_on:
        waits = "The weekly message to staff goes by itself once there are term dates ahead."
        return Step("reminder", title, StepState.LATER, waits, needed=False)
    now = f"The weekly message to staff goes by itself on {facts.message_on}, to all who have something to do. {own}"
    return Step("reminder", title, StepState.LATER, now, needed=False)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
