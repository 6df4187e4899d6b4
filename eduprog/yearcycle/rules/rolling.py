"""Which classes the next academic year has, who teaches them, and which classes of this year feed them: a proposal to change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from eduprog.curriculum.vocabulary import YearGroup
from eduprog.organisations.rules import Phase
from eduprog.school.rules import leaves_school, name_next_year


@dataclass(frozen=True, slots=True)
class OldClass:
    """A class of this year, or one of next year that is there already."""

    id: int
    name: str
    years: tuple[YearGroup, ...]
    lead_teacher_id: int | None = None


@dataclass(frozen=True, slots=True)
class NextClass:
    """A class of next year. `like_id` is the class of this year whose stage, slots and host it takes; `existing_id` is set
    where it was opened before, by an import of next year's classes. `feeders` are classes of this year.
    """

    name: str
    years: tuple[YearGroup, ...]
    lead_teacher_id: int | None
    feeders: tuple[int, ...]
    like_id: int | None = None
    existing_id: int | None = None


def propose(old: Sequence[OldClass], phase: Phase, existing: Sequence[OldClass] = ()) -> list[NextClass]:
    """Propose the classes of next year, youngest first.

    Where next year has classes already, those; else the classes of this year again, each with its teacher and timetable, and
    one more for each class whose pupils would find no class of their year group. Each year group is fed by the class that
    would take its name a year later; without one by every class that has pupils of the year group before.
    """
    if existing:
        made = [NextClass(one.name, one.years, one.lead_teacher_id, (), existing_id=one.id) for one in existing]
    else:
        made = [NextClass(one.name, one.years, one.lead_teacher_id, (), like_id=one.id) for one in old]
        made += _for_those_without_class(old, phase)
    coming = [(one, _promoted(one.years, phase), name_next_year(one.name, one.years)) for one in old]
    fed = [replace(one, feeders=_feeders(one, coming)) for one in made]
    return sorted(fed, key=lambda one: (min(year.number for year in one.years) if one.years else 99, one.name))


def leavers(old: Iterable[OldClass], chosen: Iterable[NextClass]) -> list[OldClass]:
    """Give the classes of this year that feed none of next year: their pupils leave school."""
    feeding = {group_id for one in chosen for group_id in one.feeders}
    return [one for one in old if one.id not in feeding]


def _for_those_without_class(old: Sequence[OldClass], phase: Phase) -> list[NextClass]:
    taught = {year for one in old for year in one.years}
    names = {one.name for one in old}
    grown: list[NextClass] = []
    for one in old:
        promoted = _promoted(one.years, phase)
        name = name_next_year(one.name, one.years)
        if promoted and not promoted & taught and name not in names and not _is_sixteen(one.years, taught):
            grown.append(NextClass(name, tuple(year for year in YearGroup if year in promoted), None, (), like_id=one.id))
    return grown


def _is_sixteen(years: Collection[YearGroup], taught: Collection[YearGroup]) -> bool:
    """Tell whether these pupils leave after Year 11, because the school has no sixth form."""
    return set(years) == {YearGroup.Y11} and not {YearGroup.Y12, YearGroup.Y13} & set(taught)


def _feeders(new: NextClass, old: Sequence[tuple[OldClass, Collection[YearGroup], str]]) -> tuple[int, ...]:
    """Give, for each year group of a class of next year, the class whose name it would take, else all that have its pupils.

    Each class of this year comes with the year groups and the name it would have next year.
    """
    found: set[int] = set()
    for year in new.years:
        coming = [(one.id, name) for one, years, name in old if year in years]
        by_name = [(id_, name) for id_, name in coming if name == new.name]
        found |= {id_ for id_, _name in by_name or coming}
    return tuple(one.id for one, _years, _name in old if one.id in found)


def _promoted(years: Collection[YearGroup], phase: Phase) -> set[YearGroup]:
    return {year.next for year in years if year.next and not leaves_school(year, phase)}
