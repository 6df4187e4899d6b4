"""Runs migrations on the application's own engine; PostgreSQL waits at most a few seconds for a lock."""

from alembic import context
from flask import current_app
from sqlalchemy import text

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata


def include_name(name, type_, parent_names):
    """Leave the tables of other tools alone."""
    return not (type_ == "table" and (name or "").startswith("procrastinate_"))


def include_object(thing, _name, _type, _reflected, _other):
    """Leave alone what only the other engine has, as it keeps here by triggers what a key says there (`ddl_if`)."""
    condition = getattr(thing, "_ddl_if", None)
    return condition is None or condition.dialect in (None, engine.dialect.name)


with engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.execute(text("SELECT pg_advisory_lock(20260901)"))
        connection.commit()
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, include_name=include_name,
        include_object=include_object, compare_type=True, transaction_per_migration=True,
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
