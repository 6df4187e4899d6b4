"""One lesson behind a one-day link, for a supply teacher without an account: read it, print it, record it; nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Response as PdfResponse
from flask import current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere, Refusal
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import Lesson, LessonModule
from eduprog.delivery import actions, queries
from eduprog.delivery.forms import SupplyRecordForm
from eduprog.delivery.rules import read_supply_token
from eduprog.delivery.views.blueprint import blueprint
from eduprog.gates import queries as gates
from eduprog.library import queries as library
from eduprog.library.exports import lessons as lesson_exports
from eduprog.library.exports import modules as module_exports
from eduprog.library.exports.copies import Copy, for_current_school
from eduprog.library.exports.typesetting import Document, pdf
from eduprog.organisations import queries as organisations
from eduprog.web.guards import public

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class _Opened:
    """What a link opened."""

    link_id: int
    planned: Any
    module: LessonModule
    lesson: Lesson


@dataclass(frozen=True)
class _Starter:
    """A follow-up that the lesson begins with."""

    card: queries.FollowUpCard
    content: Any


@contextmanager
def _opened(token: str) -> Iterator[_Opened]:
    """Open a one-day link inside its school. Raises LinkOver for one that is not ours, over, revoked, moved or on hold."""
    claim = read_supply_token(token)
    if claim is None:
        raise actions.LinkOver
    school_id, link_id = claim
    with school_scope(school_id):
        planned = actions.lesson_of_link(link_id, clock.today())
        module, lesson = library.lesson(planned.module_id, planned.lesson_number)
        yield _Opened(link_id, planned, module, lesson)


def _over() -> tuple[str, int]:
    return render_template("delivery/supply_over.html", h1="This link does not work"), 404


@blueprint.get("/supply/<string:token>")
@public("a supply teacher without an account takes one lesson by this link", signed_link=True)
def supply_lesson(token: str) -> Answer:
    """Show the lesson, step by step, and how to record it. Following the link changes nothing."""
    try:
        with _opened(token) as it:
            form = SupplyRecordForm(formdata=None)
            form.offer(it.lesson, it.planned.part)
            return _page(token, it, form)
    except actions.LinkOver:
        return _over()


def _page(token: str, it: _Opened, form: SupplyRecordForm) -> str:
    today = clock.today()
    return render_template(
        "delivery/supply.html",
        h1=f"{it.module.id} for {it.planned.teaching_group.name}",
        token=token,
        card=queries.lesson_card(it.planned, queries.of_planned_lessons([it.planned.id]).get(it.planned.id), gates.holds()),
        module=it.module,
        lesson=it.lesson,
        steps=it.lesson.parts[it.planned.part - 1] if it.planned.part else it.lesson.steps,
        starters=_starters(it),
        vocabulary=catalogue.current().vocabulary,
        fill=library.filler(),
        parts=library.help_parts(it.module, today),
        form=form,
        recordable=it.planned.planned_on == today,
        safeguarding=gates.lead_on(today),
        school_name=organisations.current_school().name,
    )


def _starters(it: _Opened) -> list[_Starter]:
    """Give the follow-ups that the lesson begins with on its day, each with what to do."""
    cards = queries.starters(it.planned, it.planned.planned_on)
    modules = catalogue.current().modules
    return [_Starter(card, modules[card.module_id].follow_ups[card.point]) for card in cards]


@blueprint.post("/supply/<string:token>")
@public("the signature proves which lesson is recorded", signed_link=True)
def supply_record(token: str) -> Answer:
    """Record the lesson as taught today."""
    try:
        with _opened(token) as it:
            form = SupplyRecordForm()
            form.offer(it.lesson, it.planned.part)
            if not form.validate():
                return _page(token, it, form), 422
            try:
                with transaction():
                    actions.record_by_link(
                        link_id=it.link_id, given=form.given_ids(), now=clock.now(), today=clock.today(), **form.record()
                    )
            except actions.LinkOver:
                raise
            except Refusal as refusal:
                refused = refusal.sentence
            else:
                return redirect(url_for(".supply_lesson", token=token), 303)
        with _opened(token) as it:
            form.outcome.errors = [refused]
            return _page(token, it, form), 422
    except actions.LinkOver:
        return _over()


@blueprint.get("/supply/<string:token>/plan.pdf")
@public("the print pack of the one lesson that the link opens", signed_link=True)
def supply_plan(token: str) -> Answer:
    """Give the lesson's plan to print."""
    return _printed(token, lambda it: lesson_exports.lesson_plan(it.module, it.lesson, _copy()))


@blueprint.get("/supply/<string:token>/handouts.pdf")
@public("the print pack of the one lesson that the link opens", signed_link=True)
def supply_handouts(token: str) -> Answer:
    """Give the lesson's handouts to print; a lesson without any has no such file."""

    def document(it: _Opened) -> Document:
        if not it.lesson.handouts:
            raise NotHere
        return lesson_exports.lesson_handouts(it.module, it.lesson, _copy())

    return _printed(token, document)


@blueprint.get("/supply/<string:token>/help-card.pdf")
@public("the print pack of the one lesson that the link opens", signed_link=True)
def supply_help_card(token: str) -> Answer:
    """Give the module's help card to print."""
    return _printed(token, lambda it: module_exports.help_card(it.module, _copy()))


def _copy() -> Copy:
    return for_current_school(clock.today(), current_app.extensions["eduprog"].BASE_URL)


def _printed(token: str, document: Callable[[_Opened], Document]) -> Answer:
    try:
        with _opened(token) as it:
            made = document(it)
            answer = PdfResponse(pdf(made), mimetype="application/pdf")
            answer.headers.set("Content-Disposition", "inline", filename=made.file_name)
            answer.headers["Cache-Control"] = "private, no-store"
            return answer
    except actions.LinkOver:
        return _over()
