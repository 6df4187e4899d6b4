"""What a planning run tells the person who asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from eduprog.planning.rules import PlanOption, WhyUnplaced


@dataclass(frozen=True, slots=True)
class Missing:
    """A lesson, or a part of one, that found no meeting: why, and what can be done about it."""

    group_id: int
    group_name: str
    module_id: str
    lesson_number: int
    part: int
    why: WhyUnplaced

    @property
    def options(self) -> tuple[PlanOption, ...]:
        """Give what can be done about it."""
        return self.why.options


@dataclass
class PlanReport:
    """What planning did: lessons added, kept, moved and withdrawn; those that found no day; those after their half-term.

    `unplaced` names class, module and lesson; `missing` says why and what can be done. `run_id` is None where nothing changed.
    """

    added: int = 0
    kept: int = 0
    moved: int = 0
    withdrawn: int = 0
    unplaced: list[tuple[str, str, int]] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    late: list[tuple[str, str, int]] = field(default_factory=list)
    run_id: int | None = None
