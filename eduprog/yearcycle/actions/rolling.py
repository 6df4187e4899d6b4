"""The step of a school from one academic year to the next, in one unit of work, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from eduprog.accounts import queries as accounts
from eduprog.core import audit
from eduprog.core.db import session
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Actor
from eduprog.curriculum.vocabulary import stage_of
from eduprog.delivery import queries as delivery
from eduprog.families import actions as families
from eduprog.followups import actions as followups
from eduprog.followups.actions import CarriedOver
from eduprog.planning import actions as planning_actions
from eduprog.planning import queries as planning
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.actions import Slot
from eduprog.school.queries import ClassInYear
from eduprog.tallies import actions as tallies
from eduprog.yearcycle import queries
from eduprog.yearcycle.models import RollOver
from eduprog.yearcycle.rules import NextClass, leavers


class NoNextYear(Refusal):
    """There is no next academic year to step into. Add its term dates first; or the step has been taken already."""


class YearChanged(Refusal):
    """The classes have changed since you opened this page. Look at the proposal again."""


class TwoOfOneName(Refusal):
    """Two classes of next year cannot have the same name."""


class NothingFeeds(Refusal):
    """Keep at least one class of next year."""


class AlreadyUndone(Refusal):
    """This roll-over has been undone already."""


class SomethingRecorded(Refusal):
    """Something has been recorded in the new year, so the roll-over stays."""


@dataclass(frozen=True)
class RollOverReport:
    """What a roll-over did."""

    roll_over_id: int
    opened: int
    kept: int
    leaving: tuple[str, ...]
    follow_ups: CarriedOver
    codes_closed: int
    hashes_dropped: int


def roll_over(*, from_year_id: int, chosen: Sequence[NextClass], by: Actor, now: datetime, today: date) -> RollOverReport:
    """Step into the next year with these classes, each fed by the ones of the old year it names; pupils of the others leave.

    Opens the classes without a size (the new year's import counts again), closes the old class codes, forgets the import's
    hashes, and hands over what is still owed. Raises NoNextYear, YearChanged, TwoOfOneName or NothingFeeds.
    """
    step = queries.next_year(today)
    if step is None or step.old.id != from_year_id:
        raise NoNextYear
    _refuse_if_wrong(step, chosen)
    ids = _open(step, chosen, by, now)
    pairs = [(feeder, ids[one]) for one in chosen for feeder in one.feeders]
    school.let_feed(pairs=pairs)
    leaving = leavers([queries.old_class(group) for group in step.groups], chosen)
    old_ids = [group.id for group in step.groups]
    codes = families.close_codes(teaching_group_ids=old_ids, by=by, now=now)
    feeds = planning_actions.revoke_class_feeds(group_ids=old_ids, by=by, now=now)
    hashes = school.drop_import_memory(academic_year_id=step.old.id, group_ids=old_ids)
    carried = followups.carry_over(
        feeders={ids[one]: one.feeders for one in chosen if one.feeders},
        leaving=[one.id for one in leaving],
        year_starts=step.new.starts_on,
        by=by,
        now=now,
        calendar=school_queries.calendar(),
    )
    opened = [ids[one] for one in chosen if one.existing_id is None]
    made = RollOver(
        from_year_id=step.old.id,
        to_year_id=step.new.id,
        applied_at=now,
        applied_by=by.person_id,
        undo_record={"opened": opened, "codes": codes, "feeds": feeds, "classes": sorted(ids.values())},
    )
    session().add(made)
    session().flush()
    audit.record(act="rolled over", subject="roll_over", subject_id=made.id, by=by, at=now, opened=len(opened))
    names = tuple(one.name for one in leaving)
    return RollOverReport(made.id, len(opened), len(chosen) - len(opened), names, carried, len(codes), hashes)


def _refuse_if_wrong(step: queries.NextYear, chosen: Sequence[NextClass]) -> None:
    if not chosen:
        raise NothingFeeds
    if len({one.name for one in chosen}) != len(chosen):
        raise TwoOfOneName
    old = {group.id for group in step.groups}
    existing = {one.existing_id for one in step.proposed if one.existing_id}
    known = all(set(one.feeders) <= old and one.like_id in (None, *old) for one in chosen)
    ours = {one.id for one in accounts.people_of_school()} | {one.lead_teacher_id for one in step.proposed} | {None}
    known = known and {one.lead_teacher_id for one in chosen} <= ours
    if not known or {one.existing_id for one in chosen if one.existing_id} - existing:
        raise YearChanged


def _open(step: queries.NextYear, chosen: Sequence[NextClass], by: Actor, now: datetime) -> dict[NextClass, int]:
    """Open the classes that are not there yet, then let those hosted by another be hosted by what became of it."""
    old = {group.id: group for group in step.groups}
    ids: dict[NextClass, int] = {}
    for one in chosen:
        ids[one] = one.existing_id or _open_one(one, step.new.id, old.get(one.like_id or 0), by, now)
    copies: dict[int | None, int] = {one.like_id: ids[one] for one in chosen if one.existing_id is None and one.like_id}
    for one in chosen:
        if one.existing_id is None and one.like_id:
            _host(ids[one], old[one.like_id], copies, by, now)
    return ids


def _open_one(one: NextClass, year_id: int, like: ClassInYear | None, by: Actor, now: datetime) -> int:
    same_age = like is not None and like.year_groups == one.years
    slots = [Slot(slot.weekday, slot.starts_at, slot.minutes, slot.kind, slot.week) for slot in like.slots] if like else []
    return school.open_class(
        academic_year_id=year_id,
        name=one.name,
        year_groups=one.years,
        stage=like.stage if like and same_age else stage_of(one.years[0]),
        stage_reason=like.stage_reason if like and same_age else None,
        lead_teacher_id=one.lead_teacher_id,
        size=None,
        slots=slots,
        by=by,
        now=now,
    ).id


def _host(group_id: int, like: ClassInYear, copies: Mapping[int | None, int], by: Actor, now: datetime) -> None:
    host_id = copies.get(like.host_group_id) if like.host_group_id else None
    if like.host_kind is None and like.host_owner_id is None and host_id is None:
        return
    school.set_host(
        group_id=group_id, host_group_id=host_id, host_kind=like.host_kind, host_owner_id=like.host_owner_id, by=by, now=now
    )


def undo_roll_over(*, roll_over_id: int, by: Actor, now: datetime) -> None:
    """Go back to the old year as it was, but for import hashes, which are gone.

    Raises NotHere, AlreadyUndone or SomethingRecorded.
    """
    row = queries.roll_over(roll_over_id)
    if row.undone_at is not None:
        raise AlreadyUndone
    new_ids = [int(group_id) for group_id in row.undo_record["classes"]]
    found = queries.obstacles_to_undo(new_ids)
    if found:
        raise SomethingRecorded
    planned = planning.lessons_of_classes(new_ids)
    old_ids = [group.id for group in school_queries.groups_of_year(row.from_year_id)]
    followups.undo_carry_over(new=new_ids, old=old_ids, by=by, now=now)
    school.forget_successors(group_ids=new_ids)
    school.remove_classes(group_ids=[int(group_id) for group_id in row.undo_record["opened"]], by=by, now=now)
    families.reopen_codes(code_ids=[int(code_id) for code_id in row.undo_record["codes"]], by=by, now=now)
    planning_actions.reopen_feeds(feed_ids=row.undo_record.get("feeds", []), by=by, now=now)
    row.undone_at, row.undone_by = now, by.person_id
    session().flush()
    if planned:
        tallies.rebuild(delivery.tally_facts())
    tallies.drop_empty_days()
    audit.record(act="roll-over undone", subject="roll_over", subject_id=row.id, by=by, at=now)
