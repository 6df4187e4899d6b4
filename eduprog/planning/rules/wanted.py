"""What a class is to be taught in a year: the lessons of its scheme in an order that keeps what builds on what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import Gate, Stage, YearGroup, stage_of
from eduprog.gates.rules import Condition
from eduprog.school.rules import HalfTermBlock

BLOCK_ORDER: Mapping[HalfTermBlock, int] = {block: number for number, block in enumerate(HalfTermBlock)}
LEAD_DAYS: Mapping[Gate, int] = {Gate.G0: 0, Gate.G1: 14, Gate.W_UNSETTLED: 28, Gate.W: 28}
"""Calendar days between the day a lesson is planned, or the year begins, and the lesson: time to tell the DSL and parents."""
_NOTICE: Mapping[Gate, frozenset[Condition]] = {
    Gate.G0: frozenset(),
    Gate.G1: frozenset({Condition.DSL_TOLD, Condition.PARENTS_SHOWN}),
    Gate.W_UNSETTLED: frozenset({Condition.PARENT_NOTICE}),
    Gate.W: frozenset({Condition.PARENT_NOTICE}),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lesson that wants a day.

    `parts` are the minutes of the parts it may be cut into; `builds_on` are modules of the same year.
    """

    module_id: str
    lesson_number: int
    block: HalfTermBlock
    minutes: int
    parts: tuple[int, ...] = ()
    sensitive: bool = False
    builds_on: tuple[str, ...] = ()


def wanted_lessons(entries: Iterable[tuple[str, HalfTermBlock]], modules: Mapping[str, LessonModule]) -> tuple[Wanted, ...]:
    """Give the lessons of a scheme, its entries in order. What builds on a module of the same scheme comes after it, in the same
    half-term or later. Modules that are closed (G2), retired or not known are left out.
    """
    chosen = [(module_id, block) for module_id, block in entries if is_plannable(modules.get(module_id))]
    ids = {module_id for module_id, _ in chosen}
    wanted: list[Wanted] = []
    for module_id, block in _after_what_they_build_on(sorted(chosen, key=lambda entry: BLOCK_ORDER[entry[1]]), modules):
        module = modules[module_id]
        needs = tuple(other for other in module.builds_on if other in ids)
        sensitive = is_sensitive(module)
        for lesson in module.lessons:
            parts = part_minutes(module, lesson.number)
            wanted.append(Wanted(module_id, lesson.number, block, lesson.minutes, parts, sensitive, needs))
    return tuple(wanted)


def _after_what_they_build_on(
    entries: Sequence[tuple[str, HalfTermBlock]], modules: Mapping[str, LessonModule]
) -> list[tuple[str, HalfTermBlock]]:
    blocks = dict(entries)
    done: dict[str, HalfTermBlock] = {}
    waiting = [module_id for module_id, _ in entries]
    while waiting:
        ready = next((one for one in waiting if all(o in done or o not in blocks for o in modules[one].builds_on)), waiting[0])
        needs = [done[other] for other in modules[ready].builds_on if other in done]
        done[ready] = max([blocks[ready], *needs], key=BLOCK_ORDER.__getitem__)
        waiting.remove(ready)
    return sorted(done.items(), key=lambda entry: BLOCK_ORDER[entry[1]])


def is_plannable(module: LessonModule | None) -> bool:
    """Say whether a module may be planned: known, live, and not of a closed pack."""
    return module is not None and module.is_live and not module.is_closed


def is_sensitive(module: LessonModule) -> bool:
    """Say whether a module has conditions that must be met before it is taught."""
    return Gate.G0 not in module.gates


def part_minutes(module: LessonModule, number: int) -> tuple[int, ...]:
    """Give the minutes of the parts a lesson may be cut into; none if it may not be cut."""
    lesson = module.lesson(number)
    return tuple(sum(step.minutes for step in part) for part in lesson.parts) if lesson.splits else ()


def steps_of_part(module: LessonModule, number: int, part: int) -> list[int]:
    """Give the numbers of the steps of one part of a lesson, counted from 1; of the whole lesson for part 0."""
    lesson = module.lesson(number)
    steps = lesson.steps if part == 0 else lesson.parts[part - 1]
    return [step.number for step in steps]


def ends_lesson(module: LessonModule, number: int, part: int) -> bool:
    """Say whether a lesson is over with this part: the last one, or 0 for the whole."""
    return part in (0, len(module.lesson(number).parts))


def lead_days(module: LessonModule, met: Collection[Condition] = ()) -> int:
    """Give how many days of notice the gates of a module still need, given the conditions that are met already."""
    gates = [gate for gate in module.gates if gate in LEAD_DAYS and not _NOTICE[gate] <= set(met)]
    return max((LEAD_DAYS[gate] for gate in gates), default=0)


def earliest_day(module: LessonModule, *, planned: date, year_starts: date, met: Collection[Condition] = ()) -> date | None:
    """Give the first day on which a module may be planned, given the day of planning; None if any day will do."""
    days = lead_days(module, met)
    return max(planned, year_starts) + timedelta(days=days) if days else None


def years_followed(years: Sequence[YearGroup], stage: Stage) -> tuple[YearGroup, ...]:
    """Give the year groups whose schemes a class takes in turn: its own, or those of its teaching stage where that is another."""
    own = sorted(years, key=lambda year: year.number)
    return tuple(own) if any(stage_of(year) is stage for year in own) or not own else stage.years


def scheme_year(cycle: Sequence[YearGroup], starting: int) -> YearGroup:
    """Give the year group whose scheme a mixed-age class follows this year: in turn, so that in two years it meets both."""
    return cycle[starting % len(cycle)]
