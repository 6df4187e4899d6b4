"""The scheme of work of a year group."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.planning import actions, queries
from eduprog.planning.forms import BLOCKS, ModuleForm
from eduprog.planning.rules import is_plannable, scheme_warnings, what_is_lost
from eduprog.planning.views.blueprint import blueprint
from eduprog.web.guards import current_actor, requires


@blueprint.get("/plan/year-groups/<int:scheme_id>")
@requires(Permission.PLAN_PROGRAMME)
def scheme(scheme_id: int) -> str:
    """Show what a year group is entitled to, half-term by half-term, to be changed."""
    held = queries.scheme(scheme_id)
    modules = catalogue.current().modules
    entries = [(entry.module_id, entry.block) for entry in held.entries]
    known = {module_id for module_id, _ in entries}
    return render_template(
        "planning/scheme.html",
        h1=f"Scheme of work for {held.year_group.label}",
        scheme=held,
        by_block={label: [entry for entry in held.entries if entry.block.value == value] for value, label in BLOCKS},
        modules=modules,
        warnings=scheme_warnings(entries, held.year_group, modules),
        blocks=BLOCKS,
        offered=[module for module in modules.values() if is_plannable(module) and module.id not in known],
    )


@blueprint.post("/plan/year-groups/<int:scheme_id>/modules")
@requires(Permission.PLAN_PROGRAMME)
def add_module(scheme_id: int) -> Response:
    """Add a module to a scheme of work."""
    return _change(scheme_id, None)


@blueprint.post("/plan/year-groups/<int:scheme_id>/modules/<string:module_id>/place")
@requires(Permission.PLAN_PROGRAMME)
def move_module(scheme_id: int, module_id: str) -> Response:
    """Move a module to another half-term, or to another place in its own."""
    return _change(scheme_id, module_id)


def _change(scheme_id: int, module_id: str | None) -> Response:
    form = ModuleForm()
    queries.scheme(scheme_id)
    if not form.validate_on_submit():
        flash("Choose a half-term from the list, and a place from 1 to 40.", "error")
        return redirect(url_for(".scheme", scheme_id=scheme_id))
    common: dict[str, Any] = {
        "scheme_id": scheme_id,
        "block": form.half_term(),
        "version": form.version.data,
        "by": current_actor(),
        "now": clock.now(),
    }
    try:
        with transaction():
            if module_id is None:
                actions.add_module(module_id=form.module_id.data or "", **common)
            else:
                actions.move_module(module_id=module_id, place=form.place.data, **common)
    except Conflict:
        flash(
            "Somebody else changed this scheme meanwhile. Here it is as it is now; your change was not saved.",
            "error",
        )
    except NotHere:
        raise
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Scheme of work saved. Plan again to bring the plan of the year group in line.", "success")
    return redirect(url_for(".scheme", scheme_id=scheme_id))


@blueprint.get("/plan/year-groups/<int:scheme_id>/modules/<string:module_id>/removal")
@requires(Permission.PLAN_PROGRAMME)
def ask_removal(scheme_id: int, module_id: str) -> str:
    """Say what a year group loses with a module before it is taken out."""
    held = queries.scheme(scheme_id)
    if all(entry.module_id != module_id for entry in held.entries):
        raise NotHere
    modules = catalogue.current().modules
    statements, dependents = what_is_lost([entry.module_id for entry in held.entries], module_id, modules)
    return render_template(
        "planning/removal.html",
        h1=f"Take out {module_id}",
        scheme=held,
        module=modules[module_id],
        statements=statements,
        dependents=[modules[one] for one in dependents],
    )


@blueprint.post("/plan/year-groups/<int:scheme_id>/modules/<string:module_id>/removal")
@requires(Permission.PLAN_PROGRAMME)
def take_out(scheme_id: int, module_id: str) -> Response:
    """Take a module out of a scheme of work."""
    form = ModuleForm()
    queries.scheme(scheme_id)
    if form.version.data is None:
        flash("Open the page again; the module is still there.", "error")
        return redirect(url_for(".scheme", scheme_id=scheme_id))
    with transaction():
        actions.take_out_module(
            scheme_id=scheme_id, module_id=module_id, version=form.version.data, by=current_actor(), now=clock.now()
        )
    flash(f"{module_id} taken out. Plan again to take its lessons out of the plan; what was taught stays.", "success")
    return redirect(url_for(".scheme", scheme_id=scheme_id))
