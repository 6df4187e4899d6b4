"""Can a parent or carer join, get what was taught, say that they did it, and leave again?"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.walking import NARROW
from tests.support.serving import Served
from tests.support.smtp import MailServer

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


def test_from_the_code_in_the_letter_to_the_last_mail(morning: Served, visit: Visit, catcher: MailServer) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Rowan School"))
    lead = visit(width=1280, email=journey.emails["lead"])
    lead.go("/families")
    lead.tap(lead.page.get_by_role("button", name="Make a code for 1 Oak"))
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", lead.words())
    assert code is not None

    parent = visit(width=NARROW)
    parent.go("/join-class")
    parent.tap("Continue", answer=422)
    parent.page.get_by_label("The code").fill(code.group().lower())
    parent.tap("Continue")
    assert "Year 1" in parent.heading
    parent.page.get_by_role("textbox").fill(_ADDRESS)
    parent.tap(parent.page.locator("main button[type=submit]"))
    assert parent.heading == "Look in your inbox"

    morning.run_jobs()
    [asked] = _mails(catcher)
    parent.go(_link(asked, "confirm"))
    parent.tap("Yes, I agree")
    assert parent.heading == "You have joined"

    morning.call(
        scenes.taught, school_id=journey.school_id, class_id=journey.classes["1 Oak"], teacher_id=journey.people["teacher"],
        on="2026-11-03",
    )  # fmt: skip
    lead.reload()
    lead.tap("Send the digest now")
    assert "fewer than 5 families" in lead.words()
    lead.tap("Send the digest now")
    morning.set_clock(datetime(2026, 11, 3, 10, 30, tzinfo=UTC))
    morning.run_jobs()
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

    at_home.go(_link(digest, "leave"))
    assert at_home.heading == "Stop these emails"
    posts: list[str] = []
    at_home.page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    at_home.tap(at_home.page.get_by_role("button", name="Stop these emails"))
    assert at_home.heading == "You get no more emails"
    assert len(posts) == 1
    assert at_home.context.cookies() == [], "the pages behind a link keep nothing in the browser"


def test_a_link_that_is_no_good_says_so_kindly(visit: Visit) -> None:
    parent = visit(width=NARROW)
    for path in ("/home/nonsense", "/leave/nonsense", "/confirm/nonsense"):
        parent.go(path, answer=404)
        assert "newest email from school" in parent.words()
