"""The letters to families: written once for all who get the same, with places for each family's links."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from eduprog.core import paths
from eduprog.core.markdown import render, render_inline
from eduprog.families import queries
from eduprog.families.emails.plain import as_plain
from eduprog.families.rules import DigestItem, language_of, plural_in, said_in, sentence_in
from eduprog.mail.rules import Letter
from eduprog.organisations import queries as organisations

_SEVERAL = "A few minutes together this week"


@dataclass(frozen=True)
class WeeklyLetter:
    """What makes two digests the same text: their activities, the language, and the day that decides which help is shown."""

    items: tuple[DigestItem, ...]
    language: str
    today: date
    coming: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class JoinLetter:
    """What makes two requests to confirm the same text."""

    years: str
    language: str


def write_digest(key: Hashable) -> Letter:
    """Write a digest, with slots for the links "home" and "leave"."""
    assert isinstance(key, WeeklyLetter)
    activities = queries.activities(key.items, key.language)
    services = queries.ways_to_get_help(key.items, key.today)
    subject = activities[0].subject_line if len(activities) == 1 else said_in(key.language, _SEVERAL)
    shown = {"subject": subject, "activities": activities, "services": services, "coming": queries.coming_lines(key.coming)}
    return _letter("family-digest", ("home", "leave"), key.language, **shown)


def write_join_confirm(key: Hashable) -> Letter:
    """Write the request to confirm, with slots for the links "confirm" and "leave"."""
    assert isinstance(key, JoinLetter)
    return _letter("join-confirm", ("confirm", "leave"), key.language, years=key.years)


def _letter(folder: str, slots: tuple[str, ...], language: str, **shown: Any) -> Letter:
    school = organisations.current_school()
    spoken = language_of(language)
    values = {"school": school, "language": language, "spoken": spoken, **{slot: f"«{slot}»" for slot in slots}, **shown}
    subject = _rendered(language, f"email/{folder}/subject.txt", values)
    text = _rendered(language, f"email/{folder}/body.txt", {**values, "subject": subject})
    html = _rendered(language, f"email/{folder}/body.html", {**values, "subject": subject})
    return Letter(
        subject,
        f"{text}\n",
        f"{_inliner().inline(html)}\n",
        slots,
        language,
        from_name=school.name,
        reply_to=school.contact_email,
    )


def _rendered(language: str, name: str, values: dict[str, Any]) -> str:
    return _templates(language).get_template(name).render(values).strip()


@cache
def _templates(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(str(paths.TEMPLATES)),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        partial(sentence_in, language), partial(plural_in, language), newstyle=True
    )
    made.filters.update(markdown=render, inline_markdown=render_inline, plain=as_plain)
    return made


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
