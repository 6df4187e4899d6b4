"""The curriculum as it is after a release that retires some modules."""

from __future__ import annotations

from collections.abc import Collection

from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.schema.module import Status


def without(known: Curriculum, module_ids: Collection[str]) -> Curriculum:
    """Give the curriculum with these modules retired; made from its fields alone, for a copy would keep what was worked out."""
    retired = {"status": Status.RETIRED}
    modules = tuple(one.model_copy(update=retired) if one.id in module_ids else one for one in known.all_modules)
    fields = {name: getattr(known, name) for name in Curriculum.model_fields}
    named = f"without {' '.join(sorted(module_ids))}"
    return Curriculum.model_construct(**{**fields, "all_modules": modules, "content_hash": named})
