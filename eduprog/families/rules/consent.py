"""The wordings parents and carers have agreed to. One that was ever used stays here for ever: it is what a record proves."""

from __future__ import annotations

from collections.abc import Mapping

CURRENT_WORDING = "join-2026-11"
RECORDED_WORDING = "import-2026-11"
WORDINGS: Mapping[str, str] = {
    "join-2026-11": (
        "{school} may use my email address to send me one small activity after lessons of {years}, at most one email a week "
        "in term time, until I stop it. Every email has a link to stop. The address is used for nothing else."
    ),
    "import-2026-11": (
        "{school} states that it holds the agreement of this parent or carer to get one small activity by email after lessons of "
        "{years}, at most one email a week in term time, until they stop it. Every email has a link to stop."
    ),
}


def wording(name: str, *, school: str, years: str) -> str:
    """Give a wording with the school's name and the year groups in it. Raises KeyError for one that never was."""
    return WORDINGS[name].format(school=school, years=years)
