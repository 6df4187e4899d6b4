"""JSON Schema of lesson files for editors that complete and check front matter while one writes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from eduprog.curriculum.frameworks import Framework
from eduprog.curriculum.help_sources import HelpSources
from eduprog.curriculum.plan import Plan
from eduprog.curriculum.programme import Programme
from eduprog.curriculum.schema.acts import Act
from eduprog.curriculum.schema.companions import FollowUps, HomeActivity, StaffNote
from eduprog.curriculum.schema.lesson import Lesson
from eduprog.curriculum.schema.module import ModuleHead
from eduprog.curriculum.schema.types import is_body_field
from eduprog.curriculum.vocabulary import Vocabulary

FILE_KINDS: dict[str, type[BaseModel]] = {
    "module": ModuleHead,
    "lesson": Lesson,
    "follow-ups": FollowUps,
    "home-activity": HomeActivity,
    "staff-note": StaffNote,
    "act": Act,
    "programme": Programme,
    "plan": Plan,
    "vocabulary": Vocabulary,
    "help-sources": HelpSources,
    "framework": Framework,
}


def json_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of what one kind of file holds as YAML. Raises KeyError for an unknown kind."""
    model = FILE_KINDS[kind]
    schema = model.model_json_schema(by_alias=True)
    for name, field in model.model_fields.items():
        if is_body_field(field):
            del schema["properties"][field.alias or name]
            schema["required"] = [one for one in schema.get("required", []) if one != (field.alias or name)]
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = f"{kind} file"
    return schema
