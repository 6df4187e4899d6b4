"""The pages of coverage."""

from eduprog.coverage.views.pages import blueprint

__all__ = ["blueprint"]
