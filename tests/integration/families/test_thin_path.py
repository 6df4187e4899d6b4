"""Does one recorded lesson become one message to a family that asked for it, and can the family answer and leave?"""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine

from eduprog.core.db import transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.families import actions, jobs
from eduprog.families.models import ConsentRecord, ParentCarer, PromptAnswer
from eduprog.families.rules import ConsentAct, ContactState, PromptState
from tests.integration.families.conftest import TAUGHT, Families, PostBox, links_in, rows, text_of
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene


def test_from_the_code_on_the_letter_to_the_last_message(app, scene: Scene, families: Families, box: PostBox) -> None:
    admin, parent, lead = Browser(app), Browser(app), Browser(app)
    sign_in(admin, make_person(name="Iris Cole", school_id=scene.school_id, roles=(Role.SCHOOL_ADMIN,)), scene.school_id)
    sign_in(lead, scene.lead_id, scene.school_id)

    overview = admin.get("/families")
    overview = admin.submit(overview, f"/families/classes/{scene.group_ids['Y1']}/code")
    code = re.search(r"[B-Z3-9]{4}-[B-Z3-9]{4}", overview.words)
    assert code is not None

    assert parent.get("/join-class").form("/join-class") == {"code": ""}
    page = parent.get("/join-class", query_string={"code": code.group().lower()})
    assert page.heading == "Join Year 1"
    assert "Oak" not in page.words.replace("Oakfield", ""), "the class must not be named"
    page = parent.submit(page, address="Ada@Home.example")
    assert page.heading == "Look in your inbox"

    [asked] = box.post(TAUGHT)
    assert asked["To"] == "Ada@Home.example"
    page = parent.get(links_in(asked)["confirm"])
    assert page.heading == "Join Year 1"
    assert parent.submit(page).heading == "You have joined"

    prompt = families.teach("Y1")
    page = lead.get("/families/digests/new")
    assert "fewer than 5 families, 1 activity" in page.words
    page = lead.submit(page, "/families/digests")
    assert "The digest goes out" in page.words
    assert box.post(TAUGHT) == [], "ten minutes to undo have not passed"
    [digest] = box.post(TAUGHT + timedelta(minutes=10))

    assert digest["Subject"] == "A quick game for this week"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        body = text_of(digest, kind)
        for words in (
            "One question to ask",
            "A phrase to avoid",
            "Give Uncle a kiss",
            "Say this instead",
            "NSPCC",
            "Stop these emails",
        ):
            assert words in body
        assert "Oak " not in body.replace("Oakfield ", "")
        assert "Tuesday" not in body
    jobs.settle_prompts(school_id=scene.school_id, now=TAUGHT + timedelta(minutes=11))
    assert families.prompt(prompt.teaching_group_id, prompt.module_id).state is PromptState.SENT

    links = links_in(digest)
    with time_machine.travel(TAUGHT + timedelta(hours=5), tick=False):
        page = parent.get(links["home"])
        assert page.heading == "How shall we say hello?"
        fields = {**page.form(), "reply": "did_it"}
        assert "You said: we did it." in parent.post(links["home"], fields).words
        assert [row.reply for row in rows(PromptAnswer)] == ["did_it"]

        page = parent.get(links["leave"])
        assert page.heading == "Stop these emails"
        assert parent.submit(page).heading == "You get no more emails"
    [left] = rows(ParentCarer)
    assert left.state is ContactState.LEFT
    assert left.address_encrypted is None
    assert [row.act for row in rows(ConsentRecord)] == [ConsentAct.ASKED, ConsentAct.CONFIRMED, ConsentAct.WITHDRAWN]

    families.teach("Y4")
    assert jobs.prepare_digests(school_id=scene.school_id, now=TAUGHT + timedelta(days=2, hours=5)) == 0


def test_the_digest_goes_by_itself_at_the_schools_time(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    thursday = TAUGHT.replace(day=26, hour=16, minute=29)
    assert jobs.prepare_digests(school_id=scene.school_id, now=thursday) == 0
    assert jobs.prepare_digests(school_id=scene.school_id, now=thursday + timedelta(minutes=1)) == 1
    assert jobs.prepare_digests(school_id=scene.school_id, now=thursday + timedelta(minutes=2)) == 0
    assert [each["Subject"] for each in box.post(thursday + timedelta(minutes=2))] == ["A quick game for this week"]


def test_a_digest_sent_by_hand_can_be_taken_back_and_sent_again(scene: Scene, families: Families, box: PostBox) -> None:
    families.join("ada@home.example", "Y1")
    families.teach("Y1")
    hold = timedelta(minutes=10)
    with school_scope(scene.school_id):
        with transaction():
            actions.send_now(hold=hold, by=scene.teacher, now=TAUGHT)
        with transaction():
            assert actions.undo_digests(by=scene.teacher, now=TAUGHT + timedelta(minutes=5)) == 1
        assert box.post(TAUGHT + hold) == []
        with transaction():
            sent = actions.send_now(hold=hold, by=scene.teacher, now=TAUGHT + timedelta(minutes=20))
        assert (sent.families, sent.activities) == (1, 1)
        assert len(box.post(TAUGHT + timedelta(minutes=30))) == 1
