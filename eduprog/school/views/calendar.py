"""The calendar's pages: the year at a glance, term dates read and asked about, week letters."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.permissions import Permission
from eduprog.organisations import queries as organisations
from eduprog.school import actions, queries
from eduprog.school.forms import ReadCalendarForm, WeekLettersForm, answers_in
from eduprog.school.importers import TermSuggestion, suggested_terms
from eduprog.school.importers.calendar import LARGEST, read_calendar_file, read_pasted
from eduprog.school.importers.calendar.preview import preview_of
from eduprog.school.importers.calendar.suggested import read_suggested, terms_to_offer
from eduprog.school.rules import CalendarChangeKind, ImportState
from eduprog.school.rules.reading import CalendarReading
from eduprog.school.rules.year_view import DayMark, year_look
from eduprog.school.views.blueprint import blueprint
from eduprog.web.forms import ChangedMeanwhile, mark_of, refuse_if_changed
from eduprog.web.guards import current_actor, requires

_UNPROCESSABLE = 422


@blueprint.get("/school")
@requires(Permission.MANAGE_SCHOOL)
def school() -> Response:
    """Lead to the calendar, which old links to the school's page meant."""
    return redirect(url_for(".calendar"))


@blueprint.get("/school/calendar")
@requires(Permission.MANAGE_SCHOOL)
def calendar() -> str:
    """Show an academic year at a glance, and what can be done with it."""
    today = clock.today()
    years = queries.academic_years()
    year = queries.year_among(years, request.args.get("year", None, int), today=today)
    open_change = next((one for one in queries.calendar_changes() if one.state is ImportState.PREVIEWED), None)
    if year is None:
        return render_template("school/calendar.html", h1="Calendar", year=None, open_change=open_change)
    closures = {closure.day: closure.kind for closure in queries.closures()}
    whole = queries.calendar()
    months = year_look(whole, closures, year.starts_on)
    return render_template(
        "school/calendar.html", h1="Calendar", year=year, years=years, months=months, marks=list(DayMark), today=today,
        open_change=open_change,
        inset_days=sum(look.mark is DayMark.INSET for month in months for week in month.weeks for look in week.days if look),
        open_days=sum(1 for _ in whole.open_days(year.starts_on, year.ends_on)),
        changes=[change for change in queries.calendar_changes() if change.applied_at],
    )  # fmt: skip


@blueprint.get("/school/calendar/new")
@requires(Permission.MANAGE_SCHOOL)
def new_calendar() -> str:
    """Ask for the term dates, pasted or as a file."""
    return _form_page(ReadCalendarForm())


@blueprint.post("/school/calendar/new")
@requires(Permission.MANAGE_SCHOOL)
def read_calendar() -> str | Response | tuple[str, int]:
    """Read what was pasted or uploaded; the school's calendar does not change."""
    form = ReadCalendarForm()
    form.offer(clock.today())
    if not form.validate_on_submit():
        return _form_page(form)
    try:
        readings = _readings(form)
        with transaction():
            change_id = actions.start_import(
                readings=readings, wanted_year=form.wanted_year(), by=current_actor(), now=clock.now()
            ).id
    except NotHere:
        raise
    except Refusal as refusal:
        (form.file if form.file.data else form.text).errors = [refusal.sentence]
        return _form_page(form), _UNPROCESSABLE
    return redirect(url_for(".calendar_reading", change_id=change_id))


@blueprint.post("/school/calendar/suggested")
@requires(Permission.MANAGE_SCHOOL)
def read_suggested_terms() -> Response:
    """Read the terms that the last import named, to be looked at like any other term dates."""
    nation = organisations.current_school().nation
    with transaction():
        reading = read_suggested(_offered_terms(), nation=nation)
        change_id = actions.start_import(readings={"": reading}, wanted_year=None, by=current_actor(), now=clock.now()).id
    return redirect(url_for(".calendar_reading", change_id=change_id))


def _offered_terms() -> list[TermSuggestion]:
    return terms_to_offer(suggested_terms(), queries.calendar().half_terms)


def _readings(form: ReadCalendarForm) -> dict[str, CalendarReading]:
    nation, wanted = organisations.current_school().nation, form.wanted_year()
    if form.file.data:
        with form.file.data.stream as stream:
            data = stream.read(LARGEST + 1)
        return read_calendar_file(form.file.data.filename or "", data, nation=nation, academic_year=wanted)
    return {"": read_pasted(form.text.data or "", nation=nation, academic_year=wanted)}


def _form_page(form: ReadCalendarForm) -> str:
    form.offer(clock.today())
    return render_template("school/calendar-new.html", h1="Add term dates", form=form, terms=_offered_terms())


@blueprint.get("/school/calendar/readings/<int:change_id>")
@requires(Permission.MANAGE_SCHOOL)
def calendar_reading(change_id: int) -> str | Response:
    """Show what was read, what is doubtful, and the year it would make."""
    change = queries.calendar_change(change_id)
    if change.kind is not CalendarChangeKind.IMPORT or change.state is ImportState.DROPPED:
        raise NotHere
    if change.state is not ImportState.PREVIEWED:
        return redirect(url_for("yearcycle.calendar_change", change_id=change_id))
    nation = organisations.current_school().nation
    preview = preview_of(change, nation)
    known = queries.academic_years()
    return render_template("school/calendar-reading.html", h1="Check the dates", preview=preview, known=known)


@blueprint.post("/school/calendar/readings/<int:change_id>")
@requires(Permission.MANAGE_SCHOOL)
def answer_calendar(change_id: int) -> Response:
    """Keep the answers given; what they raise is asked next."""
    answers = answers_in(request.form)
    with transaction():
        actions.answer_import(change_id=change_id, group=request.form.get("group"), answers=answers, now=clock.now())
    return redirect(url_for(".calendar_reading", change_id=change_id))


@blueprint.post("/school/calendar/readings/<int:change_id>/drop")
@requires(Permission.MANAGE_SCHOOL)
def drop_calendar(change_id: int) -> Response:
    """Put the dates away; nothing of the school has changed."""
    with transaction():
        actions.drop_import(change_id=change_id, by=current_actor(), now=clock.now())
    flash("These dates are put away. The calendar is as it was.", "success")
    return redirect(url_for(".calendar"))


@blueprint.route("/school/calendar/years/<int:academic_year_id>/weeks", methods=["GET", "POST"])
@requires(Permission.MANAGE_SCHOOL)
def week_letters(academic_year_id: int) -> str | Response:
    """Set whether the timetable has one week or two, and how weeks get their letters."""
    year = queries.academic_year_by_id(academic_year_id)
    form = WeekLettersForm(
        rule=year.week_letter_rule.value if year.week_cycle == 2 else "none", first_letter=_first_letter(year.id)
    )
    if form.validate_on_submit():
        rule, first_letter = form.chosen()
        try:
            with transaction():
                refuse_if_changed(*_weeks_of(academic_year_id))
                actions.set_week_letters(
                    academic_year_id=academic_year_id, rule=rule, first_letter=first_letter, by=current_actor(), now=clock.now()
                )
        except ChangedMeanwhile as refusal:
            form.rule.errors = [refusal.sentence]
        else:
            flash("Week letters are saved. Check them in the year below.", "success")
            return redirect(url_for(".calendar", year=academic_year_id))
    seen, year = mark_of(*_weeks_of(academic_year_id)), queries.academic_year_by_id(academic_year_id)
    return render_template("school/calendar-weeks.html", h1="Week letters", form=form, year=year, seen=seen)


def _weeks_of(academic_year_id: int) -> tuple[object, ...]:
    year = queries.academic_year_by_id(academic_year_id)
    return year.week_cycle, year.week_letter_rule, _first_letter(academic_year_id)


def _first_letter(academic_year_id: int) -> str:
    year = queries.academic_year_by_id(academic_year_id)
    letter = queries.calendar().week_letter(year.half_terms[0].first_day) if year.half_terms else None
    return letter.value if letter else "A"
