"""What the pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template
from markupsafe import Markup, escape

from eduprog.core.settings import Settings
from eduprog.families.views.speaking import frame, install, said, speak
from eduprog.organisations import queries as organisations

blueprint = Blueprint("families", __name__)
blueprint.record_once(lambda state: install(state.app))
blueprint.context_processor(frame)


def settings() -> Settings:
    """Give the settings of this installation."""
    held: Settings = current_app.extensions["eduprog"]
    return held


def link_over() -> tuple[str, int]:
    """Say that a link does not work, in the same words whatever the cause, and nothing else.

    The language is the one the address asks for, never the one known of a family.
    """
    speak(any_shipped=True)
    return render_template("families/link_over.html", h1=said("This link does not work")), 404


def of_school() -> dict[str, Any]:
    """Give what a parent's page shows of the current school: its name and how to ask a question."""
    return {
        "school_name": organisations.current_school().name,
        "contact_line": escape(said("Questions? Ask %(school)s: %(ways)s."))
        % {"school": organisations.current_school().name, "ways": _ways_to_tap()},
    }


def contact_line() -> str:
    """Say how to ask the current school."""
    return f"Ask {organisations.current_school().name}: {contact_ways()}."


def _ways_to_tap() -> Markup:
    """Give how to reach the current school as links that a phone writes to or rings."""
    school = organisations.current_school()
    ways = [Markup('<a class="govuk-link" href="mailto:{0}" dir="ltr">{0}</a>').format(school.contact_email)]
    if school.contact_phone:
        dialled = "".join(sign for sign in school.contact_phone if sign.isdigit() or sign == "+")
        link = Markup('<a class="govuk-link ep-nowrap" href="tel:{}" dir="ltr">{}</a>')
        ways.append(link.format(dialled, school.contact_phone))
    return Markup(", ").join(ways)


def contact_ways() -> str:
    """Give how to reach the current school."""
    school = organisations.current_school()
    return ", ".join([school.contact_email, *([school.contact_phone] if school.contact_phone else [])])
