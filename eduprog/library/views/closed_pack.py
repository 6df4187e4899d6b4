"""The closed pack: signed off by head and safeguarding lead, then open to the few who need it, on screen and on paper.

Addresses, titles and file names speak of parts by number, so that no topic shows on a mirrored screen.
"""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import has_current_school
from eduprog.curriculum.help_sources import HelpAudience
from eduprog.curriculum.vocabulary import ActKind, stage_of
from eduprog.gates import actions as gate_actions
from eduprog.gates import queries as gates
from eduprog.library import queries
from eduprog.library.exports import acts as act_exports
from eduprog.library.forms import SignOffForm
from eduprog.library.queries.closed_pack import ClosedPack, ClosedPart, closed_pack, closed_parts
from eduprog.library.views.blueprint import blueprint
from eduprog.library.views.copies import for_today
from eduprog.library.views.printing import answer_pdf
from eduprog.school import queries as school
from eduprog.web.guards import current_actor, may, requires, signed_in


@blueprint.get("/closed-pack")
@requires(Permission.SEE_LIBRARY)
def closed() -> str:
    """Show what of the closed pack is open to this person, and to whom it is open; to most it says that it is shut."""
    return _page(SignOffForm(formdata=None))


@blueprint.post("/closed-pack/sign-offs")
@requires(Permission.PLAN_PROGRAMME)
def sign_off() -> Response | tuple[str, int]:
    """Record that head and safeguarding lead have signed a session off for a class."""
    form = SignOffForm()
    _offer(form)
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction():
            gate_actions.sign_off(**form.sign_off(), by=current_actor(), now=clock.now(), today=clock.today())
    except NotHere:
        raise
    except Refusal as refusal:
        flash(f"Nothing was saved. {refusal.sentence}", "error")
        return _page(form), 422
    flash("Recorded. Whoever teaches it finds it here and under Beyond lessons, until it closes.", "success")
    return redirect(url_for(".closed"))


@blueprint.post("/closed-pack/sign-offs/<int:sign_off_id>/end")
@requires(Permission.DECIDE_GATES)
def end_sign_off(sign_off_id: int) -> Response:
    """Shut a session for its class again."""
    with transaction():
        gate_actions.end_sign_off(sign_off_id=sign_off_id, by=current_actor(), now=clock.now())
    flash("Shut. Collect and shred the paper.", "success")
    return redirect(url_for(".closed"))


@blueprint.get("/closed-pack/<int:number>")
@requires(Permission.SEE_LIBRARY)
def closed_part(number: int) -> str:
    """Show a part of the closed pack to whom it is open."""
    part = _open_part(number)
    today = clock.today()
    return render_template(
        "library/closed_part.html",
        h1=f"Closed pack: {part.name}",
        part=part,
        act=part.act,
        services=queries.services(
            part.act.sources, HelpAudience.PUPIL if part.act.kind is ActKind.CLOSED_SESSION else HelpAudience.STAFF, today
        ),
        fill=queries.filler(today),
    )


@blueprint.get("/closed-pack/<int:number>/booklet.pdf")
@requires(Permission.SEE_LIBRARY)
def closed_booklet(number: int) -> Response:
    """Give a part of the closed pack to print, with its sheets, to whom it is open."""
    part = _open_part(number)
    document = act_exports.act(part.act, for_today())
    answer = answer_pdf(replace(document, file_name=f"closed-pack-{part.number}.pdf"))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _seen() -> ClosedPack:
    if not has_current_school():
        raise NotHere
    return closed_pack(
        signed_in().actor.id, clock.today(), decides=may(Permission.PAUSE_TEACHING), records=may(Permission.PLAN_PROGRAMME)
    )


def _open_part(number: int) -> ClosedPart:
    part = _seen().part(number)
    if part is None:
        raise NotHere
    return part


def _page(form: SignOffForm) -> str:
    seen, today = _seen(), clock.today()
    records = may(Permission.PLAN_PROGRAMME)
    if records:
        _offer(form)
    people = [person for one in seen.sign_offs for person in (one.teacher_id, one.signed_by, one.ended_by) if person]
    return render_template(
        "library/closed_pack.html",
        h1="Closed pack",
        seen=seen,
        standing=[one for one in seen.sign_offs if one.stands(today)],
        over=[one for one in seen.sign_offs if not one.stands(today)],
        names=accounts.names_of(people) if people else {},
        form=form if records else None,
        may_end=may(Permission.DECIDE_GATES),
        today=today,
    )


def _offer(form: SignOffForm) -> None:
    """Offer the classes of the pack's year groups this year, its sessions, and the teachers recorded as trained."""
    year = school.academic_year_on(clock.today())
    parts = [one for one in closed_parts() if one.act.kind is ActKind.CLOSED_SESSION]
    stages = {stage for one in parts for stage in one.act.stages}
    groups = school.classes_of_year(year.id) if year else []
    fitting = {one.id: one.name for one in groups if {stage_of(each) for each in one.year_groups} <= stages}
    trained = gates.trained_teachers()
    teachers = {one.id: one.name for one in accounts.people_of_school() if one.id in trained}
    form.offer(fitting, {one.act.id: f"{one.name}: {one.about}" for one in parts}, teachers)
