"""From raw data to a schema value, with each thing wrong said in a sentence at its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from eduprog.curriculum.schema.types import PATTERN_MEANINGS, is_body_field
from eduprog.curriculum.text.document import Document
from eduprog.curriculum.text.places import Path, Places

M = TypeVar("M", bound=BaseModel)

_SENTENCES = {
    "missing": 'The key "{name}" is missing in {around}; add it.',
    "extra_forbidden": '"{name}" is not a key of {around}; check the spelling or remove it.',
    "string_type": '"{name}" must be text; put it in quotation marks.',
    "string_too_short": '"{name}" is empty; write it.',
    "int_type": '"{name}" must be a whole number.',
    "int_from_float": '"{name}" must be a whole number.',
    "bool_type": '"{name}" must be true or false.',
    "tuple_type": '"{name}" must be a list; write [one, two] or lines beginning with a dash.',
    "greater_than_equal": '"{name}" must be at least {ge}.',
    "less_than_equal": '"{name}" must be at most {le}.',
    "too_short": '"{name}" has {actual_length} entries; at least {min_length} are needed.',
    "too_long": '"{name}" has {actual_length} entries; at most {max_length} fit.',
    "model_type": '"{name}" must have keys of its own; indent them below it.',
    "model_attributes_type": '"{name}" must have keys of its own; indent them below it.',
    "dict_type": '"{name}" must have keys of its own; indent them below it.',
    "enum": '"{input}" is not allowed for "{name}"; known are {expected}.',
    "literal_error": '"{input}" is not allowed for "{name}"; known are {expected}.',
    "union_tag_invalid": '"{input[kind]}" is not a kind of handout; known are {expected_tags}.',
    "union_tag_not_found": '"{name}" needs a kind, such as cards or sheet.',
    "string_pattern_mismatch": '"{input}" is not {meaning}.',
    "date_from_datetime_parsing": '"{input}" is not a date; write it as 2026-11-22.',
    "date_parsing": '"{input}" is not a date; write it as 2026-11-22.',
    "date_type": '"{name}" must be a date such as 2026-11-22.',
}
# Faults after which the value can still be read without the offending part, so that later checks see the rest.
_REMOVABLE = {"extra_forbidden", "enum", "string_pattern_mismatch", "greater_than_equal", "less_than_equal"}


def build(model: type[M], document: Document, body: Mapping[str, Any], places: Places, *, around: str) -> M | None:
    """Return the value of front matter and body together; None where the faults noted leave nothing to use."""
    if document.front is None:
        return None
    mine = dict(document.front)
    for name, field in model.model_fields.items():
        if is_body_field(field) and name in mine:
            places.fault(document.key_lines[name], f'"{name}" is not a key of {around}; it is written below the front matter.')
            del mine[name]
    return validate(model, {**mine, **body}, places, around=around)


def validate(model: type[M], raw: Any, places: Places, *, around: str) -> M | None:
    """Return `raw` as a value of `model`; each fault is noted, and what can be left out is, so that checks go on."""
    try:
        return model.model_validate_json(to_json(raw))
    except ValidationError as error:
        errors = error.errors(include_url=False)
    for detail in errors:
        path = _known_path(detail["loc"], places)
        places.fault_at(path, _sentence(detail, around))
    if all(detail["type"] in _REMOVABLE for detail in errors):
        try:
            return model.model_validate_json(to_json(_mended(raw, errors)))
        except ValidationError:
            return None
    return None


def _known_path(loc: Sequence[str | int], places: Places) -> Path:
    """Return the path of a fault without the parts a union adds, which stand nowhere in the file."""
    path: Path = ()
    for part in loc:
        if (*path, part) in places.lines:
            path = (*path, part)
    return path


def _sentence(detail: ErrorDetails, around: str) -> str:
    names = [part for part in detail["loc"] if isinstance(part, str)]
    last_is_index = bool(detail["loc"]) and isinstance(detail["loc"][-1], int)
    name = names[-1] if names else around
    if last_is_index:
        name = f"{name}, entry {int(detail['loc'][-1]) + 1}"
    context = detail.get("ctx", {})
    values = {
        **context,
        "name": name,
        "around": f'"{names[-2]}"' if len(names) > 1 else around,
        "input": detail["input"],
        "meaning": PATTERN_MEANINGS.get(str(context.get("pattern")), "written as expected"),
    }
    form = _SENTENCES.get(detail["type"])
    return form.format_map(values) if form else f'"{name}" cannot be used: {detail["msg"]}.'


def _mended(raw: Any, errors: Sequence[ErrorDetails]) -> Any:
    """Return the data with each faulty part left out or, where something must stand there, with a permitted value."""
    mended = deepcopy(raw)
    for detail in sorted(errors, key=lambda one: [str(part).zfill(6) for part in one["loc"]], reverse=True):
        holder = mended
        *way, last = detail["loc"]
        for part in way:
            if _has(holder, part):
                holder = holder[part]
        if not _has(holder, last):
            continue
        permitted = _permitted(detail)
        if permitted is None or isinstance(last, int):
            del holder[last]
        else:
            holder[last] = permitted
    return mended


def _permitted(detail: ErrorDetails) -> str | int | None:
    context = detail.get("ctx", {})
    if detail["type"] == "enum":
        return str(context["expected"]).split("'")[1]
    bound = context.get("ge", context.get("le"))
    return int(bound) if bound is not None else None


def _has(holder: Any, part: str | int) -> bool:
    if isinstance(holder, dict):
        return part in holder
    return isinstance(holder, list) and isinstance(part, int) and part < len(holder)
