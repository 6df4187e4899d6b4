"""A school's own frameworks with how they are mapped, and what is taught outside this programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import BindParameter, String, Table, bindparam, func, select, type_coerce

from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.tenancy import current_school_id
from eduprog.coverage.models import Contribution, SchoolFramework, SchoolStatement, StatementMapping
from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.vocabulary import YearGroup

_EVERY = 0
"""What stands for `only` where all frameworks of the school are meant."""


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


_SCHOOL: BindParameter[int] = bindparam("school")
_HEADS, _ROWS, _TIED = (cast(Table, one.__table__) for one in (SchoolFramework, SchoolStatement, StatementMapping))
_STATEMENTS = (
    select(
        _HEADS.c.id, _HEADS.c.title, _HEADS.c.version,
        _ROWS.c.id, _ROWS.c.code, _ROWS.c.words, type_coerce(_ROWS.c.by_end_of, String),
    )
    .join_from(
        _HEADS, _ROWS, (_ROWS.c.school_id == _HEADS.c.school_id) & (_ROWS.c.school_framework_id == _HEADS.c.id), isouter=True
    )
    .where(_HEADS.c.school_id == _SCHOOL, (bindparam("only") == _EVERY) | (_HEADS.c.id == bindparam("only")))
    .order_by(_HEADS.c.title, _HEADS.c.version, _HEADS.c.id, _ROWS.c.position)
)  # fmt: skip
_MAPPINGS = (
    select(_TIED.c.school_statement_id, _TIED.c.framework_id, _TIED.c.framework_version, _TIED.c.clause_id)
    .join_from(_TIED, _ROWS, (_ROWS.c.school_id == _TIED.c.school_id) & (_ROWS.c.id == _TIED.c.school_statement_id))
    .where(_TIED.c.school_id == _SCHOOL, (bindparam("only") == _EVERY) | (_ROWS.c.school_framework_id == bindparam("only")))
    .order_by(_TIED.c.clause_id)
)
_OTHERS = cast(Table, Contribution.__table__).c
_ELSEWHERE = (
    select(_OTHERS.clause_id, func.count())
    .where(
        _OTHERS.school_id == _SCHOOL, _OTHERS.academic_year_id == bindparam("year"),
        _OTHERS.framework_id == bindparam("framework"), _OTHERS.framework_version == bindparam("version"),
    )
    .group_by(_OTHERS.clause_id)
)  # fmt: skip
"""All stand ready for any school, on bare tables: they name their school themselves."""


def own_frameworks(to: Framework, *, only: int | None = None) -> list[OwnFramework]:
    """Give the school's frameworks, by title, mapped to one framework in its present version. Two statements."""
    asked = {"school": current_school_id(), "only": only or _EVERY}
    session().flush()
    mappings = _mappings(asked, to)
    found: dict[tuple[int, str, str], list[OwnStatement]] = {}
    for id_, title, version, statement_id, code, words, by_end_of in session().execute(_STATEMENTS, asked).all():
        statements = found.setdefault((id_, title, version), [])
        if statement_id is not None:
            year = YearGroup(by_end_of) if by_end_of else None
            statements.append(OwnStatement(statement_id, code, words, year, *mappings.get(statement_id, ((), 0))))
    return [OwnFramework(*head, statements) for head, statements in found.items()]


def own_framework(school_framework_id: int, to: Framework) -> OwnFramework:
    """Give one of the school's frameworks. Raises NotHere."""
    found = own_frameworks(to, only=school_framework_id)
    if not found:
        raise NotHere
    return found[0]


def _mappings(asked: dict[str, int], to: Framework) -> dict[int, tuple[tuple[str, ...], int]]:
    found: dict[int, tuple[tuple[str, ...], int]] = {}
    for statement_id, framework_id, version, clause_id in session().execute(_MAPPINGS, asked).all():
        clauses, others = found.get(statement_id, ((), 0))
        is_to = (framework_id, version) == (to.id, to.version)
        found[statement_id] = ((*clauses, clause_id), others) if is_to else (clauses, others + 1)
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
    session().flush()
    asked = {"school": current_school_id(), "year": academic_year_id, "framework": to.id, "version": to.version}
    return {clause_id: number for clause_id, number in session().execute(_ELSEWHERE, asked).all()}
