"""The page on which a school says who helps, how it is reached, and when messages go out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.organisations import actions, queries
from eduprog.organisations.forms import SchoolSettingsForm
from eduprog.web.guards import current_actor, requires

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/school-details")
@requires(Permission.MANAGE_SCHOOL)
def school_details() -> str:
    """Show what the school has chosen."""
    chosen = queries.school_settings()
    school = queries.current_school()
    return _page(SchoolSettingsForm(obj=chosen, contact_email=school.contact_email, contact_phone=school.contact_phone))


@blueprint.post("/school-details")
@requires(Permission.MANAGE_SCHOOL)
def save_school_details() -> str | Response:
    """Keep what the school chooses."""
    form = SchoolSettingsForm()
    if not form.validate_on_submit():
        return _page(form)
    now = clock.now()
    with transaction():
        actions.save_school_settings(**form.choices(), by=current_actor(), now=now)
        actions.save_contact(**form.contact(), by=current_actor(), now=now)
    flash("School details are saved", "success")
    return redirect(url_for(".school_details"))


def _page(form: SchoolSettingsForm) -> str:
    return render_template("organisations/school-details.html", form=form)
