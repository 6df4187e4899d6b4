"""What is written in the library: how sure a teacher feels, and lessons of schemes a school bought."""

from eduprog.library.actions.confidence import OnlyPeople, say_confidence
from eduprog.library.actions.mapping import MappedAlready, bring_scheme, confirm, retire

__all__ = ["MappedAlready", "OnlyPeople", "bring_scheme", "confirm", "retire", "say_confidence"]
