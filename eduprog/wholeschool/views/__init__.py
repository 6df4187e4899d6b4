"""Pages of the whole-school work."""

from eduprog.wholeschool.views import acts, year  # noqa: F401 - they put the pages on the blueprint
from eduprog.wholeschool.views.blueprint import blueprint

__all__ = ["blueprint"]
