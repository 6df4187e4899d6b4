"""What a school's calendar is, and which classes there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from eduprog.accounts.models import Person
from eduprog.core.db import session
from eduprog.core.errors import NotHere
from eduprog.core.held import held
from eduprog.core.tenancy import current_school_id
from eduprog.curriculum.vocabulary import Nation
from eduprog.organisations.models import School
from eduprog.school.models import AcademicYear, CalendarChange, ClassSuccessor, Closure, HalfTerm, MeetingSlot, TeachingGroup
from eduprog.school.rules import (
    HalfTermBlock,
    HalfTermSpan,
    MeetingPattern,
    SchoolCalendar,
    SlotKind,
    WeekCount,
    WeekLetter,
    WeekLetterRule,
)

_Row = TypeVar("_Row")


def calendar() -> SchoolCalendar:
    """Give the current school's calendar: every known year, every closure. One statement, once for a page."""
    return held("calendar", _calendar)


_SCHOOL, _CLOSURES = cast(Table, School.__table__).c, cast(Table, Closure.__table__).c
_YEARS, _HALF_TERMS = cast(Table, AcademicYear.__table__), cast(Table, HalfTerm.__table__)
_OF_YEAR = (_HALF_TERMS.c.school_id == _YEARS.c.school_id) & (_HALF_TERMS.c.academic_year_id == _YEARS.c.id)
_OF_SCHOOL: BindParameter[Any] = bindparam("school")
_CALENDAR = (
    select(
        _YEARS.c.starts_on, _YEARS.c.first_week_a, type_coerce(_YEARS.c.week_letter_rule, String),
        type_coerce(_HALF_TERMS.c.block, String), _HALF_TERMS.c.first_day, _HALF_TERMS.c.last_day,
    )
    .join_from(_YEARS, _HALF_TERMS, _OF_YEAR, isouter=True)
    .where(_YEARS.c.school_id == _OF_SCHOOL)
    .union_all(
        select(null(), null(), null(), type_coerce(_SCHOOL.nation, String), null(), null()).where(_SCHOOL.id == _OF_SCHOOL),
        select(null(), null(), null(), null(), _CLOSURES.day, null()).where(_CLOSURES.school_id == _OF_SCHOOL),
    )
)  # fmt: skip
"""What most pages and every planning read stands ready for any school, on bare tables: it names its school itself. Rows of a
year and its half-terms, then the school's nation, then days it is shut.
"""


def _calendar() -> SchoolCalendar:
    session().flush()
    spans, shut, counts, nation = [], set[date](), dict[date, WeekCount](), Nation.ENGLAND
    for starts_on, week_a, rule, word, first, last in session().execute(_CALENDAR, {"school": current_school_id()}):
        if starts_on is None and word:
            nation = Nation(word)
        elif starts_on is None:
            shut.add(first)
        else:
            if word:
                spans.append(HalfTermSpan(HalfTermBlock(word), first, last))
            if week_a is not None:
                counts[starts_on] = WeekCount(starts_on, week_a, WeekLetterRule(rule))
    spans.sort(key=lambda span: span.first)
    return SchoolCalendar(
        terms=tuple((span.first, span.last) for span in spans),
        closures=frozenset(shut),
        nation=nation,
        half_terms=tuple(spans),
        week_counts=tuple(counts[starts_on] for starts_on in sorted(counts)),
    )


def academic_years() -> Sequence[AcademicYear]:
    """Give every academic year of the school, oldest first, with its half-terms. One statement, once for a page."""
    return held("academic years", _academic_years)


def _academic_years() -> Sequence[AcademicYear]:
    wanted = select(AcademicYear).options(joinedload(AcademicYear.half_terms))
    return session().scalars(wanted.order_by(AcademicYear.starts_on)).unique().all()


def academic_years_alone() -> Sequence[AcademicYear]:
    """Give every academic year of the school, oldest first, without its half-terms. One statement, once for a page."""
    return held("academic years alone", lambda: session().scalars(select(AcademicYear).order_by(AcademicYear.starts_on)).all())


def academic_year_on(day: date) -> AcademicYear | None:
    """Give the academic year that holds the day; in the summer, the one that comes next; else the last known."""
    return year_among(academic_years(), None, today=day)


def academic_year(academic_year_id: int | None, *, today: date) -> AcademicYear | None:
    """Give the academic year asked for, else the one of today. None if the school has no such year."""
    return year_among(academic_years(), academic_year_id, today=today)


def academic_year_starting(starting: int) -> AcademicYear | None:
    """Give the academic year that starts in this calendar year, with its half-terms; None if it is not known."""
    return next((year for year in academic_years() if year.starting == starting), None)


def year_among(years: Sequence[AcademicYear], academic_year_id: int | None, *, today: date) -> AcademicYear | None:
    """Give the year asked for, else the one that holds today, comes next or was the last. `years` are in order."""
    if academic_year_id is not None:
        return next((year for year in years if year.id == academic_year_id), None)
    return next((year for year in years if today <= year.ends_on), years[-1] if years else None)


def closures() -> Sequence[Closure]:
    """Give every closure, in order of day."""
    return session().scalars(select(Closure).order_by(Closure.day)).all()


def teaching_group(group_id: int) -> TeachingGroup:
    """Give a class with its year groups, meeting slots and lead teacher. Raises NotHere."""
    found = groups_by_id([group_id]).get(group_id)
    if found is None:
        raise NotHere
    return found


def groups_of_year(academic_year_id: int) -> Sequence[TeachingGroup]:
    """Give the classes of an academic year, youngest first, then by name. One statement, once for a page."""
    return held(("classes of the year", academic_year_id), lambda: _groups_of_year(academic_year_id))


def _groups_of_year(academic_year_id: int) -> Sequence[TeachingGroup]:
    rows = session().scalars(_loaded().where(TeachingGroup.academic_year_id == academic_year_id)).unique().all()
    _held_classes().update({group.id: group for group in rows})
    return sorted(rows, key=lambda group: (min((y.number for y in group.year_groups), default=99), group.name))


def groups_by_id(ids: Iterable[int]) -> dict[int, TeachingGroup]:
    """Give classes by id, loaded; ids of other schools are left out. One statement, for those this page has not yet."""
    wanted, there = sorted(set(ids)), _held_classes()
    missing = [group_id for group_id in wanted if group_id not in there]
    if missing:
        rows = session().scalars(_loaded().where(TeachingGroup.id.in_(missing))).unique()
        there.update({group.id: group for group in rows})
    return {group_id: there[group_id] for group_id in wanted if group_id in there}


def _held_classes() -> dict[int, TeachingGroup]:
    return held("classes", dict[int, TeachingGroup])


def with_classes(rows: Sequence[_Row]) -> Sequence[_Row]:
    """Give rows of classes, such as planned lessons, with their classes loaded. One statement, for those not read yet."""
    of_class = cast(Sequence[Any], rows)
    groups = groups_by_id(row.teaching_group_id for row in of_class)
    for row in of_class:
        set_committed_value(row, "teaching_group", groups[row.teaching_group_id])
    return rows


def _loaded() -> Select[TeachingGroup]:
    return select(TeachingGroup).options(
        joinedload(TeachingGroup.years), joinedload(TeachingGroup.slots), joinedload(TeachingGroup.lead_teacher)
    )


def meeting_pattern(slots: Iterable[MeetingSlot]) -> MeetingPattern:
    """Give when a class meets, from its slots: one pattern for every week, further ones for week A and week B."""
    weekdays: dict[WeekLetter | None, set[int]] = defaultdict(set)
    for slot in slots:
        weekdays[slot.week].add(slot.weekday)
    lettered = tuple(
        MeetingPattern(frozenset(weekdays[letter]), frozenset({letter})) for letter in WeekLetter if weekdays.get(letter)
    )
    return MeetingPattern(frozenset(weekdays.get(None, set())), also=lettered)


@dataclass(frozen=True)
class HostOfClass:
    """Where a class's follow-ups are given and by whom: the class itself unless it has a host."""

    group_id: int
    name: str
    slots: tuple[MeetingSlot, ...]
    owner_id: int | None


def host_of(group: TeachingGroup) -> HostOfClass:
    """Give the host of a class's follow-ups (`slots` loaded). No statement where the class hosts them itself."""
    host = teaching_group(group.host_group_id) if group.host_group_id is not None else group
    slots = tuple(slot for slot in host.slots if group.host_kind in (None, slot.kind))
    return HostOfClass(host.id, host.name, slots, group.host_owner_id or host.lead_teacher_id)


def hosted_by(group_id: int) -> list[int]:
    """Give the classes whose follow-ups another class hosts."""
    return list(session().scalars(select(TeachingGroup.id).where(TeachingGroup.host_group_id == group_id)))


def gives_follow_ups(person_id: int) -> ColumnElement[bool]:
    """Give the condition on TeachingGroup for the classes whose follow-ups a person gives: as owner or lead of the host."""
    host = aliased(TeachingGroup)
    led = select(host.id).where(host.lead_teacher_id == person_id)
    return or_(
        TeachingGroup.host_owner_id == person_id,
        and_(
            TeachingGroup.host_owner_id.is_(None),
            TeachingGroup.host_group_id.is_(None),
            TeachingGroup.lead_teacher_id == person_id,
        ),
        and_(TeachingGroup.host_owner_id.is_(None), TeachingGroup.host_group_id.in_(led)),
    )


def givers_of(groups: Iterable[TeachingGroup]) -> dict[int, str]:
    """Give, by class (loaded), the name of who gives its follow-ups: their owner, else the lead of the host; nobody is left out.

    No statement where the classes host them themselves, else one.
    """
    given = {}
    elsewhere = set()
    for group in groups:
        if group.host_group_id is not None or group.host_owner_id is not None:
            elsewhere.add(group.id)
        elif group.lead_teacher is not None:
            given[group.id] = group.lead_teacher.name
    return {**given, **_hosts_of(elsewhere)} if elsewhere else given


def _hosts_of(group_ids: Collection[int]) -> dict[int, str]:
    host, owner, lead = aliased(TeachingGroup), aliased(Person), aliased(Person)
    led_by = case((TeachingGroup.host_group_id.is_(None), TeachingGroup.lead_teacher_id), else_=host.lead_teacher_id)
    wanted = select(TeachingGroup.id, func.coalesce(owner.name, lead.name)).where(TeachingGroup.id.in_(group_ids))
    wanted = wanted.outerjoin(host, TeachingGroup.host_group_id == host.id).outerjoin(lead, lead.id == led_by)
    rows = session().execute(wanted.outerjoin(owner, TeachingGroup.host_owner_id == owner.id))
    return {group_id: name for group_id, name in rows if name}


def successors_of(group_ids: Collection[int]) -> dict[int, list[int]]:
    """Give, by class, the classes of the next year its pupils go to; classes without any are left out."""
    wanted = select(ClassSuccessor.from_group_id, ClassSuccessor.to_group_id).where(ClassSuccessor.from_group_id.in_(group_ids))
    return _gathered(wanted.order_by(ClassSuccessor.id))


def successors_in(academic_year_id: int) -> dict[int, list[int]]:
    """Give, by class of an academic year, the classes of the next one its pupils go to; empty before the roll-over."""
    of_year = select(TeachingGroup.id).where(TeachingGroup.academic_year_id == academic_year_id)
    wanted = select(ClassSuccessor.from_group_id, ClassSuccessor.to_group_id).where(ClassSuccessor.from_group_id.in_(of_year))
    return _gathered(wanted.order_by(ClassSuccessor.id))


def year_after(academic_year_id: int) -> AcademicYear | None:
    """Give the academic year that follows one; None if it is not known yet."""
    years = academic_years_alone()
    starts = {year.id: year.starts_on for year in years}
    later = (year for year in years if academic_year_id in starts and year.starts_on > starts[academic_year_id])
    return next(later, None)


def feeders_of(group_ids: Collection[int]) -> dict[int, list[int]]:
    """Give, by class, the classes of the year before that its pupils come from; classes without any are left out."""
    wanted = select(ClassSuccessor.to_group_id, ClassSuccessor.from_group_id).where(ClassSuccessor.to_group_id.in_(group_ids))
    return _gathered(wanted.order_by(ClassSuccessor.id))


def _gathered(wanted: Select[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for one, other in session().execute(wanted):
        found[one].append(other)
    return dict(found)


def lesson_slots(group: TeachingGroup) -> list[MeetingSlot]:
    """Give the slots a class has lessons in: PSHE time if it has any, else tutor time."""
    pshe = [slot for slot in group.slots if slot.kind is SlotKind.PSHE]
    return pshe or [slot for slot in group.slots if slot.kind is SlotKind.TUTOR]


def half_term_on(spans: Iterable[HalfTermSpan], day: date) -> HalfTermBlock | None:
    """Give the block a day counts to: its own half-term's, or in a break the one before it; None outside every year."""
    known = sorted(spans, key=lambda span: span.first)
    before = [span for span in known if span.first <= day]
    return before[-1].block if before else (known[0].block if known else None)


def academic_year_by_id(academic_year_id: int) -> AcademicYear:
    """Give an academic year with its half-terms. Raises NotHere."""
    found = next((year for year in academic_years() if year.id == academic_year_id), None)
    if found is None:
        raise NotHere
    return found


def calendar_change(change_id: int) -> CalendarChange:
    """Give an import of term dates or a closing of days. Raises NotHere."""
    found = session().scalars(select(CalendarChange).where(CalendarChange.id == change_id)).one_or_none()
    if found is None:
        raise NotHere
    return found


def calendar_changes() -> Sequence[CalendarChange]:
    """Give the last twenty changes of the calendar, newest first."""
    return session().scalars(select(CalendarChange).order_by(CalendarChange.id.desc()).limit(20)).all()
