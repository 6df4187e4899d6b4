"""Two minutes before teaching: what to know, and how sure one feels."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.gates import queries as gates
from eduprog.library import actions, queries
from eduprog.library.queries import confidence as said
from eduprog.library.rules.confidence import Confidence
from eduprog.library.views.blueprint import blueprint
from eduprog.organisations import queries as organisations
from eduprog.web.guards import current_actor, requires


@blueprint.get("/lessons/<string:module_id>/ready")
@requires(Permission.SEE_OWN_CLASSES)
def ready(module_id: str) -> str:
    """Show what to know two minutes before teaching a module: one screen, this school's people on it."""
    module = queries.module(module_id)
    return render_template(
        "library/ready.html",
        h1=f"Two minutes before {module.id}",
        module=module,
        people=organisations.school_settings(),
        safeguarding=gates.lead_on(clock.today()),
        own=said.own_confidence(module.id, current_actor()),
        answers=list(Confidence),
        fill=queries.filler(clock.today()),
    )


@blueprint.post("/lessons/<string:module_id>/confidence")
@requires(Permission.SEE_OWN_CLASSES)
def say_confidence(module_id: str) -> Response:
    """Keep how sure somebody feels about a module, with one tap."""
    module = queries.module(module_id)
    try:
        answer = Confidence(request.form.get("confidence", ""))
    except ValueError:
        raise NotHere from None
    with transaction():
        actions.say_confidence(module_id=module.id, confidence=answer, by=current_actor(), now=clock.now())
    flash("Kept. Only you see your answer.", "success")
    return redirect(url_for(".ready", module_id=module.id))


@blueprint.get("/training-needs")
@requires(Permission.SEE_SCHOOL)
def training_needs() -> str:
    """Show where teachers of this school would like help, counted from five people up: for training, never for appraisal."""
    return render_template(
        "library/training_needs.html",
        h1="Training needs",
        needs=said.training_needs(),
        modules=catalogue.current().modules,
        answers=list(Confidence),
    )
