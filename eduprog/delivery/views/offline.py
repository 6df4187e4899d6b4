"""What a lesson and a device of its owner need: pages that open without a signal, a session that lasts through a lesson."""

from __future__ import annotations

from flask import Response, request

from eduprog.core import crypto, paths
from eduprog.core.errors import Refusal
from eduprog.core.permissions import Permission
from eduprog.delivery.views.blueprint import blueprint
from eduprog.web.guards import public, requires, signed_in


@blueprint.get("/service-worker.js")
@public("a script that holds nothing of anybody; browsers fetch it on their own")
def service_worker() -> Response:
    """Give the service worker; it must lie at the root to see the pages it keeps."""
    return Response((paths.STATIC / "worker" / "service-worker.js").read_bytes(), mimetype="text/javascript")


@blueprint.get("/still-here")
@requires(Permission.SEE_OWN_CLASSES)
def still_here() -> tuple[str, int]:
    """Answer nothing. A lesson on the screen asks now and then, so that its session does not rest."""
    return "", 204


class SomebodyElses(Refusal):
    """Somebody else opened this page on this device. Nothing was recorded; open the lesson from your own week."""


def keeper() -> str:
    """Give the opaque name under which a device keeps what the person behind this request records at this school."""
    known = signed_in()
    return crypto.lookup_hash("device-records", f"{known.person_id} {known.school_id}")[:24]


def refuse_another_keeper() -> None:
    """Refuse a record that was made on this device under another name. Raises SomebodyElses."""
    if request.form.get("keeper", "") not in ("", keeper()):
        raise SomebodyElses
