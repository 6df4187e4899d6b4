"""Calendar addresses: a teacher's own, and the calendars themselves."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Permission
from eduprog.planning import actions, exports, queries
from eduprog.planning.views.blueprint import blueprint, seen_feed
from eduprog.web.guards import current_actor, public, requires, signed_in


@blueprint.get("/feeds/<string:token>.ics")
@public("calendar programs cannot sign in; the address is the secret, and it shows module names and dates only")
def feed(token: str) -> Response:
    """Give a calendar as a calendar program reads it."""
    response = make_response(exports.calendar_text(queries.feed_behind(token)))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = "inline; filename=lessons.ics"
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/my-calendar")
@requires(Permission.SEE_OWN_CLASSES)
def my_calendar() -> str:
    """Show the private address of one's own calendar."""
    held = queries.feed_address(person_id=signed_in().person_id)
    return render_template(
        "planning/my_calendar.html", h1="My calendar", feed=held and (held[0], url_for(".feed", token=held[1], _external=True))
    )


@blueprint.post("/my-calendar")
@requires(Permission.SEE_OWN_CLASSES)
def make_my_feed() -> Response:
    """Make one's own calendar address; the one before stops working."""
    with transaction():
        actions.make_feed(person_id=signed_in().person_id, instead_of=seen_feed(), by=current_actor(), now=clock.now())
    flash("Calendar address made.", "success")
    return redirect(url_for(".my_calendar"))


@blueprint.post("/my-calendar/<int:feed_id>/removal")
@requires(Permission.SEE_OWN_CLASSES)
def revoke_my_feed(feed_id: int) -> Response:
    """Close one's own calendar address."""
    with transaction():
        actions.revoke_feed(feed_id=feed_id, person_id=signed_in().person_id, by=current_actor(), now=clock.now())
    flash("Calendar address closed.", "success")
    return redirect(url_for(".my_calendar"))


@blueprint.post("/plan/feeds/<int:feed_id>/removal")
@requires(Permission.PLAN_PROGRAMME)
def revoke_feed(feed_id: int) -> Response:
    """Close the calendar address of a class."""
    with transaction():
        actions.revoke_feed(feed_id=feed_id, by=current_actor(), now=clock.now())
    flash("Calendar address closed.", "success")
    return redirect(url_for(".year"))
