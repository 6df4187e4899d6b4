"""Cases of the date rule: read from JSON, answered as JSON or in sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from eduprog.followups.rules.placement import Placement, PlacementState, day_in_words
from eduprog.followups.rules.placing import FollowUpHost, place_follow_ups
from eduprog.school.rules import MeetingPattern, SchoolCalendar, WeekLetter

FIRST_YEAR = 1990
LAST_YEAR = 2099
FIELDS = frozenset({"id", "taught_on", "calendar", "meets", "next_meets", "taken"})

_DATE = "a date written as 2026-11-17"
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_NOT_PLACED = {
    PlacementState.UNPLACED: "no date",
    PlacementState.AWAITING_CALENDAR: "no date until the calendar is known",
    PlacementState.AWAITING_NEXT_YEAR: "no date until the next academic year",
    PlacementState.LEFT_SCHOOL: "none",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold what is wrong with one field of a case, as the end of a sentence that begins with the field."""

    field: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.field} {self.sentence}" if self.field else self.sentence


class FaultyCase(ValueError):
    """Say why a line is no case, every fault at once in `faults`."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one lesson taught, the school's calendar and the class; `ignored` names fields that mean nothing here."""

    id: str | int
    taught_on: date
    calendar: SchoolCalendar
    meets: MeetingPattern
    next_meets: MeetingPattern | None
    taken: frozenset[date]
    ignored: tuple[str, ...] = ()

    def placements(self) -> tuple[Placement, ...]:
        """Give where R1 to R4 stand, by the default windows and without a weekly cap."""
        return place_follow_ups(
            taught_on=self.taught_on,
            calendar=self.calendar,
            host=FollowUpHost(self.meets),
            next_host=None if self.next_meets is None else FollowUpHost(self.next_meets),
            taken=self.taken,
        )


def read_case(line: str | bytes) -> Case:
    """Read a case from one line of JSON. Raises FaultyCase naming every field at fault."""
    try:
        found = json.loads(line)
    except json.JSONDecodeError as fault:
        raise FaultyCase(Fault("", f"This is not JSON: {fault.msg} at character {fault.pos + 1}.")) from None
    except UnicodeDecodeError:
        raise FaultyCase(Fault("", "This is not JSON: the text is not UTF-8.")) from None
    except (ValueError, RecursionError):
        raise FaultyCase(Fault("", "This is not a case: a number is too long or brackets are nested too deeply.")) from None
    if not isinstance(found, dict):
        raise FaultyCase(Fault("", "A case is a JSON object in braces, with id, taught_on, calendar and meets."))
    return _Reader().case(found)


def answer(case: Case) -> dict[str, object]:
    """Give the answer to a case in the shape that `eduprog followups explain --json` prints."""
    placements = case.placements()
    due = {str(placement.point): placement.due_on and placement.due_on.isoformat() for placement in placements}
    return {"id": case.id, **due, "why": {str(placement.point): str(placement.state) for placement in placements}}


def sentences(case: Case) -> list[str]:
    """Give the answer to a case as sentences, one for the lesson and one for each follow-up."""
    taught = f"{case.id}: a lesson taught on {day_in_words(case.taught_on)}."
    return [_printable(taught), *(_sentence(placement) for placement in case.placements())]


def _sentence(placement: Placement) -> str:
    when = day_in_words(placement.due_on) if placement.due_on else _NOT_PLACED[placement.state]
    return f"{placement.point}: {when}, because {placement.because}."


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in text)


class _Reader:
    """Read the fields of one case, collecting faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def case(self, found: Mapping[str, object]) -> Case:
        identity = self._identity(found.get("id"))
        taught_on = self._date("taught_on", found.get("taught_on"))
        calendar = self._calendar(found.get("calendar"))
        meets = self._pattern("meets", found.get("meets"))
        following = found.get("next_meets")
        next_meets = None if following is None else self._pattern("next_meets", following)
        taken = self._dates("taken", found.get("taken", []))
        if self.faults or taught_on is None or calendar is None or meets is None:
            raise FaultyCase(*self.faults)
        ignored = tuple(sorted(found.keys() - FIELDS))
        return Case(identity, taught_on, calendar, meets, next_meets, frozenset(taken), ignored)

    def _fault(self, field: str, sentence: str) -> None:
        self.faults.append(Fault(field, sentence))

    def _identity(self, value: object) -> str | int:
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self._fault("id", f"must be a text or a whole number, not {_shown(value)}.")
        return ""

    def _calendar(self, value: object) -> SchoolCalendar | None:
        if not isinstance(value, dict):
            self._fault("calendar", f"must be an object with terms and closures, not {_shown(value)}.")
            return None
        listed = self._list("calendar.terms", value.get("terms"))
        terms = [self._term(f"calendar.terms[{place}]", pair) for place, pair in enumerate(listed)]
        closures = self._dates("calendar.closures", value.get("closures", []))
        return SchoolCalendar(terms=tuple(term for term in terms if term), closures=frozenset(closures))

    def _term(self, field: str, value: object) -> tuple[date, date] | None:
        if not isinstance(value, list) or len(value) != 2:
            self._fault(field, f"must be a pair of dates, first and last, not {_shown(value)}.")
            return None
        first, last = self._date(f"{field}[0]", value[0]), self._date(f"{field}[1]", value[1])
        if first and last and last < first:
            self._fault(field, f"ends on {last} before it begins on {first}.")
            return None
        return (first, last) if first and last else None

    def _pattern(self, field: str, value: object) -> MeetingPattern | None:
        if not isinstance(value, dict):
            self._fault(field, f"must be an object with weekdays, weeks and first_week_a, not {_shown(value)}.")
            return None
        weekdays = self._weekdays(f"{field}.weekdays", value.get("weekdays"))
        weeks = self._weeks(f"{field}.weeks", value.get("weeks"))
        first_week_a = value.get("first_week_a")
        anchor = None if first_week_a is None else self._date(f"{field}.first_week_a", first_week_a)
        if weeks is not None and first_week_a is None:
            self._fault(f"{field}.first_week_a", "must be a day of a week A where weeks are lettered, and is missing.")
        return MeetingPattern(weekdays, weeks, anchor)

    def _weekdays(self, field: str, value: object) -> frozenset[int]:
        listed = self._list(field, value)
        known = {number for number in listed if type(number) is int and 0 <= number <= 4}
        for place, number in enumerate(listed):
            if type(number) is not int or number not in known:
                self._fault(f"{field}[{place}]", f"must be a number from 0 (Monday) to 4 (Friday), not {_shown(number)}.")
        return frozenset(known)

    def _weeks(self, field: str, value: object) -> frozenset[WeekLetter] | None:
        if value is None:
            return None
        letters: set[WeekLetter] = set()
        for place, letter in enumerate(self._list(field, value)):
            if letter == "A" or letter == "B":
                letters.add(WeekLetter(letter))
            else:
                self._fault(f"{field}[{place}]", f'must be "A" or "B", not {_shown(letter)}.')
        return frozenset(letters)

    def _dates(self, field: str, value: object) -> list[date]:
        read = [self._date(f"{field}[{place}]", text) for place, text in enumerate(self._list(field, value))]
        return [day for day in read if day]

    def _date(self, field: str, value: object) -> date | None:
        day = _day(value) if isinstance(value, str) else f"must be {_DATE}, not {_shown(value)}."
        if isinstance(day, date):
            return day
        self._fault(field, day)
        return None

    def _list(self, field: str, value: object) -> list[object]:
        if isinstance(value, list):
            return value
        self._fault(field, f"must be a list in square brackets, not {_shown(value)}.")
        return []


@lru_cache(maxsize=65_536)
def _day(text: str) -> date | str:
    """Give the day, or what is wrong with its text; a file of cases names the same few thousand days over and over."""
    if not _ISO_DATE.fullmatch(text):
        return f"must be {_DATE}, not {_shown(text)}."
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return f"must be a day that exists, and {text} does not."
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}, and {text} does not."
    return day


def _shown(value: object) -> str:
    """Show a value as it stands in the line, cut where it is long; a missing field and null look the same."""
    if value is None:
        return "null or nothing"
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
