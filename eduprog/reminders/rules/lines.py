"""What the lines of a reminder say, as values that can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from eduprog.curriculum.vocabulary import FollowUpPoint


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A planned lesson. `title` is empty where it would tell somebody who looks over a shoulder what it is about."""

    planned_lesson_id: int
    module_id: str
    title: str
    lesson_number: int
    part: int
    class_name: str
    years: str
    day: date
    starts_at: time | None = None
    covering: bool = False
    gated: bool = False
    on_hold: bool = False
    dsl_told: bool = False

    @property
    def name(self) -> str:
        """Give module and lesson: "K1-C1, lesson 2", and the part where it is taught in parts."""
        part = f", part {self.part}" if self.part else ""
        return f"{self.module_id}, lesson {self.lesson_number}{part}"


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A follow-up that is due."""

    follow_up_id: int
    module_id: str
    title: str
    point: FollowUpPoint
    minutes: int
    class_name: str
    years: str
    day: date

    @property
    def name(self) -> str:
        """Give module and which of its follow-ups: "K1-C1, R2"."""
        return f"{self.module_id}, {self.point.value}"


@dataclass(frozen=True, slots=True)
class ActLine:
    """A whole-school act that is due. `nobody` says that no member of staff leads it."""

    act_id: int
    title: str
    day: date
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class that needs a look, and why: counts of lessons and follow-ups, and open days since it last met us."""

    group_id: int
    class_name: str
    not_recorded: int = 0
    behind: int = 0
    without_day: int = 0
    follow_ups_overdue: int = 0
    open_days_since: int | None = None

    @property
    def needs_a_look(self) -> bool:
        """Say whether anything is to be said of the class."""
        counts = self.not_recorded or self.behind or self.without_day or self.follow_ups_overdue
        return bool(counts) or self.open_days_since is not None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Give why, as words for a list."""
        told = (
            (self.not_recorded, "{} lesson{} not recorded for more than a week"),
            (self.behind, "{} lesson{} of an earlier half-term still to be taught"),
            (self.without_day, "{} lesson{} without a day"),
            (self.follow_ups_overdue, "{} follow-up{} overdue"),
            (self.open_days_since or 0, "{} school day{} since its last lesson or follow-up"),
        )
        return tuple(words.format(count, "" if count == 1 else "s") for count, words in told if count)
