"""A school's account at GOV.UK Notify, as the ways out need it."""

from __future__ import annotations

from dataclasses import dataclass, field

NOTIFY_URL = "https://api.notifications.service.gov.uk"


@dataclass(frozen=True)
class NotifyLogin:
    """A school's key, and the template of the kind "email" whose subject is ((subject)) and whose body is ((body))."""

    key: str = field(repr=False)
    template_id: str = ""
    url: str = NOTIFY_URL
