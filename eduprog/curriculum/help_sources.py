"""Help lines and services as dated data."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from eduprog.curriculum.schema.types import Slug, Text
from eduprog.curriculum.values import Value
from eduprog.curriculum.vocabulary import Nation


class HelpAudience(StrEnum):
    """Whom a help source is shown to."""

    PUPIL = "pupil"
    PARENT = "parent"
    STAFF = "staff"


class ContactKind(StrEnum):
    """How a help source is reached."""

    RING = "ring"
    TEXT = "text"
    WEB = "web"
    EMAIL = "email"
    FIND = "find"


class Contact(Value):
    """One way to reach a help source; `value` is a number, an address or, for `find`, words that say how to find it."""

    kind: ContactKind
    value: Text
    note: str = ""


class Ages(Value):
    """The ages a source serves, both ends included."""

    first: Annotated[int, Field(ge=0, le=130)]
    last: Annotated[int, Field(ge=0, le=130)]


class HelpSource(Value):
    """A service children, parents or staff can turn to, shown only until it must be checked again."""

    id: Slug
    name: Text
    purpose: Text
    audience: Annotated[tuple[HelpAudience, ...], Field(min_length=1)]
    ages: Ages
    nations: Annotated[tuple[Nation, ...], Field(min_length=1)]
    contact: Annotated[tuple[Contact, ...], Field(min_length=1)]
    source: Text
    verified_on: date
    verified_by: Text
    expires_on: date

    def shown_on(self, day: date) -> bool:
        """Return whether pupils and parents may be shown this source on `day`."""
        return day <= self.expires_on

    def serves(self, *, first_age: int, last_age: int) -> bool:
        """Return whether the source serves every age from `first_age` to `last_age`."""
        return self.ages.first <= first_age and last_age <= self.ages.last


class HelpSources(Value):
    """What lessons/help-sources.yaml says."""

    sources: Annotated[tuple[HelpSource, ...], Field(min_length=1)]

    def by_id(self) -> dict[str, HelpSource]:
        """Return the sources by id, in the order of the file."""
        return {source.id: source for source in self.sources}
