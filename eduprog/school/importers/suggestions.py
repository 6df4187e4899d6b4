"""What imported files say about terms: handed to the calendar as a suggestion, never written by an import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.school.importers.values import SessionEntry
from eduprog.school.models import ImportRun
from eduprog.school.rules import ImportState


@dataclass(frozen=True)
class TermSuggestion:
    """A term or year that another system knows; `kind` is that system's word, such as term or schoolYear."""

    title: str
    kind: str
    first_day: date
    last_day: date


def suggested_terms() -> list[TermSuggestion]:
    """Give the terms of the newest import that has any and was neither dropped nor undone, in order of first day."""
    kept = (ImportState.PREVIEWED, ImportState.APPLIED)
    rows = session().scalars(select(ImportRun.read).where(ImportRun.state.in_(kept)).order_by(ImportRun.id.desc()).limit(20))
    for read in rows:
        if read.get("sessions"):
            entries = [SessionEntry.model_validate(item) for item in read["sessions"]]
            terms = {TermSuggestion(e.title, e.kind, e.first_day, e.last_day) for e in entries}
            return sorted(terms, key=lambda term: (term.first_day, term.last_day, term.title))
    return []
