"""The kinds of text a field may hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic.fields import FieldInfo

from eduprog.curriculum.values import Value

MODULE_ID = r"^[A-Z][A-Z0-9]{1,7}-[A-Z]?[0-9]{1,6}$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
STATEMENT_ID = r"^[A-Z]+(-[A-Z]+)*-[0-9]{2}[a-z]?$"

# What a text that breaks a pattern should have been; read by the sentences about faults.
PATTERN_MEANINGS = {
    MODULE_ID: "a module id such as K1-C1",
    SLUG: "lower-case words joined by hyphens, such as ask-first",
    STATEMENT_ID: "a statement such as P-RK-01 or a clause such as P-RK-01a",
}

ModuleId = Annotated[str, StringConstraints(pattern=MODULE_ID)]
Slug = Annotated[str, StringConstraints(pattern=SLUG)]
StatementId = Annotated[str, StringConstraints(pattern=STATEMENT_ID)]
ClauseId = StatementId
Text = Annotated[str, StringConstraints(min_length=1)]
Minutes = Annotated[int, Field(ge=1, le=90)]


class KeptWording(Value):
    """Words the language check flags and the author keeps as they stand in this file, with the reason."""

    words: Text
    why: Text


# Marks a field that is written in the body of a file, below the front matter.
BODY = Field(json_schema_extra={"written_in": "body"})


def is_body_field(field: FieldInfo) -> bool:
    """Return whether a field is written in the body instead of the front matter."""
    return isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("written_in") == "body"
