"""Puts the pieces together: settings, database, features, commands. The only importer of views."""

from __future__ import annotations

import logging
import os
import secrets
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import structlog
from flask import Blueprint, Flask, g, request
from flask.cli import ScriptInfo
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from sqlalchemy.exc import DatabaseError
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from eduprog.accounts import emails as accounts_emails
from eduprog.accounts import jobs as accounts_jobs
from eduprog.accounts import views as accounts_views
from eduprog.accounts.commands import add_school, forget_account_elsewhere, forget_second_step, init
from eduprog.checks import views as checks_views
from eduprog.core import crypto, paths
from eduprog.core.db import db
from eduprog.core.errors import BadSettings
from eduprog.core.jobs import Job, SiteJob
from eduprog.core.markdown import render, render_inline
from eduprog.core.settings import Settings, build_settings, from_environment, read_config_file
from eduprog.coverage import views as coverage_views
from eduprog.curriculum import catalogue
from eduprog.curriculum.commands import lessons
from eduprog.curriculum.faults import LessonFaults
from eduprog.curriculum.loader import load_curriculum
from eduprog.delivery import views as delivery_views
from eduprog.delivery.commands import tallies
from eduprog.demo import views as demo_views
from eduprog.demo.commands import demo
from eduprog.families import emails as families_emails
from eduprog.families import jobs as families_jobs
from eduprog.families import views as families_views
from eduprog.followups.commands import followups
from eduprog.gates import emails as gates_emails
from eduprog.gates import views as gates_views
from eduprog.library import views as library_views
from eduprog.library.queries import own as own_lessons
from eduprog.mail import views as mail_views
from eduprog.mail.commands import returned_mail
from eduprog.mail.jobs import DISPATCH, POLL_NOTIFY
from eduprog.mail.rules import MailKind, install_kinds
from eduprog.organisations import views as organisations_views
from eduprog.planning import views as planning_views
from eduprog.protection import jobs as protection_jobs
from eduprog.protection import views as protection_views
from eduprog.protection.commands import data
from eduprog.reminders import emails as reminders_emails
from eduprog.reminders import jobs as reminders_jobs
from eduprog.reminders import views as reminders_views
from eduprog.scheduler import commands as scheduler_commands
from eduprog.scheduler import jobs as scheduler_jobs
from eduprog.scheduler import queries as scheduler_queries
from eduprog.scheduler import views as scheduler_views
from eduprog.school import jobs as school_jobs
from eduprog.school import views as school_views
from eduprog.school.commands import calendar
from eduprog.web import busy, compression, errors, guards, navigation, security, templating
from eduprog.web.assets import asset_url, is_immutable
from eduprog.web.converters import PlainRequest, RowNumber
from eduprog.web.filters import FILTERS
from eduprog.wholeschool import views as wholeschool_views
from eduprog.yearcycle import jobs as yearcycle_jobs
from eduprog.yearcycle import views as yearcycle_views

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_views.blueprint,
    organisations_views.blueprint,
    mail_views.blueprint,
    school_views.blueprint,
    gates_views.blueprint,
    library_views.blueprint,
    checks_views.blueprint,
    wholeschool_views.blueprint,
    planning_views.blueprint,
    families_views.blueprint,
    delivery_views.blueprint,
    coverage_views.blueprint,
    reminders_views.blueprint,
    yearcycle_views.blueprint,
    protection_views.blueprint,
    scheduler_views.blueprint,
    demo_views.blueprint,
)
COMMANDS: tuple[click.Command, ...] = (
    init,
    add_school,
    forget_account_elsewhere,
    forget_second_step,
    lessons,
    followups,
    tallies,
    calendar,
    scheduler_commands.serve,
    scheduler_commands.dispatch,
    scheduler_commands.worker,
    scheduler_commands.scheduler,
    scheduler_commands.db,
    scheduler_commands.doctor,
    scheduler_commands.backup,
    scheduler_commands.restore,
    scheduler_commands.sbom,
    returned_mail,
    data,
    demo,
)
MAIL_KINDS: tuple[MailKind, ...] = ()
# In the order in which `eduprog scheduler run-once` runs them: mail last.
JOBS: tuple[Job | SiteJob, ...] = (
    *accounts_jobs.JOBS,
    *families_jobs.JOBS,
    *reminders_jobs.JOBS,
    *yearcycle_jobs.JOBS,
    *school_jobs.JOBS,
    *protection_jobs.JOBS,
    *scheduler_jobs.JOBS,
    POLL_NOTIFY,
    DISPATCH,
)

_YEAR = 365 * 24 * 3600


def load_settings(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings: defaults, then a `config.py` of the installation, then EDUPROG_* variables, then the overrides.

    Raises BadSettings listing every bad value with the place it came from.
    """
    environment = os.environ if environment is None else environment
    layers = [read_config_file(paths.DEFAULT_CONFIG)]
    chosen = Path(environment.get("EDUPROG_CONFIG") or "config.py")
    if "EDUPROG_CONFIG" in environment and not chosen.is_file():
        raise BadSettings(f"EDUPROG_CONFIG names {chosen}, but there is no such file.")
    if chosen.is_file() and chosen.resolve() != paths.DEFAULT_CONFIG.resolve():
        layers.append(read_config_file(chosen))
    layers.append(from_environment(environment))
    layers.append(("command line", overrides))
    return build_settings(layers)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises BadSettings or LessonFaults, each listing all it found, rather than start half right."""
    settings = settings or load_settings()
    crypto.install(crypto.read_keys(settings.KEY_FILE))
    catalogue.install(load_curriculum(_lessons_root(settings), cache=settings.DATA_DIR / "cache"))
    catalogue.extend_by(own_lessons.extended)
    app = Flask("eduprog", static_folder=None, template_folder=None)
    app.extensions["eduprog"] = settings
    app.url_map.converters["int"] = RowNumber
    app.request_class = PlainRequest
    _log(settings)
    _database(app, settings)
    _pages(app, settings)
    _people(app, settings)
    _behind_proxy(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    senders = (accounts_emails, gates_emails, families_emails, reminders_emails)
    install_kinds((*MAIL_KINDS, *(kind for sender in senders for kind in sender.mail_kinds(settings.BASE_URL))))
    app.extensions["eduprog_jobs"] = JOBS
    app.extensions["eduprog_first_pages"] = (yearcycle_views.first_page_of_admin, coverage_views.first_page_of_lead)
    return app


def _lessons_root(settings: Settings) -> Path:
    return settings.LESSONS_DIR if str(settings.LESSONS_DIR) not in ("", ".") else paths.LESSONS


def _log(settings: Settings) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, settings.LOG_LEVEL)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def _database(app: Flask, settings: Settings) -> None:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.DATABASE_URL
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    db.init_app(app)
    Migrate(app, db, directory=str(paths.MIGRATIONS), render_as_batch=True)


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.DATABASE_URL.startswith("sqlite"):
        return {"connect_args": {"timeout": 15}, "pool_size": settings.THREADS + 6, "max_overflow": 8}
    # A machine put to sleep in the middle of a unit of work must not keep a school waiting until it wakes.
    waits = "-c lock_timeout=15s -c idle_in_transaction_session_timeout=30s"
    return {
        "pool_size": settings.THREADS + 4, "max_overflow": 4, "pool_pre_ping": True, "connect_args": {"options": waits}
    }  # fmt: skip


def _pages(app: Flask, settings: Settings) -> None:
    app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"] = crypto.flask_secret()
    app.config["WTF_CSRF_TIME_LIMIT"] = 12 * 3600
    app.config["WTF_CSRF_SSL_STRICT"] = False  # Origin is checked by our own guard; the Referer is not sent
    govuk = {name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}
    app.jinja_loader = ChoiceLoader([FileSystemLoader(str(paths.TEMPLATES)), PrefixLoader(govuk)])
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    templating.set_up(app)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.filters["markdown"] = render
    app.jinja_env.filters["inline_markdown"] = render_inline
    app.jinja_env.globals.update(
        asset_url=asset_url, csp_nonce=security.csp_nonce, may=guards.may, demo=settings.DEMO, one_week=timedelta(weeks=1)
    )
    WTFormsHelpers(app)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the guard asks, so that signed links can be their own proof
    app.extensions["csrf"] = CSRFProtect(app)
    app.jinja_env.globals["csrf_token"] = templating.csrf_token
    app.context_processor(lambda: {"csrf_token": templating.csrf_token})
    app.before_request(_name_request)
    compression.compress(app)
    security.protect(app, settings)
    errors.answer_errors(app)
    guards.enforce(app)
    busy.spare(app, settings)
    app.context_processor(navigation.page_frame)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # how WSGI middleware is put in
        app.wsgi_app,
        root=str(paths.STATIC / "built"),
        prefix="assets/",
        max_age=_YEAR,
        immutable_file_test=is_immutable,
    )


def _behind_proxy(app: Flask, settings: Settings) -> None:
    """Believe the one proxy in front of us about who asks; without one nobody is believed."""
    if settings.BEHIND_PROXY:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # how WSGI middleware is put in


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, endpoint=request.endpoint)


def _people(app: Flask, settings: Settings) -> None:
    login = LoginManager()
    login.session_protection = None  # our sessions are rows, not Flask's cookie
    login.init_app(app)
    login.request_loader(accounts_views.load_signed_in)


class _Cli(click.Group):
    """The `eduprog` command: what cannot start says why in sentences instead of a trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; bad settings, broken lessons and a database that is not ready are told as they are."""
        try:
            return super().invoke(ctx)
        except (BadSettings, LessonFaults) as problem:
            told = str(problem)
        except DatabaseError as problem:
            words = scheduler_queries.in_words(problem)
            if words is None:
                raise
            told = words
        click.echo(told, err=True)
        ctx.exit(2)


cli = _Cli(name="eduprog", help="Runs a school's prevention education programme.", commands={c.name or "": c for c in COMMANDS})


def main() -> None:
    """Run the command line; commands marked `with_appcontext` get the application."""
    script = ScriptInfo(create_app=create_app)
    script.data["load_settings"] = load_settings
    cli(obj=script)
