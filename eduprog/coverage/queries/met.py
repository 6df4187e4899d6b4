"""When classes last met what: by lesson and by follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from typing import cast as as_type

from sqlalchemy import (
    BindParameter,
    Date,
    Select,
    String,
    Table,
    bindparam,
    cast,
    func,
    literal,
    select,
    type_coerce,
)

from eduprog.core.db import session
from eduprog.core.tenancy import current_school_id
from eduprog.core.words import BETWEEN, PARTS
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Message, Strand
from eduprog.delivery.models import Delivery
from eduprog.followups.models import FollowUp
from eduprog.followups.rules import FollowUpState
from eduprog.school.models import ClassSuccessor, TeachingGroup

_BY_LESSON, _BY_FOLLOW_UP = "1", "0"
"""They stand behind the day, so that of two meetings on one day the lesson is the later word."""
_DAY = len("2026-09-01")
EVERY_CLASS = 0
"""What stands for `only` where the classes of a year are all meant."""
_SUBJECTS = len(Message) + len(Strand)
Subjects = frozenset[Message | Strand]
_NOTHING: Subjects = frozenset()


class Waits(NamedTuple):
    """A follow-up that was due on a day and was neither given nor ended."""

    follow_up_id: int
    module_id: str
    day: date


class Met(NamedTuple):
    """What a class met, as `last_meetings` reads it, and what of it waits, the longest first."""

    texts: list[str]
    waiting: Sequence[Waits]


class LastMeeting(NamedTuple):
    """A day on which some messages and strands were met last, and whether it was by a lesson."""

    day: date
    by_lesson: bool
    subjects: Subjects


def last_meetings(texts: Iterable[str], today: date) -> Sequence[LastMeeting]:
    """Give when each message and strand was last met up to a day, newest first: of two ways on one day, the lesson."""
    return _last_meetings(tuple(texts), today, catalogue.current().content_hash)


@lru_cache(maxsize=500)
def _last_meetings(texts: tuple[str, ...], today: date, content_hash: str) -> Sequence[LastMeeting]:
    """Work it out once for as long as a class meets nothing new."""
    known, until = _abouts(content_hash), f"{today.isoformat()}~"
    words = [word for text in texts for word in text.split(BETWEEN)]
    found: list[LastMeeting] = []
    seen: set[Message | Strand] = set()
    for word in sorted(words, reverse=True):
        new = known.get(word[_DAY:], _NOTHING) - seen
        if new and word < until:
            found.append(LastMeeting(date.fromisoformat(word[:_DAY]), word[_DAY + 1] == _BY_LESSON, new))
            seen.update(new)
            if len(seen) == _SUBJECTS:
                break
    return tuple(found)


@lru_cache(maxsize=8)
def _abouts(_content_hash: str) -> Mapping[str, Subjects]:
    """Give what lessons and follow-ups are about, by the words behind a day; worked out once for a curriculum."""
    found: dict[str, Subjects] = {}
    for module_id, module in catalogue.current().modules.items():
        found[PARTS.join(("", _BY_LESSON, module_id))] = frozenset((*module.messages, module.strand))
        for point, given in module.follow_ups.items():
            subjects: Subjects = frozenset((*(given.messages or module.messages), module.strand))
            found[PARTS.join(("", _BY_FOLLOW_UP, module_id, point.value))] = subjects
    return found


_SCHOOL: BindParameter[int] = bindparam("school")
_SINCE, _TODAY = bindparam("since", type_=Date), bindparam("today", type_=Date)
_GROUPS, _SUCCESSORS = as_type(Table, TeachingGroup.__table__).c, as_type(Table, ClassSuccessor.__table__).c
_RECORDS, _FOLLOW_UPS = as_type(Table, Delivery.__table__), as_type(Table, FollowUp.__table__)
_GIVEN = _FOLLOW_UPS.c.state == FollowUpState.DONE
_OF_YEAR = select(_GROUPS.id).where(_GROUPS.school_id == _SCHOOL, _GROUPS.academic_year_id == bindparam("year"))
THESE = _OF_YEAR.where((bindparam("only") == EVERY_CLASS) | (_GROUPS.id == bindparam("only")))
_THAT_FED_THEM = select(_SUCCESSORS.from_group_id).where(_SUCCESSORS.school_id == _SCHOOL, _SUCCESSORS.to_group_id.in_(_OF_YEAR))


def _a_class(table: Table, these: Any, waits: int, *words: Any) -> Select[Any]:
    """Select, by class, texts of words (columns, and fixed ones) joined.

    So there is no row for each thing met, and no sorting, as the index has classes together.

    The tables stand bare, so that it names its school itself.
    """
    text: Any = cast(words[0], String)
    between = PARTS
    for word in words[1:]:
        if isinstance(word, str):
            between += word + PARTS
            continue
        text = text + literal(between) + (type_coerce(word, String) if isinstance(word.type, String) else cast(word, String))
        between = PARTS
    group_id = table.c.teaching_group_id
    wanted: Any = select(group_id, literal(waits), func.aggregate_strings(text, BETWEEN))
    return as_type(Select[Any], wanted.where(table.c.school_id == _SCHOOL, group_id.in_(these)).group_by(group_id))


def _lessons(these: Any) -> Select[Any]:
    columns = _RECORDS.c
    met = _a_class(_RECORDS, these, 0, columns.taught_on, _BY_LESSON, columns.module_id)
    return met.where(columns.withdrawn_at.is_(None))


def _follow_ups(these: Any) -> Select[Any]:
    columns = _FOLLOW_UPS.c
    return _a_class(_FOLLOW_UPS, these, 0, columns.done_on, _BY_FOLLOW_UP, columns.module_id, columns.point).where(_GIVEN)


_WAITING = _a_class(_FOLLOW_UPS, THESE, 1, _FOLLOW_UPS.c.due_on, _FOLLOW_UPS.c.module_id, _FOLLOW_UPS.c.id).where(
    _FOLLOW_UPS.c.state == FollowUpState.DUE, _FOLLOW_UPS.c.due_on.between(_SINCE, _TODAY)
)
_EVER = _OF_YEAR.union(_THAT_FED_THEM)
_MET = _lessons(_EVER).union_all(_follow_ups(_EVER))
_LATELY = _lessons(THESE).union_all(_follow_ups(THESE).where(_FOLLOW_UPS.c.done_on >= _SINCE), _WAITING)


def met(academic_year_id: int) -> dict[int, Met]:
    """Give what the classes of a year met, and those of the year before that fed them. One statement, two rows a class."""
    return _read(_MET, year=academic_year_id)


def met_and_waiting(these: Mapping[str, int], *, since: date, today: date) -> dict[int, Met]:
    """Give what the classes of a `year` (with `only`, that one) met by lesson, and by follow-up from a day on.

    With it, every follow-up that was due from that day until today and was neither given nor ended. One statement.
    """
    return _read(_LATELY, **these, since=since, today=today)


def _read(wanted: Any, **asked: Any) -> dict[int, Met]:
    found: dict[int, Met] = {}
    session().flush()
    for group_id, waits, text in session().execute(wanted, {"school": current_school_id(), **asked}).all():
        one = found.setdefault(group_id, Met([], ()))
        if waits:
            found[group_id] = one._replace(waiting=_waits(text))
        else:
            one.texts.append(text)
    return found


@lru_cache(maxsize=500)
def _waits(text: str) -> Sequence[Waits]:
    """Read what waits, the longest first; once for as long as nothing of it is given or ended."""
    words = (part.split(PARTS) for part in text.split(BETWEEN))
    found = (Waits(int(follow_up_id), module_id, date.fromisoformat(day)) for day, module_id, follow_up_id in words)
    return sorted(found, key=lambda one: (one.day, one.follow_up_id))
