"""What each stage carries, held against the plan, and who appears in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from eduprog.curriculum.checks.people import people_of
from eduprog.curriculum.reading import Reading
from eduprog.curriculum.taught import finished_stages, heads_of, lessons_of
from eduprog.curriculum.vocabulary import Message, Skill, Stage

M = TypeVar("M", Skill, Message)


def stage_lines(reading: Reading) -> Iterator[str]:
    """Yield, for each stage and for all, the modules that carry each skill and message, of those planned."""
    plan, heads = reading.plan.value, heads_of(reading)
    if plan is None:
        return
    finished = finished_stages(reading)
    for stage in plan.stages:
        mine = [head for head in heads if head.stage is stage.id]
        lessons = sum(head.stage is stage.id for head, _ in lessons_of(reading))
        state = "written to the end" if stage.id in finished else "still being written"
        yield f"{stage.id}: {len(mine)} of {len(stage.modules)} modules, {lessons} of {stage.lessons} lessons, {state}."
        yield "  skills: " + _against(Skill, (one for head in mine for one in head.skills), stage.skills)
        yield "  messages: " + _against(Message, (one for head in mine for one in head.messages), stage.messages)
    skills = sum((stage.skills for stage in plan.stages), Counter[Skill]())
    messages = sum((stage.messages for stage in plan.stages), Counter[Message]())
    yield "All skills: " + _against(Skill, (one for head in heads for one in head.skills), skills)
    yield "All messages: " + _against(Message, (one for head in heads for one in head.messages), messages)


def _against(members: type[M], written: Iterable[M], planned: Counter[M]) -> str:
    counts = Counter(written)
    return ", ".join(f"{one.value} {counts[one]}/{planned[one]}" for one in members)


def people_lines(reading: Reading) -> Iterator[str]:
    """Yield who appears in the scenarios of each stage: the groups that matter first, then every tag."""
    groups = people_of(reading)
    tags: dict[Stage, Counter[str]] = {stage: Counter() for stage in Stage}
    for head, lesson in lessons_of(reading):
        for scenario in lesson.scenarios:
            for person in scenario.people:
                tags[head.stage].update(person.tags)
    for stage, counts in tags.items():
        if counts:
            yield f"Appearing in {stage}: " + ", ".join(f"{group} {count}" for group, count in groups[stage].items())
            yield f"Who appears in {stage}: " + ", ".join(f"{tag} {count}" for tag, count in counts.most_common())
