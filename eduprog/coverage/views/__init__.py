"""The pages of coverage."""

from eduprog.coverage.views import board, clock, evidence, fidelity, own_frameworks, pages, statements
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.board import first_page_of_lead

__all__ = ["blueprint", "board", "clock", "evidence", "fidelity", "first_page_of_lead", "own_frameworks", "pages", "statements"]
