"""What to tell somebody who changes a scheme of work."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from eduprog.curriculum.schema import LessonModule
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.planning.rules.wanted import BLOCK_ORDER
from eduprog.school.rules import HalfTermBlock


def scheme_warnings(
    entries: Sequence[tuple[str, HalfTermBlock]], year: YearGroup, modules: Mapping[str, LessonModule]
) -> list[str]:
    """Give sentences about a scheme (its entries in order):

    what stands before what it builds on, what comes earlier than its years.
    """
    found: list[str] = []
    place = {module_id: (BLOCK_ORDER[block], number) for number, (module_id, block) in enumerate(entries)}
    for module_id, _ in entries:
        module = modules.get(module_id)
        if module is None:
            continue
        late = [other for other in module.builds_on if other in place and place[other] > place[module_id]]
        found += [
            f"{module_id} builds on {other}, which comes later. The planner will put {module_id} after it." for other in late
        ]
        if year.number < min(one.number for one in module.years):
            found.append(
                f"{module_id} is written for {module.years[0].label}. Record the head’s and the DSL’s reason for teaching it "
                "earlier, and tell parents and carers."
            )
    return found


def what_is_lost(module_ids: Collection[str], taken_out: str, modules: Mapping[str, LessonModule]) -> tuple[list[str], list[str]]:
    """Give the statements no other module of a scheme meets, and the modules that build on the one taken out."""
    others = [modules[one] for one in module_ids if one != taken_out and one in modules]
    met = {statement for module in others for statement in module.statements}
    lost = [statement for statement in modules[taken_out].statements if statement not in met]
    return sorted(lost), [module.id for module in others if taken_out in module.builds_on]
