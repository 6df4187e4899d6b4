"""Do the units of work of one school happen one after the other, on both engines?"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.mail.models import OutboundEmail
from tests.factories.mail import an_outbound_email
from tests.factories.organisations import a_school

AT_ONCE = 6


def test_what_was_read_before_deciding_still_holds_when_it_is_written(app: Flask) -> None:
    with transaction() as work:
        school = a_school()
        work.add(school)
        work.flush()
        school_id = school.id
    gate = threading.Barrier(AT_ONCE)

    def add_the_only_one(_number: int) -> None:
        with app.app_context():
            gate.wait(20)
            with school_scope(school_id), transaction() as work:
                if work.scalar(select(func.count(OutboundEmail.id))) == 0:
                    work.add(an_outbound_email())
            session().rollback()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(add_the_only_one, range(AT_ONCE)))
    with school_scope(school_id):
        assert session().scalar(select(func.count(OutboundEmail.id))) == 1
