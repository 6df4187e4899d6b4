"""My week, the record of a lesson, a class, and a follow-up on one screen."""

from eduprog.delivery.views import conditions, cover, follow_ups, looks, offline, recording, supply, teaching, week
from eduprog.delivery.views.blueprint import blueprint

__all__ = ["blueprint", "conditions", "cover", "follow_ups", "looks", "offline", "recording", "supply", "teaching", "week"]
