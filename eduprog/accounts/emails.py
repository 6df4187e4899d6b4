"""What accounts mails: an invitation to join a school, and a link to set a new password."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from eduprog.accounts import queries
from eduprog.accounts.rules import INVITATION, PASSWORD_RESET, invitation_token, reset_token
from eduprog.core import paths
from eduprog.core.tenancy import current_school_id
from eduprog.mail.rules import Letter, MailKind, Send, Stop
from eduprog.organisations import queries as organisations


def mail_kinds(base_url: str) -> tuple[MailKind, ...]:
    """Give the kinds of message accounts sends, with links that begin with `base_url`."""

    def invitations(ids: Sequence[int], now: datetime) -> Mapping[int, Send | Stop]:
        return _invitations(ids, now, base_url)

    def resets(ids: Sequence[int], now: datetime) -> Mapping[int, Send | Stop]:
        return _resets(ids, now, base_url)

    return (
        MailKind(
            INVITATION,
            still_due=invitations,
            render=_invitation_letter,
            label="Invitation to join the staff",
            about=_names_invited,
        ),
        MailKind(PASSWORD_RESET, still_due=resets, render=_reset_letter, label="Link to choose a new password", about=_names),
    )


def invitation_link(base_url: str, *, school_id: int, address: str, invited_at: datetime) -> str:
    """Give the address at which an invited person joins."""
    return f"{base_url}/join/{invitation_token(school_id, address, invited_at)}"


def _invitations(ids: Sequence[int], now: datetime, base_url: str) -> dict[int, Send | Stop]:
    answers: dict[int, Send | Stop] = {}
    open_ones = {row.id: row for row in queries.invited() if row.expires_at > now}
    school_id = current_school_id()
    for id_ in ids:
        row = open_ones.get(id_)
        if row is None:
            answers[id_] = Stop("The invitation was used, was taken back, or has run out.")
            continue
        link = invitation_link(base_url, school_id=school_id, address=row.email, invited_at=row.invited_at)
        answers[id_] = Send(row.email, letter="invitation", slots={"name": row.name, "link": link})
    return answers


def _resets(ids: Sequence[int], now: datetime, base_url: str) -> dict[int, Send | Stop]:
    people = queries.people_by_id(ids)
    answers: dict[int, Send | Stop] = dict.fromkeys(ids, Stop("There is no such account any more."))
    for id_, person in people.items():
        if person.disabled_at is None:
            link = f"{base_url}/new-password/{reset_token(id_, person.password_hash, now)}"
            answers[id_] = Send(person.email, letter="reset", slots={"name": person.name, "link": link})
    return answers


def _names_invited(ids: Sequence[int]) -> Mapping[int, str]:
    return {row.id: f"to {row.name}" for row in queries.invited() if row.id in ids}


def _names(ids: Sequence[int]) -> Mapping[int, str]:
    return {id_: f"to {person.name}" for id_, person in queries.people_by_id(ids).items()}


def _invitation_letter(_key: Hashable) -> Letter:
    school = organisations.current_school()
    return _letter("staff-invitation", school.name, school.contact_email)


def _reset_letter(_key: Hashable) -> Letter:
    return _letter("password-reset", "", "")


def _letter(folder: str, school_name: str, reply_to: str) -> Letter:
    subject, text, html = (
        _templates().get_template(f"email/{folder}/{part}").render(school_name=school_name, name="«name»", link="«link»").strip()
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Letter(subject, text, html, slots=("name", "link"), from_name=school_name, reply_to=reply_to)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(paths.TEMPLATES)), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
