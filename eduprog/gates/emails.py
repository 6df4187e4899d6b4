"""What gates mail: a note to the head of PSHE that a lesson began with a condition missing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from eduprog.accounts import queries as accounts
from eduprog.core import paths
from eduprog.core.permissions import Role
from eduprog.gates import queries
from eduprog.gates.queries import Ahead
from eduprog.gates.rules import WENT_AHEAD
from eduprog.mail.rules import Letter, MailKind, Send, Stop
from eduprog.organisations import queries as organisations

_NO_LEAD = Stop("This person is no longer head of PSHE here.")


def mail_kinds(base_url: str) -> tuple[MailKind, ...]:
    """Give the kind of message gates sends, with links that begin with `base_url`."""
    return (MailKind(WENT_AHEAD, still_due=_still_due, render=partial(_letter, base_url=base_url)),)


def _still_due(ids: Sequence[int], _now: datetime) -> dict[int, Send | Stop]:
    leads = {one.id: one for one in accounts.people_of_school(Role.PROGRAMME_LEAD)}
    answers: dict[int, Send | Stop] = dict.fromkeys(ids, _NO_LEAD)
    told: Mapping[int, tuple[int, Ahead]] = queries.ahead_notices(ids)
    for id_, (person_id, about) in told.items():
        if person_id in leads:
            answers[id_] = Send(leads[person_id].email, letter=about, slots={"name": leads[person_id].name})
    return answers


def _letter(key: Hashable, *, base_url: str) -> Letter:
    """Write the note. Its subject names module and year groups only."""
    assert isinstance(key, Ahead)
    school = organisations.current_school()
    values = {
        "about": key, "school": school, "name": "«name»", "link": f"{base_url}/sensitive-lessons/conditions",
        "years": " and ".join(year.label for year in key.years), "day": f"{key.day:%A} {key.day.day} {key.day:%B}",
    }  # fmt: skip
    subject, text, html = (
        _templates().get_template(f"email/{WENT_AHEAD}/{part}").render(values).strip()
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Letter(subject, f"{text}\n", f"{html}\n", slots=("name",), from_name=school.name, reply_to=school.contact_email)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(paths.TEMPLATES)), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
