"""Bring the lessons of a bought scheme, confirm what they are about, retire them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Skill, Strand
from eduprog.library.models import MappedLesson
from eduprog.library.queries import own
from eduprog.library.rules.mapping import MappedRow
from eduprog.library.rules.suggesting import suggested

USUAL_MINUTES = 50


class MappingChanged(Conflict):
    """Somebody changed what this lesson is about while you had it open. Look at how it stands now, then decide again."""


class MappedAlready(Refusal):
    """Some of these lessons are mapped for the same year group already."""


def bring_scheme(
    *, source: str, rows: Sequence[MappedRow], minutes: int = USUAL_MINUTES, by: Actor, now: datetime
) -> list[MappedLesson]:
    """Keep each row as a lesson of the scheme, with what its title suggests. Raises MappedAlready, naming the first."""
    standing = select(MappedLesson.title, MappedLesson.year_group).where(MappedLesson.retired_at.is_(None))
    known = {(title.casefold(), year) for title, year in session().execute(standing)}
    for row in rows:
        if (row.title.casefold(), row.year) in known:
            raise MappedAlready(f"“{row.title}” is mapped for {row.year.label} already. Take row {row.number} away.")
    number = session().scalar(select(func.count()).select_from(MappedLesson)) or 0
    framework = catalogue.current().framework
    added = []
    for row in rows:
        number += 1
        about = suggested(row.title, row.year, framework)
        added.append(
            MappedLesson(
                module_id=f"OWN{row.year.value.removeprefix('Y')}-{number}", source=source, title=row.title, year_group=row.year,
                block=row.block, minutes=minutes, strand=about.strand, added_by=by.id, added_at=now,
                tags={"skills": list(about.skills), "methods": list(about.methods), "clauses": list(about.clauses)},
            )
        )  # fmt: skip
    session().add_all(added)
    session().flush()
    own.forget(current_school_id())
    audit.record(act="scheme mapped", subject="mapped_lesson", subject_id=added[0].id, by=by, at=now, lessons=len(added))
    return added


def confirm(
    *,
    mapped_id: int,
    strand: Strand,
    skills: Sequence[Skill],
    clauses: Sequence[str],
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> MappedLesson:
    """Keep what a lesson is about as a person says it; only then do its clauses count.

    `seen` is the revision that the page showed, if it showed one. Raises NotHere or MappingChanged.
    """
    row = _row(mapped_id)
    tags = {**row.tags, "skills": list(skills), "clauses": list(clauses)}
    if row.confirmed_at is not None and row.strand is strand and row.tags == tags:
        return row
    if seen is not None and row.revision != seen:
        raise MappingChanged
    row.strand, row.tags = strand, tags
    row.confirmed_at, row.confirmed_by = now, by.id
    session().flush()
    own.forget(current_school_id())
    audit.record(act="mapped lesson confirmed", subject="mapped_lesson", subject_id=row.id, by=by, at=now, clauses=list(clauses))
    return row


def retire(*, mapped_id: int, by: Actor, now: datetime) -> MappedLesson:
    """Plan a mapped lesson no more; what was taught of it stays. Raises NotHere."""
    row = _row(mapped_id)
    row.retired_at = row.retired_at or now
    session().flush()
    own.forget(current_school_id())
    audit.record(act="mapped lesson retired", subject="mapped_lesson", subject_id=row.id, by=by, at=now)
    return row


def _row(mapped_id: int) -> MappedLesson:
    row = session().get(MappedLesson, mapped_id)
    if row is None:
        raise NotHere
    return row
