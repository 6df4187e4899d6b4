"""Checks of who appears in the lessons of a stage: nobody only in one part, nobody missing."""

from __future__ import annotations

from collections.abc import Mapping

from eduprog.curriculum.reading import Reading
from eduprog.curriculum.taught import finished_stages, lessons_of
from eduprog.curriculum.vocabulary import Stage

DISABLED = frozenset({"disabled", "wheelchair-user", "deaf", "visually-impaired", "neurodivergent", "uses-symbols"})
# Who is counted: the words for it, the tags a person must have, at least one of each set.
COUNTED: Mapping[str, tuple[frozenset[str], ...]] = {
    "boys": (frozenset({"boy"}),),
    "boys harmed": (frozenset({"boy"}), frozenset({"harmed"})),
    "boys seeking help": (frozenset({"boy"}), frozenset({"seeks-help"})),
    "boys as role models": (frozenset({"boy"}), frozenset({"role-model"})),
    "girls": (frozenset({"girl"}),),
    "girls harmed": (frozenset({"girl"}), frozenset({"harmed"})),
    "girls as role models": (frozenset({"girl"}), frozenset({"role-model"})),
    "disabled": (DISABLED,),
    "lesbian, gay or bisexual": (frozenset({"gay", "bisexual", "lgbt"}),),
    "questioning": (frozenset({"questioning"}),),
    "lonely": (frozenset({"lonely"}),),
}
_IN_EVERY_STAGE = ("boys", "girls", "disabled")
_FROM_K1 = ("boys harmed", "boys seeking help", "boys as role models")
_FROM_K3 = ("lesbian, gay or bisexual", "lonely")


def people_of(reading: Reading) -> Mapping[Stage, Mapping[str, int]]:
    """Return, by stage and group, how many characters of the scenarios belong to it."""
    counts = {stage: dict.fromkeys(COUNTED, 0) for stage in Stage}
    for head, lesson in lessons_of(reading):
        for scenario in lesson.scenarios:
            for person in scenario.people:
                for group, needed in COUNTED.items():
                    counts[head.stage][group] += all(one & set(person.tags) for one in needed)
    return counts


def check_people(reading: Reading) -> None:
    """Note who is missing from the lessons of a stage that is written to the end."""
    if reading.plan.value is None:
        return
    finished, counts = finished_stages(reading), people_of(reading)
    for index, stage in enumerate(reading.plan.value.stages):
        if stage.id not in finished:
            continue
        for group in _wanted(stage.id):
            if not counts[stage.id][group]:
                reading.plan.places.fault_at(("stages", index), f"Nobody in the lessons of {stage.id} is among: {group}.")
        if counts[stage.id]["girls"] and counts[stage.id]["girls"] == counts[stage.id]["girls harmed"]:
            reading.plan.places.fault_at(("stages", index), f"Every girl in the lessons of {stage.id} is harmed.")


def _wanted(stage: Stage) -> tuple[str, ...]:
    wanted: tuple[str, ...] = _IN_EVERY_STAGE
    if stage is not Stage.EY:
        wanted += _FROM_K1
    return wanted if stage.is_primary else wanted + _FROM_K3
