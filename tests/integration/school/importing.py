"""A school that imports files, by the pages and by the actions, and digests of its whole database."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from eduprog.core.db import Base, session, transaction
from eduprog.core.permissions import Role, command
from eduprog.core.tenancy import school_scope
from eduprog.school import actions as school
from eduprog.school import importers, queries
from tests.factories.organisations import a_school
from tests.support.page import Browser, Page
from tests.support.people import make_person, sign_in
from tests.support.scenes import HALF_TERMS

TESTS = command("tests")
NOW = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 9, 10)
CHORES = {"audit_entry", "audit_head", "import_run", "import_choice", "sign_in_session", "session_seen", "alembic_version"}


class Importing:
    """A school with an academic year and an admin."""

    def __init__(self, *, two_weeks: bool = False, name: str = "Hazel Bank School") -> None:
        with transaction() as work:
            made = a_school(name=name)
            work.add(made)
            work.flush()
            self.school_id = made.id
            with school_scope(made.id):
                self.year_id = school.add_academic_year(
                    starts_on=date(2026, 9, 1), ends_on=date(2027, 7, 21), half_terms=HALF_TERMS,
                    first_week_a=date(2026, 9, 7) if two_weeks else None, by=TESTS, now=NOW,
                ).id  # fmt: skip
        self.admin_id = make_person(name="Adi Admin", school_id=self.school_id, roles=(Role.SCHOOL_ADMIN,))

    def browser(self, browser: Browser) -> Browser:
        """Sign the admin in."""
        sign_in(browser, self.admin_id, self.school_id)
        return browser

    def start(self, files: Mapping[str, bytes], **columns: Any) -> int:
        """Upload; give the run's id."""
        uploads = [importers.Upload(name, data) for name, data in files.items()]
        with school_scope(self.school_id), transaction():
            return importers.start_run(
                uploads=uploads, academic_year_id=self.year_id, by=TESTS, now=NOW, today=TODAY, **columns
            ).id

    def differences(self, run_id: int) -> importers.Differences:
        """Give what it would do."""
        with school_scope(self.school_id):
            return importers.differences(importers.import_run(run_id))

    def answer(self, run_id: int, **answers: str) -> importers.Differences:
        """Answer questions by the start of their names."""
        found = self.differences(run_id)
        full = {q.name: value for q in found.questions for start, value in answers.items() if q.name.split(":")[0] == start}
        with school_scope(self.school_id), transaction():
            return importers.save_answers(run_id=run_id, answers=full, by=TESTS, now=NOW)

    def apply(self, run_id: int) -> dict[str, int]:
        """Do it; give the counts."""
        shown = self.differences(run_id).digest()
        with school_scope(self.school_id), transaction():
            return dict(importers.apply_run(run_id=run_id, shown=shown, by=TESTS, now=NOW, today=TODAY).counts)

    def undo(self, run_id: int) -> int:
        """Undo it."""
        with school_scope(self.school_id), transaction():
            return importers.undo_run(run_id=run_id, by=TESTS, now=NOW)

    def take(self, files: Mapping[str, bytes], **answers: str) -> int:
        """Upload, answer and apply; give the run's id."""
        run_id = self.start(files)
        if answers:
            self.answer(run_id, **answers)
        self.apply(run_id)
        return run_id

    def classes(self) -> dict[str, dict[str, Any]]:
        """Give the classes there are, by name."""
        session().rollback()
        with school_scope(self.school_id):
            return {
                group.name: {
                    "years": [year.value for year in group.year_groups],
                    "size": group.size,
                    "lead": group.lead_teacher.name if group.lead_teacher else None,
                    "slots": len(group.slots),
                    "ended": group.ended_on,
                }
                for group in queries.groups_of_year(self.year_id)
            }


def database_digest(*, without: set[str] = CHORES) -> str:
    """Give a digest of every row of every table but those that only keep the books; numbers of rows themselves do not count."""
    session().rollback()
    found = []
    with session().get_bind().connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in without:
                continue
            numbered = table.name.startswith("imported_")
            columns = [c for c in table.columns if c.name != "version" and not (numbered and c.primary_key)]
            rows = connection.execute(select(*columns)).all()
            found.append((table.name, sorted(repr(tuple(row)) for row in rows)))
    return hashlib.sha256(repr(found).encode()).hexdigest()


def every_cell() -> str:
    """Give everything any table holds, as one text to look for names in."""
    session().rollback()
    with session().get_bind().connect() as connection:
        return "\n".join(repr(row) for table in Base.metadata.sorted_tables for row in connection.execute(select(table)))


def upload(browser: Browser, page: Page, files: Mapping[str, bytes], **more: Any) -> Page:
    """Send files by the form of a page."""
    fields: dict[str, Any] = {**page.form("/school/imports"), **more}
    fields["files"] = [(io.BytesIO(data), name) for name, data in files.items()]
    return browser.post("/school/imports", fields, content_type="multipart/form-data")
