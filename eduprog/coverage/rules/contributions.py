"""Where else a clause may be taught: a closed list."""

from __future__ import annotations

from enum import StrEnum


class ContributionKind(StrEnum):
    """Another subject, a day, an assembly, a visitor, or a scheme the school bought."""

    SCIENCE = "science"
    COMPUTING = "computing"
    PHYSICAL_EDUCATION = "physical_education"
    RELIGIOUS_EDUCATION = "religious_education"
    ENGLISH = "english"
    HUMANITIES = "humanities"
    OTHER_PSHE = "other_pshe"
    DROP_DOWN_DAY = "drop_down_day"
    ASSEMBLY = "assembly"
    VISITOR = "visitor"

    @property
    def label(self) -> str:
        """Give the words of pages."""
        return _LABELS[self]


_LABELS = {
    ContributionKind.SCIENCE: "Science",
    ContributionKind.COMPUTING: "Computing",
    ContributionKind.PHYSICAL_EDUCATION: "Physical education",
    ContributionKind.RELIGIOUS_EDUCATION: "Religious education",
    ContributionKind.ENGLISH: "English",
    ContributionKind.HUMANITIES: "Humanities",
    ContributionKind.OTHER_PSHE: "Other PSHE lessons or scheme",
    ContributionKind.DROP_DOWN_DAY: "Drop-down day",
    ContributionKind.ASSEMBLY: "Assembly",
    ContributionKind.VISITOR: "Visitor",
}
