"""Keep the place: note once a minute what time it is in the demo, so that a later start goes on from there."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from eduprog.core.jobs import SiteJob
from eduprog.core.settings import Settings
from eduprog.demo import actions, queries


def keep_place(now: datetime) -> int:
    """Note what time it is in the demo."""
    settings: Settings = current_app.extensions["eduprog"]
    place = queries.read_place(settings.DATA_DIR)
    if place is not None and place.at is not None and place.at > now:
        return 0  # somebody let time pass since we were told what time it is
    actions.note_place(data=settings.DATA_DIR, loaded=True, at=now)
    return 1


KEEP_PLACE = SiteJob("demo-keep-place", keep_place, every_seconds=30)
