"""What each module is planned to carry, so that what was written can be held against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field

from eduprog.curriculum.schema.types import ModuleId, StatementId
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import Message, Skill, Stage, WrittenMessage


class PlannedModule(Value):
    """The lessons, skills, messages and statements planned for one module."""

    id: ModuleId
    lessons: Annotated[int, Field(ge=1, le=9)]
    skills: tuple[Skill, ...]
    messages: tuple[WrittenMessage, ...]
    statements: tuple[StatementId, ...]


class PlannedStage(Value):
    """The modules planned for a stage and what they amount to."""

    id: Stage
    modules: Annotated[tuple[PlannedModule, ...], Field(min_length=1)]

    @property
    def lessons(self) -> int:
        """Return the number of lessons planned."""
        return sum(module.lessons for module in self.modules)

    @property
    def skills(self) -> Counter[Skill]:
        """Return how many modules are planned to carry each skill."""
        return Counter(skill for module in self.modules for skill in module.skills)

    @property
    def messages(self) -> Counter[Message]:
        """Return how many modules are planned to carry each message."""
        return Counter(message for module in self.modules for message in module.messages)


class Plan(Value):
    """What lessons/plan.yaml says."""

    stages: Annotated[tuple[PlannedStage, ...], Field(min_length=1)]

    @cached_property
    def modules(self) -> Mapping[str, PlannedModule]:
        """Return the planned modules by id."""
        return {module.id: module for stage in self.stages for module in stage.modules}
