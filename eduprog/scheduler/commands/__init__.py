"""The commands that serve, dispatch, run jobs once, and bring the database up to date."""

from eduprog.scheduler.commands.database import db
from eduprog.scheduler.commands.once import scheduler
from eduprog.scheduler.commands.serving import dispatch, serve

__all__ = ["db", "dispatch", "scheduler", "serve"]
