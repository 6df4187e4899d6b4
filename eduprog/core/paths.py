"""Where lessons, templates, migrations and the default settings lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_SHIPPED = _PACKAGE / "_shipped"
_HOME = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent

LESSONS = _HOME / "lessons"
TEMPLATES = _HOME / "templates"
MIGRATIONS = _HOME / "migrations"
DEFAULT_CONFIG = _HOME / "config.py"
STATIC = _PACKAGE / "static"
TRANSLATIONS = _PACKAGE / "translations"
