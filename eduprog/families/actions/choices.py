"""Keep what a school chooses for its families."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Conflict
from eduprog.core.permissions import Actor
from eduprog.families import queries
from eduprog.families.models import FamilyChoices
from eduprog.families.rules import SHIPPED_LANGUAGES


class ChoicesChanged(Conflict):
    """Somebody else changed these choices while you were looking at them. Check what they say now and save again."""


def save_choices(
    *, version: int, sentences_need_approval: bool, draft_languages: Iterable[str], by: Actor, now: datetime
) -> None:
    """Replace a school's choices; languages we do not ship are left out. Raises ChoicesChanged."""
    held = queries.choices_row()
    if (held.version if held else 0) != version:
        raise ChoicesChanged
    if held is None:
        held = FamilyChoices()
        session().add(held)
    languages = ",".join(sorted(set(draft_languages) & set(SHIPPED_LANGUAGES)))
    held.sentences_need_approval, held.draft_languages = sentences_need_approval, languages
    session().flush()
    audit.record(act="family choices saved", subject="family_choices", subject_id=held.id, by=by, at=now, languages=languages)
