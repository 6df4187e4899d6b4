"""Adapt the words of a lesson: write, see what differs and what the message check says, have it approved."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.curriculum.vocabulary import Stage
from eduprog.library import actions, queries
from eduprog.library.queries import own
from eduprog.library.queries.wording import wordings
from eduprog.library.rules.wording import LONGEST, PARTS, differences, texts_of
from eduprog.library.views.blueprint import blueprint
from eduprog.web.guards import current_actor, requires


@blueprint.get("/lessons/<string:module_id>/<int:number>/wording")
@requires(Permission.SEE_OWN_CLASSES)
def wording(module_id: str, number: int) -> str:
    """Show a lesson's texts to adapt, beginning from the newest wording, and every wording with what differs from ours."""
    return _page(module_id, number, {})


@blueprint.post("/lessons/<string:module_id>/<int:number>/wording")
@requires(Permission.SEE_OWN_CLASSES)
def save_wording(module_id: str, number: int) -> Response | str | tuple[str, int]:
    """Keep a wording; if somebody else saved one meanwhile, both are kept and both are shown."""
    sent = {key.removeprefix("text-"): text for key, text in request.form.items() if key.startswith("text-")}
    based_on = request.form.get("based_on", 0, int)
    if request.form.get("do") == "check":
        return _page(module_id, number, sent, checked_only=True)
    try:
        with transaction():
            made = actions.save_wording(
                module_id=module_id, lesson_number=number, texts=sent, based_on=based_on, by=current_actor(), now=clock.now()
            ).number  # fmt: skip
    except actions.NothingChanged as refusal:
        flash(refusal.sentence, "warning")
        return redirect(url_for(".wording", module_id=module_id, number=number))
    if made != based_on + 1:
        flash(
            f"Somebody else saved wording {made - 1} while you wrote. Yours is kept as wording {made}; neither is lost.",
            "warning",
        )
    else:
        flash(f"Kept as wording {made}. The head of PSHE approves it before it is taught.", "success")
    return redirect(url_for(".wording", module_id=module_id, number=number))


@blueprint.post("/lessons/<string:module_id>/<int:number>/wording/approval")
@requires(Permission.PLAN_PROGRAMME)
def approve_wording(module_id: str, number: int) -> Response:
    """Approve a wording, or go back to ours (0)."""
    chosen = request.form.get("wording", 0, int)
    about = {"module_id": module_id, "lesson_number": number}
    try:
        with transaction():
            if chosen:
                actions.approve_wording(**about, number=chosen, by=current_actor(), now=clock.now())  # type: ignore[arg-type]  # its keys
            else:
                actions.go_back_to_ours(**about, by=current_actor(), now=clock.now())  # type: ignore[arg-type]  # its keys
    except actions.HarmfulWording as refusal:
        flash(f"Not approved. {refusal.sentence}", "error")
    else:
        flash(f"Wording {chosen} is taught from now on." if chosen else "Our own wording is taught again.", "success")
    return redirect(url_for(".wording", module_id=module_id, number=number))


def _page(module_id: str, number: int, sent: dict[str, str], *, checked_only: bool = False) -> str:
    module, _ = queries.lesson(module_id, number)
    ours, revision = own.our_lesson(module_id, number)
    sent = {key: text for key, text in sent.items() if key in texts_of(ours)}
    held = wordings(module_id, number)
    texts = {**texts_of(ours), **(held[0].texts if held else {}), **sent}
    return render_template(
        "library/wording.html",
        h1=f"Adapt {module.id} lesson {number}",
        module=module,
        lesson=ours,
        revision=revision,
        parts=PARTS,
        texts=texts,
        longest=LONGEST,
        checked_only=checked_only,
        sent_faults=actions.faults_of(module_id, number, sent),
        newest=held[0].number if held else 0,
        held=[(row, differences({}, row.texts, ours), actions.faults_of(module_id, number, row.texts)) for row in held],
        young=module.stage in (Stage.EY, Stage.K1),
    )
