"""What the library's pages show: the curriculum with this school's own words in it, found by filters and by words."""

from eduprog.library.queries.contents import (
    HelpPart,
    act,
    acts,
    filler,
    help_parts,
    lesson,
    module,
    school_words,
    services,
    ways_to_reach,
)
from eduprog.library.queries.decks import Deck, Slide, SlideKind, deck
from eduprog.library.queries.finding import MOST_FOUND, Shelf, find, shelves

__all__ = [
    "MOST_FOUND", "Deck", "HelpPart", "Shelf", "Slide", "SlideKind", "act", "acts", "deck", "filler", "find", "help_parts",
    "lesson", "module", "school_words", "services", "shelves", "ways_to_reach",
]  # fmt: skip
