"""A school's own frameworks with how they are mapped, and what is taught outside this programme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.coverage.models import Contribution, SchoolFramework, SchoolStatement, StatementMapping
from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.vocabulary import YearGroup


@dataclass(frozen=True, slots=True)
class OwnStatement:
    """A statement of a school's framework with the clauses it is mapped to, and how many mappings are of another version."""

    id: int
    code: str
    words: str
    by_end_of: YearGroup | None
    clauses: tuple[str, ...]
    other_versions: int


@dataclass(frozen=True)
class OwnFramework:
    """A framework the school brought in."""

    id: int
    title: str
    version: str
    statements: Sequence[OwnStatement]

    @property
    def mapped(self) -> int:
        """Count the statements that are mapped."""
        return sum(bool(one.clauses) for one in self.statements)


def own_frameworks(to: Framework, *, only: int | None = None) -> list[OwnFramework]:
    """Give the school's frameworks, by title, mapped to one framework in its present version. Three statements."""
    wanted = select(SchoolFramework).order_by(SchoolFramework.title, SchoolFramework.version)
    held = session().scalars(wanted if only is None else wanted.where(SchoolFramework.id == only)).all()
    ids = [one.id for one in held]
    asked = select(SchoolStatement).where(SchoolStatement.school_framework_id.in_(ids)).order_by(SchoolStatement.position)
    statements = session().scalars(asked).all()
    mappings = _mappings([one.id for one in statements], to)
    return [
        OwnFramework(
            one.id, one.title, one.version,
            [
                OwnStatement(row.id, row.code, row.words, row.by_end_of, *mappings.get(row.id, ((), 0)))
                for row in statements
                if row.school_framework_id == one.id
            ],
        )
        for one in held
    ]  # fmt: skip


def own_framework(school_framework_id: int, to: Framework) -> OwnFramework:
    """Give one of the school's frameworks. Raises NotHere."""
    found = own_frameworks(to, only=school_framework_id)
    if not found:
        raise NotHere
    return found[0]


def _mappings(statement_ids: Sequence[int], to: Framework) -> dict[int, tuple[tuple[str, ...], int]]:
    wanted = select(StatementMapping).where(StatementMapping.school_statement_id.in_(statement_ids))
    found: dict[int, tuple[tuple[str, ...], int]] = {}
    for row in session().scalars(wanted.order_by(StatementMapping.clause_id)):
        clauses, others = found.get(row.school_statement_id, ((), 0))
        if (row.framework_id, row.framework_version) == (to.id, to.version):
            found[row.school_statement_id] = ((*clauses, row.clause_id), others)
        else:
            found[row.school_statement_id] = (clauses, others + 1)
    return found


def contributions(academic_year_id: int, to: Framework) -> Sequence[Contribution]:
    """Give what was recorded as taught elsewhere in a year, for one framework in its present version."""
    wanted = select(Contribution).where(
        Contribution.academic_year_id == academic_year_id, Contribution.framework_id == to.id,
        Contribution.framework_version == to.version,
    )  # fmt: skip
    return session().scalars(wanted.order_by(Contribution.clause_id, Contribution.year_group, Contribution.id)).all()


def taught_elsewhere(academic_year_id: int, to: Framework) -> dict[str, int]:
    """Count, by clause, the records of teaching elsewhere."""
    return dict(Counter(row.clause_id for row in contributions(academic_year_id, to)))
