"""The figures a monitor reads: counts and ages, never a name, an address or a school."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eduprog.core.jobs import Job, SiteJob
from eduprog.mail import queries as mail
from eduprog.mail.rules import MailState
from eduprog.scheduler.queries.running import health, job_states
from eduprog.scheduler.rules import Measure


def measures(jobs: Sequence[Job | SiteJob], now: datetime) -> list[Measure]:
    """Give the figures of the installation. Where the database does not answer, only that."""
    found = health(jobs, now)
    parts = {"database": found.database, "schema": found.schema, "mail": found.mail_leaves, "clock": found.clock_ticks}
    told = [
        Measure("eduprog_well", "1 if this part works.", tuple(((("part", part),), float(well)) for part, well in parts.items()))
    ]
    if not found.ready:
        return told
    outbox = mail.outbox_state()
    late = max(0.0, (now - outbox.oldest_due).total_seconds()) if outbox.oldest_due else 0.0
    states = job_states(jobs, now)
    silent = tuple(((("job", one.name),), float(one.silent)) for one in states)
    faulty = tuple(((("job", one.name),), float(bool(one.fault))) for one in states)
    by_state = tuple(((("state", state.value),), float(outbox.counts.get(state, 0))) for state in MailState)
    return [
        *told,
        Measure("eduprog_messages", "Messages in the outbox by state.", by_state),
        Measure("eduprog_oldest_message_seconds", "How long the oldest unsent message has been due.", (((), late),)),
        Measure("eduprog_messages_in_doubt", "Messages that wait for a person.", (((), float(outbox.waiting_for_people)),)),
        Measure("eduprog_job_silent", "1 if nothing was heard of a job.", silent),
        Measure("eduprog_job_fault", "1 if a job's last run met a fault.", faulty),
    ]
