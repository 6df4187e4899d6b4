"""Is the database what the models say, can it go up and down, and does it keep to what we promised never to store?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Enum, NullPool, String, Text, create_engine, inspect, text
from sqlalchemy.engine import Engine

from eduprog.core import crypto
from eduprog.core.db import Base, db
from eduprog.core.tenancy import SchoolOwned
from eduprog.wiring import create_app, load_settings
from tests.factories import rows

TABLES = Base.metadata.sorted_tables
# A place a signed-in person has chosen, not a row that belongs to a school.
NOT_OWNED = {"sign_in_session"}
PUPIL_WORDS = re.compile(
    r"pupil|child|student|learner|forename|surname|(first|last|given|middle|preferred)_?name|birth|(^|_)dob(_|$)|(^|_)upn(_|$)|gender|sex(_|$)"
    r"|ethnic|religio|faith|(^|_)send?(_|$)|premium|concern|disclos|incident|(^|_)notes?(_|$)|comment|remark|free_?text|diagnos|medical"
)
# Every column that can hold words, and whose words they are: a new one has to be argued for here.
WORDS = {
    "adults of the school": {
        "person.email", "person.name", "invitation.email", "invitation.name", "school.contact_email", "school.contact_phone",
        "school_settings.dsl_name", "school_settings.dsl_deputies", "school_settings.dsl_place",
        "school_settings.question_box_reader", "deputy_cover.name", "deputy_cover.place",
    },
    "where else people have accounts, as the site admin says it": {
        "sign_in_provider.name", "sign_in_provider.issuer", "sign_in_provider.client_id", "provider_domain.domain",
    },
    "names of schools and classes": {
        "school.name", "school.slug", "school_group.name", "school_group.slug", "teaching_group.name",
    },
    "a sentence a teacher adds to a message home; the form says not to write about a child, and the message check reads it": {
        "parent_prompt.sentence",
    },
    "what the school tells all its parents and carers, and the name of its policy": {
        "sent_notice.wording", "sent_notice.year_groups", "policy_document.title",
    },
    "languages and keys a school has chosen": {"family_choices.draft_languages", "notify_account.template_id"},
    "an act of the school in one sentence; the form says not to write about a child": {
        "whole_school_act.title", "whole_school_act.evidence",
    },
    "a bought scheme and its lessons, as its publisher calls them": {"mapped_lesson.source", "mapped_lesson.title"},
    "a framework of the school from its own spreadsheet, and which clauses it asks for": {
        "school_framework.title", "school_framework.version", "school_statement.code", "school_statement.words",
        "statement_mapping.framework_id", "statement_mapping.framework_version", "statement_mapping.clause_id",
        "contribution.framework_id", "contribution.framework_version", "contribution.clause_id",
    },
    "ours: codes, keys and sentences that eduprog writes": {
        "audit_entry.actor_name", "audit_entry.act", "audit_entry.subject", "audit_entry.salt",
        "outbound_email.key", "outbound_email.kind",
        "outbound_email.owner", "outbound_email.outcome", "suppressed_address.reason", "job_run.name", "job_run.fault",
        "whole_school_act.act_id", "parent_carer.language", "consent_record.wording", "pause.subject", "delivery.once_key",
        "check_answer.question", "went_ahead.missing", "closed_sign_off.act_id",
    },
}  # fmt: skip
HASHED = re.compile(r"(_hash|_encrypted|digest)$")


@pytest.fixture(params=["sqlite", "postgresql"])
def two_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, Engine]]:
    """An application on an empty database, and an engine on another one made straight from the models."""
    urls = _sqlite(tmp_path) if request.param == "sqlite" else _postgresql(request.getfixturevalue("cluster"))
    settings = load_settings(
        {}, DATA_DIR=str(tmp_path), DATABASE_URL=urls[0], MAIL_TRANSPORT="folder", SCHEDULER=False, LOG_LEVEL="ERROR"
    )
    crypto.write_keys(crypto.make_keys(), settings.KEY_FILE)
    held = crypto._keys
    app = create_app(settings)
    crypto._keys = held or crypto._keys
    models = create_engine(urls[1], poolclass=NullPool)
    Base.metadata.create_all(models)
    with app.app_context():
        yield app, models
        db.engine.dispose()


def _sqlite(folder: Path) -> list[str]:
    return [f"sqlite:///{folder / name}.db" for name in ("migrated", "models")]


def _postgresql(cluster: Any) -> list[str]:
    names = ["migrated", "models"]
    with create_engine(cluster.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
    return [cluster.url(name) for name in names]


def test_the_migrated_schema_is_the_models_with_every_constraint_and_index(two_databases: tuple[Flask, Engine]) -> None:
    upgrade()
    check()  # raises where the next migration would find something to do
    # That comparison does not look at CHECKs, conditions of indexes or what a deletion does.
    migrated, modelled = _promises(db.engine), _promises(two_databases[1])
    assert set(migrated) - {"alembic_version"} == set(modelled)
    for table, promises in modelled.items():
        assert migrated[table] == promises, table


def test_migrations_go_up_down_and_up_again_on_a_filled_database(two_databases: tuple[Flask, Engine]) -> None:
    upgrade()
    _fill()
    before = _promises(db.engine)
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade()
    assert _promises(db.engine) == before
    _fill()


def _fill() -> None:
    with db.engine.begin() as connection:
        for table in TABLES:
            rows.add(connection, table)


def _promises(engine: Engine) -> dict[str, set[tuple[str, ...]]]:
    """Give what each table promises, as words: columns, CHECKs, unique constraints, references and indexes."""
    seen = inspect(engine)
    found: dict[str, set[tuple[str, ...]]] = {}
    for read in ("columns", "check_constraints", "unique_constraints", "foreign_keys", "indexes"):
        for (_schema, table), items in getattr(seen, f"get_multi_{read}")().items():
            found.setdefault(table, set()).update((read, _words(item)) for item in items)
    engine.dispose()
    return found


def _words(item: Any) -> str:
    if isinstance(item, dict):
        return str(sorted((name, _words(value)) for name, value in item.items()))
    return str([_words(part) for part in item]) if isinstance(item, (list, tuple)) else str(item)


def test_every_row_with_a_school_belongs_to_it() -> None:
    with_school = {table.name for table in TABLES if "school_id" in table.c}
    owned = {str(mapper.class_.__tablename__) for mapper in Base.registry.mappers if issubclass(mapper.class_, SchoolOwned)}
    assert with_school - owned == NOT_OWNED
    assert all(not table.c.school_id.nullable for table in TABLES if table.name in owned)


def test_no_column_could_hold_a_pupils_name_or_what_a_child_told() -> None:
    found = [f"{table.name}.{column.name}" for table in TABLES for column in table.columns if PUPIL_WORDS.search(column.name)]
    assert found == ["school_settings.sex_education_prompts"]  # a choice about which prompts are sent
    assert [table.name for table in TABLES if PUPIL_WORDS.search(table.name)] == []


def test_every_column_that_can_hold_words_is_argued_for() -> None:
    wordy = {
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if isinstance(column.type, (String, Text)) and not isinstance(column.type, Enum)
        if not HASHED.search(column.name) and column.name != "module_id"
    }
    assert wordy == set().union(*WORDS.values())
