"""The school's side of the viewing room: links to give, the log, the policy, consultations and their results."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.core.tenancy import current_school_id
from eduprog.families import actions, queries
from eduprog.families.forms import ConsultationForm, PolicyForm
from eduprog.families.rules import ConsultationQuestion, Opinion, ViewingLink, from_five, viewing_token
from eduprog.families.views.blueprint import blueprint
from eduprog.school import queries as school
from eduprog.web.guards import current_actor, requires


@blueprint.get("/families/viewing-room")
@requires(Permission.SEE_FAMILY_FIGURES)
def viewing_desk() -> str:
    """Show a link to each class's viewing room, what stands in the log, and what families say of the policy."""
    return _desk(PolicyForm(formdata=None), ConsultationForm(formdata=None))


@blueprint.get("/families/classes/<int:group_id>/viewing-log")
@requires(Permission.SEE_FAMILY_FIGURES)
def viewing_log(group_id: int) -> str:
    """Show what families of a class could see, in which revision, since when."""
    group = school.teaching_group(group_id)
    return render_template(
        "families/viewing-log.html", h1=f"What families of {group.name} could see", entries=queries.viewing_log(group.id)
    )


@blueprint.post("/families/policies")
@requires(Permission.SEND_TO_FAMILIES)
def publish_policy() -> str | Response | tuple[str, int]:
    """Let families read a policy. For the head of PSHE."""
    form = PolicyForm()
    if not form.validate_on_submit():
        return _desk(form, ConsultationForm(formdata=None)), 422
    try:
        with transaction():
            actions.publish_policy(
                title=form.title.data or "", content=form.document.data.stream.read(), by=current_actor(), now=clock.now()
            )
    except actions.NotAPdf as refused:
        form.document.errors = [refused.sentence]
        return _desk(form, ConsultationForm(formdata=None)), 422
    flash("Published. Families find it in the viewing room.", "success")
    return redirect(url_for(".viewing_desk"))


@blueprint.post("/families/consultations")
@requires(Permission.SEND_TO_FAMILIES)
def open_consultation() -> str | Response | tuple[str, int]:
    """Ask families about the policy between two days. For the head of PSHE."""
    form = ConsultationForm()
    policy = queries.newest_policy()
    opens_on, closes_on = form.opens_on.data, form.closes_on.data
    if not form.validate_on_submit() or policy is None or opens_on is None or closes_on is None:
        return _desk(PolicyForm(formdata=None), form), 422
    policy_id = policy.id
    try:
        with transaction():
            actions.consult(
                policy_id=policy_id, opens_on=opens_on, closes_on=closes_on, by=current_actor(), now=clock.now()
            )  # fmt: skip
    except actions.WrongDays as refused:
        form.closes_on.errors = [refused.sentence]
        return _desk(PolicyForm(formdata=None), form), 422
    flash(
        "The consultation is set. Families who joined find it in the viewing room; send the notice to everybody else.", "success"
    )
    return redirect(url_for(".viewing_desk"))


def _desk(policy_form: PolicyForm, consultation_form: ConsultationForm) -> str:
    groups = queries.open_classes(clock.today())
    school_id = current_school_id()
    links = {
        group.id: url_for(".viewing_room", token=viewing_token(ViewingLink(school_id, group.id)), _external=True)
        for group in groups
    }
    return render_template(
        "families/viewing-desk.html",
        h1="Viewing room",
        groups=groups,
        links=links,
        figures=queries.viewing_figures([group.id for group in groups]),
        policy=queries.newest_policy(),
        results=queries.consultation_results(clock.today()),
        questions={
            ConsultationQuestion.CLEAR: "Clear what is taught, and when",
            ConsultationQuestion.RIGHT_AGES: "Taught at the right ages",
            ConsultationQuestion.WHOM_TO_ASK: "Knows whom to ask",
            ConsultationQuestion.OVERALL: "Supports the policy",
        },
        opinions=list(Opinion),
        from_five=from_five,
        policy_form=policy_form,
        consultation_form=consultation_form,
        today=clock.today(),
    )
