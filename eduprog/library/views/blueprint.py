"""What every page of the library hangs on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("library", __name__)
