"""What a school has chosen for its families."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from eduprog.core.db import session
from eduprog.families.models import FamilyChoices


@dataclass(frozen=True)
class Choices:
    """A school's choices; `draft_languages` are those in which machine drafts may be shown and sent."""

    sentences_need_approval: bool = False
    draft_languages: frozenset[str] = frozenset()
    version: int = 0


def family_choices() -> Choices:
    """Give the current school's choices, the usual ones if it made none. One statement."""
    row = choices_row()
    if row is None:
        return Choices()
    return Choices(row.sentences_need_approval, frozenset(row.draft_languages.split(",")) - {""}, row.version)


def choices_row() -> FamilyChoices | None:
    """Give the row to change, if there is one."""
    return session().scalars(select(FamilyChoices)).one_or_none()
