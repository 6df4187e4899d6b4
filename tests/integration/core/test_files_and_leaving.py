"""What goes out in files, what stays behind on signing out, and whether pages go on while files are made."""

from __future__ import annotations

import io
from email.message import Message

import pypdf
import pytest
from flask import Flask
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from eduprog.core.permissions import Role
from eduprog.families.rules.published import without_authors, without_camera
from tests.support.page import Browser
from tests.support.papers import a_pdf
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

ODD = 'Oak"; filename=evil.html\u202efdp.exe ../..'


@pytest.fixture
def engine_name() -> str:
    """Headers ask no database."""
    return "sqlite"


@pytest.fixture
def scene() -> Scene:
    return a_planned_school(name=ODD)


def _as(app: Flask, scene: Scene, role: Role) -> Browser:
    browser = Browser(app)
    sign_in(browser, make_person(name=role.label, school_id=scene.school_id, roles=(role,)), scene.school_id)
    return browser


def test_asvs_5_4_2_names_of_files_are_words_whatever_a_school_or_class_is_called(app: Flask, scene: Scene) -> None:
    lead = _as(app, scene, Role.PROGRAMME_LEAD)
    paths = (
        "/programme/evidence/governors.pdf", "/programme/evidence/governors.xlsx",
        "/lessons/K1-C1/files.zip", "/lessons/K1-C1/1/pack.zip",
        "/lessons/K1-C1/1/slides.pptx", "/account/data",
    )  # fmt: skip
    table = next(link for link in lead.get("/programme/evidence").links() if "/programme/tables/" in link)
    named = {}
    for path in (*paths, table):
        answer = lead.client.get(path)
        assert answer.status_code == 200, path
        said = Message()
        said["Content-Disposition"] = answer.headers["Content-Disposition"]
        named[path] = said.get_filename() or ""
        assert said.get_content_disposition() in ("attachment", "inline"), path
    bad = {path: name for path, name in named.items() if not name or any(sign in name for sign in '"\\/\r\n;\u202e')}
    assert bad == {}


def _with_traces() -> bytes:
    """Give a PDF with an author in every place one can stand: its facts, a comment, an attachment, a picture, an old version."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(a_pdf("Ada Office")))
    writer.add_attachment("notes of Ada Office.txt", b"Ada Office wrote this")
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('Ada Office')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    picture = DecodedStreamObject()
    picture.set_data(_photograph())
    picture.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
                    NameObject("/Filter"): NameObject("/DCTDecode"), NameObject("/Width"): NumberObject(1),
                    NameObject("/PieceInfo"): TextStringObject("Ada Office")})  # fmt: skip
    page = writer.pages[0]
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/P"): writer._add_object(picture)})}
    )
    comment = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Text"),
                                NameObject("/T"): TextStringObject("Ada Office"),
                                NameObject("/Contents"): TextStringObject("kept")})  # fmt: skip
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(comment)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _photograph() -> bytes:
    camera = b"Exif\x00\x00 GPS 51.5 Ada Office"
    note = b"by Ada Office"
    return b"".join([
        b"\xff\xd8", b"\xff\xe0\x00\x04ok", b"\xff\xe1" + (len(camera) + 2).to_bytes(2, "big") + camera,
        b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note, b"\xff\xdb\x00\x05abc", b"\xff\xda\x00\x02 scan \xff\xd9",
    ])  # fmt: skip


def test_asvs_14_2_8_a_policy_is_published_without_who_wrote_its_file(app: Flask, scene: Scene) -> None:
    sent = _with_traces()
    lead = _as(app, scene, Role.PROGRAMME_LEAD)
    token = lead.get("/families/viewing-room").form("/families/policies")["csrf_token"]
    fields = {"csrf_token": token, "title": "Our policy", "document": (io.BytesIO(sent), "by Ada Office.pdf")}
    assert "Published" in lead.post("/families/policies", fields, content_type="multipart/form-data").words
    room = next(link for link in lead.get("/families/viewing-room").links() if "/viewing/" in link)
    given = Browser(app).client.get(f"{room}/policy.pdf").data
    shown = pypdf.PdfReader(io.BytesIO(given))
    assert b"Ada Office" in sent
    assert b"Ada Office" not in given
    assert not any("Ada" in str(held) for held in (shown.metadata, shown.attachments, shown.root_object))
    assert (shown.metadata or {}).get("/Title") == "Our policy"
    assert shown.pages[0]["/Annots"][0].get_object()["/Contents"] == "kept"  # type: ignore[index]  # a list of comments
    picture = shown.pages[0]["/Resources"]["/XObject"]["/P"].get_object()  # type: ignore[index]  # a tree of names
    assert picture._data == without_camera(_photograph())
    assert without_authors(sent, "Our policy") == given, "the same file twice is the same policy"


def test_a_photograph_keeps_its_picture_and_loses_what_the_camera_wrote() -> None:
    assert without_camera(_photograph()) == b"\xff\xd8\xff\xe0\x00\x04ok\xff\xdb\x00\x05abc\xff\xda\x00\x02 scan \xff\xd9"
    assert without_camera(b"no picture") == b"no picture"
    for cut in range(len(_photograph())):
        without_camera(_photograph()[:cut])


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7", b"%PDF-1.7 hello", a_pdf()[:90], a_pdf().replace(b"/Root", b"/Toor"), a_pdf("A")[:-60]]
)
def test_what_only_begins_like_a_pdf_is_refused_or_read_never_more(data: bytes) -> None:
    made = without_authors(data, "Policy")
    assert made is None or len(pypdf.PdfReader(io.BytesIO(made)).pages) == 1


def test_asvs_14_3_1_signing_out_asks_the_browser_to_forget_and_keeps_no_page(app: Flask, scene: Scene) -> None:
    teacher = _as(app, scene, Role.TEACHER)
    page = teacher.get("/my-week")
    assert teacher.client.get("/my-week").headers["Cache-Control"] == "no-store"
    answer = teacher.client.post("/sign-out", data=page.form("/sign-out"))
    assert answer.headers["Clear-Site-Data"] == '"cache"', "not its store, where records wait for a signal"
    assert teacher.client.get("/my-week").status_code == 302


def test_asvs_15_2_2_pages_go_on_while_files_are_made_and_nobody_takes_all_hands(app: Flask, scene: Scene) -> None:
    lead, other = _as(app, scene, Role.PROGRAMME_LEAD), _as(app, scene, Role.PROGRAMME_LEAD)
    hands, pack = app.extensions["eduprog-hands"], "/lessons/K1-C1/1/pack.zip"
    under_way = [lead.client.get(pack, buffered=False) for _ in range(2)]
    assert [answer.status_code for answer in under_way] == [200, 200]
    refused = lead.client.get(pack)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert "Many files are being made just now" in refused.get_data(as_text=True)
    assert lead.client.get("/programme").status_code == 200, "pages go on"
    assert other.client.get("/lessons/K1-C1/two-minute-check.pdf").status_code == 200, "others have their share"
    for answer in under_way:
        assert len(answer.get_data()) > 10_000
        answer.close()
    assert lead.client.get("/lessons/K1-C1/two-minute-check.pdf").status_code == 200, "and then it is free again"
    assert lead.client.get("/lessons/none/two-minute-check.pdf").status_code == 404
    assert hands._held.total() == 0
