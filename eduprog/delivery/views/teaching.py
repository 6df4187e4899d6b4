"""A class's own lesson on the board; its last slide records it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.permissions import Permission
from eduprog.delivery import queries
from eduprog.delivery.rules import LessonOutcome
from eduprog.delivery.views.blueprint import blueprint
from eduprog.delivery.views.offline import keeper
from eduprog.gates import queries as gates
from eduprog.library import queries as library
from eduprog.planning import queries as planning
from eduprog.web.guards import requires, signed_in


@blueprint.get("/planned-lessons/<int:planned_lesson_id>/slides")
@requires(Permission.SEE_OWN_CLASSES)
def slides(planned_lesson_id: int) -> str | Response:
    """Show the slides of a class's lesson. Done on the last one records it as taught as planned, today."""
    planned = planning.planned_lesson(planned_lesson_id)
    module, lesson = library.lesson(planned.module_id, planned.lesson_number)
    if gates.holds().stop(module, planned.teaching_group.year_groups):
        return redirect(url_for("library.lesson", module_id=module.id, number=lesson.number))
    if queries.standing_look(planned.id) is not None:
        return redirect(url_for(".first_look", planned_lesson_id=planned.id))
    today = clock.today()
    found = queries.readiness(planned, today)
    if found.stops or found.asks:
        return redirect(url_for(".before_lesson", planned_lesson_id=planned.id))
    deck = library.deck(module, lesson, today, part=planned.part)
    return render_template(
        "library/deck.html",
        h1=deck.name,
        deck=deck,
        position=deck.at(request.args.get("slide", 1, int)),
        here=url_for(".slides", planned_lesson_id=planned.id),
        notes_url=url_for("library.notes", module_id=module.id, number=lesson.number, part=planned.part or None),
        exit_url=url_for(".my_week"),
        done={
            "action": url_for(".record_delivery", planned_lesson_id=planned.id),
            "fields": {
                "outcome": LessonOutcome.AS_PLANNED.value,
                "taught_on": today.isoformat(),
                "keeper": keeper(),
                "once_key": f"p{planned.id}-v{planned.version}",
            },
        },
        keeps=signed_in().trusted_device,
        keeper=keeper(),
    )
