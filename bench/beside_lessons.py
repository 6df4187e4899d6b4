"""What a big school has beside lessons: schemes, acts, slips, contacts of families, what they were sent and what they opened.

The database itself makes the rows out of those of the lessons, so that years of history take seconds.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import bindparam, text, update
from sqlalchemy.engine import Connection

from bench.big_school import NOW, TODAY, BigSchool, lessons_of, signed_in, write
from eduprog.core import crypto
from eduprog.core.db import Base, UTCDateTime
from eduprog.curriculum.vocabulary import ActKind, Aspect, HalfTermBlock, YearGroup
from eduprog.families.rules import ContactState
from eduprog.organisations.rules import GroupKind
from eduprog.planning.rules import RunKind
from eduprog.wholeschool.rules import ActState

CONTACTS = 20
"""Contacts of families of each class of this year."""
TRUST_TOKEN, SITE_TOKEN = "a-token-of-a-trust-lead", "a-token-of-a-site-admin"
_ACTS = 20
_STATEMENTS = (
    # Every prompt of a finished module of ours went home a week later.
    """INSERT INTO parent_prompt (school_id, teaching_group_id, delivery_id, module_id, not_before, state, created_at, sent_at,
     sentence_approved)
    SELECT school_id, teaching_group_id, min(id), module_id, :now, 'sent', :now, :now, false FROM delivery
    WHERE school_id = :school AND module_id NOT LIKE 'OWN%' AND taught_on < :lately
    GROUP BY school_id, teaching_group_id, module_id""",
    """INSERT INTO parent_prompt (school_id, teaching_group_id, delivery_id, module_id, not_before, state, created_at,
     sentence_approved)
    SELECT school_id, teaching_group_id, min(id), module_id, :now, 'waiting', :now, false FROM delivery
    WHERE school_id = :school AND module_id NOT LIKE 'OWN%' GROUP BY school_id, teaching_group_id, module_id
    HAVING min(taught_on) >= :lately""",
    """INSERT INTO prompt_answer (school_id, parent_prompt_id, family_hash, reply, answered_at)
    SELECT school_id, id, 'family-' || teaching_group_id, 'did_it', :now FROM parent_prompt WHERE school_id = :school""",
    # One in ten lessons was recorded with its steps.
    """INSERT INTO delivery_step (school_id, delivery_id, step_number)
    SELECT school_id, id, 1 FROM delivery WHERE school_id = :school AND id % 10 = 0""",
    """INSERT INTO check_tally (school_id, teaching_group_id, module_id, revision, moment, counted, held_on, entered_at,
     entered_by, version)
    SELECT d.school_id, d.teaching_group_id, d.module_id, 1, m.moment, 'all', min(d.taught_on), :now, :lead, 1 FROM delivery d
    CROSS JOIN (SELECT 'baseline' AS moment UNION SELECT 'exit') m
    WHERE d.school_id = :school AND d.module_id NOT LIKE 'OWN%'
    GROUP BY d.school_id, d.teaching_group_id, d.module_id, m.moment""",
    """INSERT INTO check_answer (school_id, check_tally_id, question, answer, slips, is_right)
    SELECT school_id, id, 'A question', n.answer, 14, n.answer = 1 FROM check_tally
    CROSS JOIN (SELECT 1 AS answer UNION SELECT 2) n WHERE school_id = :school""",
    """INSERT INTO viewing_entry (school_id, teaching_group_id, module_id, revision, since)
    SELECT DISTINCT school_id, teaching_group_id, module_id, 1, :now FROM delivery
    WHERE school_id = :school AND module_id NOT LIKE 'OWN%'""",
    """INSERT INTO viewing_count (school_id, teaching_group_id, module_id, day, opened)
    SELECT school_id, teaching_group_id, module_id, taught_on, 3 FROM delivery
    WHERE school_id = :school AND lesson_number = 1 AND module_id NOT LIKE 'OWN%'""",
    # A digest for every family and prompt of this year.
    """INSERT INTO family_digest (school_id, parent_carer_id, week_of, created_at)
    SELECT DISTINCT c.school_id, c.parent_carer_id, d.taught_on, :now FROM parent_carer_class c
    JOIN parent_prompt p ON p.teaching_group_id = c.teaching_group_id AND p.state = 'sent'
    JOIN delivery d ON d.id = p.delivery_id WHERE c.school_id = :school""",
    """INSERT INTO family_digest_prompt (school_id, family_digest_id, parent_prompt_id)
    SELECT f.school_id, f.id, p.id FROM family_digest f JOIN parent_carer_class c ON c.parent_carer_id = f.parent_carer_id
    JOIN parent_prompt p ON p.teaching_group_id = c.teaching_group_id
    JOIN delivery d ON d.id = p.delivery_id AND d.taught_on = f.week_of WHERE f.school_id = :school""",
    """INSERT INTO outbound_email (school_id, key, kind, subject_id, recipient_kind, recipient_id, state, created_at, due_at,
     attempts, doubts, waits_for_person, sent_at)
    SELECT school_id, 'digest-' || id, 'family-digest', id, 'contact', parent_carer_id, 'sent', :now, :now, 1, 0, false, :now
    FROM family_digest WHERE school_id = :school""",
)  # fmt: skip


def fill(connection: Connection, school: BigSchool) -> None:
    """Write it for a school whose lessons are written."""
    write(connection, "school_settings", [{
        "school_id": school.school_id, "digest_weekday": 3, "digest_time": time(16, 30), "staff_digest_time": time(7),
        "quiet_from": time(19), "quiet_until": time(7), "weekly_follow_up_cap": 4, "sex_education_prompts": False,
        "doubtful_prompts_wait": False, "dsl_name": "Bronwen Price", "dsl_deputies": "", "dsl_place": "Room 4",
        "question_box_reader": "", "version": 1,
    }])  # fmt: skip
    for place, year_id in enumerate(school.year_ids):
        _schemes(connection, school, year_id)
        _acts(connection, school, year_id, place)
    _contacts(connection, school)
    values = {"school": school.school_id, "lead": school.lead_id, "now": NOW, "lately": TODAY - timedelta(days=7)}
    for statement in _STATEMENTS:
        named = {name: one for name, one in values.items() if f":{name}" in statement}
        typed = [bindparam("now", type_=UTCDateTime)] if "now" in named else []
        connection.execute(text(statement).bindparams(*typed), named)
    _around(connection, school)


def _around(connection: Connection, school: BigSchool) -> None:
    """Put the school into a group, and sign in who leads the group and who runs the installation."""
    group = {"id": school.school_id, "name": "Two Rivers", "slug": f"two-rivers-{school.school_id}", "kind": GroupKind.TRUST}
    write(connection, "school_group", [{**group, "created_at": NOW}])
    schools = Base.metadata.tables["school"]
    connection.execute(update(schools).where(schools.c.id == school.school_id).values(school_group_id=school.school_id))
    lead, admin = school.lead_id + 90, school.lead_id + 91
    write(connection, "person", [
        {"id": lead, "email": f"trust-lead-{lead}@t.example", "name": "Trust lead", "site_admin": False, "created_at": NOW},
        {"id": admin, "email": f"site-admin-{admin}@t.example", "name": "Site admin", "site_admin": True, "created_at": NOW},
    ])  # fmt: skip
    write(connection, "group_membership", [{"school_group_id": school.school_id, "person_id": lead, "started_at": NOW}])
    signed_in(connection, TRUST_TOKEN, person_id=lead, school_group_id=school.school_id)
    signed_in(connection, SITE_TOKEN, person_id=admin)


def _schemes(connection: Connection, school: BigSchool, year_id: int) -> None:
    common = {"school_id": school.school_id}
    years = [year for number, year in enumerate(YearGroup) if number < school.classes]
    write(connection, "scheme_of_work", [
        {**common, "id": year_id * 100 + n, "academic_year_id": year_id, "year_group": year, "version": 1}
        for n, year in enumerate(years)
    ])  # fmt: skip
    blocks = list(HalfTermBlock)
    write(connection, "scheme_entry", [
        {**common, "scheme_of_work_id": year_id * 100 + n, "module_id": module_id, "block": blocks[place % 6],
         "position": place + 1}
        for n, year in enumerate(years)
        for place, module_id in enumerate(dict.fromkeys(one.module_id for one in lessons_of(year)))
    ])  # fmt: skip
    write(connection, "planning_run", [{
        **common, "academic_year_id": year_id, "kind": RunKind.ADD, "made_at": NOW, "made_by": school.lead_id, "added": 2400,
        "moved": 0, "withdrawn": 0, "unplaced": 0,
    }])  # fmt: skip


def _acts(connection: Connection, school: BigSchool, year_id: int, place: int) -> None:
    aspects, kinds = list(Aspect), list(ActKind)
    starts = date(school.years[place], 9, 10)
    write(connection, "whole_school_act", [
        {
            "school_id": school.school_id, "academic_year_id": year_id, "kind": kinds[n % len(kinds)],
            "aspect": aspects[n % len(aspects)], "title": f"Act {n}", "due_on": starts + timedelta(days=14 * n),
            "owner_id": school.lead_id, "state": ActState.DONE if n % 3 else ActState.PLANNED, "evidence": "", "version": 1,
            "done_on": starts + timedelta(days=14 * n) if n % 3 else None,
        }
        for n in range(_ACTS)
    ])  # fmt: skip


def _contacts(connection: Connection, school: BigSchool) -> None:
    common = {"school_id": school.school_id}
    address = crypto.encrypt("somebody@home.example")
    ids = [(school.group_id(n), school.group_id(n) * 100 + c) for n in range(school.classes) for c in range(CONTACTS)]
    write(connection, "parent_carer", [
        {**common, "id": contact_id, "address_hash": f"{contact_id:064}", "address_encrypted": address, "language": "en-GB",
         "state": ContactState.JOINED, "asked_at": NOW, "joined_at": NOW}
        for _, contact_id in ids
    ])  # fmt: skip
    write(connection, "parent_carer_class", [
        {**common, "parent_carer_id": contact_id, "teaching_group_id": group_id, "since": NOW} for group_id, contact_id in ids
    ])  # fmt: skip
