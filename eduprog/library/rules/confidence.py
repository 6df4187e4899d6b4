"""How sure a teacher feels about a module, and when a school may see a count of it."""

from __future__ import annotations

from enum import StrEnum

FEWEST_PEOPLE = 5  # below this a count would tell who said what


def about(people: int, of: int) -> str:
    """Give a share in fifths and in words, so that one more answer tomorrow does not tell what it was."""
    fifths = round(5 * people / of)
    return {0: "fewer than 1 in 5", 5: "nearly all"}.get(fifths, f"about {fifths} in 5")


class Confidence(StrEnum):
    """What a teacher says with one tap, for themselves and for training, never for appraisal."""

    SURE = "sure"
    NEARLY = "nearly"
    HELP = "help"

    @property
    def label(self) -> str:
        """Return the words on the button."""
        return {"sure": "I feel sure", "nearly": "Nearly there", "help": "I would like help"}[self.value]
