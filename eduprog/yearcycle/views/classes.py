"""The classes of an academic year: add, change, choose the host of their follow-ups, end."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.school import actions as school
from eduprog.school import queries as school_queries
from eduprog.school.rules import stages_by_age
from eduprog.web.filters import FILTERS
from eduprog.web.forms import mark_of, refuse_if_changed, whole
from eduprog.web.guards import current_actor, requires
from eduprog.yearcycle import actions
from eduprog.yearcycle.forms import ClassForm, EndForm, HostForm, slot_row
from eduprog.yearcycle.views.blueprint import blueprint

Page = str | Response | tuple[str, int]


@blueprint.get("/school/classes")
@requires(Permission.MANAGE_SCHOOL)
def classes() -> str:
    """List the classes of an academic year: who leads them, when they meet, where their follow-ups are given."""
    today = clock.today()
    year = school_queries.academic_year(request.args.get("year", None, int), today=today)
    groups = school_queries.classes_of_year(year.id) if year else []
    here, by_id = _people(), {group.id: group for group in groups}
    return render_template(
        "yearcycle/classes.html",
        h1="Classes",
        year=year,
        years=school_queries.academic_years(),
        groups=groups,
        here=here,
        hosts={group.id: school_queries.host_of(group, by_id) for group in groups},
        unowned=[group for group in groups if group.ended_on is None and group.lead_teacher_id not in here],
        today=today,
        stages_by_age=stages_by_age,
    )


@blueprint.route("/school/classes/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOL)
def add_class() -> Page:
    """Add a class by hand."""
    year = school_queries.academic_year(request.args.get("year", None, int), today=clock.today())
    form = ClassForm().offer(_people())
    if year is None:
        flash("Add the term dates first; then classes can be added.", "warning")
        return redirect(url_for(".classes"))
    if form.is_submitted():
        year_id = year.id
        answer = _saved(form, lambda facts: _open(year_id, facts))
        if answer is not None:
            return redirect(url_for(".classes", year=year_id))
        return _class_page(form, "Add a class", url_for(".add_class", year=year_id)), 422
    return _class_page(form, "Add a class", url_for(".add_class", year=year.id))


def _open(academic_year_id: int, facts: dict[str, Any]) -> str:
    with transaction():
        school.open_class(academic_year_id=academic_year_id, by=current_actor(), now=clock.now(), **facts)
    return f"{facts['name']} is added"


@blueprint.route("/school/classes/<int:group_id>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOL)
def change_class(group_id: int) -> Page:
    """Change a class; lessons and follow-ups that stood where it no longer meets move."""
    group = school_queries.teaching_group(group_id)
    here = url_for(".change_class", group_id=group_id)
    if request.method == "GET":
        form = ClassForm(data=_facts_of(group)).offer(_people())
        return _class_page(form, f"Change {group.name}", here, group_id)
    name, year_id = group.name, group.academic_year_id
    form = ClassForm().offer(_people())
    if _saved(form, lambda facts: _change(group_id, whole(form.version.data), facts)) is not None:
        return redirect(url_for(".classes", year=year_id))
    return _class_page(form, f"Change {name}", here, group_id), 422


def _facts_of(group: Any) -> dict[str, Any]:
    by_age = group.stage in stages_by_age(group.year_groups)[:1]
    return {
        "version": str(group.version),
        "name": group.name,
        "years": [year.value for year in group.year_groups],
        "lead_teacher_id": str(group.lead_teacher_id or ""),
        "size": group.size,
        "stage": "" if by_age else group.stage.value,
        "stage_reason": group.stage_reason.value if group.stage_reason else "",
        "slots": [slot_row(slot) for slot in group.slots],
    }


def _change(group_id: int, version: int, facts: dict[str, Any]) -> str:
    with transaction():
        report = actions.change_class(
            group_id=group_id, version=version, by=current_actor(), now=clock.now(), today=clock.today(), **facts
        )
    counted = ((report.lessons, "lesson"), (report.follow_ups, "follow-up"))
    moved = " and ".join(FILTERS["plural"](number, noun) for number, noun in counted if number)
    said = f"{facts['name']} is saved{f'. {moved} moved to a day it meets' if moved else ''}"
    if report.clashes:
        lessons = FILTERS["plural"](report.clashes, "lesson stands", "lessons stand")
        said += f". {lessons} where the teacher has another class: see Lessons and the timetable, below the list"
    return said


def _saved(form: ClassForm, save: Any) -> str | None:
    """Save what a right form says and tell it; else put the refusal beside its field and give None."""
    if not form.validate_on_submit():
        return None
    facts = form.facts_of_class()
    facts["stage"] = facts["stage"] or stages_by_age(facts["year_groups"])[0]
    try:
        said: str = save(facts)
    except school.ClassNameTaken as refusal:
        form.name.errors = [refusal.sentence]
    except (school.StageOutOfBounds, school.StageNeedsReason) as refusal:
        form.stage.errors = [refusal.sentence]
    except (Conflict, school.SlotsClash) as refusal:
        form.name.errors = [refusal.sentence]
    else:
        flash(said, "success")
        return said
    return None


def _class_page(form: ClassForm, h1: str, action: str, group_id: int | None = None) -> str:
    return render_template("yearcycle/class.html", h1=h1, form=form.with_room(), action=action, group_id=group_id)


@blueprint.route("/school/classes/<int:group_id>/host", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOL)
def host(group_id: int) -> Page:
    """Choose where and by whom a class's follow-ups are given."""
    group = school_queries.teaching_group(group_id)
    others = {one.id: one.name for one in school_queries.classes_of_year(group.academic_year_id) if one.id != group_id}
    chosen = {name: str(getattr(group, name) or "") for name in ("host_group_id", "host_owner_id")}
    form = HostForm(data={**chosen, "host_kind": group.host_kind.value if group.host_kind else ""}).offer(others, _people())
    name, year_id = group.name, group.academic_year_id
    if form.validate_on_submit():
        try:
            with transaction():
                refuse_if_changed(*_host_of(group_id))
                moved = actions.set_host(
                    group_id=group_id, by=current_actor(), now=clock.now(), today=clock.today(), **form.host()
                )
        except Refusal as refusal:
            form.host_kind.errors = [refusal.sentence]
        else:
            flash(f"Host of {name} is saved. {FILTERS['plural'](moved, 'follow-up')} moved.", "success")
            return redirect(url_for(".classes", year=year_id))
    status = 422 if form.is_submitted() else 200
    page = {"form": form, "group_id": group_id, "name": name, "seen": mark_of(*_host_of(group_id))}
    return render_template("yearcycle/host.html", h1=f"Follow-ups of {name}", **page), status


def _host_of(group_id: int) -> tuple[object, ...]:
    group = school_queries.teaching_group(group_id)
    return group.host_group_id, group.host_kind, group.host_owner_id


@blueprint.route("/school/classes/<int:group_id>/end", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOL)
def end_class(group_id: int) -> Page:
    """End a class before its year does, after saying what that withdraws."""
    group = school_queries.teaching_group(group_id)
    if group.ended_on is not None:
        raise NotHere
    form = EndForm(ends_on=clock.today())
    name, year_id = group.name, group.academic_year_id
    if form.validate_on_submit():
        try:
            with transaction():
                report = actions.end_class(group_id=group_id, ends_on=form.day(), by=current_actor(), now=clock.now())
        except school.ClassEndsOutsideYear as refusal:
            form.ends_on.errors = [refusal.sentence]
        else:
            gone = f"{FILTERS['plural'](report.lessons, 'lesson')} and {FILTERS['plural'](report.follow_ups, 'follow-up')}"
            flash(f"{name} ends. {gone} are withdrawn; what was taught stays.", "success")
            return redirect(url_for(".classes", year=year_id))
    status = 422 if form.is_submitted() else 200
    return render_template("yearcycle/end.html", h1=f"End {name}", form=form, group_id=group_id, name=name), status


def _people() -> dict[int, str]:
    return {person.id: person.name for person in accounts.people_of_school()}
