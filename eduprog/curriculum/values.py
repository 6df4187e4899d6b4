"""The base of everything read from lesson files."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value that refuses keys it does not know and never converts one type into another."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
