"""Running what features declare: once, or again and again beside the web server."""

from eduprog.scheduler.jobs.clockwork import Clockwork
from eduprog.scheduler.jobs.nightly import JOBS
from eduprog.scheduler.jobs.running import Heartbeat, Ran, run_job, run_once

__all__ = ["JOBS", "Clockwork", "Heartbeat", "Ran", "run_job", "run_once"]
