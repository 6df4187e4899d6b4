"""What can become of an act, which acts a year asks for, how an aspect stands, and the picture of the year."""

from eduprog.wholeschool.rules.figures import AspectFigures, Counted, figures_of
from eduprog.wholeschool.rules.states import (
    EVIDENCE_LENGTH,
    MOST_ATTENDED,
    TITLE_LENGTH,
    ActState,
    DropReason,
    look_of,
    usual_aspect,
)
from eduprog.wholeschool.rules.suggesting import Suggestion, expected_in, suggest
from eduprog.wholeschool.rules.wheel import Dot, Month, Wheel, WheelItem, year_wheel

__all__ = [
    "EVIDENCE_LENGTH", "MOST_ATTENDED", "TITLE_LENGTH", "ActState", "AspectFigures", "Counted", "Dot", "DropReason", "Month",
    "Suggestion", "Wheel", "WheelItem", "expected_in", "figures_of", "look_of", "suggest", "usual_aspect", "year_wheel",
]  # fmt: skip
