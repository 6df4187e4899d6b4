"""Tables of people, memberships, invitations and sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eduprog.accounts.rules.providers import ProviderKind
from eduprog.core.db import Base
from eduprog.core.permissions import Role
from eduprog.core.tenancy import SchoolOwned, owned, owned_fk
from eduprog.organisations import models as _organisations  # noqa: F401 - tables here reference the school's by name

_SCHOOL_ROLE = "role NOT IN ('group_lead', 'site_admin')"


class Person(Base):
    """A member of staff, once in the whole installation."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("email"), CheckConstraint("email = lower(email)", name="email_in_lower_case"))

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    site_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Membership(SchoolOwned, Base):
    """A person's role in a school; it ends, it is not deleted."""

    __tablename__ = "membership"
    __table_args__ = owned(
        CheckConstraint(_SCHOOL_ROLE, name="school_role"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        Index("uq_membership_current", "school_id", "person_id", "role", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class GroupMembership(Base):
    """A person who looks over the schools of a group."""

    __tablename__ = "group_membership"
    __table_args__ = (UniqueConstraint("school_group_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_group_id: Mapped[int] = mapped_column(ForeignKey("school_group.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]


class Invitation(SchoolOwned, Base):
    """Asks somebody to join a school; its link works once."""

    __tablename__ = "invitation"
    __table_args__ = owned(
        UniqueConstraint("token_hash"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_at_with_accepted_by"),
        CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="accepted_or_revoked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]

    roles: Mapped[list[InvitationRole]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="InvitationRole.id")


class InvitationRole(SchoolOwned, Base):
    """One role an invitation offers."""

    __tablename__ = "invitation_role"
    __table_args__ = owned(
        owned_fk("invitation_id", "invitation", ondelete="CASCADE"),
        UniqueConstraint("invitation_id", "role"),
        CheckConstraint(_SCHOOL_ROLE, name="school_role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int]
    role: Mapped[Role]


class SignInSession(Base):
    """One signed-in browser. The cookie holds the token, the table its hash; ending the row signs out at once.

    On a device its owner trusts, My week and recording stay open until `records_until`, however long the session rested.
    """

    __tablename__ = "sign_in_session"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("school_id IS NULL OR school_group_id IS NULL", name="one_place_at_a_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id", ondelete="CASCADE"))
    school_group_id: Mapped[int | None] = mapped_column(ForeignKey("school_group.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    records_until: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]  # when the person last showed who they are, if that was not on signing in here
    second_step_elsewhere: Mapped[bool] = mapped_column(default=False)  # the provider they came from asked for one, and says so


class SessionSeen(Base):
    """When a session was last used: a table of its own, because even a GET may write it."""

    __tablename__ = "session_seen"

    session_id: Mapped[int] = mapped_column(ForeignKey("sign_in_session.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime]


class SignInTry(Base):
    """A wrong password, by keyed hashes of the account tried and of the place it came from, so that guessing is slowed down."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index("ix_sign_in_try_account", "account_hash", "at"), Index("ix_sign_in_try_origin", "origin_hash", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str] = mapped_column(String(64))
    origin_hash: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]


class SecondFactor(Base):
    """A person's authenticator app. It counts once confirmed; `last_step` is the half minute whose code was used last."""

    __tablename__ = "second_factor"
    __table_args__ = (CheckConstraint("last_step >= 0", name="last_step_not_negative"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    secret_encrypted: Mapped[str] = mapped_column(String(300))
    last_step: Mapped[int]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One way in for the day the phone is lost; it works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class SignInProvider(Base):
    """Somewhere else people have accounts to sign in with. It is the installation's, never a school's own."""

    __tablename__ = "sign_in_provider"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ProviderKind]
    name: Mapped[str] = mapped_column(String(60))
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    secret_encrypted: Mapped[str] = mapped_column(String(1000))
    trusts_second_step: Mapped[bool] = mapped_column(default=False)
    only: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    switched_off_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    domains: Mapped[list[ProviderDomain]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ProviderDomain.domain"
    )

    __mapper_args__ = {"version_id_col": version}


class ProviderDomain(Base):
    """What the addresses end in that a provider vouches for; of each there is one provider."""

    __tablename__ = "provider_domain"
    __table_args__ = (UniqueConstraint("domain"), CheckConstraint("domain = lower(domain)", name="domain_in_lower_case"))

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("sign_in_provider.id", ondelete="CASCADE"), index=True)
    domain: Mapped[str] = mapped_column(String(253))


class ProviderAccount(Base):
    """Which account at a provider is whose, by a keyed hash of the name the provider gives it and never gives again."""

    __tablename__ = "provider_account"
    __table_args__ = (UniqueConstraint("provider_id", "subject_hash"), UniqueConstraint("provider_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("sign_in_provider.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    subject_hash: Mapped[str] = mapped_column(String(64))
    linked_at: Mapped[datetime]


class ProviderAnswer(Base):
    """An answer of a provider that was used, by the hash of its nonce, so that it is never used again."""

    __tablename__ = "provider_answer"
    __table_args__ = (UniqueConstraint("nonce_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
