"""Names of people beside classes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from eduprog.accounts import queries as accounts
from eduprog.school.queries import ClassInYear


def names_of(ids: Collection[int], groups: Iterable[ClassInYear]) -> dict[int, str]:
    """Give the names of people: who leads one of these classes is known from it, others are asked for together."""
    leads = {group.lead_teacher_id: group.lead_name for group in groups if group.lead_teacher_id and group.lead_name}
    others = set(ids) - leads.keys()
    return leads | ({person.id: person.name for person in accounts.people_by_id(others).values()} if others else {})
