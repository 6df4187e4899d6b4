"""How each of the seven aspects stands in a year: planned, done, missing. Counts of acts, never a score."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import Aspect, Stage
from eduprog.wholeschool.rules.states import ActState


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts of an act of the year; without stages it is for the whole school."""

    id: int
    aspect: Aspect
    state: ActState
    due_on: date
    act_id: str | None = None
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class AspectFigures:
    """One aspect in one academic year, for the whole school or for one stage.

    `planned` counts what is still to come, `overdue` what should have happened by now; `not_planned` names the acts of the
    library that the year asks for and nobody has planned (those that were dropped are not among them). The ids are the rows
    behind each figure.
    """

    aspect: Aspect
    planned: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    overdue: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()
    not_planned: tuple[str, ...] = ()

    @property
    def asked(self) -> int:
        """Give the denominator: every act that was planned or is asked for, dropped ones left out."""
        return len(self.planned) + len(self.done) + self.missing

    @property
    def missing(self) -> int:
        """Give how many are missing: overdue, or asked for and not planned."""
        return len(self.overdue) + len(self.not_planned)


def figures_of(
    rows: Iterable[Counted], expected: Iterable[Act], *, today: date, stage: Stage | None = None
) -> tuple[AspectFigures, ...]:
    """Give all seven aspects in order. With a stage only what is for it or for the whole school counts."""
    rows = [row for row in rows if _concerns(row.stages, stage)]
    known = {row.act_id for row in rows}
    unplanned = [act for act in expected if _concerns(act.stages, stage) and act.id not in known]
    return tuple(_of_aspect(aspect, rows, unplanned, today) for aspect in Aspect)


def _concerns(stages: tuple[Stage, ...], stage: Stage | None) -> bool:
    return stage is None or not stages or stage in stages


def _of_aspect(aspect: Aspect, rows: list[Counted], unplanned: list[Act], today: date) -> AspectFigures:
    own = [row for row in rows if row.aspect is aspect]
    open_rows = [row for row in own if row.state is ActState.PLANNED]
    return AspectFigures(
        aspect=aspect,
        planned=tuple(row.id for row in open_rows if row.due_on >= today),
        done=tuple(row.id for row in own if row.state is ActState.DONE),
        overdue=tuple(row.id for row in open_rows if row.due_on < today),
        dropped=tuple(row.id for row in own if row.state is ActState.DROPPED),
        not_planned=tuple(act.id for act in unplanned if act.aspect is aspect),
    )
