"""The fidelity board: the elements the programme rests on, by year group: planned, happened, missing. No score is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from eduprog.coverage.rules.steps import NOTHING, LessonsOfYear, Sums, YearSums
from eduprog.curriculum.checks.people import COUNTED
from eduprog.curriculum.vocabulary import Aspect, Message, Vocabulary, YearGroup, stage_of
from eduprog.wholeschool.rules import AspectFigures


class Element(StrEnum):
    """One of the elements of effective prevention the source paper names."""

    STAGED = "staged"
    METHODS = "methods"
    REPEATED = "repeated"
    ACTIVE = "active"
    WHOLE_SCHOOL = "whole_school"
    PARENTS = "parents"
    SKILLS = "skills"
    MESSAGES = "messages"
    PRESENCE = "presence"
    BALANCE = "balance"

    @property
    def label(self) -> str:
        """Give the words of pages."""
        return _ABOUT[self][0]

    @property
    def unit(self) -> str:
        """Give what is counted."""
        return _ABOUT[self][1]

    @property
    def rests_on(self) -> str:
        """Say what the element rests on, and how firmly."""
        return _ABOUT[self][2]


_ABOUT: dict[Element, tuple[str, str, str]] = {
    Element.STAGED: (
        "Early and staged by development", "lessons of its own stage",
        "Asked for by the source paper. Trials with children from 3 to 13 raised knowledge and did not raise worry; less is"
        " known about behaviour.",
    ),
    Element.METHODS: (
        "Many and varied methods", "methods",
        "One of nine traits of prevention that works in reviews of many programmes. Which mix is best is not known.",
    ),
    Element.REPEATED: (
        "Repeated: starters and refreshers", "follow-ups due by today",
        "Spaced practice keeps knowledge in many experiments. One trial found that a single late booster added nothing, so"
        " ours are spread.",
    ),
    Element.ACTIVE: (
        "Active with each other", "minutes in pairs and groups",
        "Effects were largest where children took part and rehearsed, in reviews of abuse-prevention lessons.",
    ),
    Element.WHOLE_SCHOOL: (
        "The whole school", "acts",
        "Bullying fell most in whole-school programmes. In English trials this is the part that mostly did not happen.",
    ),
    Element.PARENTS: (
        "Parents and carers take part", "prompts home",
        "Asked for by the source paper and borrowed from programmes against bullying; little tested for harm online.",
    ),
    Element.SKILLS: (
        "Nine skills", "skills",
        "Named in the source paper. Social and emotional skills raised knowledge gains; no one skill is shown to matter most.",
    ),
    Element.MESSAGES: (
        "Good messages, no blame or scare", "messages",
        "The source paper’s five messages and the positive one. Every lesson here passes a check against blaming, scaring"
        " and forbidding words.",
    ),
    Element.PRESENCE: (
        "Boys and other groups in the stories", "groups",
        "Expert advice and the statutory guidance: nobody only as harmed, nobody only as harming. Not tested by itself.",
    ),
    Element.BALANCE: (
        "Relationship skills beside safety", "minutes of respect and consent lessons",
        "Joining online harm to proven relationship programmes is what reviewers advise; the right share is not known.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ElementFigures:
    """One element in one year group. `beside` is a figure to read next to it, in words; `missing` names what is not there yet."""

    element: Element
    happened: int
    planned: int
    missing: tuple[str, ...] = ()
    beside: str = ""

    @property
    def level(self) -> str:
        """Give its shade: nothing planned, nothing yet, begun, half or more, all."""
        if not self.planned:
            return "none"
        return (
            "0"
            if not self.happened
            else "4"
            if self.happened >= self.planned
            else "2"
            if 2 * self.happened >= self.planned
            else "1"
        )


@dataclass(frozen=True)
class YearGroupFacts:
    """What the records say of one year group beside its lessons: follow-ups due and given, prompts due and sent, acts."""

    follow_ups: tuple[int, int] = (0, 0)
    prompts: tuple[int, int] = (0, 0)
    acts: Sequence[AspectFigures] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class FirstMet:
    """In which year group a message is met first: in the plan, and in what was taught. None: in none."""

    message: Message
    planned: YearGroup | None
    taught: YearGroup | None


def fidelity_of(
    lessons: LessonsOfYear, others: Mapping[YearGroup, YearGroupFacts], words: Vocabulary, aspects: Mapping[Aspect, str]
) -> dict[YearGroup, tuple[ElementFigures, ...]]:
    """Give the ten elements of every year group that has classes, youngest first."""
    own = lessons.sums
    years = sorted({*own, *others}, key=lambda year: year.number)
    labels = _Labels(
        {method: term.label for method, term in words.methods.items()},
        {skill: term.label for skill, term in words.skills.items()},
        {message: term.label for message, term in words.messages.items()},
        aspects,
    )
    return {year: _of_year(own.get(year, _NO_SUMS), others.get(year, YearGroupFacts()), labels, year) for year in years}


def first_met(lessons: LessonsOfYear) -> tuple[FirstMet, ...]:
    """Give for each message the youngest year group that has it in a plan, and that was taught it."""
    planned = {message: year for year, sums in reversed(lessons.sums.items()) for message in sums.planned.messages}
    taught = {message: year for year, sums in reversed(lessons.sums.items()) for message in sums.done.messages}
    return tuple(FirstMet(message, planned.get(message), taught.get(message)) for message in Message)


class _Labels(NamedTuple):
    methods: Mapping[str, str]
    skills: Mapping[str, str]
    messages: Mapping[str, str]
    aspects: Mapping[Aspect, str]


_GROUPS = {group: group for group in COUNTED}
_NO_SUMS = YearSums(NOTHING, NOTHING)


def _of_year(sums: YearSums, others: YearGroupFacts, labels: _Labels, year: YearGroup) -> tuple[ElementFigures, ...]:
    due, given = others.follow_ups
    prompts, sent = others.prompts

    def named(element: Element, of: Callable[[Sums], Mapping[Any, int]], labels: Mapping[Any, str]) -> ElementFigures:
        in_plan, was_there = of(sums.planned).keys(), of(sums.done).keys()
        missing = tuple(label for key, label in labels.items() if key in in_plan and key not in was_there)
        return ElementFigures(element, len(was_there), len(in_plan | was_there), missing)

    return (
        _staged(sums, year),
        named(Element.METHODS, lambda one: one.methods, labels.methods),
        ElementFigures(Element.REPEATED, given, due),
        _minutes(Element.ACTIVE, sums.planned.together, sums.done.together, "as a whole class or alone"),
        _acts(others.acts, labels.aspects),
        ElementFigures(Element.PARENTS, sent, prompts),
        named(Element.SKILLS, lambda one: one.skills, labels.skills),
        named(Element.MESSAGES, lambda one: one.messages, labels.messages),
        named(Element.PRESENCE, lambda one: one.groups, _GROUPS),
        _minutes(Element.BALANCE, sums.planned.relationship, sums.done.relationship, "of safety lessons"),
    )


def _staged(sums: YearSums, year: YearGroup) -> ElementFigures:
    stage, planned = stage_of(year), sums.planned.begun
    other = sum(planned.values()) - planned.get(stage, 0)
    beside = f"{other} of another stage" if other else ""
    return ElementFigures(Element.STAGED, sums.done.begun.get(stage, 0), planned.get(stage, 0), beside=beside)


def _minutes(element: Element, planned: Mapping[bool, int], done: Mapping[bool, int], others: str) -> ElementFigures:
    """Count the minutes that are (True) what the element asks for; the others stand beside them."""
    beside = f"beside {done.get(False, 0)} minutes {others}"
    return ElementFigures(element, done.get(True, 0), planned.get(True, 0), beside=beside)


def _acts(acts: Sequence[AspectFigures], aspects: Mapping[Aspect, str]) -> ElementFigures:
    missing = tuple(aspects[one.aspect] for one in acts if one.missing)
    return ElementFigures(Element.WHOLE_SCHOOL, sum(len(one.done) for one in acts), sum(one.asked for one in acts), missing)
