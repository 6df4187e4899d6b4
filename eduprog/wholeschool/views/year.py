"""The year of whole-school acts: aspects, wheel, list and training log; and new acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.school import queries as school
from eduprog.web.guards import current_actor, may, requires, signed_in
from eduprog.wholeschool import actions, queries
from eduprog.wholeschool.forms import NewActForm
from eduprog.wholeschool.queries import ActLine
from eduprog.wholeschool.rules import WheelItem, year_wheel
from eduprog.wholeschool.views.blueprint import blueprint

Page = str | Response | tuple[str, int]


@blueprint.get("/whole-school")
@requires(Permission.SEE_OWN_ACTS)
def year() -> str:
    """Show the acts of a year: all of them to those who look over the school, their own to everybody else."""
    today = clock.today()
    years = school.academic_years()
    chosen = school.year_among(years, request.args.get("year", type=int), today=today)
    context: dict[str, Any] = {
        "h1": "Whole school", "today": today, "years": years, "chosen": chosen, "words": catalogue.current().vocabulary
    }  # fmt: skip
    if chosen is None:
        return render_template("wholeschool/year.html", lines=(), everybody=False, **context)
    if not may(Permission.SEE_ACTS):
        own = queries.acts_owned_by(signed_in().person_id, chosen.id)
        return render_template("wholeschool/year.html", lines=own, everybody=False, **context)
    lines = queries.acts_of_year(chosen.id)
    return render_template(
        "wholeschool/year.html",
        lines=lines,
        everybody=True,
        figures=queries.aspect_figures(chosen.id, today=today),
        library=catalogue.current().acts,
        wheel=_wheel(lines, chosen.starts_on, today),
        training=queries.training_of_year(chosen.id),
        **context,
    )


def _wheel(lines: Sequence[ActLine], starts_on: date, today: date) -> Any:
    shown = enumerate(lines, start=1)
    return year_wheel(starts_on, [WheelItem(n, line.aspect, line.done_on or line.due_on, line.look(today)) for n, line in shown])


@blueprint.post("/whole-school/years/<int:academic_year_id>/suggestions")
@requires(Permission.PLAN_ACTS)
def suggestions(academic_year_id: int) -> Response:
    """Add everything from the library that the year asks for."""
    try:
        with transaction():
            added = actions.plan_suggested(
                academic_year_id=academic_year_id, by=current_actor(), now=clock.now(), today=clock.today()
            )
    except actions.NoHalfTerms as refusal:
        flash(refusal.sentence, "error")
    else:
        said = f"{added} acts added. Give each one an owner." if added else "Everything the year asks for is there already."
        flash(said, "success")
    return redirect(url_for(".year", year=academic_year_id))


@blueprint.route("/whole-school/years/<int:academic_year_id>/acts", methods=["GET", "POST"])
@requires(Permission.PLAN_ACTS)
def new_act(academic_year_id: int) -> Page:
    """Plan one more act."""
    if school.academic_year(academic_year_id, today=clock.today()) is None:
        raise NotHere
    library = [act for act in catalogue.current().acts.values() if act.is_live]
    form = NewActForm(data={"what": f"act:{request.args['act']}"} if "act" in request.args else None)
    form.offer(library, {person.id: person.name for person in accounts.people_of_school()})
    if form.validate_on_submit():
        try:
            with transaction():
                made = actions.plan_act(academic_year_id=academic_year_id, **form.facts(), by=current_actor(), now=clock.now()).id
        except NotHere:
            raise
        except Refusal as refusal:
            form.due_on.errors = [refusal.sentence]
        else:
            flash("Added to the year.", "success")
            return redirect(url_for(".act", whole_school_act_id=made))
    page = render_template("wholeschool/new-act.html", h1="Add an act", form=form, academic_year_id=academic_year_id)
    return page, 422 if form.is_submitted() else 200
