"""The fidelity board: the elements the programme rests on, by year group: planned, happened, missing. No score is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from eduprog.coverage.rules.steps import RELATIONSHIP_STRANDS, WITH_EACH_OTHER, StepCount
from eduprog.curriculum.checks.people import COUNTED
from eduprog.curriculum.vocabulary import Aspect, Message, Vocabulary, YearGroup, stage_of
from eduprog.wholeschool.rules import AspectFigures

_Keys = tuple[str, ...] | frozenset[str]


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
    counts: Iterable[StepCount], others: Mapping[YearGroup, YearGroupFacts], words: Vocabulary, aspects: Mapping[Aspect, str]
) -> dict[YearGroup, tuple[ElementFigures, ...]]:
    """Give the ten elements of every year group that has classes, youngest first."""
    own: dict[YearGroup, list[StepCount]] = {}
    for one in counts:
        own.setdefault(one.year_group, []).append(one)
    years = sorted({*own, *others}, key=lambda year: year.number)
    return {year: _of_year(own.get(year, []), others.get(year, YearGroupFacts()), words, aspects, year) for year in years}


def first_met(counts: Iterable[StepCount]) -> tuple[FirstMet, ...]:
    """Give for each message the youngest year group that has it in a plan, and that was taught it."""
    youngest_first = sorted(counts, key=lambda one: one.year_group.number)
    planned = _first_of(one for one in youngest_first if one.planned)
    taught = _first_of(one for one in youngest_first if one.done)
    return tuple(FirstMet(message, planned.get(message), taught.get(message)) for message in Message)


def _first_of(youngest_first: Iterable[StepCount]) -> dict[Message, YearGroup]:
    """Give the year group that has each message first; a module is looked at once."""
    found: dict[Message, YearGroup] = {}
    seen: set[str] = set()
    for one in youngest_first:
        if one.module.id not in seen:
            seen.add(one.module.id)
            for message in one.module.messages:
                found.setdefault(message, one.year_group)
    return found


def _of_year(
    counts: Sequence[StepCount], others: YearGroupFacts, words: Vocabulary, aspects: Mapping[Aspect, str], year: YearGroup
) -> tuple[ElementFigures, ...]:
    def named(element: Element, of: Callable[[StepCount], _Keys], labels: Mapping[str, str]) -> ElementFigures:
        planned = set().union(*{of(one) for one in counts if one.planned})
        happened = set().union(*{of(one) for one in counts if one.done})
        missing = tuple(label for key, label in labels.items() if key in planned - happened)
        return ElementFigures(element, len(happened), len(planned | happened), missing)

    methods = {method.value: term.label for method, term in words.methods.items()}
    skills = {skill.value: term.label for skill, term in words.skills.items()}
    messages = {message.value: term.label for message, term in words.messages.items()}
    due, given = others.follow_ups
    prompts, sent = others.prompts
    return (
        _staged(counts, year),
        named(Element.METHODS, lambda one: (one.step.method,), methods),
        ElementFigures(Element.REPEATED, given, due),
        _minutes(Element.ACTIVE, counts, lambda one: one.step.grouping in WITH_EACH_OTHER),
        _acts(others.acts, aspects),
        ElementFigures(Element.PARENTS, sent, prompts),
        named(Element.SKILLS, lambda one: one.step.skills, skills),
        named(Element.MESSAGES, lambda one: one.module.messages, messages),
        named(Element.PRESENCE, _groups_in, {group: group for group in COUNTED}),
        _minutes(Element.BALANCE, counts, lambda one: one.module.strand in RELATIONSHIP_STRANDS),
    )


def _staged(counts: Sequence[StepCount], year: YearGroup) -> ElementFigures:
    """Count a lesson by its first step, so that a lesson of nine steps is one."""
    stage = stage_of(year)
    first = [one for one in counts if one.step.number == 1 and one.module.stage is stage]
    other = sum(one.planned for one in counts if one.step.number == 1) - sum(one.planned for one in first)
    beside = f"{other} of another stage" if other else ""
    return ElementFigures(Element.STAGED, sum(one.done for one in first), sum(one.planned for one in first), beside=beside)


def _minutes(element: Element, counts: Sequence[StepCount], of: Callable[[StepCount], bool]) -> ElementFigures:
    own = [one for one in counts if of(one)]
    rest = sum(one.done * one.step.minutes for one in counts) - sum(one.done * one.step.minutes for one in own)
    other = "of safety lessons" if element is Element.BALANCE else "as a whole class or alone"
    done, planned = (sum(number * one.step.minutes for one, number in pairs) for pairs in _both(own))
    return ElementFigures(element, done, planned, beside=f"beside {rest} minutes {other}")


def _both(counts: Sequence[StepCount]) -> Iterable[list[tuple[StepCount, int]]]:
    return [(one, one.done) for one in counts], [(one, one.planned) for one in counts]


def _acts(acts: Sequence[AspectFigures], aspects: Mapping[Aspect, str]) -> ElementFigures:
    missing = tuple(aspects[one.aspect] for one in acts if one.missing)
    return ElementFigures(Element.WHOLE_SCHOOL, sum(len(one.done) for one in acts), sum(one.asked for one in acts), missing)


def _groups_in(one: StepCount) -> frozenset[str]:
    """Give the groups whose characters stand in the scenario of a step."""
    if one.step.scenario is None:
        return frozenset()
    people = one.module.lessons[one.lesson_number - 1].scenario(one.step.scenario).people
    return _groups_of(tuple(person.tags for person in people))


@lru_cache(maxsize=2000)
def _groups_of(people: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    tags = [frozenset(one) for one in people]
    return frozenset(group for group, needed in COUNTED.items() for one in tags if all(some & one for some in needed))
