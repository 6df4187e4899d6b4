"""The library's doors: pages to read and teach from, and PDFs to take along."""

from eduprog.library.views import pages, printing
from eduprog.library.views.blueprint import blueprint

__all__ = ["blueprint", "pages", "printing"]
