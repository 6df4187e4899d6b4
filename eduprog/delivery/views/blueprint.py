"""The blueprint that every page of delivery hangs on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("delivery", __name__)
