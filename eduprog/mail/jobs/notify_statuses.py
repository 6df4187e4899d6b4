"""Ask GOV.UK Notify what became of messages, with each school's own key."""

from __future__ import annotations

from datetime import datetime

import structlog

from eduprog.core.db import transaction
from eduprog.core.jobs import Job
from eduprog.core.tenancy import school_scope
from eduprog.mail import actions, queries
from eduprog.mail.transports.logins import NOTIFY_URL, NotifyLogin

_log = structlog.get_logger()


def poll_notify(*, school_id: int, now: datetime, url: str = NOTIFY_URL) -> int:
    """Stop writing to the addresses Notify could not deliver to. Gives how many are new."""
    with school_scope(school_id):
        account = next((one for one in queries.notify_accounts() if one.school_id == school_id), None)
        if account is None:
            return 0
        addresses = _gone_wrong(NotifyLogin(account.key, account.template_id, url), school_id)
        with transaction():
            return actions.note_gone_wrong(addresses=addresses, now=now)


def _gone_wrong(login: NotifyLogin, school_id: int) -> list[str]:
    from eduprog.mail.transports.notify import NotAnswered, NotifyConnection  # noqa: PLC0415 - brings an HTTP library

    connection = NotifyConnection(login)
    try:
        return connection.gone_wrong()
    except NotAnswered as problem:
        _log.warning("notify was not asked", school_id=school_id, why=str(problem))
        return []
    finally:
        connection.close()


POLL_NOTIFY = Job("poll-notify", poll_notify, every_seconds=600)
