"""Reads of people, their places, invitations and sessions."""

from eduprog.accounts.queries.demo import DemoPerson, DemoPlace, demo_places
from eduprog.accounts.queries.invitations import InvitedRow, Joining, invitation, invited, is_open, joining
from eduprog.accounts.queries.people import (
    PersonRow,
    have_second_factor,
    names_of,
    people_by_email,
    people_by_id,
    people_of_school,
    person,
    person_by_email,
    person_of_reset,
    person_of_school,
    site_admins_without_password,
)
from eduprog.accounts.queries.places import (
    OwnSession,
    Place,
    PlaceKind,
    SessionFacts,
    own_sessions,
    places_of,
    school_to_write_from,
    session_facts,
)
from eduprog.accounts.queries.second_factor import FactorState, factor_state, has_second_factor

__all__ = [
    "DemoPerson",
    "DemoPlace",
    "FactorState",
    "InvitedRow",
    "Joining",
    "OwnSession",
    "PersonRow",
    "Place",
    "PlaceKind",
    "SessionFacts",
    "demo_places",
    "factor_state",
    "has_second_factor",
    "have_second_factor",
    "invitation",
    "invited",
    "is_open",
    "joining",
    "names_of",
    "own_sessions",
    "people_by_email",
    "people_by_id",
    "people_of_school",
    "person",
    "person_by_email",
    "person_of_reset",
    "person_of_school",
    "places_of",
    "school_to_write_from",
    "session_facts",
    "site_admins_without_password",
]
