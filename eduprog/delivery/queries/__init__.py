"""What was taught, what waits to be recorded, and a teacher's week."""

from eduprog.delivery.queries.records import (
    counted_block,
    delivery,
    misses,
    of_class,
    of_planned_lessons,
    root_state,
    tally_facts,
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
    week_of,
)

__all__ = [
    "FollowUpCard",
    "LessonCard",
    "Week",
    "counted_block",
    "delivery",
    "follow_up_card",
    "lesson_card",
    "misses",
    "of_class",
    "of_planned_lessons",
    "recorded_card",
    "root_state",
    "tally_facts",
    "unrecorded_before",
    "week_of",
    "with_once_key",
]
