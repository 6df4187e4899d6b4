"""What a teacher meets before a sensitive lesson when a condition is open: a warning, or a stop."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.delivery import queries
from eduprog.delivery.views.blueprint import blueprint
from eduprog.gates import actions as gate_actions
from eduprog.gates import queries as gates
from eduprog.gates.rules import AheadReason
from eduprog.planning import queries as planning
from eduprog.web.guards import current_actor, requires


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/before")
@requires(Permission.SEE_OWN_CLASSES)
def before_lesson(planned_lesson_id: int) -> str | Response:
    """Say what is open before a lesson; once nothing is, go on to it. A mirrored screen learns module and class, no more."""
    planned = planning.planned_lesson(planned_lesson_id)
    found = queries.readiness(planned, clock.today())
    if not (found.stops or found.asks):
        return redirect(url_for(".teach", planned_lesson_id=planned_lesson_id))
    return render_template(
        "delivery/before.html",
        h1=f"Before {planned.module_id}",
        card=queries.lesson_card(planned, None, gates.holds()),
        found=found,
        reasons=list(AheadReason),
    )


@blueprint.post("/planned-lessons/<int:planned_lesson_id>/before")
@requires(Permission.RECORD_DELIVERY)
def go_ahead(planned_lesson_id: int) -> Response:
    """Let a lesson begin with a condition open; the head of PSHE is told. Without notice of sex education it does not begin."""
    planned = planning.planned_lesson(planned_lesson_id)
    found = queries.readiness(planned, clock.today())
    chosen = {one.value: one for one in AheadReason}.get(request.form.get("reason", ""))
    if found.stops:
        return redirect(url_for(".before_lesson", planned_lesson_id=planned_lesson_id))
    if found.asks and chosen is None:
        flash("Choose why it goes ahead.", "error")
        return redirect(url_for(".before_lesson", planned_lesson_id=planned_lesson_id))
    if found.asks and chosen is not None:
        with transaction():
            gate_actions.go_ahead(
                teaching_group_id=planned.teaching_group_id, module_id=planned.module_id, day=clock.today(),
                missing=found.missing, reason=chosen, by=current_actor(), now=clock.now(),
            )  # fmt: skip
    return redirect(url_for(".teach", planned_lesson_id=planned_lesson_id))
