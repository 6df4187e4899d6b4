"""Set a planned school with families on an installation, and say who can do what: `python -m tests.process.stage NOW`."""

from __future__ import annotations

import hashlib
import json
import secrets
import sys
from datetime import datetime, timedelta

from eduprog import wiring
from eduprog.accounts.models import SessionSeen, SignInSession
from eduprog.core import clock
from eduprog.core.db import transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.families import actions as families
from eduprog.planning import queries as planning
from tests.support.scenes import a_planned_school

FAMILIES = 25


def main(now: datetime) -> None:
    """Print what the test needs to know, as one line of JSON."""
    clock.set_offset(now - (clock.now() - clock.offset()))
    app = wiring.create_app()
    with app.app_context():
        scene = a_planned_school(name="Beech Lane School", years=(YearGroup.Y1,))
        with school_scope(scene.school_id):
            group_id = scene.group_ids["Y1"]
            with transaction():
                for number in range(FAMILIES):
                    asked = families.ask_to_join(
                        teaching_group_id=group_id, address=f"family{number}@home.example", now=clock.now()
                    )
                    assert asked is not None
                    families.confirm_joining(consent_id=asked, now=clock.now())
            lesson_id = planning.lessons_of_class(group_id)[0].id
        said = {
            "school_id": scene.school_id,
            "lesson_id": lesson_id,
            "teacher": _session(scene.teacher_id, scene.school_id),
            "lead": _session(scene.lead_id, scene.school_id),
        }
    sys.stdout.write(json.dumps(said) + "\n")


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
    main(datetime.fromisoformat(sys.argv[1]))
