"""People, families, messages, imports and the calendar that must stand first so that a form accepts its press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select

from eduprog.accounts import actions as accounts
from eduprog.accounts.models import Person, SecondFactor, SignInSession
from eduprog.accounts.rules import hash_password
from eduprog.accounts.rules.second_factor import code_at
from eduprog.core import clock, crypto
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.families import actions as families
from eduprog.families.models import ParentPrompt
from eduprog.families.rules import PromptState
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, RecipientKind
from eduprog.planning import queries as planning_queries
from eduprog.planning.models import CalendarFeed
from eduprog.protection import actions as protection
from eduprog.protection.rules import HoldReason
from eduprog.school import actions as school
from eduprog.school import importers
from eduprog.school.importers.calendar import read_pasted
from eduprog.school.models import CalendarChange
from eduprog.school.rules import Nation
from tests.factories.families import a_parent_carer, a_parent_carer_class
from tests.support.papers import a_pdf
from tests.support.press_values import PASSWORD, Here, Press, Value, last, lead, pressed_with


def contact(here: Here, address: str) -> None:
    with transaction() as work:
        parent = a_parent_carer(address)
        work.add(parent)
        work.flush()
        work.add(a_parent_carer_class(parent.id, here.scene.group_ids["Y1"]))


def prompt(here: Here, **changes: object) -> int:
    """Record the next lesson that ends a module; give the prompt it raises."""
    lessons = [one for group in here.scene.group_ids.values() for one in reversed(planning_queries.lessons_of_class(group))]
    for lesson in lessons:
        if lesson.recorded or lesson.planned_on is None:
            continue
        with transaction() as work:
            made = delivery.record_delivery(
                planned_lesson_id=lesson.id, taught_on=clock.today(), outcome=LessonOutcome.AS_PLANNED, today=clock.today(),
                by=here.scene.teacher, now=clock.now(),
            )  # fmt: skip
            prompt = work.scalars(select(ParentPrompt).where(ParentPrompt.delivery_id == made.id)).first()
            if prompt is not None and prompt.state is PromptState.WAITING:
                for name, value in {"not_before": clock.now(), **changes}.items():
                    setattr(prompt, name, value)
                return prompt.id
    raise AssertionError("no lesson left that raises a prompt")


def digests(here: Here) -> Press:
    contact(here, "digest@home.example")
    prompt(here)
    return Press()


def consult(here: Here) -> Press:
    with transaction():
        families.publish_policy(title="Policy", content=a_pdf(), **lead(here))  # type: ignore[arg-type]
    return Press({"opens_on": "2026-12-01", "closes_on": "2026-12-15"})


def erase(here: Here) -> Press:
    contact(here, "gone@home.example")
    return Press({"address": "gone@home.example"})


def erase_colleague(here: Here) -> Press:
    address = f"left{here.scene.school_id}@staff.example"
    with transaction():
        protection.lift_hold(**lead(here))  # type: ignore[arg-type]
        gone = accounts.create_person(name="Left Long Ago", email=address, **lead(here))  # type: ignore[arg-type]
        accounts.grant_role(person_id=gone.id, role=Role.TEACHER, **lead(here))  # type: ignore[arg-type]
        accounts.end_membership(person_id=gone.id, **lead(here))  # type: ignore[arg-type]
    return Press({"colleague": address})


def held(here: Here) -> Press:
    with transaction():
        protection.lift_hold(**lead(here))  # type: ignore[arg-type]
        protection.place_hold(reason=HoldReason.REQUEST, **lead(here))  # type: ignore[arg-type]
    return Press()


def export_colleague(here: Here) -> Press:
    address = session().get_one(Person, here.scene.teacher_id).email
    return Press({"colleague": address}, quiet="it gives a file and changes nothing")


def expunge(here: Here) -> Press:
    unapproved(here)
    return Press({"words": "liked the song", "sure": "yes"})


def export(here: Here) -> Press:
    contact(here, "asks@home.example")
    return Press({"address": "asks@home.example"}, quiet="it gives a file and changes nothing")


def unapproved(here: Here) -> Press:
    return Press(objects={"prompt_id": prompt(here, sentence="We liked the song.", sentence_by=here.scene.teacher_id)})


def told(here: Here) -> Press:
    return Press(objects={"prompt_id": prompt(here)})


def trouble(here: Here) -> Press:
    with transaction() as work:
        row = OutboundEmail(
            key=f"press-{here.scene.school_id}-{clock.now()}", kind="family-digest", subject_id=9999, recipient_id=9999,
            recipient_kind=RecipientKind.CONTACT, state=MailState.FAILED, created_at=clock.now(), due_at=clock.now(),
            outcome="550",
        )  # fmt: skip
        work.add(row)
        work.flush()
        return Press(objects={"email_id": row.id})


def half_terms(_here: Here) -> Press:
    return Press({"summer-2_last": "2027-07-20"})


def reading(here: Here, text: str) -> int:
    with transaction():
        reading = read_pasted(text, nation=Nation.ENGLAND)
        return school.start_import(readings={"": reading}, wanted_year=2026, **lead(here)).id  # type: ignore[arg-type]


TERMS = """Autumn term: Wednesday 2 September 2026 to Friday 18 December 2026
Half term: Monday 26 October 2026 to Friday 30 October 2026
Spring term: Monday 4 January 2027 to Thursday 25 March 2027
Half term: Monday 15 February 2027 to Friday 19 February 2027
Summer term: Monday 12 April 2027 to Wednesday 21 July 2027
Half term: Monday 31 May 2027 to Friday 4 June 2027
"""


def use(here: Here) -> Press:
    change_id = reading(here, TERMS + "INSET day: Tuesday 8 December 2026\n")
    return Press(objects={"change_id": change_id})


def drop_reading(here: Here) -> Press:
    return Press(objects={"change_id": reading(here, TERMS)})


def undo_change(here: Here) -> Press:
    return Press(
        objects={"change_id": last(CalendarChange, CalendarChange.applied_at.is_not(None), CalendarChange.undone_at.is_(None))}
    )


def import_run_of(here: Here, table: bytes) -> int:
    with transaction():
        return importers.start_run(
            uploads=[importers.Upload("classes.csv", table)], academic_year_id=here.scene.academic_year_id, today=clock.today(),
            **lead(here),  # type: ignore[arg-type]
        ).id  # fmt: skip


def answers(here: Here) -> Press:
    run_id = import_run_of(here, b"Class,Year group\n1 Ash,Year 1\nKestrel,\n")
    asked = importers.differences(importers.import_run(run_id)).open_questions
    return Press({f"answer-{one.name}": one.options[-1][0] for one in asked}, objects={"run_id": run_id})


def drop_run(here: Here) -> Press:
    return Press(objects={"run_id": import_run_of(here, b"Class,Year group\n1 Yew,Year 1\n")})


def undo_run(here: Here) -> Press:
    run_id = import_run_of(here, b"Class,Year group\n1 Rowan,Year 1\n")
    with transaction():
        run = importers.import_run(run_id)
        asked = {one.name: one.options[-1][0] for one in importers.differences(run).open_questions}
        importers.save_answers(run_id=run_id, answers=asked, **lead(here))  # type: ignore[arg-type]
        run = importers.import_run(run_id)
        importers.apply_run(run_id=run_id, shown=importers.differences(run).digest(), today=clock.today(), **lead(here))  # type: ignore[arg-type]
    return Press(objects={"run_id": run_id})


def password(here: Here) -> Press:
    with transaction() as work:
        work.get_one(Person, here.person_id).password_hash = hash_password(PASSWORD)
    said = {"old_password": PASSWORD, "password": "tall amber window 82"}
    return Press(said, quiet="what changes is a secret, which is not looked at")


def proof(here: Here) -> Press:
    with transaction() as work:
        work.get_one(Person, here.person_id).password_hash = hash_password(PASSWORD)
    return Press({"password": PASSWORD}, quiet="it notes in the session when somebody showed who they are")


def code(here: Here) -> Press:
    held = session().get_one(SecondFactor, here.person_id)
    return Press({"code": code_at(crypto.decrypt(held.secret_encrypted), int(clock.now().timestamp()) // 30)})


def their_factor(here: Here) -> Press:
    with transaction() as work:
        work.merge(SecondFactor(
            person_id=here.scene.lead_id, secret_encrypted=crypto.encrypt("JBSWY3DPEHPK3PXP"), last_step=0,
            created_at=clock.now(), confirmed_at=clock.now(),
        ))  # fmt: skip
    return Press(objects={"person_id": here.scene.lead_id})


def other_browser(here: Here) -> Press:
    with transaction() as work:
        row = SignInSession(
            token_hash=f"other-{here.person_id}-{clock.now()}", person_id=here.person_id,
            school_id=here.scene.school_id, started_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=12),
        )  # fmt: skip
        work.add(row)
        work.flush()
        return Press(objects={"session_id": row.id})


def feed(here: Here, *, own: bool) -> Press:
    whose = CalendarFeed.person_id == here.person_id if own else CalendarFeed.teaching_group_id == here.scene.group_ids["Y1"]
    return Press(objects={"feed_id": last(CalendarFeed, whose, CalendarFeed.revoked_at.is_(None))})


def new_class(spare: Sequence[int], **more: Value) -> Callable[[Here], Press]:
    """Say what a class is, with no time in the spare rows."""
    rows = {f"slots-{n}-weekday": "" for n in spare}
    return pressed_with({**rows, "size": "24", "stage": "", "stage_reason": "", **more}, words="50")


def pdf() -> bytes:
    return a_pdf()


def waiting_contacts(here: Here) -> int:
    from eduprog.families import importers as family_importers
    from eduprog.families.rules import ContactBasis

    line = family_importers.ContactLine("later@home.example", here.scene.group_ids["Y1"])
    with transaction():
        return family_importers.start_contacts(
            table=family_importers.ContactTable((line,), ()), basis=ContactBasis.ASK, **lead(here)  # type: ignore[arg-type]
        ).id  # fmt: skip
