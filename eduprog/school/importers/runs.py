"""An import from its upload to its undoing: preview, answers, apply, undo. The files themselves are never kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eduprog.core import audit, crypto
from eduprog.core.db import session
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.school.importers.applying import apply_differences
from eduprog.school.importers.columns import Field
from eduprog.school.importers.comparing import compare
from eduprog.school.importers.differences import Differences
from eduprog.school.importers.known import known
from eduprog.school.importers.reading import read_files
from eduprog.school.importers.undoing import undo_differences
from eduprog.school.importers.uploads import Upload
from eduprog.school.importers.values import Key, Roster
from eduprog.school.models import AcademicYear, ImportChoice, ImportRun
from eduprog.school.rules import ImportChoiceKind, ImportKind, ImportState

_LONGEST_ANSWER = 254
_PREVIEW_KEPT = timedelta(days=7)
_REMEMBERED = ("subject-", "period:", "minutes:", "staff:", "scope", "org")


class NotWaiting(Refusal):
    """This import has been applied or dropped already."""


class QuestionsOpen(Refusal):
    """Answer the questions first."""


class SomethingChanged(Conflict):
    """Classes or staff changed while you were looking. Look at the differences again, then apply."""


class NotTheLast(Refusal):
    """Only the last import can be undone, and only once."""


def start_run(
    *,
    uploads: Sequence[Upload],
    academic_year_id: int,
    columns: Mapping[int, Field] | None = None,
    by: Actor,
    now: datetime,
    today: date,
) -> ImportRun:
    """Read files and keep what they say for a preview; nothing of the school changes. Earlier previews are dropped,
    but for one of the very same files: that is given again.

    Raises FileRefused, ColumnsNeeded (choose columns, upload again) or NotHere for an academic year of another school.
    """
    starts_on = session().scalar(select(AcademicYear.starts_on).where(AcademicYear.id == academic_year_id))
    if starts_on is None:
        raise NotHere
    key, remembered = _key(academic_year_id), _remembered_columns()
    read = read_files(uploads, columns=columns, remembered=remembered, key=key, today=today, year_starts_on=starts_on)
    roster = read.roster.model_dump(mode="json")
    for waiting in session().scalars(select(ImportRun).where(ImportRun.state == ImportState.PREVIEWED)):
        if columns is None and waiting.academic_year_id == academic_year_id and waiting.read == roster:
            return waiting
        _drop(waiting)
    if columns is not None and read.columns is not None:
        chosen = {str(place): what.value for place, what in read.columns.items()}
        _remember(ImportChoiceKind.COLUMNS, read.headings_digest, chosen, now)
    run = ImportRun(
        academic_year_id=academic_year_id, kind=read.roster.kind, state=ImportState.PREVIEWED, started_at=now,
        started_by=by.person_id, file_digest=read.file_digest, read=roster,
        answers=_remembered_answers(read.roster.kind), counts={}, undo_record={},
    )  # fmt: skip
    session().add(run)
    session().flush()
    audit.record(act="import previewed", subject="import_run", subject_id=run.id, by=by, at=now, kind=run.kind)
    return run


def _key(academic_year_id: int) -> Key:
    school_id = current_school_id()

    def key(what: str, source: str) -> str:
        year = "" if what == "person" else academic_year_id
        return crypto.lookup_hash(f"import {what}", f"{school_id}\n{year}\n{source}")

    return key


def differences(run: ImportRun) -> Differences:
    """Give what a waiting import would do now. Changes nothing. Raises NotWaiting."""
    if run.state is not ImportState.PREVIEWED:
        raise NotWaiting
    return compare(Roster.model_validate(run.read), run.answers, known(run.academic_year_id))


def save_answers(*, run_id: int, answers: Mapping[str, str], by: Actor, now: datetime) -> Differences:
    """Keep answers to the questions an import asks; give what it would do now. Raises NotHere, NotWaiting."""
    run = import_run(run_id, lock=True)
    asked = {question.name for question in differences(run).questions}
    given = {name: value.strip()[:_LONGEST_ANSWER] for name, value in answers.items() if name in asked}
    run.answers = {**run.answers, **given}
    session().flush()
    audit.record(act="import answered", subject="import_run", subject_id=run.id, by=by, at=now, answers=len(given))
    return differences(run)


def apply_run(*, run_id: int, shown: str, by: Actor, now: datetime, today: date) -> ImportRun:
    """Do what the preview showed, all of it or nothing. `shown` is the digest of the differences that were looked at.

    Raises NotHere, NotWaiting, QuestionsOpen, SomethingChanged, or what a single change is refused for.
    """
    run = import_run(run_id, lock=True)
    found = differences(run)
    if not found.is_ready:
        raise QuestionsOpen
    if found.digest() != shown:
        raise SomethingChanged
    for earlier in session().scalars(select(ImportRun).where(ImportRun.state == ImportState.APPLIED)):
        earlier.undo_record = {}
    try:
        run.undo_record = apply_differences(run, found, by=by, now=now, today=today)
    except IntegrityError as problem:  # somebody was quicker: a class of that name, an invitation to that address
        raise SomethingChanged from problem
    run.state, run.applied_at, run.counts = ImportState.APPLIED, now, found.counts()
    remembered = {name: value for name, value in run.answers.items() if name.startswith(_REMEMBERED)}
    if remembered:
        _remember(ImportChoiceKind.ANSWERS, run.kind.value, remembered, now)
    run.read, run.answers = _suggestions_only(run.read), {}
    audit.record(act="import applied", subject="import_run", subject_id=run.id, by=by, at=now, **run.counts)
    session().flush()
    return run


def _suggestions_only(read: Mapping[str, Any]) -> dict[str, Any]:
    return {"sessions": read["sessions"]} if read.get("sessions") else {}


def drop_run(*, run_id: int, by: Actor, now: datetime) -> None:
    """Give up an import that was not applied; what was read is forgotten. Raises NotHere, NotWaiting."""
    run = import_run(run_id, lock=True)
    if run.state is not ImportState.PREVIEWED:
        raise NotWaiting
    _drop(run)
    audit.record(act="import dropped", subject="import_run", subject_id=run.id, by=by, at=now)


def drop_old_runs(*, by: Actor, now: datetime) -> int:
    """Drop previews older than a week; what they hold of staff is not needed any more. Give how many."""
    old = select(ImportRun).where(ImportRun.state == ImportState.PREVIEWED, ImportRun.started_at < now - _PREVIEW_KEPT)
    found = session().scalars(old.order_by(ImportRun.id)).all()
    for run in found:
        _drop(run)
        audit.record(act="import dropped", subject="import_run", subject_id=run.id, by=by, at=now)
    return len(found)


def _drop(run: ImportRun) -> None:
    run.state, run.read, run.answers = ImportState.DROPPED, {}, {}


def undo_run(*, run_id: int, by: Actor, now: datetime) -> int:
    """Undo the last import; give how many facts stayed because somebody changed them since.

    Raises NotHere, NotTheLast, or ClassesInUse.
    """
    run = import_run(run_id, lock=True)
    if not can_undo(run):
        raise NotTheLast
    kept = undo_differences(run, by=by, now=now)
    run.state, run.undone_at, run.undo_record = ImportState.UNDONE, now, {}
    audit.record(act="import undone", subject="import_run", subject_id=run.id, by=by, at=now, kept=kept)
    session().flush()
    return kept


def can_undo(run: ImportRun) -> bool:
    """Say whether an import can still be undone."""
    return run.state is ImportState.APPLIED and bool(run.undo_record)


def import_run(run_id: int, *, lock: bool = False) -> ImportRun:
    """Give an import of the current school; locked, nobody else changes it until we are done. Raises NotHere."""
    asked = select(ImportRun).where(ImportRun.id == run_id)
    found = session().scalars(asked.with_for_update() if lock else asked).one_or_none()
    if found is None:
        raise NotHere
    return found


def import_runs() -> Sequence[ImportRun]:
    """Give the imports of the current school, newest first; the last fifty."""
    return session().scalars(select(ImportRun).order_by(ImportRun.id.desc()).limit(50)).all()


def _remember(kind: ImportChoiceKind, digest: str, chosen: dict[str, Any], now: datetime) -> None:
    asked = select(ImportChoice).where(ImportChoice.kind == kind, ImportChoice.key_digest == digest)
    held = session().scalars(asked).one_or_none()
    if held is None:
        session().add(ImportChoice(kind=kind, key_digest=digest, chosen=chosen, chosen_at=now))
    else:
        held.chosen, held.chosen_at = {**held.chosen, **chosen} if kind is ImportChoiceKind.ANSWERS else chosen, now


def _remembered_columns() -> dict[str, dict[int, Field]]:
    rows = session().scalars(select(ImportChoice).where(ImportChoice.kind == ImportChoiceKind.COLUMNS)).all()
    return {row.key_digest: {int(place): Field(what) for place, what in row.chosen.items()} for row in rows}


def _remembered_answers(kind: ImportKind) -> dict[str, Any]:
    about = (ImportChoice.kind == ImportChoiceKind.ANSWERS, ImportChoice.key_digest == kind.value)
    asked = select(ImportChoice.chosen).where(*about)
    return dict(session().scalars(asked).one_or_none() or {})
