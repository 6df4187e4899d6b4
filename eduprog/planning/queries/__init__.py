"""The year's plan of the school, of a class and of a person, and what planning reads."""

from __future__ import annotations

from eduprog.planning.queries.amiss import Amiss, Clash, lessons_amiss
from eduprog.planning.queries.conditions import modules_of_term
from eduprog.planning.queries.facts import (
    Choice,
    PlanFacts,
    Row,
    class_choices,
    drop_down_days,
    drop_downs_of_year,
    plan_facts,
    slot_times,
)
from eduprog.planning.queries.feeds import FEED_PURPOSE, Feed, FeedLesson, feed_address, feed_behind
from eduprog.planning.queries.lessons import (
    PlanWords,
    WithoutDay,
    figures_of_classes,
    is_to_teach,
    lessons_between,
    lessons_in,
    lessons_of_class,
    lessons_of_classes,
    lessons_of_week,
    lessons_on,
    lessons_to_come,
    lessons_without_day,
    number_in,
    plan_words,
    planned_lesson,
)
from eduprog.planning.queries.room import Room, Timetable, room_of_classes
from eduprog.planning.queries.runs import added_by, changes_of, last_run, planning_run, rows_by_id
from eduprog.planning.queries.schemes import SchemeLine, entries_of_year, scheme, scheme_lines, schemes_of_year

__all__ = [
    "FEED_PURPOSE",
    "Amiss",
    "Choice",
    "Clash",
    "Feed",
    "FeedLesson",
    "PlanFacts",
    "PlanWords",
    "Room",
    "Row",
    "SchemeLine",
    "Timetable",
    "WithoutDay",
    "added_by",
    "changes_of",
    "class_choices",
    "drop_down_days",
    "drop_downs_of_year",
    "entries_of_year",
    "feed_address",
    "feed_behind",
    "figures_of_classes",
    "is_to_teach",
    "last_run",
    "lessons_amiss",
    "lessons_between",
    "lessons_in",
    "lessons_of_class",
    "lessons_of_classes",
    "lessons_of_week",
    "lessons_on",
    "lessons_to_come",
    "lessons_without_day",
    "modules_of_term",
    "number_in",
    "plan_facts",
    "plan_words",
    "planned_lesson",
    "planning_run",
    "room_of_classes",
    "rows_by_id",
    "scheme",
    "scheme_lines",
    "schemes_of_year",
    "slot_times",
]
