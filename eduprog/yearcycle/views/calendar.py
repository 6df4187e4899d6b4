"""Pages on which the calendar changes and takes the year with it: term dates taken in, days closed, either undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.organisations import queries as organisations
from eduprog.planning import queries as planning
from eduprog.school import queries as school
from eduprog.school.forms import CLOSING_KINDS, CloseDaysForm, HalfTermsForm
from eduprog.school.importers.calendar.preview import preview_of
from eduprog.school.rules import ClosureKind, ImportState
from eduprog.school.rules.date_texts import academic_year_of
from eduprog.school.rules.reading.checks import FIRST_YEAR, LAST_YEAR
from eduprog.web.forms import mark_of
from eduprog.web.guards import current_actor, requires
from eduprog.yearcycle.actions.calendar import close_days, take_calendar, undo_calendar_change, write_half_terms
from eduprog.yearcycle.views.blueprint import blueprint


class StillAsked(Refusal):
    """Some questions about these dates are not answered yet, so nothing was changed."""


@blueprint.post("/school/calendar/readings/<int:change_id>/use")
@requires(Permission.MANAGE_SCHOOL)
def use_calendar(change_id: int) -> Response:
    """Make the dates the school's calendar, if every question is answered."""
    with transaction():
        change = school.calendar_change(change_id)
        if change.state is not ImportState.PREVIEWED:
            raise NotHere
        preview = preview_of(change, organisations.current_school().nation)
        if not preview.is_ready:
            raise StillAsked
        years = preview.settled.proposal.years
        take_calendar(change_id=change_id, years=years, by=current_actor(), now=clock.now(), today=clock.today())
    flash("The calendar is changed. Look through the year below.", "success")
    taken = next((year for year in school.academic_years() if year.starts_on == years[-1].starts_on), None)
    return redirect(url_for("school.calendar", year=taken.id if taken else None))


@blueprint.get("/school/calendar/closed-days")
@requires(Permission.MANAGE_SCHOOL)
def closed_days() -> str:
    """Ask which days the school shuts, and why."""
    return _closing_page(CloseDaysForm(first=clock.today(), kind=ClosureKind.SNOW.value))


@blueprint.post("/school/calendar/closed-days")
@requires(Permission.MANAGE_SCHOOL)
def close_school_days() -> str | Response | tuple[str, int]:
    """Show what stands on those days; with `sure`, shut them and move it."""
    form = CloseDaysForm()
    if not form.validate_on_submit():
        return _closing_page(form)
    days, kind = form.span(), ClosureKind(form.kind.data)
    calendar = school.calendar()
    shut = [day for day in days if not calendar.is_open(day)]
    if not days or shut:
        said = f"School is not open on {shut[0]:%A %-d %B %Y}" if shut else "Choose a weekday"
        form.first.errors = [f"{said}. Choose days on which it would be open"]
        return _closing_page(form), 422
    if request.form.get("sure") != "yes":
        standing = planning.lessons_on(days)
        return render_template(
            "school/calendar-closing-sure.html", h1="Shut the school?", days=days, kind=kind, why=CLOSING_KINDS[kind.value],
            standing=standing, form=form,
        )  # fmt: skip
    with transaction():
        change_id = close_days(days=days, kind=kind, by=current_actor(), now=clock.now(), today=clock.today()).id
    flash("The school is shut on those days. What stood there has moved.", "success")
    return redirect(url_for(".calendar_change", change_id=change_id))


def _closing_page(form: CloseDaysForm) -> str:
    return render_template("school/calendar-closing.html", h1="Shut the school on a day", form=form)


@blueprint.route("/school/calendar/half-terms", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOL)
def half_terms() -> str | Response | tuple[str, int]:
    """Write the half-terms of an academic year by hand (?year=2026 for 2026/27), and open shut days again."""
    starting = request.values.get("year", academic_year_of(clock.today()), int)
    if not FIRST_YEAR <= starting < LAST_YEAR:
        raise NotHere
    days, shut = _days_of(starting), _shut_in(starting)
    form = HalfTermsForm(data={**days, "seen": _mark_of(days, shut)}).offer(starting, shut)
    if not form.is_submitted():
        return _half_terms_page(form, starting)
    if not form.validate_on_submit():
        return _half_terms_page(form, starting), 422
    with transaction():
        days, shut = _days_of(starting), _shut_in(starting)
        stands_so = form.asks_for(days, shut)
        stale = not stands_so and form.seen.data not in (None, "", _mark_of(days, shut))
        if not stands_so and not stale:
            write_half_terms(
                starting=starting, half_terms=form.spans(), reopened=form.reopened(), by=current_actor(), now=clock.now(),
                today=clock.today(),
            )  # fmt: skip
    if stale:
        form.seen.data = _mark_of(days, shut)
        return _half_terms_page(form, starting, now_standing=days), 409
    flash("The half-terms are saved. Look through the year below.", "success")
    return redirect(url_for("school.calendar", year=_id_of(starting)))


def _shut_in(starting: int) -> dict[date, str]:
    return {row.day: row.kind.label for row in school.closures() if academic_year_of(row.day) == starting}


def _id_of(starting: int) -> int | None:
    year = school.academic_year_starting(starting)
    return year.id if year else None


def _mark_of(days: Mapping[str, date], closures: Collection[date]) -> str:
    """Give a mark of half-terms and days shut as they stand, by which a page opened before a change is known."""
    return mark_of(sorted(days.items()), sorted(closures))


def _days_of(starting: int) -> dict[str, date]:
    year = school.academic_year_starting(starting)
    terms = year.half_terms if year else ()
    return {
        f"{term.block.value}_{end}": day for term in terms for end, day in (("first", term.first_day), ("last", term.last_day))
    }


def _half_terms_page(form: HalfTermsForm, starting: int, now_standing: Mapping[str, date] | None = None) -> str:
    return render_template(
        "school/calendar-half-terms.html", h1="Half-terms by hand", form=form, starting=starting, now_standing=now_standing
    )


@blueprint.get("/school/calendar/changes/<int:change_id>")
@requires(Permission.MANAGE_SCHOOL)
def calendar_change(change_id: int) -> str:
    """Show what a change of the calendar moved, before and after, with the way back."""
    change = school.calendar_change(change_id)
    if change.state not in (ImportState.APPLIED, ImportState.UNDONE):
        raise NotHere
    record = change.undo_record
    groups = school.groups_by_id(one["class"] for one in (*record["lessons"], *record["follow_ups"]))
    names = {group.id: group.name for group in groups.values()}
    return render_template(
        "school/calendar-change.html", h1="A change of the calendar", change=change, names=names,
        lessons=_moves(record["lessons"], 0), follow_ups=_moves(record["follow_ups"], 1),
        closed=_closed_by(record["before"], record["after"]),
    )  # fmt: skip


def _moves(rows: Sequence[dict[str, Any]], place: int) -> list[dict[str, Any]]:
    """Give moves as the page shows them; `place` is where the day stands among the facts."""
    moves = [{**row, "from_day": _day(row["was"][place]), "to_day": _day(row["is"][place])} for row in rows]
    return sorted(moves, key=lambda move: (move["from_day"] or date.max, move["class"], move["id"]))


def _closed_by(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[date, str]]:
    known = {tuple(one) for one in before["closures"]}
    return [(date.fromisoformat(day), kind) for day, kind in after["closures"] if (day, kind) not in known]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@blueprint.post("/school/calendar/changes/<int:change_id>/undo")
@requires(Permission.MANAGE_SCHOOL)
def undo_change(change_id: int) -> Response:
    """Put the calendar and what moved with it back."""
    with transaction():
        undo_calendar_change(change_id=change_id, by=current_actor(), now=clock.now())
    flash("The calendar is as it was before. What was taught or moved since then stays.", "success")
    return redirect(url_for("school.calendar"))
