"""Can a school bring in addresses it may write to, and only those, without keeping more than it needs?"""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
from flask import Flask

from eduprog.core.db import transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, jobs
from eduprog.families.models import ConsentRecord, ContactImport, ParentCarer, ParentCarerClass
from eduprog.families.rules import WORDINGS, ConsentAct, ContactState
from tests.integration.families.conftest import TAUGHT, Families, PostBox, links_in, rows
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene

CSV = (
    b"Pupil,Email,Class\n"
    b"Not Read,ada@home.example,Y1 Oak\nNot Read,ada@home.example,Y4 Oak\nNot Read,BEN@home.example,y1 oak; Y4 OAK\n"
    b",no address,Y1 Oak\n,cem@home.example,9 Elm\n,,Y1 Oak\n"
)


def _admin(app: Flask, scene: Scene) -> Browser:
    browser = Browser(app)
    sign_in(browser, make_person(name="Iris Cole", school_id=scene.school_id, roles=(Role.SCHOOL_ADMIN,)), scene.school_id)
    return browser


def _upload(browser: Browser, data: bytes, basis: str, name: str = "contacts.csv") -> Page:
    token = browser.get("/families/contacts/new").form("/families/contacts")
    fields = {"csrf_token": token["csrf_token"], "basis": basis, "table": (io.BytesIO(data), name)}
    return browser.post("/families/contacts", fields, content_type="multipart/form-data")


def test_each_address_is_asked_once_confirmed_and_nothing_else_of_the_file_is_kept(
    app: Flask, scene: Scene, box: PostBox
) -> None:
    admin = _admin(app, scene)
    page = _upload(admin, CSV, "ask")
    assert "2 addresses" in page.words
    for said in ("This is not an address", "There is no class “9 Elm” this year.", "There is no address."):
        assert said in page.words
    assert "@" not in page.words.replace("@import", "")
    assert rows(ParentCarer) == [], "looking changes nothing"
    assert b"ada@" not in rows(ContactImport)[0].entries_encrypted.encode()
    [action] = [form.get("action") for form in page.all("form") if (form.get("action") or "").endswith("/apply")]
    done = admin.submit(page, action)
    assert "4 requests to confirm will be sent" in done.words
    assert [row.state for row in rows(ParentCarer)] == [ContactState.ASKED, ContactState.ASKED]
    assert rows(ContactImport)[0].entries_encrypted is None
    messages = box.post(TAUGHT)
    assert {message["To"] for message in messages} == {"ada@home.example", "BEN@home.example"}
    assert Browser(app).post(links_in(messages[0])["confirm"]).heading == "You have joined"
    assert admin.submit(page, action).status == 409, "bringing the same in twice is refused"


def test_recorded_agreement_is_proved_as_the_schools_word_and_never_brings_back_who_has_left(
    app: Flask, scene: Scene, families: Families, box: PostBox
) -> None:
    gone = families.join("ada@home.example", "Y1")
    with school_scope(scene.school_id), transaction():
        actions.leave(contact_id=gone, now=TAUGHT)
    admin = _admin(app, scene)
    book, sheet = openpyxl.Workbook(), None
    sheet = book.active
    for line in (("Class", "E-mail address"), ("Y1 Oak", "ada@home.example"), ("Y1 Oak", "dee@home.example")):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    page = _upload(admin, out.getvalue(), "agreed", "contacts.xlsx")
    assert "1 cannot be written to" in page.words
    [action] = [form.get("action") for form in page.all("form") if (form.get("action") or "").endswith("/apply")]
    admin.submit(page, action)
    assert [row.state for row in rows(ParentCarer)] == [ContactState.LEFT, ContactState.JOINED]
    assert len(rows(ParentCarerClass)) == 1
    recorded = rows(ConsentRecord)[-1]
    assert recorded.act is ConsentAct.RECORDED
    assert "states that it holds the agreement" in WORDINGS[recorded.wording]
    assert box.post(TAUGHT) == []


def test_a_table_that_does_not_say_enough_is_refused_in_words(app: Flask, scene: Scene) -> None:
    admin = _admin(app, scene)
    for data, said in (
        (b"Name,Class\nx,Y1 Oak\n", "no column of email addresses"),
        (b"Email,Mail address,Class\na@b.example,,Y1 Oak\n", "2 columns of email addresses"),
        (b"Email,Class\nnobody,Y1 Oak\n", "There is no address in contacts.csv that can be brought in"),
        (b"%PDF-1.4", "is a PDF, not a table"),
        (b"", "is empty"),
    ):
        page = _upload(admin, data, "ask")
        assert page.status == 422
        assert said in page.words, page.words
    assert _upload(admin, CSV, "").status == 422
    assert rows(ContactImport) == []


def test_what_nobody_decided_is_forgotten_after_a_day_and_what_was_dropped_at_once(app: Flask, scene: Scene) -> None:
    admin = _admin(app, scene)
    page = _upload(admin, CSV, "ask")
    [action] = [form.get("action") for form in page.all("form") if (form.get("action") or "").endswith("/drop")]
    assert "forgotten" in admin.submit(page, action).words
    _upload(admin, CSV, "ask")
    assert jobs.forget_unconfirmed(school_id=scene.school_id, now=TAUGHT + timedelta(hours=23)) == 0
    assert jobs.forget_unconfirmed(school_id=scene.school_id, now=TAUGHT + timedelta(hours=25)) == 1
    assert [row.entries_encrypted for row in rows(ContactImport)] == [None, None]
