"""Pages about families for staff, and pages for families themselves behind a class code or a signed link."""

from eduprog.families.views import home, joining, leaving, overview
from eduprog.families.views.blueprint import blueprint

__all__ = ["blueprint", "home", "joining", "leaving", "overview"]
