"""The page on which each person chooses what they hear about."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.organisations import queries as organisations
from eduprog.reminders import actions, queries
from eduprog.reminders.forms import RemindersForm
from eduprog.reminders.rules import AFTERNOON, About, offered_to, wanted_by
from eduprog.web.guards import current_actor, requires, signed_in

blueprint = Blueprint("reminders", __name__)


@blueprint.get("/account/reminders")
@requires(Permission.SEE_OWN_ACCOUNT)
def choices() -> str:
    """Show what the person hears about from this school."""
    offered = _offered()
    if not offered:
        return render_template("reminders/choices.html", h1="Your reminders", form=None)
    me = signed_in()
    wanted = wanted_by(me.roles, queries.choices_of(me.person_id))
    return _page(RemindersForm(formdata=None, wanted=[about.value for about in offered if about in wanted]), offered)


@blueprint.post("/account/reminders")
@requires(Permission.SEE_OWN_ACCOUNT)
def save_choices() -> str | Response | tuple[str, int]:
    """Keep what the person chooses."""
    offered = _offered()
    if not offered:
        raise NotHere
    form = RemindersForm()
    form.offer(offered)
    if not form.validate_on_submit():
        return _page(form, offered), 422
    me = signed_in()
    with transaction():
        actions.choose(person_id=me.person_id, roles=me.roles, wanted=form.chosen(), by=current_actor(), now=clock.now())
    flash("Your reminders are saved", "success")
    return redirect(url_for(".choices"))


def _offered() -> tuple[About, ...]:
    """Give what the person may hear about; nothing where no school is chosen."""
    me = signed_in()
    return offered_to(me.roles) if me.school_id is not None else ()


def _page(form: RemindersForm, offered: tuple[About, ...]) -> str:
    form.offer(offered)
    return render_template(
        "reminders/choices.html", h1="Your reminders", form=form, offered=offered, chosen=organisations.school_settings(),
        afternoon=AFTERNOON,
    )  # fmt: skip
