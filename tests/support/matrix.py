"""Where the matrix of routes finds an object of each kind that a route names: one place that features add to."""

from __future__ import annotations

from datetime import date, time, timedelta

from sqlalchemy import select

from eduprog.accounts import actions as accounts
from eduprog.accounts.models import SignInSession
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.coverage import actions as coverage
from eduprog.coverage.importers import WrittenStatement
from eduprog.coverage.rules.contributions import ContributionKind
from eduprog.curriculum import catalogue
from eduprog.curriculum.vocabulary import ActKind, Stage, Strand, YearGroup
from eduprog.families import importers as family_importers
from eduprog.families.models import ParentPrompt
from eduprog.families.rules import ContactBasis
from eduprog.gates import actions as gates
from eduprog.gates.rules import Agreed, SignOffReason
from eduprog.library import actions as library
from eduprog.library.rules.mapping import MappedRow
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, RecipientKind
from eduprog.planning import actions as planning
from eduprog.planning import queries as planning_queries
from eduprog.school import actions as school
from eduprog.school import importers
from eduprog.school.importers.calendar import read_pasted
from eduprog.school.rules import HalfTermBlock, HalfTermSpan, Nation
from eduprog.wholeschool import actions as wholeschool
from eduprog.yearcycle.models import RollOver
from tests.support.scenes import Scene

FIRST_WEEKS = (date(2027, 9, 2), date(2027, 10, 22))


def more_objects(scene: Scene) -> dict[str, object]:
    """Give further objects of the current school, by the name of the route parameter that points to them."""
    address = f"new-{scene.school_id}@school.example"
    with transaction():
        invited = accounts.invite(
            name="New Colleague", email=address, roles=[Role.TEACHER], by=person(scene.lead_id), now=clock.now()
        )
        prompt = session().scalars(select(ParentPrompt).order_by(ParentPrompt.id)).first()
        assert prompt is not None
        return {"invitation_id": invited.id, "prompt_id": prompt.id, "roll_over_id": _undone_roll_over(scene),
                "run_id": _waiting_import(scene), "change_id": _waiting_term_dates(scene), "email_id": _failed_message(scene),
                "whole_school_act_id": _act(scene), "session_id": _session(scene), "contact_import_id": _waiting_contacts(scene),
                "mapped_lesson_id": _mapped_lesson(scene), "own_module_id": _own_module(scene), "sign_off_id": _sign_off(scene),
                **_planning(scene), **_coverage(scene)}  # fmt: skip


def _failed_message(scene: Scene) -> int:
    """Give a message to a family that failed."""
    row = OutboundEmail(
        key=f"matrix-{scene.school_id}", kind="family-digest", subject_id=9999, recipient_kind=RecipientKind.CONTACT,
        recipient_id=9999, state=MailState.FAILED, created_at=clock.now(), due_at=clock.now(), outcome="550 no such box",
    )  # fmt: skip
    session().add(row)
    session().flush()
    return row.id


def _sign_off(scene: Scene) -> int:
    """Give a session of the closed pack that was opened for a class of Year 5."""
    by, now = person(scene.lead_id), clock.now()
    group = school.open_class(
        academic_year_id=scene.academic_year_id, name="5 Ash", year_groups=[YearGroup.Y5], stage=Stage.U2,
        lead_teacher_id=scene.teacher_id, size=28, slots=[], by=by, now=now,
    )  # fmt: skip
    gates.say_trained(person_id=scene.teacher_id, trained=True, by=by, now=now)
    return gates.sign_off(
        teaching_group_id=group.id, act_id="closed-u2-seen", teacher_id=scene.teacher_id, agreed=Agreed.HEAD_AND_LEAD,
        reason=SignOffReason.NOT_ENOUGH, parents_told_on=clock.today(), closes_on=clock.today() + timedelta(days=14), by=by,
        now=now, today=clock.today(),
    ).id  # fmt: skip


def _own_module(scene: Scene) -> str:
    """Give a module the school writes itself; each school of a matrix has another strand, so that no two ids are the same."""
    strand = list(Strand)[scene.school_id % len(Strand)]
    beginning = library.Beginning(
        f"Ours {scene.school_id}", strand, YearGroup.Y1, "Pupils ask before they take a toy.", "I can ask first."
    )
    return library.begin_module(
        beginning=beginning, pattern_id="K1-C1", block=HalfTermBlock.SPRING_1, by=person(scene.lead_id), now=clock.now()
    ).module_id  # fmt: skip


def _mapped_lesson(scene: Scene) -> int:
    """Give a lesson of a scheme the school bought."""
    row = MappedRow(2, "Being me", YearGroup.Y1, HalfTermBlock.AUTUMN_1)
    return library.bring_scheme(source="Bright Steps", rows=[row], by=person(scene.lead_id), now=clock.now())[0].id


def _coverage(scene: Scene) -> dict[str, object]:
    """Give a framework of the school and a record of teaching elsewhere."""
    by, now, statutory = person(scene.lead_id), clock.now(), catalogue.current().framework
    held = coverage.bring_in_framework(
        title="Our framework", version="1", statements=[WrittenStatement("A", "Asking for help", None)], by=by, now=now
    )
    elsewhere = coverage.record_contribution(
        academic_year_id=scene.academic_year_id, year_group=YearGroup.Y1, kind=ContributionKind.SCIENCE, to=statutory,
        clause_id="P-BS-03a", block=HalfTermBlock.AUTUMN_1, by=by, now=now,
    )  # fmt: skip
    return {"school_framework_id": held.id, "contribution_id": elsewhere.id}


def _planning(scene: Scene) -> dict[str, object]:
    """Give a scheme of work, a planning run, a drop-down day and a calendar address of a class."""
    by, now = person(scene.lead_id), clock.now()
    scheme = next(iter(planning_queries.schemes_of_year(scene.academic_year_id).values()))
    run = planning_queries.last_run(scene.academic_year_id)
    assert run is not None
    day = planning.add_drop_down_day(
        academic_year_id=scene.academic_year_id, day=date(2027, 6, 15), year_groups=[YearGroup.Y1], starts_at=time(9), periods=2,
        minutes=60, by=by, now=now,
    )[0]  # fmt: skip
    feed = planning.make_feed(group_id=scene.group_ids["Y1"], by=by, now=now)
    return {"scheme_id": scheme.id, "planning_run_id": run.id, "drop_down_day_id": day.id, "feed_id": feed.id}


def _waiting_term_dates(scene: Scene) -> int:
    """Give term dates that were read and wait for answers."""
    reading = read_pasted("INSET day: Monday 8 September 2026", nation=Nation.ENGLAND)
    return school.start_import(readings={"": reading}, wanted_year=2026, by=person(scene.lead_id), now=clock.now()).id


def _waiting_import(scene: Scene) -> int:
    """Give an import that waits for somebody to look at it."""
    table = importers.Upload("classes.csv", b"Class,Year group\n1 Elm,Year 1\n")
    return importers.start_run(
        uploads=[table], academic_year_id=scene.academic_year_id, by=person(scene.lead_id), now=clock.now(), today=clock.today()
    ).id


def _undone_roll_over(scene: Scene) -> int:
    """Give a step into a next year that was taken back, so that nothing else of the school changes."""
    after = school.add_academic_year(
        starts_on=date(2027, 9, 1), ends_on=date(2028, 7, 21), half_terms=[HalfTermSpan(HalfTermBlock.AUTUMN_1, *FIRST_WEEKS)],
        by=person(scene.lead_id), now=clock.now(),
    )  # fmt: skip
    row = RollOver(
        from_year_id=scene.academic_year_id, to_year_id=after.id, applied_at=clock.now(), undone_at=clock.now(),
        undone_by=scene.lead_id, undo_record={"opened": [], "classes": [], "codes": []},
    )  # fmt: skip
    session().add(row)
    session().flush()
    return row.id


def _act(scene: Scene) -> int:
    """Give a planned act of the whole school that the teacher leads."""
    return wholeschool.plan_act(
        academic_year_id=scene.academic_year_id, kind=ActKind.STAFF_BRIEFING, due_on=date(2026, 12, 1), owner_id=scene.teacher_id,
        by=person(scene.lead_id), now=clock.now(),
    ).id  # fmt: skip


def _waiting_contacts(scene: Scene) -> int:
    """Give addresses that were read and wait for somebody to look at the counts."""
    line = family_importers.ContactLine("ada@home.example", scene.group_ids["Y1"])
    table = family_importers.ContactTable((line,), ())
    return family_importers.start_contacts(
        table=table, basis=ContactBasis.ASK, by=person(scene.lead_id), now=clock.now()
    ).id  # fmt: skip


def _session(scene: Scene) -> int:
    """Give a browser in which the teacher is signed in."""
    row = SignInSession(
        token_hash=f"matrix-{scene.school_id}", person_id=scene.teacher_id, school_id=scene.school_id, started_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=12),
    )  # fmt: skip
    session().add(row)
    session().flush()
    return row.id
