"""The slips of a class on a module: counted in under a minute, shown as before and after."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.checks import actions, queries
from eduprog.checks.forms import SlipsForm, chosen
from eduprog.checks.rules import MINIMUM, Counted, Moment
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.curriculum.schema import LessonModule
from eduprog.library import queries as library
from eduprog.school import queries as school
from eduprog.web.guards import current_actor, requires

blueprint = Blueprint("checks", __name__)


@blueprint.get("/classes/<int:group_id>/modules/<string:module_id>/checks")
@requires(Permission.RECORD_DELIVERY)
def slips(group_id: int, module_id: str) -> str:
    """Show what a class's slips said, and the form for one count of them."""
    return _page(group_id, library.module(module_id), None)


def _page(group_id: int, module: LessonModule, form: SlipsForm | None) -> str:
    group = school.teaching_group(group_id)
    said = queries.of_class(group_id, module.id, [item.id for item in module.check_pair])
    moment, counted = _chosen(said)
    entered = next((one for one in said.entered if (one.moment, one.counted) == (moment, counted)), None)
    if form is None:
        form = SlipsForm.of_module(module)(
            formdata=None, held_on=entered.held_on if entered else clock.today(), version=str(entered.version if entered else 0)
        )
        form.show(module, (entered.counts if entered else None) or {})
    return render_template(
        "checks/slips.html",
        h1=f"Slips for {module.id}",
        group=group,
        module=module,
        form=form,
        fill=library.filler(),
        said=said,
        asked=list(zip(module.check_pair, said.questions, strict=True)),
        entered=entered,
        moment=moment,
        counted=counted,
        moments=list(Moment),
        groups=list(Counted),
        minimum=MINIMUM,
        here={"group_id": group_id, "module_id": module.id},
    )


def _chosen(said: queries.ClassSlips) -> tuple[Moment, Counted]:
    """Give the count asked for; without one the first moment that has none, the way the class was counted before."""
    moment, counted = chosen(request.values.get("moment"), request.values.get("counted"))
    had = {one.moment for one in said.entered}
    if moment is None:
        moment = next((one for one in Moment if one not in had), Moment.EXIT)
    if counted is None:
        counted = next((one.counted for one in said.entered if one.moment is moment), Counted.ALL)
    return moment, counted


@blueprint.post("/classes/<int:group_id>/modules/<string:module_id>/checks")
@requires(Permission.RECORD_DELIVERY)
def enter(group_id: int, module_id: str) -> str | Response | tuple[str, int]:
    """Keep the counts of one class's slips."""
    module = library.module(module_id)
    school.teaching_group(group_id)
    form = SlipsForm.of_module(module)()
    moment, counted = chosen(request.form.get("moment"), request.form.get("counted"))
    if not form.validate_on_submit() or moment is None or counted is None:
        return _page(group_id, module, form), 422
    try:
        with transaction():
            actions.enter_slips(
                group_id=group_id, module_id=module.id, moment=moment, counted=counted, held_on=form.day(),
                counts=form.counts(module), version=form.known_version(), by=current_actor(), now=clock.now(),
                today=clock.today(),
            )  # fmt: skip
    except actions.MoreAnswersThanPupils as refusal:
        form.blame(module, refusal.question, refusal.sentence)
        return _page(group_id, module, form), 422
    except (actions.HeldInFuture, actions.NothingCounted, actions.CountedOtherwise) as refusal:
        form.held_on.errors = [refusal.sentence]
        return _page(group_id, module, form), 422
    except actions.CountsChanged as refusal:
        flash(refusal.sentence, "warning")
    else:
        flash(f"Counts saved: {moment.label.lower()} {module.id}, {counted.label.lower()}.", "success")
    return _back(group_id, module.id, moment, counted)


@blueprint.post("/classes/<int:group_id>/modules/<string:module_id>/checks/removal")
@requires(Permission.RECORD_DELIVERY)
def take_away(group_id: int, module_id: str) -> Response:
    """Take counts away that were entered wrongly."""
    library.module(module_id)
    school.teaching_group(group_id)
    moment, counted = chosen(request.form.get("moment"), request.form.get("counted"))
    version = request.form.get("version", 0, type=int)
    if moment is None or counted is None:
        flash("Choose which counts to take away.", "error")
        return redirect(url_for(".slips", group_id=group_id, module_id=module_id))
    try:
        with transaction():
            actions.take_away(
                group_id=group_id, module_id=module_id, moment=moment, counted=counted, version=version, by=current_actor(),
                now=clock.now(),
            )  # fmt: skip
    except actions.CountsChanged as refusal:
        flash(refusal.sentence, "warning")
    else:
        flash("Counts taken away.", "success")
    return _back(group_id, module_id, moment, counted)


def _back(group_id: int, module_id: str, moment: Moment, counted: Counted) -> Response:
    address: dict[str, Any] = {"group_id": group_id, "module_id": module_id, "moment": moment.value, "counted": counted.value}
    return redirect(url_for(".slips", **address))
