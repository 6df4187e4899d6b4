"""Running jobs: each school on its own, a heartbeat that shows silence, an end in good time."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from eduprog.core.db import session, transaction
from eduprog.core.jobs import Job, SiteJob
from eduprog.core.tenancy import current_school_id
from eduprog.scheduler import queries
from eduprog.scheduler.jobs import Clockwork, Heartbeat, Ran, run_job, run_once
from eduprog.scheduler.models import JobRun
from tests.factories.organisations import a_school

NOW = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)


@pytest.fixture
def school_ids(app: Flask) -> list[int]:
    """Three schools."""
    with transaction() as work:
        made = [a_school(name=name) for name in ("Ash", "Beech", "Cedar")]
        work.add_all(made)
        work.flush()
        return [school.id for school in made]


def test_a_schools_job_runs_for_each_school_with_that_school_current(app: Flask, school_ids: list[int]) -> None:
    seen: list[tuple[int, int]] = []

    def run(*, school_id: int, now: datetime) -> int:
        seen.append((school_id, current_school_id()))
        return 2

    assert run_job(app, Job("count", run, 60), NOW) == Ran(6)
    assert seen == [(i, i) for i in school_ids]


def test_one_schools_fault_stops_no_other_and_is_told(app: Flask, school_ids: list[int]) -> None:
    def run(*, school_id: int, now: datetime) -> int:
        if school_id == school_ids[1]:
            raise ZeroDivisionError
        return 1

    assert run_job(app, Job("divide", run, 60), NOW) == Ran(2, f"school {school_ids[1]}: ZeroDivisionError")


def test_asked_to_stop_a_job_ends_after_the_school_it_is_at(app: Flask, school_ids: list[int]) -> None:
    stopping = threading.Event()

    def run(*, school_id: int, now: datetime) -> int:
        stopping.set()
        return 1

    assert run_job(app, Job("stop", run, 60), NOW, stopping.is_set) == Ran(1)


def test_what_a_job_leaves_half_done_is_not_kept(app: Flask, school_ids: list[int]) -> None:
    def run(now: datetime) -> int:
        with transaction() as work:
            work.add(a_school(name="Half", slug="half"))
            work.flush()
            raise RuntimeError

    assert run_job(app, SiteJob("half", run, 60), NOW).fault == "RuntimeError"
    assert len(run_job_names(app)) == 0


def run_job_names(app: Flask) -> list[str]:
    session().rollback()
    return [name for (name,) in session().query(JobRun.name).order_by(JobRun.name)]


def test_running_once_notes_each_job_in_order(app: Flask, school_ids: list[int]) -> None:
    jobs = [SiteJob("b", lambda _now: 1, 60), SiteJob("a", lambda _now: 0, 60)]
    assert run_once(app, jobs, NOW) == [("b", Ran(1)), ("a", Ran(0))]
    assert run_once(app, jobs, NOW + timedelta(minutes=1))[0] == ("b", Ran(1))
    states = queries.job_states(jobs, NOW + timedelta(minutes=1))
    assert [(state.name, state.done, state.silent) for state in states] == [("b", 1, False), ("a", 0, False)]
    assert states[0].started_at == NOW + timedelta(minutes=1)


def test_an_idle_job_beats_once_a_minute_a_busy_or_broken_one_each_time(app: Flask) -> None:
    heart = Heartbeat(app)
    beats: list[datetime | None] = []
    for number, ran in enumerate([Ran(0), Ran(0), Ran(3), Ran(0, "broken"), Ran(0, "broken"), Ran(0)]):
        heart.note("x", NOW + timedelta(seconds=number), ran)
        session().rollback()
        beats.append(queries.job_states([SiteJob("x", lambda _now: 0, 60)], NOW)[0].started_at)
    assert [(beat - NOW).seconds if beat else None for beat in beats] == [0, 0, 2, 3, 3, 5]


def test_a_job_that_is_never_heard_of_is_silent(app: Flask) -> None:
    job = SiteJob("never", lambda _now: 0, 60)
    assert queries.job_states([job], NOW)[0].silent
    Heartbeat(app).note("never", NOW, Ran(0))
    session().rollback()
    assert not queries.job_states([job], NOW + timedelta(minutes=5))[0].silent
    assert queries.job_states([job], NOW + timedelta(minutes=5, seconds=1))[0].silent


def test_the_clock_runs_jobs_and_ends_when_asked(app: Flask, school_ids: list[int]) -> None:
    ran = threading.Event()
    slow = threading.Event()

    def run(now: datetime) -> int:
        ran.set()
        slow.wait(1)
        return 1

    clockwork = Clockwork(app, [SiteJob("tick", run, 3600)])
    clockwork.start()
    assert ran.wait(10)
    begun = time.monotonic()
    assert clockwork.stop(seconds=8)
    assert time.monotonic() - begun < 8
    assert run_job_names(app) == ["tick"]


def test_a_job_that_will_not_end_does_not_hold_up_the_end(app: Flask) -> None:
    ran, release = threading.Event(), threading.Event()

    def run(now: datetime) -> int:
        ran.set()
        release.wait(20)
        return 0

    clockwork = Clockwork(app, [SiteJob("stuck", run, 3600)])
    clockwork.start()
    assert ran.wait(10)
    begun = time.monotonic()
    assert not clockwork.stop(seconds=1)
    assert time.monotonic() - begun < 5
    release.set()


def test_a_job_has_one_last_run(app: Flask) -> None:
    with pytest.raises(IntegrityError), transaction() as work:
        work.add_all([JobRun(name="x", started_at=NOW), JobRun(name="x", started_at=NOW)])


def test_a_run_cannot_have_done_less_than_nothing(app: Flask) -> None:
    with pytest.raises(IntegrityError), transaction() as work:
        work.add(JobRun(name="x", started_at=NOW, done=-1))
