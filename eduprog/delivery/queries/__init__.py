"""What was taught, what waits to be recorded, and a teacher's week."""

from eduprog.delivery.queries.history import HistoryLine, history
from eduprog.delivery.queries.records import (
    SameLesson,
    counted_block,
    delivery,
    hold,
    misses,
    of_class,
    of_planned_lessons,
    root_state,
    tally_facts,
    together_with,
    unrecorded_before,
    with_once_key,
)
from eduprog.delivery.queries.week import (
    FollowUpCard,
    LessonCard,
    Week,
    follow_up_card,
    lesson_card,
    recorded_card,
    starters,
    week_of,
)

__all__ = [
    "FollowUpCard",
    "HistoryLine",
    "LessonCard",
    "SameLesson",
    "Week",
    "counted_block",
    "delivery",
    "follow_up_card",
    "history",
    "hold",
    "lesson_card",
    "misses",
    "of_class",
    "of_planned_lessons",
    "recorded_card",
    "root_state",
    "starters",
    "tally_facts",
    "together_with",
    "unrecorded_before",
    "week_of",
    "with_once_key",
]
