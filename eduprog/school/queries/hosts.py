"""Where the follow-ups of a class are given, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from eduprog.accounts.models import Person
from eduprog.core.db import session
from eduprog.school.models import MeetingSlot, TeachingGroup
from eduprog.school.queries.classes import AnyClass, ClassSlot, teaching_group


@dataclass(frozen=True)
class HostOfClass:
    """Where a class's follow-ups are given and by whom: the class itself unless it has a host."""

    group_id: int
    name: str
    slots: tuple[MeetingSlot | ClassSlot, ...]
    owner_id: int | None


def host_of(group: AnyClass, among: Mapping[int, AnyClass] = MappingProxyType({})) -> HostOfClass:
    """Give the host of a class's follow-ups (`slots` loaded).

    No statement where the class hosts them itself, or its host is `among` the classes known by id.
    """
    host = group if group.host_group_id is None else among.get(group.host_group_id) or teaching_group(group.host_group_id)
    slots = tuple(slot for slot in host.slots if group.host_kind in (None, slot.kind))
    return HostOfClass(host.id, host.name, slots, group.host_owner_id or host.lead_teacher_id)


def hosted_by(group_id: int) -> list[int]:
    """Give the classes whose follow-ups another class hosts."""
    return list(session().scalars(select(TeachingGroup.id).where(TeachingGroup.host_group_id == group_id)))


_HOST = aliased(TeachingGroup)
"""The class that gives another one's follow-ups, named once: naming it takes longer than asking for it."""


def gives_follow_ups(person_id: int) -> ColumnElement[bool]:
    """Give the condition on TeachingGroup for the classes whose follow-ups a person gives: as owner or lead of the host."""
    led = select(_HOST.id).where(_HOST.lead_teacher_id == person_id)
    return or_(
        TeachingGroup.host_owner_id == person_id,
        and_(
            TeachingGroup.host_owner_id.is_(None),
            TeachingGroup.host_group_id.is_(None),
            TeachingGroup.lead_teacher_id == person_id,
        ),
        and_(TeachingGroup.host_owner_id.is_(None), TeachingGroup.host_group_id.in_(led)),
    )


def givers_of(groups: Iterable[AnyClass]) -> dict[int, str]:
    """Give, by class (loaded), the name of who gives its follow-ups: their owner, else the lead of the host; nobody is left out.

    No statement where the classes host them themselves, else one.
    """
    given = {}
    elsewhere = set()
    for group in groups:
        if group.host_group_id is not None or group.host_owner_id is not None:
            elsewhere.add(group.id)
        elif group.lead_name is not None:
            given[group.id] = group.lead_name
    return {**given, **_hosts_of(elsewhere)} if elsewhere else given


def _hosts_of(group_ids: Collection[int]) -> dict[int, str]:
    host, owner, lead = aliased(TeachingGroup), aliased(Person), aliased(Person)
    led_by = case((TeachingGroup.host_group_id.is_(None), TeachingGroup.lead_teacher_id), else_=host.lead_teacher_id)
    wanted = select(TeachingGroup.id, func.coalesce(owner.name, lead.name)).where(TeachingGroup.id.in_(group_ids))
    wanted = wanted.outerjoin(host, TeachingGroup.host_group_id == host.id).outerjoin(lead, lead.id == led_by)
    rows = session().execute(wanted.outerjoin(owner, TeachingGroup.host_owner_id == owner.id))
    return {group_id: name for group_id, name in rows if name}
