"""What the fidelity board counts beside lessons: follow-ups, prompts home and acts, by year group."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    String,
    Table,
    bindparam,
    case,
    func,
    literal,
    select,
    type_coerce,
)

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.coverage.queries.classes import YearFacts, classes_of
from eduprog.coverage.rules.fidelity import YearGroupFacts
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Aspect, YearGroup, stage_of
from eduprog.families.models import ParentPrompt
from eduprog.families.rules import PromptState, StopReason
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.school.models import TeachingGroup
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import ActState, AspectFigures, Counted, expected_in, figures_of

_FOLLOW_UPS, _PROMPTS = 1, 2
_Pairs = dict[YearGroup, tuple[int, int]]


_SCHOOL: BindParameter[int] = bindparam("school")
_GROUPS, _ACTS = cast(Table, TeachingGroup.__table__).c, cast(Table, WholeSchoolAct.__table__).c
_OWED, _HOME = cast(Table, FollowUp.__table__).c, cast(Table, ParentPrompt.__table__).c
_OF_YEAR = select(_GROUPS.id).where(_GROUPS.school_id == _SCHOOL, _GROUPS.academic_year_id == bindparam("year"))


def _a_class(kind: int, model: type, happened: ColumnElement[bool], *those: ColumnElement[bool]) -> Select[Any]:
    """Select, by class of a year, how many rows there are of those, and of how many that is so.

    The tables stand bare, so that it names its school itself.
    """
    table: Table = model.__table__  # type: ignore[attr-defined]  # every model has one
    group_id = table.c.teaching_group_id
    counted = select(literal(kind), group_id, func.count(), func.sum(case((happened, 1), else_=0)))
    return counted.where(table.c.school_id == _SCHOOL, group_id.in_(_OF_YEAR), *those).group_by(group_id)


_COUNTED = _a_class(
    _FOLLOW_UPS, FollowUp, _OWED.state == FollowUpState.DONE,
    _OWED.state != FollowUpState.WITHDRAWN,
    (_OWED.due_on <= bindparam("today", type_=Date)) | (_OWED.state == FollowUpState.DONE),
).union_all(
    _a_class(
        _PROMPTS, ParentPrompt, (_HOME.state == PromptState.SENT) | (_HOME.stop_reason == StopReason.SENT_BY_HAND),
        _HOME.stop_reason.is_(None) | (_HOME.stop_reason != StopReason.DELIVERY_UNDONE),
    )
)  # fmt: skip
_HELD = select(
    _ACTS.academic_year_id == bindparam("year"), _ACTS.id, type_coerce(_ACTS.aspect, String), type_coerce(_ACTS.state, String),
    _ACTS.due_on, _ACTS.act_id, _ACTS.done_on,
).where(
    _ACTS.school_id == _SCHOOL,
    (_ACTS.academic_year_id == bindparam("year"))
    | ((_ACTS.state == ActState.DONE) & _ACTS.done_on.between(bindparam("since", type_=Date), bindparam("start", type_=Date))),
)  # fmt: skip


def facts_by_year_group(year: YearFacts, *, today: date) -> dict[YearGroup, YearGroupFacts]:
    """Give what happened beside lessons in each year group that has a class. Three statements."""
    groups = {group for one in classes_of(year.id, today=today) for group in one.year_groups}
    follow_ups, prompts = _follow_ups_and_prompts(year.id, today)
    acts = _acts(year, groups, today)
    return {
        group: YearGroupFacts(follow_ups.get(group, (0, 0)), prompts.get(group, (0, 0)), acts[group])
        for group in sorted(groups, key=lambda group: group.number)
    }


def _follow_ups_and_prompts(academic_year_id: int, today: date) -> tuple[_Pairs, _Pairs]:
    """Give, by year group, two pairs: the follow-ups due by today and those of them given, and prompts due and sent.

    Withdrawn follow-ups are left out; prompts are those that finished modules call for.
    """
    found: dict[int, _Pairs] = {_FOLLOW_UPS: {}, _PROMPTS: {}}
    groups_of = {one.id: one.year_groups for one in classes_of(academic_year_id)}
    session().flush()
    asked = {"school": current_school_id(), "year": academic_year_id, "today": today}
    for kind, group_id, due, happened in session().execute(_COUNTED, asked).all():
        for group in groups_of[group_id]:
            before = found[kind].get(group, (0, 0))
            found[kind][group] = (before[0] + due, before[1] + int(happened))
    return found[_FOLLOW_UPS], found[_PROMPTS]


def _acts(year: YearFacts, groups: set[YearGroup], today: date) -> dict[YearGroup, tuple[AspectFigures, ...]]:
    """Give the seven aspects by year group: acts for its stage or for everybody, done of asked."""
    library, rows, done_lately = catalogue.current().acts, list[Counted](), set[str]()
    before = year.starts_on - timedelta(days=365)
    asked = {"school": current_school_id(), "year": year.id, "since": before, "start": year.starts_on}
    session().flush()
    for is_of_year, id_, aspect, state, due_on, act_id, done_on in session().execute(_HELD, asked).all():
        if is_of_year:
            stages = library[act_id].stages if act_id and act_id in library else ()
            rows.append(Counted(id_, Aspect(aspect), ActState(state), due_on, act_id, stages))
        if act_id is not None and state == ActState.DONE and before <= done_on <= year.starts_on:
            done_lately.add(act_id)
    stages_here = {stage_of(group) for group in groups}
    expected = expected_in(library.values(), stages_here, done_lately)
    by_stage = {stage: figures_of(rows, expected, today=today, stage=stage) for stage in stages_here}
    return {group: by_stage[stage_of(group)] for group in groups}
