"""What the fidelity board counts beside lessons: follow-ups, prompts home and acts, by year group."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import case, func, select

from eduprog.core.db import session
from eduprog.coverage.queries.classes import YearFacts, classes_of
from eduprog.coverage.rules.fidelity import YearGroupFacts
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import YearGroup, stage_of
from eduprog.families.models import ParentPrompt
from eduprog.families.rules import PromptState, StopReason
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.school.models import TeachingGroup, TeachingGroupYear
from eduprog.wholeschool.models import WholeSchoolAct
from eduprog.wholeschool.rules import ActState, AspectFigures, Counted, expected_in, figures_of

_Pairs = dict[YearGroup, tuple[int, int]]


def facts_by_year_group(year: YearFacts, *, today: date) -> dict[YearGroup, YearGroupFacts]:
    """Give what happened beside lessons in each year group that has a class. Five statements."""
    groups = {group for one in classes_of(year.id, today=today) for group in one.year_groups}
    follow_ups, prompts, acts = _follow_ups(year.id, today), _prompts(year.id), _acts(year, groups, today)
    return {
        group: YearGroupFacts(follow_ups.get(group, (0, 0)), prompts.get(group, (0, 0)), acts[group])
        for group in sorted(groups, key=lambda group: group.number)
    }


def _follow_ups(academic_year_id: int, today: date) -> _Pairs:
    """Give, by year group, the follow-ups due by today and those of them given; withdrawn ones are left out."""
    given = func.sum(case((FollowUp.state == FollowUpState.DONE, 1), else_=0))
    counted = (
        select(TeachingGroupYear.year_group, func.count(), given)
        .join(TeachingGroup, TeachingGroup.id == FollowUp.teaching_group_id)
        .join(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .where(
            TeachingGroup.academic_year_id == academic_year_id,
            FollowUp.state != FollowUpState.WITHDRAWN,
            (FollowUp.due_on <= today) | (FollowUp.state == FollowUpState.DONE),
        )
        .group_by(TeachingGroupYear.year_group)
    )
    return {group: (due, int(done)) for group, due, done in session().execute(counted)}


def _prompts(academic_year_id: int) -> _Pairs:
    """Give, by year group, the prompts that finished modules call for and those of them that went home."""
    sent = (ParentPrompt.state == PromptState.SENT) | (ParentPrompt.stop_reason == StopReason.SENT_BY_HAND)
    counted = (
        select(TeachingGroupYear.year_group, func.count(), func.sum(case((sent, 1), else_=0)))
        .join(TeachingGroup, TeachingGroup.id == ParentPrompt.teaching_group_id)
        .join(TeachingGroupYear, TeachingGroupYear.teaching_group_id == TeachingGroup.id)
        .where(
            TeachingGroup.academic_year_id == academic_year_id,
            ParentPrompt.stop_reason.is_(None) | (ParentPrompt.stop_reason != StopReason.DELIVERY_UNDONE),
        )
        .group_by(TeachingGroupYear.year_group)
    )
    return {group: (due, int(done)) for group, due, done in session().execute(counted)}


def _acts(year: YearFacts, groups: set[YearGroup], today: date) -> dict[YearGroup, tuple[AspectFigures, ...]]:
    """Give the seven aspects by year group: acts for its stage or for everybody, done of asked."""
    library = catalogue.current().acts
    held = select(
        WholeSchoolAct.id, WholeSchoolAct.aspect, WholeSchoolAct.state, WholeSchoolAct.due_on, WholeSchoolAct.act_id
    ).where(WholeSchoolAct.academic_year_id == year.id)
    rows = [
        Counted(id_, aspect, state, due_on, act_id, library[act_id].stages if act_id and act_id in library else ())
        for id_, aspect, state, due_on, act_id in session().execute(held)
    ]
    before = year.starts_on - timedelta(days=365)
    lately = select(WholeSchoolAct.act_id).where(
        WholeSchoolAct.state == ActState.DONE, WholeSchoolAct.done_on.between(before, year.starts_on)
    )
    done = {act_id for act_id in session().scalars(lately) if act_id is not None}
    stages = {stage_of(group) for group in groups}
    expected = expected_in(library.values(), stages, done)
    by_stage = {stage: figures_of(rows, expected, today=today, stage=stage) for stage in stages}
    return {group: by_stage[stage_of(group)] for group in groups}
