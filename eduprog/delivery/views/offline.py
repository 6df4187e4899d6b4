"""The script that lets My week and the record pages open without a signal."""

from __future__ import annotations

from flask import Response

from eduprog.core import paths
from eduprog.delivery.views.blueprint import blueprint
from eduprog.web.guards import public


@blueprint.get("/service-worker.js")
@public("a script that holds nothing of anybody; browsers fetch it on their own")
def service_worker() -> Response:
    """Give the service worker; it must lie at the root to see the pages it keeps."""
    return Response((paths.STATIC / "worker" / "service-worker.js").read_bytes(), mimetype="text/javascript")
