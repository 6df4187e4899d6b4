"""My week, and a class's year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import render_template, request

from eduprog.core import clock
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.delivery import queries
from eduprog.delivery.views.blueprint import blueprint
from eduprog.delivery.views.offline import keeper
from eduprog.followups import queries as followup_queries
from eduprog.followups.rules import EndReason
from eduprog.gates import queries as gates
from eduprog.planning import queries as planning
from eduprog.school import queries as school
from eduprog.web.guards import may, requires, signed_in

_FARTHEST = timedelta(days=3 * 366)
_COVER_AHEAD = timedelta(days=14)


@blueprint.get("/my-week")
@requires(Permission.SEE_OWN_CLASSES, after_rest=True)
def my_week() -> str:
    """Show a teacher's lessons and follow-ups, Monday to Friday, and what waits to be recorded."""
    today = clock.today()
    day = _day_asked(today)
    week = queries.week_of(day, today=today, lead_teacher_id=signed_in().person_id)
    return render_template(
        "delivery/my_week.html",
        h1="My week",
        week=week,
        today=today,
        safeguarding=gates.lead_on(today),
        deputies=gates.deputies(week.first),
        resting=signed_in().resting,
        keeps=signed_in().trusted_device,
        keeper=keeper(),
        this_week=week.first <= today <= week.last + timedelta(days=2),
    )


def _day_asked(today: date) -> date:
    """Give the day asked for, within a few years; without one today, at the weekend the Monday that comes."""
    try:
        asked = date.fromisoformat(request.args["day"])
    except (KeyError, ValueError):
        asked = None
    if asked is not None and abs(asked - today) < _FARTHEST:
        return asked
    return today if today.weekday() < 5 else today + timedelta(days=7 - today.weekday())


@blueprint.get("/classes/<int:group_id>")
@requires(Permission.SEE_OWN_CLASSES)
def class_page(group_id: int) -> str:
    """Show a class's year: what is planned, taught and owed."""
    group = school.teaching_group(group_id)
    planned = planning.lessons_of_class(group_id)
    taught = queries.of_planned_lessons([lesson.id for lesson in planned])
    holds = gates.holds()
    looks = queries.first_looks([lesson.id for lesson in planned])
    cards = [queries.lesson_card(lesson, taught.get(lesson.id), holds, looks) for lesson in planned]
    today = clock.today()
    soon = [card for card in cards if card.day and today <= card.day <= today + _COVER_AHEAD and not card.outcome]
    return render_template(
        "delivery/class.html",
        h1=group.name,
        group=group,
        cards=cards,
        deputies=gates.deputies(today),
        to_cover=soon if may(Permission.PLAN_PROGRAMME) else [],
        follow_ups=[row for row in followup_queries.of_class(group_id) if row.end_reason is not EndReason.DELIVERY_UNDONE],
        modules=catalogue.current().modules,
        today=today,
        **_carried_over(group_id),
    )


def _carried_over(group_id: int) -> dict[str, Any]:
    """Give what the class has from last year's classes where it is fed by several, with their names."""
    together = followup_queries.carried_into([group_id])
    ids = {group_id, *(one.from_group_id for one in together), *(other for one in together for other, _met in one.others)}
    return {
        "together": together,
        "class_names": {one.id: one.name for one in school.groups_by_id(ids).values()} if together else {},
    }
