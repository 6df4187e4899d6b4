"""Pages of planning: the year, schemes of work, classes, single lessons, calendar addresses."""

from __future__ import annotations

from eduprog.planning.views import classes, conditions, feeds, lessons, mapped, schemes, year
from eduprog.planning.views.blueprint import blueprint

__all__ = ["blueprint", "classes", "conditions", "feeds", "lessons", "mapped", "schemes", "year"]
