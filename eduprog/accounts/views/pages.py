"""The pages of the installation itself: privacy notice, accessibility statement, help."""

from __future__ import annotations

from email.utils import parseaddr

from flask import render_template

from eduprog.accounts.views.blueprint import blueprint, settings
from eduprog.organisations import queries as organisations
from eduprog.web.guards import public


@blueprint.get("/privacy")
@public("everybody may know what we keep about whom")
def privacy() -> str:
    """Say what is kept about whom, why, how long, and who answers for it."""
    schools = organisations.public_schools()
    return render_template("pages/privacy.html", schools=schools, operator=_operator(), hours=settings().SESSION_HOURS)


@blueprint.get("/accessibility")
@public("everybody may know how accessible this is")
def accessibility() -> str:
    """Say how accessible this is, and whom to tell when it is not."""
    return render_template("pages/accessibility.html", operator=_operator())


@blueprint.get("/help")
@public("people who cannot sign in need help too")
def help_page() -> str:
    """Say what eduprog is, for whom, and how to get help."""
    return render_template("pages/help.html", operator=_operator())


def _operator() -> dict[str, str]:
    """Give who runs this installation, as its mail names the sender."""
    name, email = parseaddr(settings().MAIL_FROM)
    return {"name": name or email, "email": email}
