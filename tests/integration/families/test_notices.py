"""Are statutory notices letters of their own, noted as sent to all, and never mixed up with the digest?"""

from __future__ import annotations

import io

import docx
import pypdf
import pytest
from flask import Flask

from eduprog.families import jobs
from eduprog.families.models import SentNotice
from eduprog.families.rules import NoticeKind
from tests.integration.families.conftest import THURSDAY, Families, PostBox, rows, text_of
from tests.support.page import Browser
from tests.support.people import sign_in
from tests.support.scenes import Scene


@pytest.fixture
def lead(app: Flask, scene: Scene) -> Browser:
    """The head of PSHE's browser."""
    browser = Browser(app)
    sign_in(browser, scene.lead_id, scene.school_id)
    return browser


def test_each_letter_says_the_same_on_the_page_in_print_in_word_and_as_plain_text(lead: Browser) -> None:
    for kind in NoticeKind:
        query = f"?kind={kind.value}&year=Y1&year=Y4"
        text = lead.client.get(f"/families/notices/letter.txt{query}").get_data(as_text=True)
        title, *paragraphs = [part for part in text.strip().split("\n\n") if part]
        page = lead.get(f"/families/notices/letter{query}")
        written = docx.Document(io.BytesIO(lead.client.get(f"/families/notices/letter.docx{query}").data))
        assert [one.text for one in written.paragraphs] == [title, *paragraphs]
        printed = pypdf.PdfReader(io.BytesIO(lead.client.get(f"/families/notices/letter.pdf{query}").data))
        assert printed.metadata is not None
        assert printed.metadata.title == title
        inked = " ".join(" ".join(one.extract_text() for one in printed.pages).split())
        for paragraph in paragraphs[1:3]:
            assert paragraph in page.words
            assert paragraph[:60] in inked
        assert "{" not in text
    assert lead.get("/families/notices/letter?kind=nonsense").status == 404


def test_a_notice_is_noted_as_sent_to_all_by_which_way_and_when(lead: Browser) -> None:
    page = lead.get("/families/notices")
    facts = {"kind": "sex_education", "year_groups": ["Y4", "Y1"], "channel": "paper"}
    assert "choose today or a day before" in lead.submit(page, "/families/notices", **facts, sent_on="2026-11-25").words
    assert lead.submit(page, "/families/notices", kind="policy", sent_on="2026-11-24").status == 422
    assert rows(SentNotice) == []
    done = lead.submit(page, "/families/notices", **facts, sent_on="2026-11-23")
    assert "Sent to all by a letter on paper, on 23 November 2026" in done.words


def test_a_digest_is_no_notice_and_a_notice_stops_no_digest(
    scene: Scene, families: Families, box: PostBox, lead: Browser
) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    page = lead.get("/families/notices")
    facts = {"kind": "materials", "year_groups": ["Y1"], "channel": "school_app", "sent_on": "2026-11-24"}
    lead.submit(page, "/families/notices", **facts)
    assert jobs.prepare_digests(school_id=scene.school_id, now=THURSDAY) == 1
    [digest] = [each for each in box.post(THURSDAY) if "right to ask that your child is withdrawn" not in text_of(each)]
    assert digest["List-Unsubscribe"]
    assert len(rows(SentNotice)) == 1
