"""The commands that serve, dispatch, run jobs once, look after the database, back it up and say what is wrong."""

from eduprog.scheduler.commands.backups import backup, restore
from eduprog.scheduler.commands.bill import sbom
from eduprog.scheduler.commands.database import db
from eduprog.scheduler.commands.doctor import doctor
from eduprog.scheduler.commands.moving import move
from eduprog.scheduler.commands.once import scheduler
from eduprog.scheduler.commands.serving import dispatch, serve, worker

db.add_command(move)

__all__ = ["backup", "db", "dispatch", "doctor", "restore", "sbom", "scheduler", "serve", "worker"]
