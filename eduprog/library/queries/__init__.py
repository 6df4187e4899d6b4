"""What the library's pages show: the curriculum with this school's own words in it, found by filters and by words."""

from eduprog.library.queries.contents import (
    HelpPart,
    Slide,
    act,
    acts,
    filler,
    help_parts,
    lesson,
    module,
    school_words,
    services,
    slides,
    ways_to_reach,
)
from eduprog.library.queries.finding import Shelf, find, shelves

__all__ = [
    "HelpPart", "Shelf", "Slide", "act", "acts", "filler", "find", "help_parts", "lesson", "module", "school_words", "services",
    "shelves", "slides", "ways_to_reach",
]  # fmt: skip
