"""What the library decides without looking anything up: which lessons fit a filter, and what words to look for."""

from eduprog.library.rules.filters import LENGTHS, Length, Wanted
from eduprog.library.rules.searching import page_of, query_for

__all__ = ["LENGTHS", "Length", "Wanted", "page_of", "query_for"]
