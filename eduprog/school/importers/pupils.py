"""A column that names children: nothing but a list of classes, where they are counted and forgotten, has any use for one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eduprog.school.importers.sheets import Sheet
from eduprog.school.importers.values import FileRefused

_WHO = r"(?:pupil|student|child|learner)"
_OF_A_CHILD = re.compile(
    rf"{_WHO}|{_WHO}(?:['’]?s)? (?:full |whole |first |last |legal |known )?(?:name|forename|surname|id|number|email)s?"
    r"|(?:legal |preferred |middle |chosen )?(?:forename|surname|first name|last name|family name|given name)s?"
    r"|upn|adno|admission (?:number|no)|date of birth|birth ?date|birthdays?|dob"
)


def column_of_pupils(headings: Sequence[str]) -> str:
    """Give the heading of a column that names children or tells them apart, or nothing."""
    return next((one for one in headings if _OF_A_CHILD.fullmatch(re.sub(r"[\s_.]+", " ", one.lower()).strip(" :*"))), "")


def said_of(heading: str) -> str:
    """Say why a table with such a column is not taken."""
    return (
        f"The column “{heading[:40]}” is about pupils, and nothing about a pupil belongs here. Take the column out and try again."
    )


def refuse_pupils(sheet: Sheet) -> None:
    """Refuse a table with such a column. Raises FileRefused."""
    if heading := column_of_pupils(sheet.headings):
        raise FileRefused(f"{sheet.file}: {said_of(heading)} Nothing was kept.")
