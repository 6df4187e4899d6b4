"""Acts as lines: of a year, of a person, and what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from eduprog.accounts import queries as accounts
from eduprog.core.audit import AuditEntry
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.held import held
from eduprog.core.permissions import ActorKind
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import ActKind, Aspect, Stage
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import ActState, Counted, DropReason, look_of

_SUBJECT = "whole_school_act"


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act as pages, boards and reminders show it. `owner` is empty where nobody has it; `owner_here` is False if they left."""

    id: int
    academic_year_id: int
    title: str
    kind: ActKind
    aspect: Aspect
    act_id: str | None
    stages: tuple[Stage, ...]
    due_on: date
    owner_id: int | None
    owner: str
    owner_here: bool
    state: ActState
    done_on: date | None
    attended: int | None
    evidence: str
    drop_reason: DropReason | None
    version: int

    @property
    def is_owned(self) -> bool:
        """Say whether somebody who works here has it."""
        return self.owner_id is not None and self.owner_here

    @property
    def counted(self) -> Counted:
        """Give what of it counts for figures."""
        return Counted(self.id, self.aspect, self.state, self.due_on, self.act_id, self.stages)

    def look(self, today: date) -> str:
        """Say how it shows today: "planned", "due", "overdue", "done" or "dropped"."""
        return look_of(self.state, self.due_on, today)


def act_row(whole_school_act_id: int) -> WholeSchoolAct:
    """Give an act's row. Raises NotHere."""
    found = session().scalars(select(WholeSchoolAct).where(WholeSchoolAct.id == whole_school_act_id)).one_or_none()
    if found is None:
        raise NotHere
    return found


def act_line(whole_school_act_id: int) -> ActLine:
    """Give one act as a line. Raises NotHere."""
    return _lines([act_row(whole_school_act_id)])[0]


def acts_of_year(academic_year_id: int) -> Sequence[ActLine]:
    """Give the acts of an academic year by day. Three statements, once for a page."""
    return held(("acts of the year", academic_year_id), lambda: _acts_of_year(academic_year_id))


def _acts_of_year(academic_year_id: int) -> Sequence[ActLine]:
    wanted = select(WholeSchoolAct).where(WholeSchoolAct.academic_year_id == academic_year_id)
    return _lines(session().scalars(wanted.order_by(WholeSchoolAct.due_on, WholeSchoolAct.id)).all())


def acts_owned_by(person_id: int, academic_year_id: int) -> Sequence[ActLine]:
    """Give the acts of an academic year that a person has, by day. Three statements."""
    return [line for line in acts_of_year(academic_year_id) if line.owner_id == person_id]


def due_for(person_id: int, first: date, last: date) -> Sequence[ActLine]:
    """Give the acts a person has that are due from `first` to `last`, both included, and not done or dropped, by day."""
    return due_between(first, last).get(person_id, ())


def due_between(first: date, last: date) -> Mapping[int | None, Sequence[ActLine]]:
    """Give the acts due in a span of days and not done or dropped, by owner; under None what nobody has. Three statements."""
    wanted = select(WholeSchoolAct).where(WholeSchoolAct.state == ActState.PLANNED, WholeSchoolAct.due_on.between(first, last))
    found: dict[int | None, list[ActLine]] = defaultdict(list)
    for line in _lines(session().scalars(wanted.order_by(WholeSchoolAct.due_on, WholeSchoolAct.id)).all()):
        found[line.owner_id if line.is_owned else None].append(line)
    return dict(found)


def title_of(kind: ActKind, act_id: str | None, title: str) -> str:
    """Give what an act is called: its own title, else that of the library's act, else its kind."""
    template = template_of(act_id)
    return title or (template.title if template else catalogue.current().vocabulary.acts[kind].label)


def template_of(act_id: str | None) -> Act | None:
    """Give the act of the library another one follows; None if it follows none that is still known."""
    return catalogue.current().acts.get(act_id) if act_id else None


def _lines(rows: Sequence[WholeSchoolAct]) -> list[ActLine]:
    here = {person.id for person in accounts.people_of_school()}
    names = accounts.names_of(owners) if (owners := {row.owner_id for row in rows if row.owner_id is not None}) else {}
    return [_line(row, names, here) for row in rows]


def _line(row: WholeSchoolAct, names: Mapping[int, str], here: Collection[int]) -> ActLine:
    template = template_of(row.act_id)
    return ActLine(
        id=row.id, academic_year_id=row.academic_year_id, title=title_of(row.kind, row.act_id, row.title), kind=row.kind,
        aspect=row.aspect, act_id=row.act_id, stages=template.stages if template else (), due_on=row.due_on,
        owner_id=row.owner_id, owner=names.get(row.owner_id or 0, ""), owner_here=row.owner_id in here, state=row.state,
        done_on=row.done_on, attended=row.attended, evidence=row.evidence, drop_reason=row.drop_reason, version=row.version,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of an act: when, who (empty if no person), what, and the days or people it went from and to."""

    at: datetime
    who: str
    act: str
    day_before: date | None = None
    day: date | None = None
    owner_before: str = ""
    owner: str = ""


def history(whole_school_act_id: int) -> Sequence[HistoryLine]:
    """Give everything that happened to an act, oldest first. Two statements."""
    wanted = select(AuditEntry).where(AuditEntry.subject == _SUBJECT, AuditEntry.subject_id == whole_school_act_id)
    entries = session().scalars(wanted.order_by(AuditEntry.sequence)).all()
    people = {entry.actor_id for entry in entries if entry.actor_kind is ActorKind.PERSON}
    people |= {entry.facts[name] for entry in entries for name in ("owner", "owner_before") if entry.facts.get(name)}
    names = accounts.names_of(people)
    return [_history_line(entry, names) for entry in entries]


def _history_line(entry: AuditEntry, names: Mapping[int, str]) -> HistoryLine:
    facts = entry.facts
    return HistoryLine(
        at=entry.at, who=names.get(entry.actor_id, "") if entry.actor_kind is ActorKind.PERSON else "", act=entry.act,
        day_before=_day(facts.get("day_before")), day=_day(facts.get("day")),
        owner_before=names.get(facts.get("owner_before") or 0, ""), owner=names.get(facts.get("owner") or 0, ""),
    )  # fmt: skip


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
