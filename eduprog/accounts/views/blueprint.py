"""The blueprint that every page of accounts hangs on."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState

from eduprog.accounts.rules import warm_up
from eduprog.core.settings import Settings

blueprint = Blueprint("accounts", __name__)


@blueprint.record_once
def _prepare(_state: BlueprintSetupState) -> None:
    warm_up()


def settings() -> Settings:
    """Give what this installation runs with."""
    held: Settings = current_app.extensions["eduprog"]
    return held
