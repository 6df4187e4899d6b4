"""Where else people sign in: set up by whoever looks after the installation, and used by people who have an account here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from eduprog.accounts import queries
from eduprog.accounts.actions.invitations import InvitationOver, accept_invitation
from eduprog.accounts.actions.sessions import hash_token
from eduprog.accounts.models import Person, ProviderAccount, ProviderAnswer, ProviderDomain, SignInProvider
from eduprog.accounts.rules import Attempt, NotVouchedFor, Provider, ProviderKind, Vouched
from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.errors import Conflict, NotHere, Refusal
from eduprog.core.tenancy import across_schools, school_scope


class DomainTaken(Refusal):
    """Another provider has that domain already; each domain has one."""


class ProviderKnown(Refusal):
    """This provider is set up already with the same client id, or somebody has begun to and not given one yet."""


class ProviderChanged(Conflict):
    """Somebody else changed this provider while you were looking at it. Check what it says now and save again."""


class NotFinished(Refusal):
    """Give the client id and the secret first: without them the provider does not know us."""


class NoAccountHere(Refusal):
    """Nobody with that address has an account here. Ask your school’s admin to invite you, then use the link in the email."""


class AnotherAccount(Refusal):
    """Somebody signed in here with another account there, for the same address. Ask whoever hosts eduprog to look."""


class NotTheInvited(Refusal):
    """The invitation is for another address than the account you used there."""


class NotYou(Refusal):
    """That is an account of somebody else. Choose your own there."""


@dataclass(frozen=True)
class ProviderChoice:
    """What an admin says about a provider; an empty secret leaves the one that is kept."""

    kind: ProviderKind
    name: str
    issuer: str
    client_id: str
    secret: str
    domains: tuple[str, ...]
    trusts_second_step: bool
    only: bool


def add_provider(*, choice: ProviderChoice, now: datetime) -> SignInProvider:
    """Keep a provider, switched off until it is finished. Raises ProviderKnown or DomainTaken."""
    _refuse_known(choice, None)
    made = SignInProvider(
        kind=choice.kind, name=choice.name, issuer=choice.issuer, client_id=choice.client_id,
        secret_encrypted=crypto.encrypt(choice.secret), trusts_second_step=choice.trusts_second_step, only=choice.only,
        created_at=now, switched_off_at=now, domains=[ProviderDomain(domain=one) for one in choice.domains],
    )  # fmt: skip
    session().add(made)
    session().flush()
    return made


def save_provider(*, provider_id: int, version: int, choice: ProviderChoice) -> SignInProvider:
    """Replace what is kept of a provider. With another issuer nobody's account there is known any more.

    Raises NotHere, ProviderChanged, ProviderKnown or DomainTaken.
    """
    held = _locked(provider_id)
    if held.version != version:
        raise ProviderChanged
    _refuse_known(choice, provider_id)
    if held.issuer != choice.issuer:
        session().execute(delete(ProviderAccount).where(ProviderAccount.provider_id == provider_id))
    session().execute(delete(ProviderDomain).where(ProviderDomain.provider_id == provider_id))
    session().add_all(ProviderDomain(provider_id=provider_id, domain=one) for one in choice.domains)
    held.kind, held.name, held.issuer, held.client_id = choice.kind, choice.name, choice.issuer, choice.client_id
    held.trusts_second_step, held.only = choice.trusts_second_step, choice.only
    if choice.secret:
        held.secret_encrypted = crypto.encrypt(choice.secret)
    flag_modified(held, "name")  # even where only the domains changed the version rises
    session().flush()
    return held


def switch_provider(*, provider_id: int, on: bool, now: datetime) -> None:
    """Let people sign in with a provider, or no longer; whoever is signed in stays so. Raises NotHere, NotFinished."""
    held = _locked(provider_id)
    if on and not (held.client_id and crypto.decrypt(held.secret_encrypted)):
        raise NotFinished
    held.switched_off_at = None if on else (held.switched_off_at or now)
    session().flush()


def enter(*, provider: Provider, vouched: Vouched, attempt: Attempt, now: datetime) -> int:
    """Give whose account it is that somebody proved to have, and use the answer up.

    Used the first time it is the person's with that address, or the invited one's; nobody is ever made a person by it.
    Raises NotVouchedFor for an answer used before, NoAccountHere, AnotherAccount, NotTheInvited or InvitationOver.
    """
    _use_up(attempt, now)
    subject_hash = _subject_hash(provider.id, vouched.subject)
    known = queries.person_of_account(provider.id, subject_hash)
    if attempt.purpose == "join":
        return _join(provider, vouched, attempt.invitation, known, now)
    found = known or queries.person_by_email(vouched.address)
    if found is None or found.disabled_at is not None:
        raise NoAccountHere
    with across_schools("sign-in"):
        if not queries.places_of(found.id, site_admin=found.site_admin):
            raise NoAccountHere
    if known is None:
        _link(provider, vouched, found, now)
    return found.id


def show_again(*, provider: Provider, vouched: Vouched, attempt: Attempt, person_id: int, now: datetime) -> None:
    """Check that somebody signed in has just signed in there as the same person. Raises NotVouchedFor, NotYou."""
    _use_up(attempt, now)
    known = queries.person_of_account(provider.id, _subject_hash(provider.id, vouched.subject))
    if known is None or known.id != person_id:
        raise NotYou


def forget_accounts(*, person_id: int) -> int:
    """Forget which accounts elsewhere are a person's, so that the next use counts as the first; give how many there were."""
    gone = session().execute(delete(ProviderAccount).where(ProviderAccount.person_id == person_id))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a result of DELETE has a row count


def _join(provider: Provider, vouched: Vouched, token: str, known: Person | None, now: datetime) -> int:
    with across_schools("the link of an invitation"):
        joining = queries.joining(hash_token(token), now)
    if joining is None:
        raise InvitationOver
    if (known.email if known is not None else vouched.address) != joining.email:
        raise NotTheInvited
    with school_scope(joining.school_id):
        person_id = accept_invitation(token=token, kept=None, vouched=True, now=now)
    if known is None:
        _link(provider, vouched, queries.person(person_id), now)
    return person_id


def _link(provider: Provider, vouched: Vouched, to: Person, now: datetime) -> None:
    if queries.has_account_at(provider.id, to.id):
        raise AnotherAccount
    subject_hash = _subject_hash(provider.id, vouched.subject)
    session().add(ProviderAccount(provider_id=provider.id, person_id=to.id, subject_hash=subject_hash, linked_at=now))
    session().flush()


def _use_up(attempt: Attempt, now: datetime) -> None:
    session().add(ProviderAnswer(nonce_hash=crypto.lookup_hash("provider answer", attempt.nonce), at=now))
    try:
        session().flush()
    except IntegrityError:  # the unit of work is over with it
        raise NotVouchedFor("used before", "That answer was used already. Begin again.") from None


def _subject_hash(provider_id: int, subject: str) -> str:
    return crypto.lookup_hash("provider account", f"{provider_id} {subject}")


def _refuse_known(choice: ProviderChoice, own_id: int | None) -> None:
    same = select(SignInProvider.id).where(SignInProvider.issuer == choice.issuer, SignInProvider.client_id == choice.client_id)
    if any(found != own_id for found in session().scalars(same)):
        raise ProviderKnown
    if _taken(choice.domains, own_id):
        raise DomainTaken


def _taken(domains: Collection[str], own_id: int | None) -> bool:
    asked = select(ProviderDomain.provider_id).where(ProviderDomain.domain.in_(set(domains)))
    return any(found != own_id for found in session().scalars(asked))


def _locked(provider_id: int) -> SignInProvider:
    asked = select(SignInProvider).where(SignInProvider.id == provider_id).with_for_update()
    found = session().scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotHere
    return found
