"""Everything there is to teach, in memory, and the curriculum this process runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType

from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.help_sources import HelpSource
from eduprog.curriculum.programme import Programme
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import Stage, Vocabulary, YearGroup


class UnknownModule(LookupError):
    """Raised when no module has the id asked for."""

    def __init__(self, module_id: str) -> None:
        self.module_id = module_id
        super().__init__(f"There is no module {module_id}.")


class UnknownAct(LookupError):
    """Raised when no act has the id asked for."""

    def __init__(self, act_id: str) -> None:
        self.act_id = act_id
        super().__init__(f"There is no act {act_id}.")


class ActIsClosed(LookupError):
    """Raised when an act of a closed pack is asked for as if it were open."""

    def __init__(self, act_id: str) -> None:
        self.act_id = act_id
        super().__init__(f"{act_id} is closed until the head and the designated safeguarding lead have signed it off.")


class NoCurriculum(RuntimeError):
    """Raised when a curriculum is asked for before one was installed."""


class Curriculum(Value):
    """All modules with the programme, frameworks, help sources and words they refer to. It never changes."""

    content_hash: str
    programme: Programme
    vocabulary: Vocabulary
    all_frameworks: tuple[Framework, ...]
    all_help_sources: tuple[HelpSource, ...]
    all_modules: tuple[LessonModule, ...]
    all_acts: tuple[Act, ...] = ()

    @cached_property
    def modules(self) -> Mapping[str, LessonModule]:
        """Return every module, retired ones included, by id in teaching order."""
        return MappingProxyType({module.id: module for module in self.all_modules})

    @cached_property
    def frameworks(self) -> Mapping[str, Framework]:
        """Return the frameworks by id."""
        return MappingProxyType({framework.id: framework for framework in self.all_frameworks})

    @cached_property
    def help_sources(self) -> Mapping[str, HelpSource]:
        """Return the help sources by id, expired ones included: ask each whether it is `shown_on` a day."""
        return MappingProxyType({source.id: source for source in self.all_help_sources})

    @cached_property
    def acts(self) -> Mapping[str, Act]:
        """Return the acts by id, retired ones included; those of a closed pack are never among them."""
        return MappingProxyType({act.id: act for act in self.all_acts if not act.is_closed})

    @cached_property
    def closed_acts(self) -> Mapping[str, Act]:
        """Return the acts of closed packs by id. Whoever asks has made sure that head and safeguarding lead signed off."""
        return MappingProxyType({act.id: act for act in self.all_acts if act.is_closed})

    @property
    def framework(self) -> Framework:
        """Return the framework lessons name their statements by."""
        return self.frameworks[self.programme.framework]

    def module(self, module_id: str) -> LessonModule:
        """Return the module with this id. Raises UnknownModule."""
        try:
            return self.modules[module_id]
        except KeyError:
            raise UnknownModule(module_id) from None

    def act(self, act_id: str) -> Act:
        """Return the act with this id. Raises UnknownAct, and ActIsClosed for one of a closed pack."""
        if act_id in self.closed_acts:
            raise ActIsClosed(act_id)
        try:
            return self.acts[act_id]
        except KeyError:
            raise UnknownAct(act_id) from None

    def closed_act(self, act_id: str) -> Act:
        """Return an act of a closed pack, for callers that have checked its sign-off (gate G2). Raises UnknownAct."""
        try:
            return self.closed_acts[act_id]
        except KeyError:
            raise UnknownAct(act_id) from None

    def acts_for(self, stage: Stage) -> tuple[Act, ...]:
        """Return the live open acts of a stage and those of no stage in particular, ordered by id."""
        return tuple(act for act in self.acts.values() if act.is_live and (not act.stages or stage in act.stages))

    def for_stage(self, stage: Stage) -> tuple[LessonModule, ...]:
        """Return the live modules of a stage in teaching order, closed ones left out."""
        return tuple(module for module in self._offered if module.stage is stage)

    def for_year(self, year: YearGroup) -> tuple[LessonModule, ...]:
        """Return the live modules that may be taught in a year group by default, in teaching order, closed ones left out."""
        return tuple(module for module in self._offered if year in module.years)

    @property
    def _offered(self) -> tuple[LessonModule, ...]:
        return tuple(module for module in self.all_modules if module.is_live and not module.is_closed)


_installed: list[Curriculum] = []
_extensions: list[Callable[[Curriculum], Curriculum]] = []


def install(curriculum: Curriculum) -> None:
    """Make this the curriculum of the process, in place of any before it."""
    _installed[:] = [curriculum]


def extend_by(extension: Callable[[Curriculum], Curriculum]) -> None:
    """Let what is current be extended, by a school's own lessons for instance, whenever it is asked for."""
    _extensions[:] = [extension]


def ours() -> Curriculum:
    """Return the curriculum the process runs on as its files say it. Raises NoCurriculum if none was installed."""
    if not _installed:
        raise NoCurriculum("No curriculum is installed; call catalogue.install first.")
    return _installed[0]


def current() -> Curriculum:
    """Return the curriculum the process runs on, extended for whoever asks. Raises NoCurriculum if none was installed."""
    return _extensions[0](ours()) if _extensions else ours()
