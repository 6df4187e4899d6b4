"""What the doctor looks at: settings, database, disk, clock, jobs, mail, lessons, help lines and backups."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.jobs import Job, SiteJob
from eduprog.core.settings import Settings
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.mail import queries as mail
from eduprog.mail.rules import MailState
from eduprog.organisations import queries as organisations
from eduprog.scheduler.queries.running import found_revision, job_states, known_revision
from eduprog.scheduler.queries.storage import damage, database_moment, keeps_checksums, log_damage, sqlite_path
from eduprog.scheduler.rules import Finding, Verdict, is_stuck

_MEGABYTE = 1024 * 1024
_SOON = timedelta(days=30)
_BACKUP_AGE = timedelta(days=8)


def examine(settings: Settings, jobs: Sequence[Job | SiteJob], now: datetime, *, thorough: bool = False) -> list[Finding]:
    """Look at everything once and give what was found, in the order in which one would mend it."""
    found = [*_settings(settings), *_disk(settings), *_database(settings, thorough=thorough)]
    if all(one.verdict is not Verdict.FAULT for one in found if one.what in ("Schema", "Database")):
        found += [*_jobs(settings, jobs, now), *_outbox(now), *_audit(thorough=thorough)]
    return [*found, *_clock(settings, now), *_lessons(now), *_backups(settings, now)]


def _well(what: str, sentence: str) -> Finding:
    return Finding(what, Verdict.WELL, sentence)


def _look(what: str, sentence: str) -> Finding:
    return Finding(what, Verdict.LOOK, sentence)


def _fault(what: str, sentence: str) -> Finding:
    return Finding(what, Verdict.FAULT, sentence)


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.DEMO:
        yield _look("Settings", "This is a demo: everybody can be anybody. Set DEMO = False before real people use it.")
    if settings.secure and settings.SECOND_FACTOR == "off":
        yield _look("Settings", "SECOND_FACTOR is off: a stolen password of an admin opens everything. Set it to leads.")
    if settings.MAIL_FROM.endswith("@localhost>") and not settings.on_loopback:
        yield _look("Settings", "MAIL_FROM still says localhost; mail from it is thrown away. Set an address of your own.")
    if settings.MAIL_TRANSPORT == "folder":
        yield _look("Settings", "MAIL_TRANSPORT is folder: no mail leaves, it is written to files. Set it to smtp.")
    yield _well("Settings", f"People reach eduprog at {settings.BASE_URL}.")


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    told = f"{free // _MEGABYTE:,} MB are free where {settings.DATA_DIR} lies"
    if free < 200 * _MEGABYTE:
        yield _fault("Disk", f"Only {told}. Make room now: a full disk stops every record.")
    elif free < 1024 * _MEGABYTE:
        yield _look("Disk", f"{told}. Make room soon.")
    else:
        yield _well("Disk", f"{told}.")
    try:
        with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR) as file:
            file.write(b"eduprog")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        yield _fault("Disk", f"{settings.DATA_DIR} cannot be written to: {problem.strerror}. Check its owner and the disk.")


def _database(settings: Settings, *, thorough: bool) -> Iterator[Finding]:
    try:
        broken = log_damage(settings.DATABASE_URL) or damage(thorough=thorough)
    except SQLAlchemyError as problem:
        yield _fault("Database", f"The database does not answer: {type(problem).__name__}. Check DATABASE_URL and the server.")
        return
    if broken:
        yield _fault("Database", f"It is damaged ({broken}). Stop eduprog and restore the newest backup: docs/operations.md.")
        return
    if keeps_checksums():
        yield _well("Database", _sound(settings, thorough=thorough))
    else:
        yield _look(
            "Database", "It keeps no checksums, so a damaged page goes unseen: pg_checksums --enable, with the server stopped."
        )
    found, known = found_revision(), known_revision()
    if found == known:
        yield _well("Schema", f"It is {known}, as this eduprog needs.")
    else:
        yield _fault("Schema", f"It is {found or 'empty'}, this eduprog needs {known}. Run: eduprog db upgrade")


def _sound(settings: Settings, *, thorough: bool) -> str:
    if sqlite_path(settings.DATABASE_URL) is not None:
        return "It answers and is not damaged."
    return "It answers, and every page of its tables is sound." if thorough else "It answers. With --thorough every page is read."


def _jobs(settings: Settings, jobs: Sequence[Job | SiteJob], now: datetime) -> Iterator[Finding]:
    states = job_states(jobs, now)
    silent = [one.name for one in states if one.silent]
    faulty = [f"{one.name} ({one.fault})" for one in states if one.fault]
    if silent:
        yield _fault("Jobs", f"Nothing was heard of {_listed(silent)}. {_who_runs_them(settings)}")
    if faulty:
        yield _look("Jobs", f"The last run met a fault: {_listed(faulty)}. The log says more.")
    if not silent and not faulty:
        yield _well("Jobs", f"All {len(states)} have run lately.")


def _who_runs_them(settings: Settings) -> str:
    if settings.SCHEDULER:
        return "Is eduprog serve running?"
    return "Is eduprog worker running? With SCHEDULER = True eduprog serve runs them itself."


def _outbox(now: datetime) -> Iterator[Finding]:
    outbox = mail.outbox_state()
    failed = outbox.counts.get(MailState.FAILED, 0)
    if is_stuck(outbox.oldest_due, now):
        yield _fault("Outbox", "Mail is not leaving: the oldest message has been due for more than a quarter of an hour.")
    if failed:
        yield _look("Outbox", f"{failed} messages could not be delivered. Their senders see which, and why.")
    if outbox.waiting_for_people:
        yield _look("Outbox", f"{outbox.waiting_for_people} messages in doubt wait for a person of their school.")
    if not failed and not outbox.waiting_for_people and not is_stuck(outbox.oldest_due, now):
        yield _well("Outbox", "Nothing is stuck.")


def _audit(*, thorough: bool) -> Iterator[Finding]:
    if not thorough:
        return
    for school in organisations.schools():
        with school_scope(school.id):
            broken = audit.broken_at()
        session().expunge_all()
        if broken is not None:
            yield _fault("Audit", f"The chain of school {school.id} does not fit from entry {broken} on: it was changed by hand.")
    yield _well("Audit", "Every school's chain was walked.")


def _clock(settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        theirs = database_moment()
    except SQLAlchemyError:
        return
    apart = abs((theirs - now).total_seconds()) if theirs and not settings.DEMO else 0.0
    if apart > 60:
        yield _fault("Clock", f"This machine and the database are {apart:.0f} seconds apart. Switch on time synchronisation.")
    elif now.year < 2026:
        yield _fault("Clock", f"This machine thinks it is {now:%d %B %Y}. Set its clock.")
    else:
        yield _well("Clock", f"It is {now:%H:%M} UTC on {now:%d %B %Y}.")


def _lessons(now: datetime) -> Iterator[Finding]:
    current, today = catalogue.current(), now.date()
    yield _well("Lessons", f"{len(current.modules)} modules and {len(current.acts)} acts are read and sound.")
    over = [one.name for one in current.all_help_sources if not one.shown_on(today)]
    soon = [one.name for one in current.all_help_sources if one.shown_on(today) and not one.shown_on(today + _SOON)]
    if over:
        yield _fault("Help lines", f"No longer shown, because nobody checked them: {_listed(over)}. Update eduprog or the file.")
    if soon:
        yield _look("Help lines", f"To be checked within 30 days: {_listed(soon)}.")
    if not over and not soon:
        yield _well("Help lines", f"All {len(current.all_help_sources)} were checked lately.")


def _backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    if sqlite_path(settings.DATABASE_URL) is None:
        yield _look(
            "Backups",
            "PostgreSQL's own tools make them, where we cannot see: is last night's there, and did pg_verifybackup like it?",
        )
        return
    folder = settings.DATA_DIR / "backups"
    newest = max((path.stat().st_mtime for path in _manifests(folder)), default=None)
    if newest is None:
        yield _look("Backups", f"There is none in {folder}. Run eduprog backup every night, and keep copies on another machine.")
    elif now.timestamp() - newest > _BACKUP_AGE.total_seconds():
        yield _look("Backups", "The newest is more than eight days old. Is the nightly backup still running?")
    else:
        yield _well("Backups", "The newest is less than eight days old.")


def _manifests(folder: Path) -> Iterable[Path]:
    return folder.glob("*/manifest.json") if folder.is_dir() else ()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
