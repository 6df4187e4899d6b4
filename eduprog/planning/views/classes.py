"""The plan of one class, and how it is planned."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.accounts import queries as accounts
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission, permissions_of
from eduprog.curriculum import catalogue
from eduprog.planning import actions, queries
from eduprog.planning.forms import BLOCKS, KINDS, ChoiceForm
from eduprog.planning.rules import RunKind, WhyUnplaced, part_minutes
from eduprog.planning.views.blueprint import blueprint, seen_feed
from eduprog.school import queries as school
from eduprog.web.forms import ChangedMeanwhile, mark_of, refuse_if_changed
from eduprog.web.guards import current_actor, requires


@blueprint.get("/plan/classes/<int:group_id>")
@requires(Permission.PLAN_PROGRAMME)
def class_plan(group_id: int) -> str:
    """Show a class's plan, each lesson with what can be changed."""
    group = school.teaching_group(group_id)
    lessons = queries.lessons_of_class(group_id)
    modules = catalogue.current().modules
    academic_year = school.academic_year(group.academic_year_id, today=clock.today())
    staff = [one for one in accounts.people_of_school() if Permission.RECORD_DELIVERY in permissions_of(one.roles)]
    feed = queries.feed_address(group_id=group_id)
    choice = queries.class_choices().get(group_id, queries.Choice())
    with_day = {group_id: sum(one.planned_on is not None for one in lessons)}
    return render_template(
        "planning/class.html",
        h1=f"Plan of {group.name}",
        group=group,
        lessons=lessons,
        modules=modules,
        splittable={
            one.id
            for one in lessons
            if not one.part and one.make_good_of is None and part_minutes(modules[one.module_id], one.lesson_number)
        },
        room=queries.room_of_classes(academic_year, [group], with_day)[group_id] if academic_year else None,
        choice=choice,
        seen=mark_of(*_facts_of(choice)),
        staff=staff,
        names={one.id: one.name for one in staff},
        left=WhyUnplaced.NEXT_YEAR,
        block_choices=BLOCKS,
        kind_choices=KINDS,
        kinds=RunKind,
        feed=feed and (feed[0], url_for(".feed", token=feed[1], _external=True)),
    )


@blueprint.post("/plan/classes/<int:group_id>/choices")
@requires(Permission.PLAN_PROGRAMME)
def choose(group_id: int) -> Response:
    """Say which meetings a class uses, in which half-terms, and where its sensitive lessons may stand."""
    form = ChoiceForm()
    school.teaching_group(group_id)
    if not form.validate_on_submit():
        flash("Choose one of the kinds of meetings and half-terms.", "error")
        return redirect(url_for(".class_plan", group_id=group_id))
    try:
        with transaction():
            refuse_if_changed(*_facts_of(queries.class_choices().get(group_id, queries.Choice())))
            actions.choose_for_class(group_id=group_id, by=current_actor(), now=clock.now(), **form.facts())
    except ChangedMeanwhile as refusal:
        flash(refusal.sentence, "error")
    else:
        flash("Saved. Plan this class again to use it.", "success")
    return redirect(url_for(".class_plan", group_id=group_id))


def _facts_of(choice: queries.Choice) -> tuple[object, ...]:
    return choice.slot_kind, choice.any_time, sorted(block.value for block in choice.blocks)


@blueprint.post("/plan/classes/<int:group_id>/feed")
@requires(Permission.PLAN_PROGRAMME)
def make_class_feed(group_id: int) -> Response:
    """Make the private calendar address of a class; the one before stops working."""
    with transaction():
        actions.make_feed(group_id=group_id, instead_of=seen_feed(), by=current_actor(), now=clock.now())
    flash("Calendar address made. Whoever has it sees module names and dates, nothing else.", "success")
    return redirect(url_for(".class_plan", group_id=group_id))
