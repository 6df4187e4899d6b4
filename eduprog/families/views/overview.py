"""What staff see of families: class codes, prompts, the digest, and counts from five up."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.families import actions, queries
from eduprog.families.rules import PromptState, StopReason, from_five, monday_of, read_code
from eduprog.families.views.blueprint import blueprint, settings
from eduprog.organisations import queries as organisations
from eduprog.web.filters import FILTERS
from eduprog.web.guards import current_actor, may, requires

_OPEN = (PromptState.WAITING, PromptState.HELD)
_DONE = (PromptState.SENT, PromptState.STOPPED)
STOP_WORDS = {
    StopReason.DELIVERY_UNDONE: "the record of the lesson was undone",
    StopReason.HELD_BACK: "held back for four weeks",
    StopReason.PAUSED: "paused for four weeks",
    StopReason.MODULE_RETIRED: "the module is not taught any more",
    StopReason.TOO_LATE: "waited longer than four weeks",
    StopReason.SENT_BY_HAND: "told by hand",
    StopReason.NOBODY_TO_TELL: "nobody has joined the class",
}


@blueprint.get("/families")
@requires(Permission.SEE_FAMILY_FIGURES)
def overview() -> str:
    """Show, class by class, how many have joined and answered, the code, and how the prompts stand."""
    today = clock.today()
    groups = queries.open_classes(today)
    waiting, done = queries.prompt_lists(_OPEN, _DONE)
    return render_template(
        "families/overview.html",
        h1="Families",
        classes=queries.class_figures(groups, today),
        years=sorted({year for group in groups for year in group.year_groups}, key=lambda year: year.number),
        waiting=waiting,
        done=done,
        to_go=queries.count_waiting_messages(monday_of(today)),
        chosen=organisations.school_settings(),
        stop_words=STOP_WORDS,
        from_five=from_five,
        codes_open=may(Permission.MAKE_CLASS_CODES),
    )


@blueprint.post("/families/codes")
@requires(Permission.MAKE_CLASS_CODES)
def make_missing_codes() -> Response:
    """Make a code for every class that has none. For the school admin and the head of PSHE."""
    today = clock.today()
    with transaction():
        ids = [group.id for group in queries.open_classes(today)]
        made = actions.make_missing_codes(teaching_group_ids=ids, by=current_actor(), now=clock.now(), today=today)
    flash(f"{FILTERS['plural'](made, 'code')} made." if made else "Every class has a code already.", "success")
    return redirect(url_for(".overview"))


@blueprint.post("/families/classes/<int:group_id>/code")
@requires(Permission.MAKE_CLASS_CODES)
def make_code(group_id: int) -> Response:
    """Make a class's code, in place of the one before. For the school admin and the head of PSHE."""
    seen = read_code(request.form.get("instead_of", ""))
    with transaction():
        actions.make_code(
            teaching_group_id=group_id, instead_of=seen, by=current_actor(), now=clock.now(), today=clock.today()
        )  # fmt: skip
    flash("New code made. A code that was given out before does not work any more.", "success")
    return redirect(url_for(".overview"))


@blueprint.post("/families/classes/<int:group_id>/code/revoke")
@requires(Permission.MAKE_CLASS_CODES)
def revoke_code(group_id: int) -> Response:
    """Let nobody join with a class's code any more. For the school admin and the head of PSHE."""
    with transaction():
        actions.revoke_code(teaching_group_id=group_id, by=current_actor(), now=clock.now())
    flash("Code revoked. Those who have joined stay joined.", "success")
    return redirect(url_for(".overview"))


@blueprint.get("/families/digests/new")
@requires(Permission.SEND_TO_FAMILIES)
def new_digest() -> str:
    """Show what would be sent, and to how many, before it is."""
    now = clock.now()
    plan = queries.plan_by_hand(queries.waiting_prompts(now), week_of=monday_of(clock.local(now).date()), now=now)
    return render_template(
        "families/new_digest.html",
        h1="Send the digest now",
        plan=plan,
        families=from_five(plan.families),
        modules=sorted(plan.module_ids),
        hold_minutes=_hold().seconds // 60,
    )


@blueprint.post("/families/digests")
@requires(Permission.SEND_TO_FAMILIES)
def send_digest() -> Response:
    """Send the digest now: after the time to undo it, in the demonstration at once."""
    with transaction():
        sent = actions.send_now(hold=_hold(), by=current_actor(), now=clock.now())
    words = f"{FILTERS['plural'](sent.activities, 'activity', 'activities')} to {from_five(sent.families)} families"
    undo = f", at {FILTERS['clock_time'](sent.goes_at)}. Until then you can take it back" if _hold() else ""
    flash(f"The digest goes out: {words}{undo}.", "success")
    return redirect(url_for(".overview"))


def _hold() -> timedelta:
    return timedelta(0) if settings().DEMO else timedelta(minutes=settings().PROMPT_HOLD_MINUTES)


@blueprint.post("/families/digests/undo")
@requires(Permission.SEND_TO_FAMILIES)
def undo_digest() -> Response:
    """Take back the messages of this week's digest that have not gone."""
    with transaction():
        taken = actions.undo_digests(by=current_actor(), now=clock.now())
    flash(
        "The digest was taken back." if taken else "It was too late: every message has gone.", "success" if taken else "warning"
    )
    return redirect(url_for(".overview"))


@blueprint.post("/families/prompts/<int:prompt_id>/told-by-hand")
@requires(Permission.SEND_TO_FAMILIES)
def told_by_hand(prompt_id: int) -> Response:
    """Note that the school has told these families itself."""
    with transaction():
        actions.told_by_hand(prompt_id=prompt_id, by=current_actor(), now=clock.now())
    flash("Noted. Nothing is sent about it.", "success")
    return redirect(url_for(".overview"))
