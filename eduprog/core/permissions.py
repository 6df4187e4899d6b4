"""Who may do what: seven roles, a closed list of permissions, and the actor of every write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in a school, in a school group or in the installation."""

    TEACHER = "teacher"
    PROGRAMME_LEAD = "programme_lead"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    SENIOR_LEADER = "senior_leader"
    SCHOOL_ADMIN = "school_admin"
    GROUP_LEAD = "group_lead"
    SITE_ADMIN = "site_admin"

    @property
    def label(self) -> str:
        """The words used on pages."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.TEACHER: "Teacher",
    Role.PROGRAMME_LEAD: "Head of PSHE",
    Role.SAFEGUARDING_LEAD: "Designated safeguarding lead (DSL)",
    Role.SENIOR_LEADER: "Senior leader or governor",
    Role.SCHOOL_ADMIN: "School admin",
    Role.GROUP_LEAD: "Trust or authority lead",
    Role.SITE_ADMIN: "Site admin",
}
SCHOOL_ROLES = (Role.TEACHER, Role.PROGRAMME_LEAD, Role.SAFEGUARDING_LEAD, Role.SENIOR_LEADER, Role.SCHOOL_ADMIN)


class Permission(StrEnum):
    """One thing a page or an action lets somebody do."""

    SEE_OWN_ACCOUNT = "see own account"
    SEE_LIBRARY = "see the lesson library"
    SEE_OWN_CLASSES = "see own classes"
    RECORD_DELIVERY = "record a lesson as taught"
    SEE_SCHOOL = "see the whole school's programme"
    PLAN_PROGRAMME = "plan the programme"
    PAUSE_TEACHING = "pause a module, strand or year group"
    DECIDE_GATES = "record the conditions of sensitive lessons"
    SEND_TO_FAMILIES = "send prompts to parents and carers"
    SEE_FAMILY_FIGURES = "see counts of parents and carers"
    MAKE_CLASS_CODES = "make and revoke the codes by which families join"
    SEE_TROUBLES = "see messages that did not go as they should"
    MANAGE_STAFF = "manage staff"
    MANAGE_SCHOOL = "manage the school's calendar and classes"
    EXPUNGE_WORDS = "take words out of the school's records"
    SEE_OWN_ACTS = "see the whole-school acts one owns"
    SEE_ACTS = "see all whole-school acts"
    PLAN_ACTS = "plan whole-school acts"
    SEE_GROUP = "see the schools of a group"
    SEE_SITE = "see the state of the installation"
    MANAGE_SITE = "manage the installation"


_TEACH = {Permission.SEE_OWN_ACCOUNT, Permission.SEE_LIBRARY, Permission.SEE_OWN_CLASSES, Permission.RECORD_DELIVERY,
          Permission.SEE_OWN_ACTS}  # fmt: skip
_SEE = {Permission.SEE_OWN_ACCOUNT, Permission.SEE_LIBRARY, Permission.SEE_SCHOOL, Permission.SEE_OWN_ACTS, Permission.SEE_ACTS}
_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.TEACHER: frozenset(_TEACH),
    Role.PROGRAMME_LEAD: frozenset(
        _TEACH | _SEE
        | {Permission.PLAN_PROGRAMME, Permission.DECIDE_GATES, Permission.SEND_TO_FAMILIES, Permission.SEE_FAMILY_FIGURES,
           Permission.MAKE_CLASS_CODES, Permission.PLAN_ACTS, Permission.SEE_TROUBLES}
    ),
    Role.SAFEGUARDING_LEAD: frozenset(
        _SEE | {Permission.PAUSE_TEACHING, Permission.DECIDE_GATES, Permission.EXPUNGE_WORDS}
    ),
    Role.SENIOR_LEADER: frozenset(_SEE | {Permission.SEE_FAMILY_FIGURES}),
    Role.SCHOOL_ADMIN: frozenset(
        {Permission.SEE_OWN_ACCOUNT, Permission.SEE_LIBRARY, Permission.MANAGE_STAFF, Permission.MANAGE_SCHOOL,
         Permission.MAKE_CLASS_CODES, Permission.SEE_FAMILY_FIGURES, Permission.SEE_OWN_ACTS, Permission.SEE_ACTS,
         Permission.PLAN_ACTS, Permission.SEE_TROUBLES, Permission.EXPUNGE_WORDS}
    ),
    Role.GROUP_LEAD: frozenset({Permission.SEE_OWN_ACCOUNT, Permission.SEE_LIBRARY, Permission.SEE_GROUP}),
    Role.SITE_ADMIN: frozenset({Permission.SEE_OWN_ACCOUNT, Permission.SEE_SITE, Permission.MANAGE_SITE}),
}  # fmt: skip


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Give everything these roles together allow."""
    return frozenset().union(*(_GRANTS[role] for role in roles))


class ActorKind(StrEnum):
    """Who can act."""

    PERSON = "person"
    CONTACT = "contact"
    JOB = "job"
    COMMAND = "command"
    SUPPLY = "supply"


@dataclass(frozen=True)
class Actor:
    """Who does a write: a signed-in person, a parent, carer or supply teacher behind a signed link, a job, or a command line.

    `id` is the row's id for people and contacts, the link's for supply teachers, 0 for the rest; `name` names job or command.
    """

    kind: ActorKind
    id: int = 0
    name: str = ""

    @property
    def person_id(self) -> int | None:
        """The person's id, or None if no person acts."""
        return self.id if self.kind is ActorKind.PERSON else None


def person(person_id: int) -> Actor:
    """Make a person the actor."""
    return Actor(ActorKind.PERSON, person_id)


def contact(contact_id: int) -> Actor:
    """Make a parent or carer the actor."""
    return Actor(ActorKind.CONTACT, contact_id)


def job(name: str) -> Actor:
    """Make a job the actor."""
    return Actor(ActorKind.JOB, 0, name)


def command(name: str) -> Actor:
    """Make a command line the actor."""
    return Actor(ActorKind.COMMAND, 0, name)


def supply(link_id: int) -> Actor:
    """Make whoever holds the one-day link of a lesson the actor."""
    return Actor(ActorKind.SUPPLY, link_id)
