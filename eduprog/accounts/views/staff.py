"""The staff of a school: who is here as what, who is invited, who leaves."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import actions, queries
from eduprog.accounts.forms import InviteForm, RolesForm
from eduprog.accounts.rules import INVITATION
from eduprog.accounts.views.blueprint import blueprint
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission, Role
from eduprog.mail import queries as mail
from eduprog.web.forms import ChangedMeanwhile, mark_of, refuse_if_changed
from eduprog.web.guards import current_actor, requires


@blueprint.get("/staff")
@requires(Permission.MANAGE_STAFF)
def staff() -> str:
    """List the people of the school and the invitations that are open."""
    people = queries.people_of_school()
    invited = queries.invited()
    return render_template(
        "accounts/staff.html",
        people=people,
        invited=invited,
        seen={row.id: mark_of(row.invited_at) for row in invited},
        mail_states=mail.states_of(INVITATION, [row.id for row in invited]),
        with_factor=queries.have_second_factor([row.id for row in people]),
        few_admins=sum(Role.SCHOOL_ADMIN in row.roles for row in people) < 2,
    )


@blueprint.route("/staff/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF, fresh_from="accounts.staff")
def invite() -> str | Response:
    """Ask somebody to join the school."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            with transaction():
                actions.invite(
                    name=form.name.data or "",
                    email=form.email.data or "",
                    roles=form.chosen(),
                    by=current_actor(),
                    now=clock.now(),
                )
        except (actions.AlreadyHere, actions.AlreadyInvited) as refused:
            form.email.errors = [*form.email.errors, refused.sentence]
        else:
            flash(f"Invitation to {form.name.data} is on its way", "success")
            return redirect(url_for(".staff"))
    return render_template("accounts/invite.html", form=form)


@blueprint.post("/staff/invitations/<int:invitation_id>/send-again")
@requires(Permission.MANAGE_STAFF)
def send_invitation_again(invitation_id: int) -> Response:
    """Mail an invitation once more, with a new link; a press on a page from before that was done sends no second one."""
    try:
        with transaction():
            refuse_if_changed(queries.invitation(invitation_id).invited_at)
            name = actions.send_invitation_again(invitation_id=invitation_id, by=current_actor(), now=clock.now()).name
    except ChangedMeanwhile:
        flash("It was sent again a moment ago already; the link in the newest email works", "info")
    else:
        flash(f"A new invitation to {name} is on its way; the old link no longer works", "success")
    return redirect(url_for(".staff"))


@blueprint.post("/staff/invitations/<int:invitation_id>/take-back")
@requires(Permission.MANAGE_STAFF)
def revoke_invitation(invitation_id: int) -> Response:
    """Take an invitation back."""
    with transaction():
        actions.revoke_invitation(invitation_id=invitation_id, by=current_actor(), now=clock.now())
    flash("The invitation is taken back; its link no longer works", "success")
    return redirect(url_for(".staff"))


@blueprint.route("/staff/<int:person_id>/roles", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFF, fresh_from="accounts.staff")
def roles(person_id: int) -> str | Response:
    """Change what somebody is in this school."""
    person = queries.person_of_school(person_id)
    form = RolesForm(data={"roles": [role.value for role in person.roles]})
    if form.validate_on_submit():
        try:
            with transaction():
                refuse_if_changed(*_roles_of(person_id))
                actions.set_roles(person_id=person_id, roles=form.chosen(), by=current_actor(), now=clock.now())
        except (actions.LastSchoolAdmin, ChangedMeanwhile) as refused:
            form.roles.errors = [*form.roles.errors, refused.sentence]
        else:
            flash(f"Roles of {person.name} are saved and hold from now on", "success")
            return redirect(url_for(".staff"))
    return render_template(
        "accounts/roles.html", form=form, person=queries.person_of_school(person_id), seen=mark_of(*_roles_of(person_id))
    )


def _roles_of(person_id: int) -> list[str]:
    return sorted(role.value for role in queries.person_of_school(person_id).roles)


@blueprint.get("/staff/<int:person_id>/leave")
@requires(Permission.MANAGE_STAFF, fresh_from="accounts.staff")
def confirm_leaving(person_id: int) -> str:
    """Say what happens when somebody leaves, before it does."""
    return render_template("accounts/confirm-leaving.html", person=queries.person_of_school(person_id))


@blueprint.post("/staff/<int:person_id>/leave")
@requires(Permission.MANAGE_STAFF, fresh_from="accounts.staff")
def end_membership(person_id: int) -> Response:
    """See a leaver off: access ends at once."""
    person = queries.person_of_school(person_id)
    try:
        with transaction():
            actions.end_membership(person_id=person_id, by=current_actor(), now=clock.now())
    except actions.LastSchoolAdmin as refused:
        flash(refused.sentence, "error")
    else:
        flash(f"{person.name} has left and is signed out of this school", "success")
    return redirect(url_for(".staff"))


@blueprint.post("/staff/<int:person_id>/second-step/removal")
@requires(Permission.MANAGE_STAFF, fresh_from="accounts.staff")
def remove_second_factor(person_id: int) -> Response:
    """Take away the second step of somebody who lost their phone and their codes; they are signed out and set up a new one."""
    person = queries.person_of_school(person_id)
    with transaction():
        actions.remove_factor(person_id=person_id, by=current_actor(), now=clock.now())
    flash(f"The second step of {person.name} is taken away. They are signed out and can set up a new one", "success")
    return redirect(url_for(".staff"))
