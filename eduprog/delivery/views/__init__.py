"""My week, the record of a lesson, a class, and a follow-up on one screen."""

from eduprog.delivery.views import follow_ups, offline, recording, teaching, week
from eduprog.delivery.views.blueprint import blueprint

__all__ = ["blueprint", "follow_ups", "offline", "recording", "teaching", "week"]
