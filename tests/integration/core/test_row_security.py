"""Does PostgreSQL alone keep schools apart when the application's filter is gone, and does everything work under it?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, func, insert, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from eduprog.core import clock, tenancy
from eduprog.core.db import Base, db, session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import SchoolOwned, across_schools, school_scope
from eduprog.curriculum.vocabulary import ActKind
from eduprog.delivery import actions as delivery
from eduprog.delivery.rules import LessonOutcome
from eduprog.mail.models import OutboundEmail
from eduprog.mail.rules import MailState, install_kinds, installed_kinds
from eduprog.organisations.models import School
from eduprog.organisations.rules import Nation, Phase
from eduprog.planning import queries as planning
from eduprog.scheduler.jobs import run_once
from eduprog.wholeschool import actions as wholeschool
from eduprog.wholeschool.models import WholeSchoolAct
from tests.factories import rows
from tests.factories.mail import Notices, an_outbound_email
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import Scene, a_planned_school

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWNED = sorted(str(m.class_.__tablename__) for m in Base.registry.mappers if issubclass(m.class_, SchoolOwned))


@pytest.fixture
def engine_name() -> str:
    """Row-level security is PostgreSQL's."""
    return "postgresql"


@pytest.fixture
def ordinary(app: Flask) -> Iterator[None]:
    """Speak to the database as a role that may not step over row-level security, as in production."""
    with db.engine.begin() as connection:
        exists = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = 'ordinary_app'")).first()
        if not exists:
            connection.execute(text("CREATE ROLE ordinary_app NOSUPERUSER NOBYPASSRLS"))
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO ordinary_app"))
        connection.execute(text("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ordinary_app"))
    session().rollback()
    db.engine.dispose()

    def become(connection: Any, _record: object) -> None:
        connection.execute("SET ROLE ordinary_app")
        connection.commit()

    event.listen(db.engine, "connect", become)
    yield
    session().rollback()
    event.remove(db.engine, "connect", become)
    db.engine.dispose()


@pytest.fixture
def no_filter() -> Iterator[None]:
    """Take the application's own filter and stamp away."""
    event.remove(Session, "do_orm_execute", tenancy._filter_reads)
    yield
    event.listen(Session, "do_orm_execute", tenancy._filter_reads)


def test_every_table_with_a_school_has_the_wall(app: Flask) -> None:
    walls = session().execute(
        text("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r' ORDER BY relname")
    )
    assert [row[0] for row in walls] == OWNED
    assert len(OWNED) > 40


def test_with_the_filter_removed_the_database_shows_no_row_of_another_school(app: Flask, ordinary: None, no_filter: None) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("RESET ROLE"))
        for table in Base.metadata.sorted_tables:
            rows.add(connection, table)
        connection.execute(text("SET ROLE ordinary_app"))
    db.engine.dispose()
    filled = 0
    with across_schools("the test counts"):
        first = session().scalars(select(func.min(School.id))).one()
        totals = {name: session().execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in OWNED}
        another = School(
            name="Another", slug="another", nation=Nation.ENGLAND, phase=Phase.PRIMARY, contact_email="o@x.example",
            contact_phone="", created_at=NOW,
        )  # fmt: skip
    with transaction() as work:
        work.add(another)
        work.flush()
        other_id = another.id
    with school_scope(other_id):
        for name in OWNED:
            assert session().execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() == 0, name
            filled += totals[name] > 0
    assert filled == len(OWNED)
    session().rollback()
    assert [session().execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in OWNED] == [0] * len(OWNED)
    assert first != other_id


def test_with_the_filter_removed_no_foreign_row_is_changed_deleted_or_added(app: Flask, ordinary: None, no_filter: None) -> None:
    own, other = a_planned_school(name="Oakfield Primary School"), a_planned_school(name="Marsh House Academy")
    with school_scope(own.school_id), transaction():
        theirs = wholeschool.plan_act(
            academic_year_id=own.academic_year_id, kind=ActKind.POLICY_REVIEW, due_on=NOW.date(), by=person(own.lead_id), now=NOW
        ).id
    with school_scope(other.school_id):
        with transaction() as work:
            assert work.scalars(select(WholeSchoolAct)).all() == []
            assert work.execute(update(WholeSchoolAct).values(title="x")).rowcount == 0  # type: ignore[attr-defined]
            assert work.execute(delete(WholeSchoolAct)).rowcount == 0  # type: ignore[attr-defined]
        row = {"school_id": own.school_id, "academic_year_id": own.academic_year_id, "kind": ActKind.ASSEMBLY, "aspect": "pupils",
               "title": "", "due_on": NOW.date(), "state": "planned", "evidence": "", "version": 1}  # fmt: skip
        with pytest.raises(ProgrammingError, match="row-level security"), transaction() as work:
            work.execute(insert(WholeSchoolAct.__table__).values(row))
    with school_scope(own.school_id):
        assert session().scalars(select(WholeSchoolAct.id)).all() == [theirs]


def test_what_was_told_inside_a_savepoint_is_told_again_once_that_is_rolled_back(
    app: Flask, ordinary: None, no_filter: None
) -> None:
    own, other = a_planned_school(name="Oakfield Primary School"), a_planned_school(name="Marsh House Academy")
    counted = text("SELECT min(school_id), max(school_id) FROM teaching_group")
    with school_scope(own.school_id), transaction() as work:
        with suppress(ZeroDivisionError), work.begin_nested():
            assert work.execute(counted).one() == (own.school_id, own.school_id)
            raise ZeroDivisionError
        assert work.execute(counted).one() == (own.school_id, own.school_id)
        with across_schools("the test counts"), suppress(ZeroDivisionError), work.begin_nested():
            assert work.execute(counted).one() == (own.school_id, other.school_id)
            raise ZeroDivisionError
        assert work.execute(counted).one() == (own.school_id, own.school_id)
    with school_scope(other.school_id):
        assert session().execute(counted).one() == (other.school_id, other.school_id)
    assert session().execute(counted).one() == (None, None)


def test_schools_are_founded_taught_shown_and_written_to_under_the_wall(app: Flask, ordinary: None, browser: Browser) -> None:
    scene, _other = a_planned_school(name="Oakfield Primary School"), a_planned_school(name="Marsh House Academy")
    _record(scene)
    with school_scope(scene.school_id), transaction() as work:
        mail = an_outbound_email(due_at=clock.now())
        work.add(mail)
        work.flush()
        mail_id = mail.id
    before = installed_kinds()
    install_kinds([Notices().kind()])
    try:
        ran = dict(run_once(app, app.extensions["eduprog_jobs"], clock.now()))
    finally:
        install_kinds(before)
    assert {name: one.fault for name, one in ran.items() if one.fault} == {}
    session().rollback()
    with school_scope(scene.school_id):
        assert session().scalars(select(OutboundEmail.state).where(OutboundEmail.id == mail_id)).one() is MailState.SENT
    sign_in(browser, scene.lead_id, scene.school_id)
    for address in ("/my-week", "/whole-school", "/plan", "/coverage"):
        assert browser.get(address).status == 200, address
    admin = make_person(name="Admin", school_id=scene.school_id, roles=(Role.SCHOOL_ADMIN,))
    office = Browser(app)
    sign_in(office, admin, scene.school_id)
    assert "Mark Osei" in office.get("/staff").words


def _record(scene: Scene) -> None:
    with school_scope(scene.school_id):
        lesson_id = planning.lessons_of_class(scene.group_ids["Y1"])[0].id
        with transaction():
            delivery.record_delivery(
                planned_lesson_id=lesson_id, taught_on=NOW.date(), outcome=LessonOutcome.AS_PLANNED, by=scene.teacher, now=NOW,
                today=NOW.date(),
            )  # fmt: skip
