"""The viewing room: what a class is taught this year, in full, and since when its families could see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import Gate, HalfTermBlock, Stage
from eduprog.families.models import (
    Consultation,
    ConsultationAnswer,
    ParentCarer,
    ParentCarerClass,
    PolicyDocument,
    ViewingCount,
    ViewingEntry,
)
from eduprog.families.queries.prompts import live_module
from eduprog.families.rules import SMALLEST_SHOWN, ConsultationQuestion, ContactState, Opinion
from eduprog.gates import queries as gates
from eduprog.planning.models import PlannedLesson
from eduprog.planning.rules import PlanState

_SECONDARY = {Stage.K3, Stage.K4, Stage.K5}


@dataclass(frozen=True)
class ViewedModule:
    """A module in the viewing room; `sex_education` is "yes", "some" where the school draws the line, or empty."""

    module: LessonModule
    blocks: tuple[HalfTermBlock, ...]
    sex_education: str


@dataclass(frozen=True)
class ViewingFigures:
    """A class in the log: since when how many modules can be seen, and how often pages were opened."""

    modules: int
    since: datetime | None
    opened: int


@dataclass(frozen=True)
class ConsultationResults:
    """A consultation with its answers by question and opinion; empty while it is open and below five families."""

    consultation: Consultation
    policy_title: str
    families: int
    counts: Mapping[tuple[ConsultationQuestion, Opinion], int]


def viewed_modules(group_id: int) -> list[ViewedModule]:
    """Give the live open modules planned for a class this year, in teaching order. One statement."""
    wanted = select(PlannedLesson.module_id, PlannedLesson.block).where(
        PlannedLesson.teaching_group_id == group_id, PlannedLesson.state != PlanState.WITHDRAWN
    )
    blocks: dict[str, set[HalfTermBlock]] = {}
    for row in session().execute(wanted.distinct()):
        blocks.setdefault(row.module_id, set()).add(row.block)
    order = list(HalfTermBlock)
    found = []
    for module_id in catalogue.current().modules:
        module = live_module(module_id) if module_id in blocks else None
        if module is not None and not module.is_closed:
            own = tuple(sorted(blocks[module_id], key=order.index))
            found.append(ViewedModule(module, own, sex_education_in(module)))
    return sorted(found, key=lambda one: order.index(one.blocks[0]))


def extra_lessons(group_id: int, today: date) -> list[str]:
    """Give the titles, as parents were told them, of closed sessions (gate G2) that are open for a class. Two statements."""
    standing = [one for one in gates.sign_offs() if one.group_id == group_id and one.stands(today)]
    acts = catalogue.current().closed_acts.values()
    letters = [sheet for act in acts for sheet in act.handouts if sheet.kind == "letter"]
    return [letters[0].title] * bool(standing and letters)


def sex_education_in(module: LessonModule) -> str:
    """Give "yes" for a module that contains sex education, "some" where the school draws the line, else an empty text."""
    if Gate.W in module.gates or module.home_activity.sex_education:
        return "yes"
    return "some" if Gate.W_UNSETTLED in module.gates else ""


def is_secondary(modules: Collection[ViewedModule]) -> bool:
    """Say whether these are a secondary class's modules, to which the rules of sex education in RSE apply in full."""
    return any(one.module.stage in _SECONDARY for one in modules)


def contact_classes(contact_id: int) -> list[int]:
    """Give the classes a joined contact hears about."""
    wanted = (
        select(ParentCarerClass.teaching_group_id)
        .join(ParentCarer, ParentCarer.id == ParentCarerClass.parent_carer_id)
        .where(ParentCarer.id == contact_id, ParentCarer.state == ContactState.JOINED)
    )
    return list(session().scalars(wanted.order_by(ParentCarerClass.id)))


def missing_entries(group_ids: Collection[int]) -> list[tuple[int, str, int]]:
    """Give (class, module, revision) that families can see and the log does not know yet. Two statements."""
    planned = select(PlannedLesson.teaching_group_id, PlannedLesson.module_id).where(
        PlannedLesson.teaching_group_id.in_(group_ids), PlannedLesson.state != PlanState.WITHDRAWN
    )
    known = set(session().execute(select(ViewingEntry.teaching_group_id, ViewingEntry.module_id, ViewingEntry.revision)).all())
    shown = []
    for row in session().execute(planned.distinct()):
        module = live_module(row.module_id)
        if module is not None and not module.is_closed:
            shown.append((row.teaching_group_id, module.id, module.revision))
    return sorted(set(shown) - known)


def viewing_figures(group_ids: Collection[int]) -> dict[int, ViewingFigures]:
    """Give the log of each of these classes in figures. Two statements."""
    entries = session().execute(
        select(ViewingEntry.teaching_group_id, func.count(ViewingEntry.module_id.distinct()), func.min(ViewingEntry.since))
        .where(ViewingEntry.teaching_group_id.in_(group_ids))
        .group_by(ViewingEntry.teaching_group_id)
    )
    opened = dict(
        session()
        .execute(
            select(ViewingCount.teaching_group_id, func.sum(ViewingCount.opened))
            .where(ViewingCount.teaching_group_id.in_(group_ids))
            .group_by(ViewingCount.teaching_group_id)
        )
        .all()
    )
    found = {group_id: ViewingFigures(count, since, opened.get(group_id, 0)) for group_id, count, since in entries}
    return {group_id: found.get(group_id, ViewingFigures(0, None, opened.get(group_id, 0))) for group_id in group_ids}


def viewing_log(group_id: int) -> Sequence[ViewingEntry]:
    """Give what the families of a class could see, in which revision, since when."""
    wanted = select(ViewingEntry).where(ViewingEntry.teaching_group_id == group_id)
    return session().scalars(wanted.order_by(ViewingEntry.since, ViewingEntry.module_id, ViewingEntry.revision)).all()


def newest_policy() -> PolicyDocument | None:
    """Give the policy published last, without its content."""
    return session().scalars(select(PolicyDocument).order_by(PolicyDocument.id.desc()).limit(1)).one_or_none()


def policy_content(policy_id: int) -> bytes:
    """Give a policy as the PDF it is. Raises NotHere."""
    found = session().scalars(select(PolicyDocument.content).where(PolicyDocument.id == policy_id)).one_or_none()
    if found is None:
        raise NotHere
    return found


def open_consultation(today: date) -> Consultation | None:
    """Give the consultation that is open today, the newest if there are several."""
    wanted = select(Consultation).where(Consultation.opens_on <= today, Consultation.closes_on >= today)
    return session().scalars(wanted.order_by(Consultation.id.desc()).limit(1)).one_or_none()


def consultation_results(today: date) -> list[ConsultationResults]:
    """Give all consultations, newest first, with the answers of those that are over, from five families up. Two statements.

    While one is open each new family would be the difference between two days.
    """
    rows = session().execute(
        select(Consultation, PolicyDocument.title)
        .join(PolicyDocument, PolicyDocument.id == Consultation.policy_document_id)
        .order_by(Consultation.id.desc())
    )
    answers = session().execute(
        select(
            ConsultationAnswer.consultation_id,
            ConsultationAnswer.question,
            ConsultationAnswer.opinion,
            func.count(ConsultationAnswer.id).label("n"),
        ).group_by(ConsultationAnswer.consultation_id, ConsultationAnswer.question, ConsultationAnswer.opinion)
    )
    counts: dict[int, dict[tuple[ConsultationQuestion, Opinion], int]] = {}
    for row in answers:
        counts.setdefault(row.consultation_id, {})[row.question, row.opinion] = row.n
    return [_results(consultation, title, counts.get(consultation.id, {}), today) for consultation, title in rows]


def _results(
    consultation: Consultation, title: str, counts: Mapping[tuple[ConsultationQuestion, Opinion], int], today: date
) -> ConsultationResults:
    families = sum(counts.get((ConsultationQuestion.OVERALL, opinion), 0) for opinion in Opinion)
    may_be_shown = families >= SMALLEST_SHOWN and consultation.closes_on < today
    return ConsultationResults(consultation, title, families, counts if may_be_shown else {})
