"""What is brought into an installation as a whole: a backup, or everything an installation on another engine holds."""

from eduprog.scheduler.importers.backups import CannotRestore, check_backup, restore
from eduprog.scheduler.importers.moving import CannotMove, check_target, copy_everything

__all__ = ["CannotMove", "CannotRestore", "check_backup", "check_target", "copy_everything", "restore"]
