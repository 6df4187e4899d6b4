"""Handing over to GOV.UK Notify, with a school's own key: one template there carries every letter as ((subject)) and ((body))."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import requests
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from eduprog.mail.rules import Accepted, InDoubt, Later, Outcome, Refused
from eduprog.mail.transports.contract import Envelope
from eduprog.mail.transports.logins import NotifyLogin

_SECONDS = 30
_WRONG_ADDRESS = "email_address"


class NotAnswered(Exception):
    """Notify did not say what became of messages; the text says why."""


class NotifyConnection:
    """A way out through one school's account. Used by one thread: the client is not made for more."""

    def __init__(self, login: NotifyLogin) -> None:
        self._login = login
        made: Any = NotificationsAPIClient
        self._client: Any = made(login.key, base_url=login.url, timeout=_SECONDS)
        self.usable = True

    def hand_over(self, envelope: Envelope, waiting: Callable[[float], None]) -> Outcome:
        """Hand one message over and say what became of it. What may have arrived already is looked up by its Message-ID first."""
        waiting(0.0)
        message = message_from_bytes(envelope.content, policy=policy.default)
        body = message.get_body(("plain",))
        unsubscribe = str(message.get("List-Unsubscribe", "")).strip("<>")
        try:
            if self._has_it(envelope.message_id):
                return Accepted()
            self._client.send_email_notification(
                email_address=envelope.recipient,
                template_id=self._login.template_id,
                personalisation={"subject": str(message["Subject"]), "body": body.get_content() if body is not None else ""},
                reference=envelope.message_id,
                one_click_unsubscribe_url=unsubscribe or None,
            )
        except HTTPError as problem:
            return self._outcome(problem, envelope.message_id)
        return Accepted()

    def abort(self) -> None:
        """Let go of the connection; an answer that was on its way is not read."""
        self.close()

    def close(self) -> None:
        """Leave."""
        self.usable = False
        self._client.request_session.close()

    def gone_wrong(self) -> list[str]:
        """Give the addresses that Notify could not deliver to for good in the days it remembers. Raises NotAnswered."""
        try:
            page = self._client.get_all_notifications(status="permanent-failure", template_type="email")
        except HTTPError as problem:
            raise NotAnswered(f"GOV.UK Notify answered {problem.status_code}") from problem
        return [str(each["email_address"]) for each in page["notifications"]]

    def _has_it(self, message_id: str) -> bool:
        page = self._client.get_all_notifications(reference=message_id)
        return bool(page["notifications"])

    def _outcome(self, problem: HTTPError, message_id: str) -> Outcome:
        cause = problem.__cause__
        if isinstance(cause, requests.ReadTimeout):
            return InDoubt("GOV.UK Notify did not answer in time")
        if isinstance(cause, requests.ConnectionError | requests.Timeout):
            return Later("GOV.UK Notify cannot be reached")
        status, said = problem.status_code, str(problem.message)
        if status == 403:
            return Later("GOV.UK Notify refused the school's key")
        if status == 429:
            return Later("GOV.UK Notify takes no more messages for now")
        if status == 400:
            return Refused("GOV.UK Notify refused it", bad_address=_WRONG_ADDRESS in said)
        return Later(f"GOV.UK Notify answered {status}")
