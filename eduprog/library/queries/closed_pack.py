"""The closed pack (gate G2): what of it somebody may read, by who they are and what is signed off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from eduprog.curriculum import catalogue
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.vocabulary import ActKind
from eduprog.gates import queries as gates
from eduprog.gates.queries import SignedOff


@dataclass(frozen=True)
class ClosedPart:
    """A part of the closed pack under the neutral name and number by which addresses and titles speak of it."""

    number: int
    name: str
    act: Act

    @property
    def about(self) -> str:
        """Give what it is about, without the name of the pack: for the page of the part and for whoever signs it off."""
        about = self.act.title.removeprefix("Closed pack: ").removeprefix("Closed pack for Years 5 and 6: ")
        return about[:1].upper() + about[1:]


@dataclass(frozen=True)
class ClosedPack:
    """The closed pack as one person sees it: every part, those open to them, and the sign-offs they may know of."""

    parts: Sequence[ClosedPart]
    open_parts: Sequence[ClosedPart]
    sign_offs: Sequence[SignedOff]

    def part(self, number: int) -> ClosedPart | None:
        """Give the open part with this number."""
        return next((one for one in self.open_parts if one.number == number), None)

    def name_of(self, act_id: str) -> str:
        """Give the neutral name of an act."""
        return next((one.name for one in self.parts if one.act.id == act_id), "A session that is no more")


def closed_parts() -> list[ClosedPart]:
    """Give the live parts of the closed pack, the guide first."""
    live = [one for one in catalogue.current().closed_acts.values() if one.is_live]
    guides = [one for one in live if one.kind is ActKind.CLOSED_GUIDE]
    sessions = sorted((one for one in live if one.kind is ActKind.CLOSED_SESSION), key=lambda one: one.id)
    named = [("Guide", one) for one in guides] + [(f"Session {n}", one) for n, one in enumerate(sessions, 1)]
    return [ClosedPart(number, name, one) for number, (name, one) in enumerate(named, 1)]


def closed_pack(person_id: int, today: date, *, decides: bool, records: bool) -> ClosedPack:
    """Give the closed pack as somebody may see it on a day.

    The safeguarding lead reads all of it, to decide; whoever records sign-offs, what is signed off for some class; a teacher,
    what is signed off for a class of theirs; each of the two with the guide. Nothing on hold is open to either. Nobody else
    sees anything.
    """
    parts, signed = closed_parts(), gates.sign_offs()
    if decides:
        return ClosedPack(parts, parts, signed)
    known = signed if records else [one for one in signed if one.teacher_id == person_id and one.stands(today)]
    opened = _opened(parts, [one for one in known if one.stands(today)])
    guide = [one for one in parts if one.act.kind is ActKind.CLOSED_GUIDE] if opened else []
    return ClosedPack(parts, [*guide, *opened], known)


def _opened(parts: Sequence[ClosedPart], standing: Sequence[SignedOff]) -> list[ClosedPart]:
    if not standing:
        return []
    holds = gates.holds()
    return [
        part for part in parts if any(part.act.id == one.act_id and not holds.stop_act(part.act, one.years) for one in standing)
    ]
