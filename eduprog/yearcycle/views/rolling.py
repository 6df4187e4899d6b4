"""The step into a new academic year: a proposal to change, apply, undo."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Permission
from eduprog.followups import queries as follow_ups
from eduprog.school import queries as school
from eduprog.web.filters import FILTERS
from eduprog.web.forms import Form
from eduprog.web.guards import current_actor, requires
from eduprog.web.options import Options
from eduprog.yearcycle import actions, queries
from eduprog.yearcycle.forms import chosen_classes
from eduprog.yearcycle.rules import leavers
from eduprog.yearcycle.views.blueprint import blueprint


@blueprint.get("/roll-over")
@requires(Permission.MANAGE_SCHOOL)
def roll_over_page() -> str:
    """Show what the step into the next year would do, and the steps taken before."""
    return _page()


def _page() -> str:
    step = queries.next_year(clock.today())
    done = queries.roll_overs()
    standing = next((row for row in done if row.undone_at is None), None)
    blocked = queries.obstacles_to_undo(standing.undo_record["classes"]) if standing else []
    return render_template(
        "yearcycle/roll-over.html",
        h1="Step into the next year",
        step=step,
        names={group.id: group.name for group in step.groups} if step else {},
        before=_could_feed(step) if step else {},
        leaving=leavers([queries.old_class(group) for group in step.groups], step.proposed) if step else [],
        people=Options((person.id, person.name) for person in accounts.people_of_school()),
        standing=standing,
        blocked=blocked,
        together=follow_ups.carried_into(standing.undo_record["classes"]) if standing else [],
        class_names=_class_names(standing.from_year_id, standing.to_year_id) if standing else {},
        years={year.id: year for year in school.academic_years()},
        form=Form(formdata=None),
    )


def _class_names(*academic_year_ids: int) -> dict[int, str]:
    return {group.id: group.name for year_id in academic_year_ids for group in school.classes_of_year(year_id)}


def _could_feed(step: queries.NextYear) -> dict[int, list[int]]:
    """Give, by place of each new class, the classes of the old year whose pupils can be in it: those with the year group
    before, and the ones proposed.
    """
    coming = [(group.id, {year.next for year in group.year_groups}) for group in step.groups]
    return {
        number: [id_ for id_, years in coming if id_ in one.feeders or years.intersection(one.years)]
        for number, one in enumerate(step.proposed)
    }


@blueprint.post("/roll-over")
@requires(Permission.MANAGE_SCHOOL)
def roll_over() -> Response | tuple[str, int]:
    """Take the step with the classes as they were left on the page."""
    today = clock.today()
    step = queries.next_year(today)
    chosen = chosen_classes(request.form, step.proposed) if step else []
    from_year_id = request.form.get("from_year_id", 0, int)
    try:
        with transaction():
            report = actions.roll_over(from_year_id=from_year_id, chosen=chosen, by=current_actor(), now=clock.now(), today=today)
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return _page(), 422
    flash(_said(report), "success")
    return redirect(url_for(".roll_over_page"))


def _said(report: actions.RollOverReport) -> str:
    plural, owed = FILTERS["plural"], report.follow_ups
    leaving = f" {FILTERS['join_and'](report.leaving)} left school." if report.leaving else ""
    return (
        f"{plural(report.opened, 'class', 'classes')} opened.{leaving} {plural(owed.carried, 'follow-up')} went to the classes"
        f" that follow, {owed.placed} of them with a day. {plural(report.codes_closed, 'class code')} closed."
    )


@blueprint.post("/roll-over/<int:roll_over_id>/undo")
@requires(Permission.MANAGE_SCHOOL)
def undo_roll_over(roll_over_id: int) -> Response:
    """Go back to the old year as it was, while nothing has been recorded in the new one."""
    try:
        with transaction():
            actions.undo_roll_over(roll_over_id=roll_over_id, by=current_actor(), now=clock.now())
    except (actions.AlreadyUndone, actions.SomethingRecorded) as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Undone. The classes of the old year stand as before.", "success")
    return redirect(url_for(".roll_over_page"))
