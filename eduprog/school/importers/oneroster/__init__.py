"""OneRoster 1.1 and 1.2 as CSV: full sets and sets of changes, on the standard and off it."""

from eduprog.school.importers.oneroster.files import is_read, looks_like_oneroster
from eduprog.school.importers.oneroster.reading import read_oneroster

__all__ = ["is_read", "looks_like_oneroster", "read_oneroster"]
