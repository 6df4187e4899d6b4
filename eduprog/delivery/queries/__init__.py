"""What was taught, what waits to be recorded, and a teacher's week."""

from eduprog.delivery.queries.cover import Instead, instead_of, sensitive_ahead, standing_link, supply_link
from eduprog.delivery.queries.history import HistoryLine, history
from eduprog.delivery.queries.looks import first_looks, standing_look
from eduprog.delivery.queries.readiness import Readiness, readiness
from eduprog.delivery.queries.records import (
    SameLesson,
    counted_block,
    delivery,
    hold,
    misses,
    of_class,
    of_planned_lessons,
    root_state,
    together_with,
    unrecorded_before,
    with_once_key,
)
from eduprog.delivery.queries.recount import tally_facts
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
    "Instead",
    "LessonCard",
    "Readiness",
    "SameLesson",
    "Week",
    "counted_block",
    "delivery",
    "first_looks",
    "follow_up_card",
    "history",
    "hold",
    "instead_of",
    "lesson_card",
    "misses",
    "of_class",
    "of_planned_lessons",
    "readiness",
    "recorded_card",
    "root_state",
    "sensitive_ahead",
    "standing_link",
    "standing_look",
    "starters",
    "supply_link",
    "tally_facts",
    "together_with",
    "unrecorded_before",
    "week_of",
    "with_once_key",
]
