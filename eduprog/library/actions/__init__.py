"""What is written in the library: how sure a teacher feels, lessons of bought schemes, a school's own wording of a lesson."""

from eduprog.library.actions.confidence import OnlyPeople, say_confidence
from eduprog.library.actions.mapping import MappedAlready, bring_scheme, confirm, retire
from eduprog.library.actions.wording import (
    HarmfulWording,
    NothingChanged,
    approve_wording,
    faults_of,
    go_back_to_ours,
    save_wording,
)

__all__ = [
    "HarmfulWording", "MappedAlready", "NothingChanged", "OnlyPeople", "approve_wording", "bring_scheme", "confirm", "faults_of",
    "go_back_to_ours", "retire", "save_wording", "say_confidence",
]  # fmt: skip
