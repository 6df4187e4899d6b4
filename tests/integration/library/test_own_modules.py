"""May a school write a module, have it approved, take it along and bring one in, and is no word lost or half kept?"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask

from eduprog.core import audit
from eduprog.core.db import session, transaction
from eduprog.core.permissions import person
from eduprog.core.tenancy import school_scope
from eduprog.curriculum import catalogue
from eduprog.curriculum.schema import Status
from eduprog.curriculum.vocabulary import HalfTermBlock
from eduprog.library import actions
from eduprog.library.exports.own_modules import module_zip
from eduprog.library.importers import FileRefused
from eduprog.library.importers.modules import read_module_zip
from eduprog.library.models import OwnDraft
from eduprog.library.queries import drafts
from tests.support.page import Browser, Page
from tests.support.people import sign_in
from tests.support.scenes import START, Scene, a_planned_school

PAGE = "/own-lessons"
MINE = f"{PAGE}/K1-C501"
BEGIN = {
    "title": "Sharing toys: ask first", "strand": "consent", "year": "Y1", "block": "spring-1",
    "outcome": "Pupils ask before they take a toy.", "pupil_outcome": "I can ask before I take a toy.", "pattern": "K1-C1",
}  # fmt: skip


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school()


def _browser(app: Flask, scene: Scene, person_id: int) -> Browser:
    browser = Browser(app)
    sign_in(browser, person_id, school_id=scene.school_id)
    return browser


def _begun(teacher: Browser, **other: str) -> Page:
    return teacher.submit(teacher.get(PAGE), PAGE, **{**BEGIN, **other})


def _live(scene: Scene) -> dict[str, Status]:
    with school_scope(scene.school_id):
        found = {id_: module.status for id_, module in catalogue.current().modules.items() if id_.endswith("501")}
    session().rollback()
    return found


def test_a_module_is_begun_written_approved_planned_like_ours_and_retired(app: Flask, scene: Scene) -> None:
    teacher, lead = _browser(app, scene, scene.teacher_id), _browser(app, scene, scene.lead_id)
    page = _begun(teacher)
    assert page.heading == "Write K1-C501"
    assert "The checker finds nothing to mend." in page.words
    fields = page.form(MINE)
    (step,) = [key for key, text in fields.items() if key.startswith("part-lesson-1.md") and "help-card" in text][:1]
    broken = teacher.post(MINE, {**fields, step: fields[step].replace("- method:", "- methods:"), "do": "check"})
    assert "lesson-1.md, line" in broken.words
    worse = teacher.submit(teacher.get(MINE), MINE, **{step: fields[step].replace("- method:", "- methods:")})
    assert "Kept as version 2." in worse.words
    assert f"{MINE}/approval" not in [form.get("action") for form in worse.all("form")]  # a teacher approves nothing
    refused = lead.post(f"{MINE}/approval", {**lead.get(MINE).form(f"{MINE}/approval"), "version": "2"})
    assert "Not approved. lesson-1.md, line" in refused.words
    assert _live(scene) == {}
    lead.post(f"{MINE}/approval", {**lead.get(MINE).form(f"{MINE}/approval"), "version": "1"})
    assert _live(scene) == {"K1-C501": Status.LIVE}
    assert "Sharing toys: ask first" in teacher.get("/lessons?q=sharing+toys").words
    assert teacher.get("/lessons/K1-C501/1/teach").status == 200
    lead.post(f"{MINE}/approval", {**lead.get(MINE).form(f"{MINE}/approval"), "version": "0"})
    assert _live(scene) == {"K1-C501": Status.RETIRED}
    assert _live(a_planned_school(name="Elmfield School")) == {}
    with school_scope(scene.school_id):
        acts = [row.act for row in session().query(audit.AuditEntry).order_by(audit.AuditEntry.sequence)]
        assert [act for act in acts if act.startswith("module")] == [
            "module begun", "module saved", "module approved", "module retired",
        ]  # fmt: skip


def test_two_people_who_write_at_once_both_keep_their_version(app: Flask, scene: Scene) -> None:
    teacher, lead = _browser(app, scene, scene.teacher_id), _browser(app, scene, scene.lead_id)
    one, other = _begun(teacher).form(MINE), lead.get(MINE).form(MINE)
    title = "fact-module.md|title"
    teacher.post(MINE, {**one, title: one[title].replace("ask first", "ask first!")})
    said = lead.post(MINE, {**other, title: other[title].replace("ask first", "ask, then wait")})
    assert "Somebody else saved version 2 while you wrote. Yours is kept as version 3; neither is lost." in said.words
    with school_scope(scene.school_id):
        texts = {row.number: row.files["module.md"] for row in drafts.drafts("K1-C501")}
    assert "ask first!" in texts[2]
    assert "ask, then wait" in texts[3]


def test_what_is_exported_comes_in_again_byte_for_byte(app: Flask, scene: Scene) -> None:
    teacher = _browser(app, scene, scene.teacher_id)
    _begun(teacher)
    sent = teacher.client.get(f"{MINE}/versions/1.zip").data
    again = teacher.client.get(f"{MINE}/versions/1.zip").data
    assert sent == again
    elsewhere = a_planned_school(name="Elmfield School")
    other = _browser(app, elsewhere, elsewhere.teacher_id)
    page = other.post(
        f"{PAGE}/zip", {**other.get(PAGE).form(f"{PAGE}/zip"), "file": (io.BytesIO(sent), "K1-C501.zip"), "block": "summer-1"},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert "K1-C501 is kept as version 1, a draft." in page.words
    assert other.client.get(f"{MINE}/versions/1.zip").data == sent
    twice = other.post(
        f"{PAGE}/zip", {**other.get(PAGE).form(f"{PAGE}/zip"), "file": (io.BytesIO(sent), "K1-C501.zip"), "block": "summer-1"},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert twice.status == 422
    ours = zipfile.ZipFile(io.BytesIO(teacher.client.get("/lessons/K1-C1/files.zip").data))
    assert {"module.md", "lesson-1.md", "follow-ups.md", "home-activity.md", "staff-note.md"} <= set(ours.namelist())


def test_a_refused_archive_leaves_nothing_behind(app: Flask, scene: Scene) -> None:
    teacher = _browser(app, scene, scene.teacher_id)
    bad = io.BytesIO()
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr("module.md", "---\nid: K1-C501\n---\n")
        archive.writestr("../lesson-1.md", "out")
    form = teacher.get(PAGE).form(f"{PAGE}/zip")
    page = teacher.post(
        f"{PAGE}/zip", {**form, "file": (io.BytesIO(bad.getvalue()), "x.zip"), "block": "summer-1"},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert (page.status, "leads out of its folder" in page.words) == (422, True)
    with school_scope(scene.school_id):
        assert session().query(OwnDraft).count() == 0


def _zip(**members: str | bytes) -> bytes:
    return module_zip({name.replace("_", "-") + ".md": text.encode() if isinstance(text, str) else text
                       for name, text in members.items()})  # fmt: skip


def _raw(build: Callable[[zipfile.ZipFile], object]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        build(archive)
    return held.getvalue()


def _link(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("module.md")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


HEAD = "---\nid: K1-C501\n---\n"
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "Choose the ZIP"),
    "no zip": (b"hello", "cannot be opened"),
    "out of the folder": (_raw(lambda a: a.writestr("../module.md", HEAD)), "leads out of its folder"),
    "absolute": (_raw(lambda a: a.writestr("/module.md", HEAD)), "leads out of its folder"),
    "a drive": (_raw(lambda a: a.writestr("C:module.md", HEAD)), "leads out of its folder"),
    "deep": (_raw(lambda a: a.writestr("a/b/module.md", HEAD)), "folders in folders"),
    "a link": (_raw(_link), "holds a link"),
    "a bomb": (_raw(lambda a: a.writestr("module.md", "0" * 900_000)), "at most 60 kB"),
    "another file": (_raw(lambda a: a.writestr("evil.py", "import os")), "no file of a module"),
    "many": (_raw(lambda a: [a.writestr(f"lesson-{n}.md", "x") for n in range(30)]), "at most 20"),
    "twice": (_raw(lambda a: [a.writestr(name, HEAD) for name in ("module.md", "x/module.md")]), "two files called"),
    "no module": (_zip(lesson_1="x"), "holds no module.md"),
    "no id": (_zip(module="---\ntitle: x\n---\n"), "names no id"),
    "ours": (_zip(module="---\nid: K1-C1\n---\n"), "have 501 or more"),
    "not utf-8": (_zip(module=b"---\nid: K1-C501\n---\n\xff"), "not UTF-8"),
    "not text": (_zip(module="---\nid: K1-C501\n---\n\x00"), "not text"),
    "large": (b"PK\x03\x04" + b"0" * 1_000_001, "too large"),
    "cut short": (_zip(module=HEAD)[:60], "cannot be opened"),
}


def test_an_archive_whose_packed_bytes_are_broken_is_refused_in_words() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("module.md", "id: K1-C501\n" * 200)
    data = bytearray(out.getvalue())
    data[39 + 1 : 39 + 20] = b"\xff" * 19  # behind the member's header and name
    with pytest.raises(FileRefused, match=r"module\.md in mine\.zip is damaged"):
        read_module_zip("mine.zip", bytes(data))


@pytest.mark.parametrize("kind", REFUSED)
def test_an_archive_that_is_no_module_is_refused_with_what_to_mend(kind: str) -> None:
    data, words = REFUSED[kind]
    with pytest.raises(FileRefused) as refusal:
        read_module_zip("a module.zip", data)
    assert words in refusal.value.sentence


def test_a_liar_about_sizes_is_read_no_further_than_a_file_may_be() -> None:
    honest = _raw(lambda a: a.writestr("module.md", "0" * 70_000))
    lying = honest.replace((70_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(FileRefused):
        read_module_zip("a module.zip", lying)


def test_the_message_check_answers_while_somebody_types_and_keeps_nothing(app: Flask, scene: Scene) -> None:
    teacher = _browser(app, scene, scene.teacher_id)
    page = teacher.get("/lessons/K1-C1/1/wording")
    form = page.form("/lessons/K1-C1/1/wording")
    token = form["csrf_token"]
    text = "If she had not sent the picture, none of this would have happened. It is her own fault."
    asked = teacher.client.post("/message-check", data={"csrf_token": token, "reader": "pupil", "text": text}).get_json()
    assert asked["findings"]
    assert "Better:" in asked["findings"][0]
    calm = teacher.client.post("/message-check", data={"csrf_token": token, "text": "Ask first. Listen to the answer."})
    assert calm.get_json() == {"findings": []}
    checked = teacher.post("/lessons/K1-C1/1/wording", {**form, "text-1.say": text, "do": "check"})
    assert "Nothing is kept yet." in checked.words
    assert "Better:" in checked.words
    assert "Wording 1" not in teacher.get("/lessons/K1-C1/1/wording").words
    assert page.all("form")[-1].get("data-check") == "/message-check" or any(
        one.get("data-check") == "/message-check" for one in page.all("form")
    )


def test_our_own_sentences_never_keep_an_adapted_lesson_from_approval(scene: Scene) -> None:
    with school_scope(scene.school_id):
        for module in ("K1-C1", "K1-B2", "U2-B2"):
            for lesson in catalogue.current().module(module).lessons:
                texts = {f"{step.number}.say": f"{step.say}\n\n> Well said." for step in lesson.steps}
                assert actions.faults_of(module, lesson.number, texts) == {}


def test_every_one_of_our_modules_can_be_begun_from(scene: Scene) -> None:
    wanted = ("EY-H1", "K1-R1", "L2-B2", "U2-H1", "K3-C2", "K4-C1", "K5-M1")
    with school_scope(scene.school_id), transaction():
        for pattern_id in wanted:
            pattern = catalogue.ours().modules[pattern_id]
            beginning = actions.Beginning("A module of ours", pattern.strand, pattern.years[0], "Pupils can ask.", "I can ask.")
            made = actions.begin_module(
                beginning=beginning, pattern_id=pattern_id, block=HalfTermBlock.SPRING_2, by=person(scene.lead_id), now=START
            )
            checked = drafts.checked(made.files, made.block)
            assert (checked.faults, checked.head.id if checked.head else None) == ((), made.module_id)
