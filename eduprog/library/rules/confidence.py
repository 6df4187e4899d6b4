"""How sure a teacher feels about a module, and when a school may see a count of it."""

from __future__ import annotations

from enum import StrEnum

FEWEST_PEOPLE = 5  # below this a count would tell who said what


class Confidence(StrEnum):
    """What a teacher says with one tap, for themselves and for training, never for appraisal."""

    SURE = "sure"
    NEARLY = "nearly"
    HELP = "help"

    @property
    def label(self) -> str:
        """Return the words on the button."""
        return {"sure": "I feel sure", "nearly": "Nearly there", "help": "I would like help"}[self.value]
