"""The library's doors: pages to find, read and teach from, and PDFs to take along."""

from eduprog.library.views import (
    adapting,
    browsing,
    closed_pack,
    mapping,
    own_modules,
    packs,
    pages,
    printing,
    pupils_help,
    readiness,
    teaching,
)
from eduprog.library.views.blueprint import blueprint

__all__ = [
    "adapting", "blueprint", "browsing", "closed_pack", "mapping", "own_modules", "packs", "pages", "printing", "pupils_help",
    "readiness", "teaching",
]  # fmt: skip
