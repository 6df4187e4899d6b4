"""What the foot of every page leads to: the own account, and the pages of the installation itself."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user

from eduprog.accounts.views.blueprint import blueprint

_OF_EVERYBODY = (
    ("Help", "accounts.help_page"),
    ("Privacy notice", "accounts.privacy"),
    ("Accessibility statement", "accounts.accessibility"),
)


@blueprint.app_context_processor
def foot() -> dict[str, Any]:
    """Give the layouts their links."""
    links = [*_own_links(), *_OF_EVERYBODY]
    return {
        "footer_links": [{"text": text, "href": url_for(endpoint)} for text, endpoint in links],
        "home_url": url_for("accounts.home"),
    }


def _own_links() -> list[tuple[str, str]]:
    if not current_user.is_authenticated:
        return []
    places = [("Change school", "accounts.places")] if current_user.places > 1 else []
    return [("Your account", "accounts.account"), *places]
