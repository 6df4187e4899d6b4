"""The programme board, and the note by which somebody is asked or sent something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from eduprog.accounts import queries as accounts
from eduprog.accounts.queries.people import PersonRow
from eduprog.core import clock
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission, Role
from eduprog.coverage import queries
from eduprog.coverage.rules.board import BestAction, Board, Line, LineKind
from eduprog.coverage.views.blueprint import blueprint
from eduprog.coverage.views.board_rows import ShownLine, class_names, class_rows, items
from eduprog.coverage.views.board_words import ACTIONS, sentence
from eduprog.web.guards import may, requires, signed_in

_PAGES = {BestAction.PLAN_YEAR: "planning.year", BestAction.CLEAR_CONDITIONS: "planning.conditions"}
_FIRST = 6
"""Lines of a kind that are shown at once."""
_NOTES = (BestAction.ASK_TEACHER, BestAction.SEND_STARTER, BestAction.TELL_DSL)
SECTIONS = (
    (LineKind.UNOWNED, "Nobody leads them"),
    (LineKind.UNPLANNED, "Nothing planned"),
    (LineKind.BEHIND, "Behind"),
    (LineKind.UNRECORDED, "Not recorded"),
    (LineKind.COLD, "Going cold"),
    (LineKind.SENSITIVE, "Sensitive lessons ahead"),
)


@dataclass(frozen=True)
class Note:
    """A message somebody can send by their own mail program: to whom, about what, and its words."""

    people: tuple[PersonRow, ...]
    subject: str
    words: tuple[str, ...]

    @property
    def mailto(self) -> str:
        """Give the address that opens a mail program with the note in it."""
        to = ",".join(person.email for person in self.people)
        body = "\r\n\r\n".join(self.words)
        return f"mailto:{quote(to, safe='@,')}?subject={quote(self.subject)}&body={quote(body)}"


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one kind: how many, the first of them as HTML, and those behind them."""

    kind: LineKind
    title: str
    count: int
    first: Markup
    rest: Markup


def first_page_of_lead() -> str | None:
    """Give the board as the first screen of whoever plans the programme."""
    return url_for("coverage.board") if current_user.may(Permission.PLAN_PROGRAMME) else None


@blueprint.get("/programme")
@requires(Permission.SEE_SCHOOL)
def board() -> str:
    """Show what every class needs, the worst first, and where each should be and is."""
    years = queries.years(None, today=clock.today())
    people = {person.id: person for person in accounts.people_of_school()}
    found = queries.board(years, _names(people), today=clock.today()) if years else None
    plans, opens_classes, own_id = may(Permission.PLAN_PROGRAMME), may(Permission.SEE_OWN_CLASSES), signed_in().person_id
    names = class_names(found.classes, opens_classes=opens_classes) if found else {}
    kinds: dict[LineKind, list[ShownLine]] = {kind: [] for kind, _title in SECTIONS}
    for line in found.lines if found else ():
        kinds[line.kind].append(_shown(line, plans, own_id))
    return render_template(
        "coverage/board.html",
        h1="Programme board",
        year=years.chosen if years else None,
        today=clock.today(),
        worst=[_shown(line, plans, own_id) for line in found.worst] if found else [],
        sections=[_section(kind, title, kinds[kind], names) for kind, title in SECTIONS if kinds[kind]],
        rows=class_rows(found.classes, names) if found else "",
        opens_classes=opens_classes,
    )


def _section(kind: LineKind, title: str, shown: Sequence[ShownLine], names: Mapping[int, str]) -> Section:
    return Section(kind, title, len(shown), items(shown[:_FIRST], names), items(shown[_FIRST:], names))


@blueprint.get("/programme/classes/<int:group_id>/note/<string:about>")
@requires(Permission.PLAN_PROGRAMME)
def note(group_id: int, about: str) -> str:
    """Show the words by which a teacher or the safeguarding lead is asked, ready for one's own mail program."""
    years = queries.years(None, today=clock.today())
    people = {person.id: person for person in accounts.people_of_school()}
    found = queries.board(years, _names(people), today=clock.today(), only=group_id) if years else None
    line = _asked(found, group_id, about) if found else None
    if line is None:
        raise NotHere
    return render_template("coverage/note.html", h1=ACTIONS[line.action], line=line, note=_note(line, people))


def _asked(found: Board, group_id: int, about: str) -> Line | None:
    lesson_id = request.args.get("lesson", None, int)
    for line in found.lines:
        same_lesson = lesson_id is None or (line.lesson is not None and line.lesson.planned_lesson_id == lesson_id)
        if (line.group_id, line.action.value) == (group_id, about) and line.action in _NOTES and same_lesson:
            return line
    return None


def _names(people: Mapping[int, PersonRow]) -> dict[int, str]:
    return {person.id: person.name for person in people.values()}


def _shown(line: Line, plans: bool, own_id: int) -> ShownLine:
    is_own = line.action is BestAction.ASK_TEACHER and line.teacher_id == own_id
    label = "Record it" if is_own else ACTIONS[line.action]
    return ShownLine(line, sentence(line), label, _href(line, is_own) if plans else "")


def _href(line: Line, is_own: bool) -> str:
    if is_own and line.lesson:
        return url_for("delivery.record", planned_lesson_id=line.lesson.planned_lesson_id)
    if line.action in _NOTES and (line.teacher or line.action is BestAction.TELL_DSL):
        lesson_id = line.lesson.planned_lesson_id if line.action is BestAction.TELL_DSL and line.lesson else None
        return url_for(".note", group_id=line.group_id, about=line.action.value, lesson=lesson_id)
    if line.action is BestAction.SEND_STARTER and line.starter:
        return url_for("delivery.follow_up", follow_up_id=line.starter.follow_up_id)
    if line.action is BestAction.READ_NOTE and line.lesson:
        return url_for("library.module", module_id=line.lesson.module_id)
    if line.action in _PAGES:
        return url_for(_PAGES[line.action])
    return url_for("planning.class_plan", group_id=line.group_id)


def _note(line: Line, people: Mapping[int, PersonRow]) -> Note:
    if line.action is BestAction.TELL_DSL:
        to = tuple(person for person in people.values() if Role.SAFEGUARDING_LEAD in person.roles)
    else:
        to = tuple(person for person in people.values() if person.id == line.teacher_id)
    about = line.starter.module_id if line.starter else line.lesson.module_id if line.lesson else ""
    words = [f"Hello {' and '.join(person.name for person in to)},", *_words(line), signed_in().school_name]
    return Note(to, f"{about}, {line.group_name}", tuple(word for word in words if word))


def _words(line: Line) -> list[str]:
    if line.action is BestAction.TELL_DSL and line.lesson:
        about = url_for("library.module", module_id=line.lesson.module_id, _external=True)
        return [
            sentence(line), f"What may come up, and the help card, stand in its staff note: {about}",
            "Is there anything we should change before it? You can put it on hold without giving a reason.",
        ]  # fmt: skip
    if line.action is BestAction.SEND_STARTER and line.starter:
        starter = url_for("delivery.follow_up", follow_up_id=line.starter.follow_up_id, _external=True)
        return [
            f"{line.group_name} has a short starter waiting from {line.starter.module_id}. It takes a few minutes and is ready"
            " to use as the first slide of the next lesson:",
            starter, "If it does not fit, skip it there and say why with one tap.",
        ]  # fmt: skip
    record = url_for("delivery.my_week", _external=True)
    return [
        sentence(line),
        f"Was it taught? Two taps say so, or why not, and it finds a new day by itself: {record}",
        "If a lesson needs moving or covering, tell me and I will see to it.",
    ]
