"""The text of an activity for families, with the school's own words and the help that may be shown today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from eduprog.curriculum import catalogue
from eduprog.curriculum.help_sources import HelpAudience
from eduprog.curriculum.placeholders import GENERIC, fill
from eduprog.curriculum.schema import HomeActivity, LessonModule
from eduprog.families.rules import ENGLISH, DigestItem, language_of, said_in, years_label
from eduprog.library import queries as library
from eduprog.organisations import queries as organisations


@dataclass(frozen=True)
class Activity:
    """One activity as families read it; all texts but the title are Markdown."""

    module_id: str
    title: str
    subject_line: str
    minutes: int
    years: str
    gated: bool
    sentences: tuple[str, ...]
    language: str
    what_we_did: str
    together: tuple[str, ...]
    question: str
    avoid: str
    instead: str
    if_told: str


@dataclass(frozen=True)
class Service:
    """Somebody to turn to: what for, and how, a line each."""

    name: str
    purpose: str
    ways: tuple[str, ...]


@dataclass(frozen=True)
class TranslationLine:
    """A translated home activity as staff see it: whether a person has read it, and whether its module has moved on since."""

    module_id: str
    title: str
    language: str
    reviewed_by: str
    dated: date
    stale: bool


def translations() -> list[TranslationLine]:
    """Give all translated home activities, by module and language."""
    return [
        TranslationLine(
            module.id, module.home_activity.title, language_of(one.language).english, one.reviewed_by or "", one.dated,
            module.is_stale(one),
        )
        for module in catalogue.current().modules.values()
        for one in module.home_translations
    ]  # fmt: skip


def activities(items: Sequence[DigestItem], language: str = ENGLISH.code) -> list[Activity]:
    """Give the activities of these items, in their order, placeholders filled in; in a language where we have them."""
    found = []
    for item in items:
        module = catalogue.current().module(item.module_id)
        home, spoken = home_in(module, language)
        filled = _filler(spoken)
        found.append(
            Activity(
                item.module_id,
                home.title,
                home.subject_line,
                home.minutes,
                years_label(item.years),
                item.gated,
                item.sentences,
                spoken,
                filled(home.what_we_did),
                tuple(filled(step) for step in home.together),
                filled(home.question),
                filled(home.avoid),
                filled(home.instead),
                filled(home.if_told),
            )
        )
    return found


def _filler(language: str) -> Callable[[str], str]:
    """Give what fills the placeholders with the school's words, and with generic ones of the language where it has none."""
    generic = {placeholder: said_in(language, words) for placeholder, words in GENERIC.items()}
    return partial(fill, values={**generic, **library.school_words()})


def home_in(module: LessonModule, language: str) -> tuple[HomeActivity, str]:
    """Give a module's home activity with the language it is in: the one asked for where a fresh translation exists."""
    found = module.home_activity_in(language)
    return (found, language) if found is not None else (module.home_activity, ENGLISH.code)


def ways_to_get_help(items: Iterable[DigestItem], today: date) -> list[Service]:
    """Give the services the activities name, each once: for parents, of the school's nation, and checked not too long ago."""
    nation = organisations.current_school().nation.value
    known = catalogue.current().help_sources
    modules = [catalogue.current().module(item.module_id) for item in items]
    ids = dict.fromkeys(one for module in modules for one in module.home_activity.help_sources)
    chosen = [known[one] for one in ids if one in known]
    return [
        Service(one.name, one.purpose, library.ways_to_reach(one))
        for one in chosen
        if one.shown_on(today) and HelpAudience.PARENT in one.audience and nation in {each.value for each in one.nations}
    ]


def coming_lines(coming: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give what classes begin next as (year groups, title)."""
    known = catalogue.current().modules
    return [(years, known[module_id].title) for years, module_id in coming if module_id in known]
