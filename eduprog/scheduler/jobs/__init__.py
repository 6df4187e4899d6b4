"""Running what features declare: once, or again and again beside the web server."""

from eduprog.scheduler.jobs.clockwork import Clockwork
from eduprog.scheduler.jobs.running import Heartbeat, Ran, run_job, run_once

__all__ = ["Clockwork", "Heartbeat", "Ran", "run_job", "run_once"]
