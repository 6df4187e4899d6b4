"""Set a planned school with families on an installation, and say who can do what: `python -m tests.process.stage NOW`."""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from eduprog import wiring
from eduprog.accounts import actions as accounts
from eduprog.accounts.models import SessionSeen, SignInSession
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.permissions import Role
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families import actions as families
from eduprog.planning import queries as planning
from tests.support.scenes import SET_UP, a_planned_school

FAMILIES = 25


def main(now: datetime, schools: int = 1, families_each: int = FAMILIES, leads_each: int = 1) -> None:
    """Print what the test needs to know, as one line of JSON: the first school, and all of them."""
    clock.set_offset(now - (clock.now() - clock.offset()))
    sys.stdout.write(json.dumps(stage(wiring.create_app(), schools, families_each, leads_each)) + "\n")


def stage(app: Flask, schools: int, families_each: int, leads_each: int) -> dict[str, Any]:
    """Make the schools; give what main prints."""
    with app.app_context():
        staged = [_school(number, families_each, leads_each) for number in range(schools)]
    return {**staged[0], "schools": staged}


def _school(number: int, families_each: int, leads_each: int) -> dict[str, Any]:
    """Make a school with families of one class and so many heads of PSHE."""
    name = " ".join(["School", *str(number)]) if number else "Beech Lane School"
    scene = a_planned_school(name=name, years=(YearGroup.Y1,))
    mark = f"{number}-" if number else ""
    with school_scope(scene.school_id):
        group_id = scene.group_ids["Y1"]
        with transaction():
            for family in range(families_each):
                asked = families.ask_to_join(
                    teaching_group_id=group_id, address=f"family{mark}{family}@home.example", now=clock.now()
                )
                assert asked is not None
                families.confirm_joining(consent_id=asked, now=clock.now())
            for lead in range(1, leads_each):
                made = accounts.create_person(name="Lead", email=f"lead{mark}{lead}@school.example", by=SET_UP, now=clock.now())
                accounts.grant_role(person_id=made.id, role=Role.PROGRAMME_LEAD, by=SET_UP, now=clock.now())
        lesson_id = planning.lessons_of_class(group_id)[0].id
    return {
        "school_id": scene.school_id,
        "lesson_id": lesson_id,
        "teacher": _session(scene.teacher_id, scene.school_id),
        "lead": _session(scene.lead_id, scene.school_id),
    }


def _session(person_id: int, school_id: int) -> str:
    token = secrets.token_urlsafe(32)
    with transaction() as work:
        row = SignInSession(
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            person_id=person_id,
            school_id=school_id,
            started_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=12),
        )
        work.add(row)
        work.flush()
        work.add(SessionSeen(session_id=row.id, seen_at=clock.now()))
    return token


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]), *(int(number) for number in sys.argv[2:]))
