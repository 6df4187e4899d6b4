"""Sensitive lessons: what is on hold, and the safeguarding lead's pause."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission, permissions_of
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import Strand, YearGroup
from eduprog.gates import actions, queries, rules
from eduprog.gates.forms import BirthdayForm, DeputyForm, PauseForm, RemovalForm, TrainedForm
from eduprog.gates.rules import PauseScope
from eduprog.school import queries as school
from eduprog.web.guards import current_actor, requires

blueprint = Blueprint("gates", __name__)


@blueprint.get("/sensitive-lessons")
@requires(Permission.PAUSE_TEACHING)
def ahead() -> str:
    """Show which modules ask for conditions, and what is on hold."""
    return _page(PauseForm.offering(formdata=None))


def _page(form: PauseForm) -> str:
    gated = [module for module in catalogue.current().modules.values() if module.is_live and "G0" not in module.gates]
    return render_template(
        "gates/ahead.html",
        h1="Sensitive lessons",
        modules=gated,
        pauses=[(pause, _name_of(pause.scope, pause.subject)) for pause in queries.standing_pauses()],
        form=form,
    )


def _name_of(scope: PauseScope, subject: str) -> str:
    """Give what a pause stops in words."""
    if scope is PauseScope.STRAND:
        return f"Strand {Strand(subject).label}"
    if scope is PauseScope.YEAR_GROUP:
        return YearGroup(subject).label
    module = catalogue.current().modules.get(subject)
    return f"{subject} {module.title}" if module else subject


@blueprint.post("/pauses")
@requires(Permission.PAUSE_TEACHING)
def pause() -> Response | tuple[str, int]:
    """Put a module, strand or year group on hold at once."""
    form = PauseForm.offering()
    if not form.validate_on_submit():
        return _page(form), 422
    scope, subject = form.chosen()
    with transaction():
        actions.pause(scope=scope, subject=subject, by=current_actor(), now=clock.now())
    flash("On hold from now: lessons, starters and prompts home.", "success")
    return redirect(url_for(".ahead"))


@blueprint.post("/pauses/<int:pause_id>/lift")
@requires(Permission.PAUSE_TEACHING)
def lift(pause_id: int) -> Response:
    """Lift a pause."""
    with transaction():
        actions.lift(pause_id=pause_id, by=current_actor(), now=clock.now())
    flash("No longer on hold.", "success")
    return redirect(url_for(".ahead"))


@blueprint.get("/sensitive-lessons/people")
@requires(Permission.DECIDE_GATES)
def people() -> str:
    """Show who stands in for the safeguarding lead and when, and who is trained to teach sensitive lessons."""
    return _people_page(DeputyForm(formdata=None))


def _people_page(form: DeputyForm) -> str:
    today = clock.today()
    staff = [one for one in accounts.people_of_school() if Permission.RECORD_DELIVERY in permissions_of(one.roles)]
    return render_template(
        "gates/people.html",
        h1="Deputies and trained teachers",
        form=form,
        safeguarding=queries.lead_on(today),
        deputies=queries.deputies(today),
        staff=staff,
        trained=queries.trained_teachers(),
        today=today,
    )


@blueprint.post("/sensitive-lessons/deputies")
@requires(Permission.DECIDE_GATES)
def add_deputy() -> str | Response | tuple[str, int]:
    """Let a deputy stand in on some days."""
    form = DeputyForm()
    if not form.validate_on_submit():
        return _people_page(form), 422
    try:
        with transaction():
            actions.add_deputy(**form.facts(), by=current_actor(), now=clock.now(), today=clock.today())
    except Refusal as refusal:
        form.first_day.errors = [refusal.sentence]
        return _people_page(form), 422
    flash("Saved. On those days every teacher sees the deputy’s name.", "success")
    return redirect(url_for(".people"))


@blueprint.post("/sensitive-lessons/deputies/removal")
@requires(Permission.DECIDE_GATES)
def remove_deputy() -> Response:
    """Take a deputy's days away."""
    form = RemovalForm()
    if not form.validate_on_submit():
        raise NotHere
    with transaction():
        actions.remove_deputy(deputy_id=form.deputy_id.data or 0, by=current_actor(), now=clock.now())
    flash("Those days are taken away.", "success")
    return redirect(url_for(".people"))


@blueprint.post("/sensitive-lessons/trained-teachers")
@requires(Permission.DECIDE_GATES)
def say_trained() -> Response:
    """Record that a teacher is trained to teach sensitive lessons, or no longer."""
    form = TrainedForm()
    if not form.validate_on_submit():
        raise NotHere
    with transaction():
        actions.say_trained(
            person_id=form.person_id.data or 0, trained=bool(form.trained.data), by=current_actor(), now=clock.now()
        )
    flash("Saved.", "success")
    return redirect(url_for(".people"))


@blueprint.route("/sensitive-lessons/own-choice", methods=["GET", "POST"])
@requires(Permission.DECIDE_GATES)
def own_choice() -> str | tuple[str, int]:
    """Work out from which day a pupil may choose sex education themselves. Nothing is kept; no birthday stands in an address."""
    form = BirthdayForm()
    answer = None
    if form.validate_on_submit() and form.born.data:
        answer = rules.own_choice(form.born.data, school.calendar().half_terms)
    page = render_template("gates/own_choice.html", h1="When a pupil may choose", form=form, answer=answer)
    return (page, 422) if form.errors else page
