"""What is written in the library: how sure a teacher feels, lessons of bought schemes, a school's own wording of a lesson."""

from eduprog.library.actions.confidence import OnlyPeople, say_confidence
from eduprog.library.actions.drafts import (
    NotSound,
    SameAsBefore,
    TooLong,
    approve_module,
    begin_module,
    bring_module,
    retire_module,
    save_module,
)
from eduprog.library.actions.mapping import MappedAlready, MappingChanged, bring_scheme, confirm, retire
from eduprog.library.actions.wording import (
    HarmfulWording,
    NothingChanged,
    approve_wording,
    faults_of,
    findings,
    go_back_to_ours,
    save_wording,
)
from eduprog.library.rules.own_modules import Beginning

__all__ = [
    "Beginning", "HarmfulWording", "MappedAlready", "MappingChanged", "NotSound", "NothingChanged", "OnlyPeople",
    "SameAsBefore", "TooLong",
    "approve_module", "approve_wording", "begin_module", "bring_module", "bring_scheme", "confirm", "faults_of", "findings",
    "go_back_to_ours", "retire", "retire_module", "save_module", "save_wording", "say_confidence",
]  # fmt: skip
