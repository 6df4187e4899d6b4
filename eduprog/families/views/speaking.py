"""The language of a page for families: asked for by the reader or known of the contact, and allowed by the school."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask.sansio.app import App

from eduprog.families import queries
from eduprog.families.rules import ENGLISH, LANGUAGES, Language, day_in, language_of, plural_in, said_in, sentence_in


def install(app: App) -> None:
    """Let templates say sentences in the language of the page."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        lambda text: sentence_in(spoken().code, text),
        lambda one, many, count: plural_in(spoken().code, one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters["spoken_day"] = lambda value: day_in(spoken().code, value)


def speak(known: str = "", *, any_shipped: bool = False) -> None:
    """Choose the page's language: what the address asks for, else what is known of the contact, else English.

    A machine draft is shown only where the school allows it, or, with `any_shipped`, before a school is known.
    """
    allowed = set(LANGUAGES) if any_shipped else allowed_languages()
    wanted = [code for code in (request.values.get("language", ""), known) if code in allowed]
    g.family_language = language_of(wanted[0] if wanted else ENGLISH.code)
    g.family_languages = [language for code, language in LANGUAGES.items() if code in allowed]


def allowed_languages() -> set[str]:
    """Give the languages the current school lets its families read."""
    drafts = queries.family_choices().draft_languages
    return {code for code, language in LANGUAGES.items() if language.reviewed or code in drafts}


def spoken() -> Language:
    """Give the language of this page."""
    chosen: Language = g.get("family_language", ENGLISH)
    return chosen


def said(text: str, **values: object) -> str:
    """Give a sentence in the language of this page."""
    return said_in(spoken().code, text, **values)


def frame() -> dict[str, Any]:
    """Give what layouts need to know of the language, if a page chose one."""
    language = spoken()
    if language is ENGLISH:
        return {"languages": g.get("family_languages", []), "spoken": language}
    return {
        "languages": g.get("family_languages", []),
        "spoken": language,
        "page_lang": language.code,
        "page_dir": "rtl" if language.direction == "rtl" else None,
    }
