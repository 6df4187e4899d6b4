"""Does `eduprog tallies` find a figure that is wrong, and mend it?"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update

from eduprog.core.db import session, transaction
from eduprog.core.tenancy import school_scope
from eduprog.curriculum.vocabulary import YearGroup
from eduprog.delivery.commands import tallies
from eduprog.organisations import queries as organisations
from eduprog.tallies.models import SchoolTally
from tests.support.scenes import Scene, a_planned_school


def _run(app: Flask, *words: str, ends_with: int = 0) -> str:
    session().rollback()
    done = app.test_cli_runner().invoke(tallies, words)
    assert done.exit_code == ends_with, done.output
    return str(done.output)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return a_planned_school(name="Oak School", years=(YearGroup.Y1,))


@pytest.fixture
def slug(scene: Scene) -> str:
    with school_scope(scene.school_id):
        return organisations.current_school().slug


def test_a_figure_that_is_wrong_is_named_and_made_right(app: Flask, scene: Scene, slug: str) -> None:
    assert "every figure equals a recount" in _run(app, "check")
    with transaction(), school_scope(scene.school_id):
        session().execute(update(SchoolTally).values(planned=SchoolTally.planned + 5))
    told = _run(app, "check", "--school", slug, ends_with=1)
    assert "figures differ" in told
    assert "school_tally" in told
    assert "figures mended" in _run(app, "rebuild", "--school", slug)
    assert "every figure equals a recount" in _run(app, "check")
    assert "every figure was right" in _run(app, "rebuild")


def test_a_school_nobody_knows_is_said_so(app: Flask, scene: Scene) -> None:
    assert "No school has the short name nowhere." in _run(app, "check", "--school", "nowhere", ends_with=1)
