"""Write a module of one's own: every save is kept, one version is approved, nobody's words are lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Actor
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import HalfTermBlock
from eduprog.library.models import OwnDraft
from eduprog.library.queries import drafts, own
from eduprog.library.rules.own_modules import LONGEST_FILE, Beginning, Files, begun_from, next_id
from eduprog.library.rules.wording import WordingState
from eduprog.organisations.models import School


class NotSound(Refusal):
    """This version may not be approved: the checker found something in it."""


class SameAsBefore(Refusal):
    """Nothing is different from the version before; nothing was kept."""


class TooLong(Refusal):
    """A file of a module has at most 60,000 characters. Make it shorter."""


def begin_module(*, beginning: Beginning, pattern_id: str, block: HalfTermBlock, by: Actor, now: datetime) -> OwnDraft:
    """Begin a module of the school from the files of one of ours, with an id of its own; the same once more is once.

    Raises NotHere for another stage.
    """
    pattern = catalogue.ours().modules.get(pattern_id)
    if pattern is None or pattern.stage is not beginning.stage:
        raise NotHere
    _keep_others_out()
    words = drafts.files_of_ours(pattern_id)
    begun = select(OwnDraft).where(OwnDraft.number == 1, OwnDraft.written_by == by.id, OwnDraft.block == block)
    for row in session().scalars(begun.order_by(OwnDraft.id)):
        if dict(row.files) == dict(begun_from(words, beginning, row.module_id, pattern_id)):
            return row
    taken = dict.fromkeys(session().scalars(select(OwnDraft.module_id)))
    module_id = next_id(beginning, taken)
    files = begun_from(words, beginning, module_id, pattern_id)
    return _keep(module_id, files, block, based_on=0, act="module begun", by=by, now=now)


def save_module(*, module_id: str, files: Files, block: HalfTermBlock, based_on: int, by: Actor, now: datetime) -> OwnDraft:
    """Keep a version of a module beside all others, sound or not. Raises NotHere, SameAsBefore or TooLong.

    A version somebody else saved meanwhile stays: `based_on` of this one says which it began from. The same save once more
    is once.
    """
    _keep_others_out()
    before = drafts.draft(module_id, based_on)
    if (dict(before.files), before.block) == (dict(files), block):
        raise SameAsBefore
    newest = drafts.draft(module_id, drafts.latest_draft_number(module_id))
    saved = (newest.based_on, newest.written_by, newest.block, dict(newest.files))
    if newest.number > based_on and saved == (based_on, by.id, block, dict(files)):
        return newest
    return _keep(module_id, files, block, based_on=based_on, act="module saved", by=by, now=now)


def bring_module(*, module_id: str, files: Files, block: HalfTermBlock, by: Actor, now: datetime) -> OwnDraft:
    """Keep the files of a ZIP as the newest version of a module; nothing that is there is written over. Raises SameAsBefore."""
    _keep_others_out()
    number = drafts.latest_draft_number(module_id)
    if number and dict(drafts.draft(module_id, number).files) == dict(files):
        raise SameAsBefore
    return _keep(module_id, files, block, based_on=number, act="module brought in", by=by, now=now)


def _keep_others_out() -> None:
    """Make others who write modules of this school wait, so that each version has a number of its own."""
    session().execute(select(School.id).where(School.id == current_school_id()).with_for_update(key_share=True)).all()


def _keep(module_id: str, files: Files, block: HalfTermBlock, *, based_on: int, act: str, by: Actor, now: datetime) -> OwnDraft:
    if any(len(text) > LONGEST_FILE for text in files.values()):
        raise TooLong
    number = drafts.latest_draft_number(module_id) + 1
    row = OwnDraft(
        module_id=module_id, number=number, based_on=min(based_on, number - 1), block=block, files=dict(files),
        state=WordingState.DRAFT, written_by=by.id, written_at=now,
    )  # fmt: skip
    session().add(row)
    session().flush()
    audit.record(act=act, subject="own_draft", subject_id=row.id, by=by, at=now, module=module_id, number=number)
    return row


def approve_module(*, module_id: str, number: int, by: Actor, now: datetime) -> OwnDraft:
    """Let a version be the one that is planned and taught; the one before is set aside. Raises NotHere or NotSound."""
    row = drafts.draft(module_id, number)
    faults = drafts.checked(row.files, row.block).faults
    if faults:
        raise NotSound(f"{faults[0].file.name}, line {faults[0].line}: {faults[0].sentence}")
    _set_aside(module_id)
    row.state, row.approved_at, row.approved_by = WordingState.APPROVED, now, by.id
    session().flush()
    own.forget(current_school_id())
    audit.record(act="module approved", subject="own_draft", subject_id=row.id, by=by, at=now, module=module_id, number=number)
    return row


def _set_aside(module_id: str) -> OwnDraft | None:
    standing = select(OwnDraft).where(OwnDraft.module_id == module_id, OwnDraft.state == WordingState.APPROVED)
    before = session().scalars(standing).one_or_none()
    if before is not None:
        before.state = WordingState.SET_ASIDE
        session().flush()
    return before


def retire_module(*, module_id: str, by: Actor, now: datetime) -> None:
    """Plan a module no more; what was taught of it stays, and so do its versions. Raises NotHere if none is approved."""
    before = _set_aside(module_id)
    if before is None:
        raise NotHere
    own.forget(current_school_id())
    audit.record(act="module retired", subject="own_draft", subject_id=before.id, by=by, at=now, module=module_id)
