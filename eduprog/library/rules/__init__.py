"""What the library decides without looking anything up: which lessons fit a filter, what to look for, what fits on a slide."""

from eduprog.library.rules.filters import LENGTHS, Length, Wanted
from eduprog.library.rules.searching import page_of, query_for
from eduprog.library.rules.slides import SIZES, Size, lines_of, packed, size_for

__all__ = ["LENGTHS", "SIZES", "Length", "Size", "Wanted", "lines_of", "packed", "page_of", "query_for", "size_for"]
