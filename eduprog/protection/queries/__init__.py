"""Reads of data protection: what is due to go, what is held about a person, where words stand."""

from eduprog.protection.queries.holding import are_there, held_people, holds, is_held, leavers, old_rows
from eduprog.protection.queries.people import (
    Found,
    Rows,
    held_about_colleague,
    held_about_contact,
    held_about_oneself,
    held_about_person,
    person_by_email,
    places_of,
    words_of,
)
from eduprog.protection.queries.tables import hanging_on, person_columns, staying_with, table, tables, wordy_columns

__all__ = [
    "Found", "Rows", "are_there", "hanging_on", "held_about_colleague", "held_about_contact", "held_about_oneself",
    "held_about_person", "held_people", "holds", "is_held", "leavers",
    "old_rows", "person_by_email", "person_columns", "places_of", "staying_with", "table", "tables", "words_of", "wordy_columns",
]  # fmt: skip
