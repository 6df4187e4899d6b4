"""Find a lesson: by stage and strand, by filters, by words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import lru_cache

from flask import get_template_attribute, render_template, request, url_for
from markupsafe import Markup

from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import Lesson, LessonModule
from eduprog.curriculum.vocabulary import EvidenceTag, Gate, Message, Method, Skill, Stage, Strand, YearGroup
from eduprog.library import queries
from eduprog.library.rules import LENGTHS, Wanted
from eduprog.library.views.blueprint import blueprint
from eduprog.web.filters import join_and, minutes, plural
from eduprog.web.guards import requires

_LONGEST_SEARCH = 120
Choices = list[tuple[str, str]]


@blueprint.get("/lessons")
@requires(Permission.SEE_LIBRARY)
def browse() -> str:
    """List the modules by stage, or the lessons that hold the words typed; filters narrow either."""
    typed = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    choices = _choices()
    wanted = _wanted(choices)
    return render_template(
        "library/browse.html",
        h1="Lessons",
        typed=typed,
        wanted=wanted,
        narrowed=any(getattr(wanted, name) for name in choices if name not in ("stage", "strand")),
        choices=choices,
        found=queries.find(typed, wanted) if typed else None,
        most=queries.MOST_FOUND,
        shelves=[] if typed else queries.shelves(wanted),
        card=_card,
    )


def _card(module: LessonModule, lessons: Sequence[Lesson]) -> Markup:
    """Give the card of a module on its shelf, drawn once for a curriculum."""
    numbers = tuple(lesson.number for lesson in lessons) if len(lessons) != len(module.lessons) else None
    return _drawn(catalogue.current().content_hash, request.script_root, module.id, numbers)


@lru_cache(maxsize=1000)
def _drawn(_content_hash: str, _root: str, module_id: str, numbers: tuple[int, ...] | None) -> Markup:
    module = catalogue.current().modules[module_id]
    draw: Callable[..., Markup] = get_template_attribute("components/cards.html", "link_card")
    fits = plural(len(module.lessons), "lesson") if numbers is None else f"Lesson {', '.join(map(str, numbers))}"
    labels = [module.strand.label, join_and(year.label for year in module.years), fits, minutes(module.minutes)]
    return draw(f"{module.id} {module.title}", url_for(".module", module_id=module.id), module.outcome, labels)


def _wanted(choices: dict[str, tuple[str, Choices]]) -> Wanted:
    """Read the filters; what is not on the list of a filter is as if nothing was chosen."""
    asked = {field.name: request.args.get(field.name, "") for field in fields(Wanted)}
    known = {name: {value for value, _ in options} for name, (_, options) in choices.items()}
    return Wanted(**{name: value for name, value in asked.items() if value in known[name]})


def _choices() -> dict[str, tuple[str, Choices]]:
    """Give every filter by its name in the address: its label, and value and words of each choice."""
    curriculum = catalogue.current()
    words = curriculum.vocabulary
    used = {step.method for module in curriculum.all_modules for lesson in module.lessons for step in lesson.steps}
    headings = curriculum.framework.headings
    return {
        "stage": ("Stage", [(stage.value, stage.label) for stage in Stage]),
        "strand": ("Strand", [(strand.value, strand.label) for strand in Strand]),
        "year": ("Year group", [(year.value, year.label) for year in YearGroup]),
        "length": ("Minutes", [(value, length.label) for value, length in LENGTHS.items()]),
        "skill": ("Skill", [(skill.value, words.skills[skill].label) for skill in Skill]),
        "method": ("Method", [(method.value, words.methods[method].label) for method in Method if method in used]),
        "message": ("Message", [(message.value, words.messages[message].label) for message in Message]),
        "statement": ("Statement", [(heading.id, f"{heading.id} {heading.title}") for heading in headings if heading.in_pack]),
        "gate": ("Before teaching", [(gate.value, words.gates[gate].label) for gate in Gate if gate is not Gate.G2]),
        "evidence": ("Evidence", [(tag.value, words.evidence[tag].label) for tag in EvidenceTag]),
    }
