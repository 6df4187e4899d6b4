"""What is taught when: stages, modules in teaching order and the windows of follow-ups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, NamedTuple

from pydantic import Field

from eduprog.curriculum.schema.types import ModuleId, Slug, Text
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import FollowUpPoint, HalfTermBlock, Stage, Strand, YearGroup


class Window(NamedTuple):
    """When a follow-up falls, in days, both ends included.

    R1 to R3 count the days after the module was taught. R4 counts the days after the first open day on or after
    1 September of the next academic year, that day being 0.
    """

    first_day: int
    last_day: int


WrittenWindow = Annotated[tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(le=400)]], Field()]


class ProgrammeEntry(Value):
    """The place of one module in the programme; its first year is where the default scheme of work puts it.

    `first_lesson_from` is the younger year group from which a school with a reason may teach its first lesson already.
    """

    id: ModuleId
    title: Text
    strand: Strand
    years: Annotated[tuple[YearGroup, ...], Field(min_length=1)]
    half_term: HalfTermBlock
    first_lesson_from: YearGroup | None = None
    written: bool = True
    follow_ups: dict[FollowUpPoint, WrittenWindow] = {}


class ProgrammeStage(Value):
    """A stage and its modules in teaching order."""

    id: Stage
    modules: Annotated[tuple[ProgrammeEntry, ...], Field(min_length=1)]


class Programme(Value):
    """The order of the whole curriculum as lessons/programme.yaml says it."""

    framework: Slug
    follow_ups: dict[FollowUpPoint, WrittenWindow]
    stages: Annotated[tuple[ProgrammeStage, ...], Field(min_length=1)]

    @cached_property
    def entries(self) -> Mapping[str, ProgrammeEntry]:
        """Return every module's place by module id, in teaching order from the youngest stage on."""
        return {entry.id: entry for stage in self.stages for entry in stage.modules}

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Return the place of each module id in teaching order, from 0."""
        return {module_id: index for index, module_id in enumerate(self.entries)}

    def windows_for(self, module_id: str) -> Mapping[FollowUpPoint, Window]:
        """Return the follow-up windows of a module; one the programme does not list has the default windows."""
        entry = self.entries.get(module_id)
        changed = entry.follow_ups if entry else {}
        return {point: Window(*changed.get(point, self.follow_ups[point])) for point in FollowUpPoint}
