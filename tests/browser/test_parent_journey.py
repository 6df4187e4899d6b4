"""Can a parent or carer join, get what was taught, say that they did it, and leave again?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.request import Request, urlopen

import pypdfium2 as pdfium
import zxingcpp

from eduprog.families.rules import from_five
from tests.browser import neighbours, scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.walking import NARROW, Walker
from tests.support.serving import Served
from tests.support.smtp import MailServer

SENT = datetime(2026, 11, 3, 9, 58, tzinfo=UTC)
A_WEEK_ON = datetime(2026, 11, 10, 16, 45, tzinfo=UTC)
_ADDRESS = "ada@rowan-family.example"


def _mails(catcher: MailServer) -> list[EmailMessage]:
    """What this family has been sent, in order."""
    mine = [message for message in catcher.log.received if _ADDRESS in message.recipients]
    return [message_from_bytes(message.content, policy=policy.default) for message in mine]


def _link(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"http://\S+/{kind}/\S+", body.get_content())
    assert found is not None, body.get_content()
    return found.group()


def _square_of(letter: bytes) -> str:
    """What a phone's camera reads in a printed letter."""
    with pdfium.PdfDocument(letter) as paper:
        [square] = zxingcpp.read_barcodes(paper[0].render(scale=2).to_pil())
        return str(square.text)


def _press_unsubscribe(mail: EmailMessage) -> int:
    """Do what a mail program does when its own button is pressed (RFC 8058): one POST, no cookie. Gives the status."""
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip("<> ")
    with urlopen(Request(link, b"List-Unsubscribe=One-Click")) as answer:
        assert answer.url == link, "it was sent elsewhere"
        return int(answer.status)


def test_from_the_square_in_the_letter_to_the_last_mail(morning: Served, visit: Visit, catcher: MailServer) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Rowan School"))
    here = {"school_id": journey.school_id, "class_id": journey.classes["1 Oak"]}
    morning.call(neighbours.joined, **here, count=4)
    few, many = from_five(1), from_five(5)

    lead = visit(width=1280, email=journey.emails["lead"])
    lead.go("/families")
    lead.tap(lead.page.get_by_role("button", name="Make a code for 1 Oak"))
    letter = lead.page.get_by_role("link", name="Letter of 1 Oak").get_attribute("href")
    invitation = _square_of(lead.context.request.get(f"{lead.url}{letter}").body())
    assert invitation.startswith(f"{lead.url}/join-class/")

    parent = visit(width=NARROW)
    parent.go(invitation)
    assert "Year 1" in parent.heading
    parent.page.get_by_role("textbox").fill(_ADDRESS)
    parent.tap(parent.page.locator("main button[type=submit]"))
    assert parent.heading == "Look in your inbox"
    morning.run_jobs()
    [asked] = _mails(catcher)
    parent.go(_link(asked, "confirm"))
    parent.tap("Yes, I agree")
    assert parent.heading == "You have joined"

    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    teacher.tap(teacher.card("1 Oak · K1-C1").get_by_role("button", name="Record"))
    teacher.tap("Taught as planned")
    lead.reload()
    lead.tap("Send the digest now")
    assert f"To {many} families" in lead.words()
    lead.tap("Send the digest now")
    morning.set_clock(SENT)
    morning.run_jobs()  # the digest goes
    morning.run_jobs()  # and its prompt is noted as sent
    digest = _mails(catcher)[1]
    html = digest.get_body(("html",))
    assert html is not None
    for words in ("One thing to do together", "One question to ask", "Where to get help", "Stop these emails"):
        assert words in html.get_content()

    at_home = visit(width=NARROW)
    at_home.go(_link(digest, "home"))
    assert at_home.heading == "How shall we say hello?"
    assert "You said" not in at_home.words()
    at_home.tap("We did it")
    assert "You said: we did it. Thank you." in at_home.words()
    assert at_home.context.cookies() == [], "the pages behind a link keep nothing in the browser"

    lead.go("/families")
    assert _figures(lead, "1 Oak") == [many, "0", "1", few, few], "one answer points at a family"
    assert [row[3:] for row in lead.table("Prompts sent and stopped")] == [[many, few, few]]
    morning.call(neighbours.answered, school_id=journey.school_id, reply="did_it")
    lead.reload()
    assert _figures(lead, "1 Oak") == [many, "0", "1", many, few]
    assert _figures(lead, "1 Elm") == [few, "0", "0", few, few]

    assert "parent_carer.address_encrypted" in morning.call(neighbours.places_of, address=_ADDRESS)
    assert _press_unsubscribe(digest) == 200
    assert morning.call(neighbours.places_of, address=_ADDRESS) == []
    kept = morning.call(neighbours.proof_of, school_id=journey.school_id, address=_ADDRESS)
    assert [(one["act"], one["on"]) for one in kept] == [(act, "2026-11-03") for act in ("asked", "confirmed", "withdrawn")]
    assert all(one["wording"] for one in kept)
    at_home.go(_link(digest, "leave"))
    assert at_home.heading == "You get no more emails"

    morning.set_clock(A_WEEK_ON)
    teaching = {"teacher_id": journey.people["teacher"], "after": "K1-C1", "on": "2026-11-10"}
    morning.call(neighbours.taught_next, **here, **teaching)
    morning.set_clock(A_WEEK_ON + timedelta(days=2))
    before = len(catcher.log.received)
    morning.run_jobs()
    told = [message.recipients for message in catcher.log.received[before:]]
    assert sum("neighbour" in one[0] for one in told) == 4, "the other families hear of the next lesson"
    assert len(_mails(catcher)) == 2, "who has left hears nothing more"


def _figures(lead: Walker, group: str) -> list[str]:
    """What the head of PSHE sees of a class's families: joined, waiting, sent, did it, not for us."""
    [row] = [row for row in lead.table("Families by class") if row[0] == group]
    return row[1:6]


def test_a_link_that_is_no_good_says_so_kindly(visit: Visit) -> None:
    parent = visit(width=NARROW)
    for path in ("/home/nonsense", "/leave/nonsense", "/confirm/nonsense"):
        parent.go(path, answer=404)
        assert "newest email from school" in parent.words()
