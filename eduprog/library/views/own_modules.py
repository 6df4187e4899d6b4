"""Modules a school writes itself: begin, write, check, have approved, take along as a ZIP and bring in from one."""

from __future__ import annotations

from flask import Response as FileResponse
from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.errors import NotHere
from eduprog.core.permissions import Permission
from eduprog.curriculum import catalogue
from eduprog.curriculum.language import Audience
from eduprog.curriculum.vocabulary import HalfTermBlock, Stage, Strand, YearGroup
from eduprog.library import actions
from eduprog.library.exports.own_modules import module_zip
from eduprog.library.importers import FileRefused
from eduprog.library.importers.modules import read_module_zip
from eduprog.library.queries import drafts
from eduprog.library.rules.facts import Choices, FactGroup, fact_groups, with_facts
from eduprog.library.rules.own_modules import (
    LONGEST_FILE,
    Beginning,
    Files,
    Part,
    files_of,
    in_order,
    parts_of,
    reader_of,
    title_of,
)
from eduprog.library.views.blueprint import blueprint
from eduprog.web.guards import current_actor, requires

_READERS = {"pupil": Audience.PUPIL, "parent": Audience.PARENT, "staff": Audience.STAFF}
_LONGEST = 200


@blueprint.get("/own-lessons")
@requires(Permission.SEE_OWN_CLASSES)
def own_modules() -> str:
    """List the modules the school writes, ask what a new one is called, and for the ZIP of one from elsewhere."""
    return _list_page({}, [])


def _list_page(sent: dict[str, str], faults: list[str]) -> str:
    ours = catalogue.ours()
    return render_template(
        "library/own_modules.html",
        h1="Modules of our own",
        held=drafts.own_modules(),
        approved={row.module_id for row in drafts.approved_drafts() if row.state.value == "approved"},
        sent=sent,
        faults=faults,
        strands=list(Strand),
        years=list(YearGroup),
        blocks=list(HalfTermBlock),
        patterns=[(stage, ours.for_stage(stage)) for stage in Stage],
    )


@blueprint.post("/own-lessons")
@requires(Permission.SEE_OWN_CLASSES)
def begin_module() -> Response | tuple[str, int]:
    """Begin a module from one of ours; it is a draft that nobody plans yet."""
    sent = {key: " ".join(text.split())[:_LONGEST] for key, text in request.form.items()}
    named = {"title": "its title", "outcome": "what pupils can do afterwards", "pupil_outcome": "the same in pupils’ words"}
    faults = [f"Enter {words}." for key, words in named.items() if not sent.get(key)]
    try:
        beginning = Beginning(
            sent.get("title", ""), Strand(sent.get("strand", "")), YearGroup(sent.get("year", "")), sent.get("outcome", ""),
            sent.get("pupil_outcome", ""),
        )  # fmt: skip
        block = HalfTermBlock(sent.get("block", ""))
    except ValueError:
        return _list_page(sent, ["Choose strand, year group and half-term."]), 422
    pattern = catalogue.ours().modules.get(sent.get("pattern", ""))
    if pattern is None or pattern.stage is not beginning.stage:
        faults.append(f"Begin from a module of the same stage: {beginning.stage.label}.")
    if faults:
        return _list_page(sent, faults), 422
    with transaction():
        made = actions.begin_module(
            beginning=beginning, pattern_id=sent["pattern"], block=block, by=current_actor(), now=clock.now()
        ).module_id
    flash(f"{made} begins with the words of {sent['pattern']}. Write over them; it is planned once it is approved.", "success")
    return redirect(url_for(".own_module", own_module_id=made))


@blueprint.post("/own-lessons/zip")
@requires(Permission.SEE_OWN_CLASSES)
def bring_module() -> Response | tuple[str, int]:
    """Bring in a module from a ZIP as a draft: all of its files, or none."""
    sent = request.files.get("file")
    try:
        block = HalfTermBlock(request.form.get("block", ""))
        module_id, files = read_module_zip(sent.filename or "" if sent else "", sent.stream.read() if sent else b"")
        with transaction():
            made = actions.bring_module(module_id=module_id, files=files, block=block, by=current_actor(), now=clock.now()).number
    except ValueError:
        return _list_page({}, ["Choose the half-term it belongs in."]), 422
    except (FileRefused, actions.SameAsBefore, actions.TooLong) as refusal:
        return _list_page({}, [refusal.sentence]), 422
    flash(f"{module_id} is kept as version {made}, a draft. Look at it before it is approved.", "success")
    return redirect(url_for(".own_module", own_module_id=module_id))


@blueprint.get("/own-lessons/<string:own_module_id>")
@requires(Permission.SEE_OWN_CLASSES)
def own_module(own_module_id: str) -> str:
    """Show a module to write: every file by its headings, what the checker says, and every version."""
    newest = drafts.drafts(own_module_id)[0]
    return _page(own_module_id, dict(newest.files), newest.block, newest.number)


@blueprint.post("/own-lessons/<string:own_module_id>")
@requires(Permission.SEE_OWN_CLASSES)
def save_module(own_module_id: str) -> Response | str | tuple[str, int]:
    """Keep a version, or only check it; if somebody else saved one meanwhile, both are kept."""
    based_on = request.form.get("based_on", 0, int)
    before = drafts.draft(own_module_id, based_on)
    files = files_of(_sent(before.files), before.files)
    try:
        block = HalfTermBlock(request.form.get("block", before.block.value))
    except ValueError:
        raise NotHere from None
    if request.form.get("do") == "check":
        return _page(own_module_id, files, block, based_on, checked_only=True)
    try:
        with transaction():
            made = actions.save_module(
                module_id=own_module_id, files=files, block=block, based_on=based_on, by=current_actor(), now=clock.now()
            ).number
    except (actions.SameAsBefore, actions.TooLong) as refusal:
        flash(refusal.sentence, "warning")
        return _page(own_module_id, files, block, based_on), 422
    if made != based_on + 1:
        said = f"Somebody else saved version {made - 1} while you wrote. Yours is kept as version {made}; neither is lost."
        flash(said, "warning")
    else:
        flash(f"Kept as version {made}.", "success")
    return redirect(url_for(".own_module", own_module_id=own_module_id))


def _sent(before: Files) -> dict[str, str]:
    """Give what the form sent, by part: texts as they are, facts put back into the head of their file."""
    sent = {key.removeprefix("part-"): text for key, text in request.form.items() if key.startswith("part-")}
    for name, text in before.items():
        start = f"fact-{name}|"
        facts = {key.removeprefix(start): request.form.getlist(key) for key in request.form if key.startswith(start)}
        if facts:
            head = parts_of(name, text)[0]
            sent[head.key] = with_facts(head.text, facts, drafts.fact_choices())
    return sent


@blueprint.post("/own-lessons/<string:own_module_id>/approval")
@requires(Permission.PLAN_PROGRAMME)
def approve_module(own_module_id: str) -> Response:
    """Approve a version of a module, or retire the module (0)."""
    number = request.form.get("version", 0, int)
    try:
        with transaction():
            if number:
                actions.approve_module(module_id=own_module_id, number=number, by=current_actor(), now=clock.now())
            else:
                actions.retire_module(module_id=own_module_id, by=current_actor(), now=clock.now())
    except actions.NotSound as refusal:
        flash(f"Not approved. {refusal.sentence}", "error")
    else:
        said = f"Version {number} is approved: put {own_module_id} into a scheme of work, then plan."
        flash(said if number else "Retired. What was taught of it stays.", "success")
    return redirect(url_for(".own_module", own_module_id=own_module_id))


@blueprint.get("/own-lessons/<string:own_module_id>/versions/<int:number>.zip")
@requires(Permission.SEE_OWN_CLASSES)
def module_files(own_module_id: str, number: int) -> Response:
    """Give a version of a module as a ZIP of its files, to take along or to bring in elsewhere."""
    files = drafts.draft(own_module_id, number).files
    return _zip({name: text.encode() for name, text in files.items()}, f"{own_module_id}-version-{number}.zip")


@blueprint.get("/lessons/<string:module_id>/files.zip")
@requires(Permission.SEE_LIBRARY)
def our_module_files(module_id: str) -> Response:
    """Give one of our modules as a ZIP of its files."""
    files = drafts.files_of_ours(module_id)
    return _zip({name: text.encode() for name, text in files.items()}, f"{module_id}.zip")


def _zip(files: dict[str, bytes], name: str) -> Response:
    answer = FileResponse(module_zip(files), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.post("/message-check")
@requires(Permission.SEE_OWN_CLASSES)
def check_message() -> Response:
    """Say what the message check finds in a text somebody types. Nothing is kept."""
    reader = _READERS.get(request.form.get("reader", ""), Audience.PUPIL)
    answer = jsonify(findings=actions.findings(request.form.get("text", ""), reader))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(module_id: str, files: dict[str, str], block: HalfTermBlock, based_on: int, *, checked_only: bool = False) -> str:
    versions = drafts.drafts(module_id)
    checked, choices = drafts.checked(files, block), drafts.fact_choices()
    return render_template(
        "library/own_module.html",
        h1=f"Write {module_id}",
        module_id=module_id,
        title=checked.head.title if checked.head else "",
        files=[_shown(name, files[name], choices) for name in in_order(files)],
        people_words=drafts.people_words(),
        faults=checked.faults,
        checked_only=checked_only,
        block=block,
        blocks=list(HalfTermBlock),
        based_on=based_on,
        versions=versions,
        newest=versions[0].number,
        sound={row.number for row in versions[:5] if not drafts.checked(row.files, row.block).faults},
        longest=LONGEST_FILE,
    )


def _shown(name: str, text: str, choices: Choices) -> tuple[str, str, str, list[FactGroup] | None, list[Part]]:
    """Give a file for the page: name, words for it, who reads it, its facts as fields (or None, then as text), its parts."""
    parts = parts_of(name, text)
    groups = None if request.args.get("facts") == "text" else fact_groups(parts[0].text, choices)
    return name, title_of(name), reader_of(name), groups, parts if groups is None else parts[1:]
