"""One act: what it is, how to do it, what became of it, and its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.web.forms import Form, whole
from eduprog.web.guards import current_actor, may, requires, signed_in
from eduprog.wholeschool import actions, queries
from eduprog.wholeschool.forms import ChangeActForm, DoneForm, DropForm, VersionForm
from eduprog.wholeschool.queries import ActLine
from eduprog.wholeschool.views.blueprint import blueprint

Page = str | Response | tuple[str, int]


@blueprint.get("/whole-school/acts/<int:whole_school_act_id>")
@requires(Permission.SEE_OWN_ACTS)
def act(whole_school_act_id: int) -> str:
    """Show an act to its owner and to those who look over the school."""
    return _page(_seen(whole_school_act_id), fault="")


@blueprint.post("/whole-school/acts/<int:whole_school_act_id>/plan")
@requires(Permission.PLAN_ACTS)
def change(whole_school_act_id: int) -> Page:
    """Give an act another day, owner or name."""
    form = ChangeActForm().offer(_people())
    return _try(whole_school_act_id, form, actions.change_act, "Saved.", change=form)


@blueprint.post("/whole-school/acts/<int:whole_school_act_id>/done")
@requires(Permission.SEE_OWN_ACTS)
def done(whole_school_act_id: int) -> Page:
    """Record that an act was done; its owner may, and whoever plans."""
    _own(whole_school_act_id)
    form = DoneForm()
    return _try(whole_school_act_id, form, actions.finish_act, "Recorded as done.", done=form, today=clock.today())


@blueprint.post("/whole-school/acts/<int:whole_school_act_id>/drop")
@requires(Permission.PLAN_ACTS)
def drop(whole_school_act_id: int) -> Page:
    """Say that an act is not done this year."""
    form = DropForm()
    return _try(whole_school_act_id, form, actions.drop_act, "Dropped. It stays in the list with its reason.", drop=form)


@blueprint.post("/whole-school/acts/<int:whole_school_act_id>/reopen")
@requires(Permission.SEE_OWN_ACTS)
def reopen(whole_school_act_id: int) -> Response:
    """Take back that an act was done or dropped."""
    _own(whole_school_act_id)
    form = VersionForm()
    if not form.validate_on_submit():
        flash("Open the page again and take it back there.", "error")
        return redirect(url_for(".act", whole_school_act_id=whole_school_act_id))
    with transaction():
        actions.reopen_act(
            whole_school_act_id=whole_school_act_id, version=whole(form.version.data), by=current_actor(), now=clock.now()
        )
    flash("Planned again.", "success")
    return redirect(url_for(".act", whole_school_act_id=whole_school_act_id))


def _seen(whole_school_act_id: int) -> ActLine:
    """Give an act this person may see. Raises NotHere for somebody else's."""
    line = queries.act_line(whole_school_act_id)
    if not may(Permission.SEE_ACTS) and line.owner_id != signed_in().person_id:
        raise NotHere
    return line


def _own(whole_school_act_id: int) -> ActLine:
    """Give an act this person may settle: their own, or any for those who plan. Raises NotHere for others."""
    line = queries.act_line(whole_school_act_id)
    if not may(Permission.PLAN_ACTS) and line.owner_id != signed_in().person_id:
        raise NotHere
    return line


def _try(whole_school_act_id: int, form: Any, do: Callable[..., object], said: str, *, today: Any = None, **shown: Form) -> Page:
    """Do what a right form asks; else show the page again with what was typed, and what is wrong with it."""
    line = _seen(whole_school_act_id)
    if not form.validate_on_submit():
        return _page(line, fault="", **shown), 422
    more = {"today": today} if today is not None else {}
    try:
        with transaction():
            do(whole_school_act_id=whole_school_act_id, **form.facts(), **more, by=current_actor(), now=clock.now())
    except NotHere:
        raise
    except Refusal as refusal:
        line = _seen(whole_school_act_id)
        form.version.data = str(line.version)
        status = 409 if isinstance(refusal, actions.ActChanged) else 422
        return _page(line, fault=refusal.sentence, **shown), status
    flash(said, "success")
    return redirect(url_for(".act", whole_school_act_id=whole_school_act_id))


def _page(line: ActLine, *, fault: str, change: Any = None, done: Any = None, drop: Any = None) -> str:
    plans = may(Permission.PLAN_ACTS)
    version = str(line.version)
    plan = {"version": version, "due_on": line.due_on, "owner_id": str(line.owner_id or ""), "title": _own_title(line)}
    return render_template(
        "wholeschool/act.html",
        h1=line.title,
        line=line,
        fault=fault,
        errors=[form for form in (change, done, drop) if form is not None and form.errors],
        today=clock.today(),
        template=catalogue.current().acts.get(line.act_id or ""),
        words=catalogue.current().vocabulary,
        history=queries.history(line.id),
        plans=plans,
        settles=plans or line.owner_id == signed_in().person_id,
        change=change or ChangeActForm(formdata=None, data=plan).offer(_people()),
        done=done or DoneForm(formdata=None, data={"version": version, "done_on": min(line.due_on, clock.today())}),
        drop=drop or DropForm(formdata=None, data={"version": version}),
    )


def _own_title(line: ActLine) -> str:
    return "" if line.title == queries.title_of(line.kind, line.act_id, "") else line.title


def _people() -> dict[int, str]:
    return {person.id: person.name for person in accounts.people_of_school()}
