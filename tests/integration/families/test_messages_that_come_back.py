"""Is an address from which a digest came back, or whose reader called it spam, written to no more, and no other address?"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from eduprog.core.db import session
from eduprog.core.tenancy import across_schools
from eduprog.families import jobs
from eduprog.mail.commands import returned_mail
from eduprog.mail.models import SuppressedAddress
from eduprog.mail.rules import MailState
from tests.integration.families.conftest import THURSDAY, Families, PostBox, outbox
from tests.support.returned import complaint, report
from tests.support.scenes import Scene


def _sent(families: Families, box: PostBox) -> dict[str, str]:
    """Send Ada and Ben their digest; give the Message-IDs by address."""
    families.join("ada@home.example", "Y1")
    families.join("ben@home.example", "Y1")
    families.teach("Y1")
    jobs.prepare_digests(school_id=families.scene.school_id, now=THURSDAY)
    return {str(message["To"]): str(message["Message-ID"]) for message in box.post(THURSDAY)}


def _come_back(app: Flask, content: bytes) -> str:
    session().rollback()
    done = app.test_cli_runner().invoke(returned_mail, input=content)
    assert done.exit_code == 0, done.output
    return str(done.output)


def _suppressed() -> list[str]:
    with across_schools("test"):
        found = session().scalars(select(SuppressedAddress.reason)).all()
    session().rollback()
    return list(found)


def test_a_digest_that_came_back_is_shown_as_failed_and_its_address_not_written_to_again(
    app: Flask, scene: Scene, families: Families, box: PostBox
) -> None:
    sent = _sent(families, box)
    assert "not written to again" in _come_back(app, report(sent["ada@home.example"]))
    assert "not written to again" not in _come_back(app, report(sent["ada@home.example"]))  # the same report twice
    states = {row.state: row.outcome for row in outbox()}
    assert set(states) == {MailState.SENT, MailState.FAILED}
    assert "5.1.1" in str(states[MailState.FAILED])
    assert _suppressed() == ["refused"]


def test_a_reader_who_called_it_spam_has_left(app: Flask, scene: Scene, families: Families, box: PostBox) -> None:
    sent = _sent(families, box)
    assert "not written to again" in _come_back(app, complaint(sent["ben@home.example"]))
    assert [row.state for row in outbox()] == [MailState.SENT, MailState.SENT]
    assert _suppressed() == ["left"]


def test_a_report_with_the_number_of_one_message_and_the_mark_of_another_changes_nothing(
    app: Flask, scene: Scene, families: Families, box: PostBox
) -> None:
    ada, ben = _sent(families, box).values()
    _come_back(app, report(f"{ada.partition('.')[0]}.{ben.partition('.')[2]}"))
    assert [row.state for row in outbox()] == [MailState.SENT, MailState.SENT]


@pytest.mark.parametrize(
    "message_id", ["<999999.0123456789abcdef0123456789abcdef01234567@eduprog.example>", "<other@else.example>"]
)
def test_a_report_without_our_mark_changes_nothing(
    app: Flask, scene: Scene, families: Families, box: PostBox, message_id: str
) -> None:
    _sent(families, box)
    _come_back(app, report(message_id))
    assert [row.state for row in outbox()] == [MailState.SENT, MailState.SENT]
    assert _suppressed() == []
