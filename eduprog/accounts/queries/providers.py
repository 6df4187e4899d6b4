"""Reads of the places people can sign in with, and of whose account there is whose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from eduprog.accounts.models import Person, ProviderAccount, ProviderDomain, SignInProvider
from eduprog.accounts.rules import Provider
from eduprog.core import crypto
from eduprog.core.db import session
from eduprog.core.errors import NotHere


@dataclass(frozen=True)
class ProviderRow:
    """A provider as its admin sees it: its settings, since when it is off, and how many people have used it."""

    provider: Provider
    switched_off_at: datetime | None
    people: int
    version: int


def providers() -> list[Provider]:
    """Give the providers people can sign in with now, by name."""
    asked = select(SignInProvider).where(SignInProvider.switched_off_at.is_(None)).options(selectinload(SignInProvider.domains))
    return [_value(row) for row in session().scalars(asked.order_by(SignInProvider.name, SignInProvider.id))]


def provider(provider_id: int) -> Provider:
    """Give a provider people can sign in with now. Raises NotHere."""
    row = _row(provider_id)
    if row.switched_off_at is not None:
        raise NotHere
    return _value(row)


def secret_of_provider(provider_id: int) -> str:
    """Give the secret by which a provider knows us. Raises NotHere."""
    return crypto.decrypt(_row(provider_id).secret_encrypted)


def provider_rows() -> list[ProviderRow]:
    """Give every provider as its admin sees it, by name."""
    counted = select(ProviderAccount.provider_id, func.count()).group_by(ProviderAccount.provider_id)
    people = {provider_id: number for provider_id, number in session().execute(counted)}
    asked = select(SignInProvider).options(selectinload(SignInProvider.domains)).order_by(SignInProvider.name, SignInProvider.id)
    return [ProviderRow(_value(row), row.switched_off_at, people.get(row.id, 0), row.version) for row in session().scalars(asked)]


def provider_row(provider_id: int) -> ProviderRow:
    """Give one provider as its admin sees it. Raises NotHere."""
    found = next((row for row in provider_rows() if row.provider.id == provider_id), None)
    if found is None:
        raise NotHere
    return found


def only_provider_of(email: str) -> str | None:
    """Give the name of the provider without which nobody with this address signs in, or None."""
    domain = email.strip().lower().rpartition("@")[2]
    asked = (
        select(SignInProvider.name)
        .join(ProviderDomain, ProviderDomain.provider_id == SignInProvider.id)
        .where(ProviderDomain.domain == domain, SignInProvider.only, SignInProvider.switched_off_at.is_(None))
    )
    return session().scalars(asked).one_or_none()


def person_of_account(provider_id: int, subject_hash: str) -> Person | None:
    """Give whose account at a provider this is, or None."""
    asked = (
        select(Person)
        .join(ProviderAccount, ProviderAccount.person_id == Person.id)
        .where(ProviderAccount.provider_id == provider_id, ProviderAccount.subject_hash == subject_hash)
    )
    return session().scalars(asked).one_or_none()


def providers_of(person_id: int) -> list[Provider]:
    """Give the providers with which a person has signed in and still can, by name."""
    mine = set(session().scalars(select(ProviderAccount.provider_id).where(ProviderAccount.person_id == person_id)))
    return [one for one in providers() if one.id in mine] if mine else []


def has_account_at(provider_id: int, person_id: int) -> bool:
    """Say whether a person has signed in with a provider before."""
    asked = select(ProviderAccount.id).where(ProviderAccount.provider_id == provider_id, ProviderAccount.person_id == person_id)
    return session().scalars(asked).first() is not None


def _row(provider_id: int) -> SignInProvider:
    asked = select(SignInProvider).where(SignInProvider.id == provider_id).options(selectinload(SignInProvider.domains))
    found = session().scalars(asked).one_or_none()
    if found is None:
        raise NotHere
    return found


def _value(row: SignInProvider) -> Provider:
    domains = frozenset(one.domain for one in row.domains)
    return Provider(
        row.id, row.kind, row.name, row.issuer, row.client_id, domains, trusts_second_step=row.trusts_second_step, only=row.only
    )
