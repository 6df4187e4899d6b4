"""Bring in a school's own framework, map it, and record what other subjects, days and visitors contribute."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.coverage.importers import WrittenStatement
from eduprog.coverage.models import Contribution, SchoolFramework, SchoolStatement, StatementMapping
from eduprog.coverage.rules.contributions import ContributionKind
from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.vocabulary import HalfTermBlock, YearGroup


class FrameworkKnown(Refusal):
    """A framework with this title and version is here already. Give the new one another version."""


class NoSuchClause(Refusal):
    """One of the clauses named does not stand in the framework. Check its id and save again."""


class ContributionKnown(Refusal):
    """That is recorded already for this year group, half-term and clause."""


def bring_in_framework(
    *, title: str, version: str, statements: Sequence[WrittenStatement], by: Actor, now: datetime
) -> SchoolFramework:
    """Keep a school's framework with its statements in order. Raises FrameworkKnown."""
    same = select(SchoolFramework.id).where(SchoolFramework.title == title, SchoolFramework.version == version)
    if session().scalars(same).first() is not None:
        raise FrameworkKnown
    added = SchoolFramework(title=title, version=version, imported_at=now, imported_by=by.person_id)
    session().add(added)
    session().flush()
    session().add_all(
        SchoolStatement(
            school_framework_id=added.id, code=one.code, words=one.words, by_end_of=one.by_end_of, position=position
        )
        for position, one in enumerate(statements, start=1)
    )  # fmt: skip
    session().flush()
    audit.record(
        act="framework brought in", subject="school_framework", subject_id=added.id, by=by, at=now, statements=len(statements)
    )
    return added


def map_statements(
    *, school_framework_id: int, to: Framework, clauses: Mapping[int, Collection[str]], by: Actor, now: datetime
) -> int:
    """Say for each statement named which clauses of a framework, in its present version, it asks for; give the mappings made.

    Mappings made for other versions stay as they are. Raises NotHere, or NoSuchClause.
    """
    own = select(SchoolStatement.id).where(SchoolStatement.school_framework_id == school_framework_id)
    known = set(session().scalars(own))
    if not known or not set(clauses) <= known:
        raise NotHere
    if any(clause not in to.clauses for several in clauses.values() for clause in several):
        raise NoSuchClause
    session().execute(
        delete(StatementMapping).where(
            StatementMapping.school_statement_id.in_(clauses), StatementMapping.framework_id == to.id,
            StatementMapping.framework_version == to.version,
        )
    )  # fmt: skip
    rows = [
        StatementMapping(
            school_statement_id=statement_id, framework_id=to.id, framework_version=to.version, clause_id=clause, mapped_at=now,
            mapped_by=by.person_id,
        )
        for statement_id, several in clauses.items()
        for clause in sorted(set(several))
    ]  # fmt: skip
    session().add_all(rows)
    session().flush()
    audit.record(
        act="framework mapped", subject="school_framework", subject_id=school_framework_id, by=by, at=now, to=to.id,
        version=to.version, mappings=len(rows),
    )  # fmt: skip
    return len(rows)


def remove_framework(*, school_framework_id: int, by: Actor, now: datetime) -> None:
    """Take a school's framework away, with its statements and mappings. Raises NotHere."""
    found = session().scalars(select(SchoolFramework).where(SchoolFramework.id == school_framework_id)).one_or_none()
    if found is None:
        raise NotHere
    session().delete(found)
    audit.record(act="framework removed", subject="school_framework", subject_id=school_framework_id, by=by, at=now)


def record_contribution(
    *,
    academic_year_id: int,
    year_group: YearGroup,
    kind: ContributionKind,
    to: Framework,
    clause_id: str,
    block: HalfTermBlock,
    by: Actor,
    now: datetime,
) -> Contribution:
    """Record that a clause was taught to a year group outside this programme. Raises NoSuchClause or ContributionKnown."""
    if clause_id not in to.clauses:
        raise NoSuchClause
    facts = {
        "academic_year_id": academic_year_id, "year_group": year_group, "kind": kind, "framework_id": to.id,
        "framework_version": to.version, "clause_id": clause_id, "block": block,
    }  # fmt: skip
    if session().scalars(select(Contribution.id).filter_by(**facts)).first() is not None:
        raise ContributionKnown
    added = Contribution(**facts, recorded_at=now, recorded_by=by.person_id)
    session().add(added)
    session().flush()
    audit.record(
        act="contribution recorded", subject="contribution", subject_id=added.id, by=by, at=now, clause=clause_id, kind=kind
    )
    return added


def remove_contribution(*, contribution_id: int, by: Actor, now: datetime) -> None:
    """Take back a record of teaching elsewhere. Raises NotHere."""
    found = session().scalars(select(Contribution).where(Contribution.id == contribution_id)).one_or_none()
    if found is None:
        raise NotHere
    session().delete(found)
    audit.record(act="contribution removed", subject="contribution", subject_id=contribution_id, by=by, at=now)
