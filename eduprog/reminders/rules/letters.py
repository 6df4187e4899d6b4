"""What each reminder holds: sections put together for one person, whatever their roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from eduprog.reminders.rules.kinds import About
from eduprog.reminders.rules.lines import ActLine, ClassLine, FollowUpLine, LessonLine

MOST_LINES = 30


@dataclass(frozen=True, slots=True)
class OwnDuties:
    """What one person has to do: lessons and follow-ups to come, and those of before that wait."""

    lessons: tuple[LessonLine, ...] = ()
    follow_ups: tuple[FollowUpLine, ...] = ()
    missing: tuple[LessonLine, ...] = ()
    overdue: tuple[FollowUpLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lessons or self.follow_ups or self.missing or self.overdue)

    @property
    def summary(self) -> str:
        """Give the counts in words: "2 lessons, 1 follow-up, 3 to record"."""
        told = (
            (len(self.lessons), "{} lesson", "s"),
            (len(self.follow_ups), "{} follow-up", "s"),
            (len(self.missing), "{} to record", ""),
            (len(self.overdue), "{} overdue", ""),
        )
        return ", ".join(words.format(count) + (many if count > 1 else "") for count, words, many in told if count)


@dataclass(frozen=True, slots=True)
class WeeklyLetter:
    """The Monday message: of a person's own week, of whole-school acts, of sensitive lessons ahead, and of classes to look at."""

    week_of: date
    today: date
    own: OwnDuties = OwnDuties()
    sensitive: tuple[LessonLine, ...] = ()
    classes: tuple[ClassLine, ...] = ()
    acts: tuple[ActLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.own or self.sensitive or self.classes or self.acts)

    @property
    def subject(self) -> str:
        """Give what a locked screen may show: counts, and no word of what the lessons are about."""
        told = [f"Your week: {self.own.summary}"] if self.own else []
        told += [_counted(len(self.acts), "act", "of the whole school")] if self.acts else []
        told += [_counted(len(self.sensitive), "lesson", "to know about")] if self.sensitive else []
        told += [_counted(len(self.classes), "class", "to look at")] if self.classes else []
        first, *rest = told
        return "; ".join([first[0].upper() + first[1:], *rest])


@dataclass(frozen=True, slots=True)
class DayBeforeLetter:
    """The note of the next school day."""

    day: date
    today: date
    own: OwnDuties

    @property
    def subject(self) -> str:
        """Give module ids and years, nothing else."""
        lessons = [f"{line.module_id} ({line.years})" for line in self.own.lessons]
        follow_ups = [f"{line.module_id} ({line.years})" for line in self.own.follow_ups]
        return f"{_day_word(self.day, self.today)}: {', '.join(dict.fromkeys(lessons + follow_ups))}"


@dataclass(frozen=True, slots=True)
class MissingRecordLetter:
    """The one reminder of lessons that nobody recorded."""

    missing: tuple[LessonLine, ...]

    @property
    def subject(self) -> str:
        """Give module ids and years, nothing else."""
        names = dict.fromkeys(f"{line.module_id} ({line.years})" for line in self.missing)
        return f"Still to record: {', '.join(names)}" if len(names) <= 3 else f"Still to record: {len(self.missing)} lessons"


ReminderLetter = WeeklyLetter | DayBeforeLetter | MissingRecordLetter


def weekly_letter(
    *, week_of: date, today: date, wants: Collection[About], own: OwnDuties, sensitive: tuple[LessonLine, ...],
    classes: tuple[ClassLine, ...], acts: tuple[ActLine, ...] = (),
) -> WeeklyLetter:  # fmt: skip
    """Put together what a person wants of a week; it is false where there is nothing to tell."""
    return WeeklyLetter(
        week_of,
        today,
        own if About.OWN_WEEK in wants else OwnDuties(),
        sensitive if About.SENSITIVE_AHEAD in wants else (),
        classes if About.EXCEPTIONS in wants else (),
        acts if About.ACTS in wants else (),
    )


def _counted(count: int, noun: str, rest: str) -> str:
    many = "" if count == 1 else ("es" if noun.endswith("s") else "s")
    return f"{count} {noun}{many} {rest}"


def _day_word(day: date, today: date) -> str:
    return "Tomorrow" if (day - today).days == 1 else f"{day:%A}"
