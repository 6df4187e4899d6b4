"""Where the matrix of routes finds an object of each kind that a route names: one place that features add to."""

from __future__ import annotations

from sqlalchemy import select

from eduprog.accounts import actions as accounts
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.families.models import ParentPrompt
from tests.support.scenes import Scene


def more_objects(scene: Scene) -> dict[str, object]:
    """Give further objects of the current school, by the name of the route parameter that points to them."""
    address = f"new-{scene.school_id}@school.example"
    with transaction():
        invited = accounts.invite(
            name="New Colleague", email=address, roles=[Role.TEACHER], by=person(scene.lead_id), now=clock.now()
        )
        prompt = session().scalars(select(ParentPrompt)).one()
        return {"invitation_id": invited.id, "prompt_id": prompt.id}
