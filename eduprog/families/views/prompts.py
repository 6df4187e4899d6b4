"""A teacher's own messages home: look at one, hold it back, add a sentence; and what the school chooses about them."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.families import actions, queries
from eduprog.families.forms import ChoicesForm, SentenceForm
from eduprog.families.queries import PromptLine
from eduprog.families.rules import DigestItem, PromptState
from eduprog.families.views.blueprint import blueprint
from eduprog.web.forms import ChangedMeanwhile, mark_of, refuse_if_changed, whole
from eduprog.web.guards import current_actor, may, requires, signed_in

_OPEN = (PromptState.WAITING, PromptState.HELD)


@blueprint.get("/families/prompts")
@requires(Permission.SEE_OWN_CLASSES)
def own_prompts() -> str:
    """List the messages home that wait, of the classes of whoever looks."""
    lines = queries.prompt_lines(states=_OPEN, lead_teacher_id=signed_in().person_id)
    troubled = queries.troubled_prompts(lead_teacher_id=signed_in().person_id)
    return render_template("families/own-prompts.html", h1="Messages home", lines=lines, troubled=troubled)


@blueprint.get("/families/prompts/<int:prompt_id>")
@requires(Permission.RECORD_DELIVERY)
def prompt(prompt_id: int) -> str:
    """Show what families will read, with the form for a sentence."""
    line = _line(prompt_id)
    return _prompt_page(line, SentenceForm(formdata=None, text=line.sentence or ""))


@blueprint.post("/families/prompts/<int:prompt_id>/sentence")
@requires(Permission.RECORD_DELIVERY)
def add_sentence(prompt_id: int) -> str | Response | tuple[str, int]:
    """Keep a teacher's sentence if it passes the message check."""
    form = SentenceForm()
    if not form.validate_on_submit():
        return _prompt_page(_line(prompt_id), form), 422
    try:
        with transaction():
            refuse_if_changed(_line(prompt_id).sentence)
            approved = actions.add_sentence(
                prompt_id=prompt_id,
                text=form.text.data or "",
                only_own=not may(Permission.SEND_TO_FAMILIES),
                approves=may(Permission.SEND_TO_FAMILIES),
                by=current_actor(),
                now=clock.now(),
            )
    except (actions.SentenceRefused, ChangedMeanwhile) as refused:
        form.text.errors = [refused.sentence]
        return _prompt_page(_line(prompt_id), form), 422
    flash("Kept." if approved else "Kept. It goes with the message once the head of PSHE has approved it.", "success")
    return redirect(url_for(".prompt", prompt_id=prompt_id))


@blueprint.post("/families/prompts/<int:prompt_id>/sentence/approve")
@requires(Permission.SEND_TO_FAMILIES)
def approve_sentence(prompt_id: int) -> Response:
    """Let a teacher's sentence go. For the head of PSHE."""
    with transaction():
        actions.approve_sentence(prompt_id=prompt_id, by=current_actor(), now=clock.now())
    flash("Approved. It goes with the message.", "success")
    return redirect(url_for(".overview"))


@blueprint.post("/families/prompts/<int:prompt_id>/hold")
@requires(Permission.RECORD_DELIVERY)
def hold_prompt(prompt_id: int) -> Response:
    """Hold a prompt back. For the class's teacher and the head of PSHE."""
    only_own = not may(Permission.SEND_TO_FAMILIES)
    with transaction():
        actions.hold_prompt(prompt_id=prompt_id, only_own=only_own, by=current_actor(), now=clock.now())
    flash("Held back until you release it.", "success")
    return redirect(url_for(".own_prompts" if only_own else ".overview"))


@blueprint.post("/families/prompts/<int:prompt_id>/release")
@requires(Permission.RECORD_DELIVERY)
def release_prompt(prompt_id: int) -> Response:
    """Let a prompt go that was held back. For the class's teacher and the head of PSHE."""
    only_own = not may(Permission.SEND_TO_FAMILIES)
    with transaction():
        actions.release_prompt(prompt_id=prompt_id, only_own=only_own, by=current_actor(), now=clock.now())
    flash("It goes with the next digest.", "success")
    return redirect(url_for(".own_prompts" if only_own else ".overview"))


@blueprint.get("/families/choices")
@requires(Permission.SEND_TO_FAMILIES)
def choices() -> str:
    """Show what the school has chosen for its families. For the head of PSHE."""
    held = queries.family_choices()
    form = ChoicesForm(
        formdata=None,
        version=str(held.version),
        sentences_need_approval=held.sentences_need_approval,
        draft_languages=sorted(held.draft_languages),
    )
    return _choices_page(form)


@blueprint.post("/families/choices")
@requires(Permission.SEND_TO_FAMILIES)
def save_choices() -> str | Response | tuple[str, int]:
    """Keep what the school chooses for its families. For the head of PSHE."""
    form = ChoicesForm()
    if not form.validate_on_submit():
        return _choices_page(form), 422
    with transaction():
        actions.save_choices(
            version=whole(form.version.data),
            sentences_need_approval=bool(form.sentences_need_approval.data),
            draft_languages=form.draft_languages.data or [],
            by=current_actor(),
            now=clock.now(),
        )
    flash("Saved", "success")
    return redirect(url_for(".overview"))


def _choices_page(form: ChoicesForm) -> str:
    return render_template(
        "families/choices.html", h1="Choices for messages home", form=form, translations=queries.translations()
    )


def _line(prompt_id: int) -> PromptLine:
    """Give a waiting prompt: of one's own classes, unless one may see all. Raises NotHere."""
    whose = None if may(Permission.SEND_TO_FAMILIES) else signed_in().person_id
    lines = queries.prompt_lines(states=_OPEN, lead_teacher_id=whose, prompt_id=prompt_id)
    if not lines:
        raise NotHere
    return lines[0]


def _prompt_page(line: PromptLine, form: SentenceForm) -> str:
    known = queries.live_module(line.module_id)
    activity = queries.activities([DigestItem(line.module_id, (), line.gated)])[0] if known is not None else None
    goes_from: datetime = line.not_before
    return render_template(
        "families/prompt.html",
        h1=f"{line.module_id}, {line.group_name}",
        line=line,
        activity=activity,
        form=form,
        goes_from=goes_from,
        seen=mark_of(line.sentence),
    )
