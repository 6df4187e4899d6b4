"""Who may enter: every route says so, silence is a 403, and the school comes from the session only."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import UserMixin, current_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from eduprog.core.permissions import Actor, Permission, Role, permissions_of, person
from eduprog.core.tenancy import school_scope

View = TypeVar("View", bound=Callable[..., Any])
_allowed = lru_cache(maxsize=1000)(permissions_of)  # a page asks dozens of times
_AFTER_REST = frozenset({Permission.SEE_OWN_CLASSES, Permission.RECORD_DELIVERY})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Access:
    """What a route demands: a permission, or nothing for a stated reason.

    `fresh_from` names the page to go back to where the person must have shown lately who they are. `shows_again` says that
    the view checks its form's token by itself and shows a form that is too old again, with what was typed.
    """

    permission: Permission | None
    reason: str = ""
    signed_link: bool = False
    after_rest: bool = False
    fresh_from: str = ""
    shows_again: bool = False


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login is untyped
    """The person behind this request, and the one school or group they are looking at.

    `trusted_device` says that the device may keep My week and recording open; `resting` that the session rested too long,
    so that nothing else is; `fresh` that they showed lately who they are; `owes_factor` that they must set up a second step
    before anything else.
    """

    person_id: int
    name: str
    session_id: int
    roles: frozenset[Role]
    school_id: int | None
    school_name: str
    school_group_id: int | None
    places: int = 1
    resting: bool = False
    trusted_device: bool = False
    fresh: bool = True
    owes_factor: bool = False

    def get_id(self) -> str:
        """Give what Flask-Login calls the id."""
        return str(self.session_id)

    @property
    def actor(self) -> Actor:
        """Give the actor of this person's writes."""
        return person(self.person_id)

    def may(self, permission: Permission) -> bool:
        """Say whether a role held in the chosen place allows this. The own account is everybody's, whatever the place."""
        if self.resting:
            return permission in _AFTER_REST & _allowed(self.roles)
        return permission is Permission.SEE_OWN_ACCOUNT or permission in _allowed(self.roles)


def requires(permission: Permission, *, after_rest: bool = False, fresh_from: str = "") -> Callable[[View], View]:
    """Let in only those whose roles allow this; `after_rest` also from a trusted device whose session rested too long.

    With `fresh_from`, the endpoint of the page the act is asked for on, only those who showed lately who they are: others
    type their password again and go back there.
    """
    return _mark(Access(permission, after_rest=after_rest, fresh_from=fresh_from))


def public(reason: str, *, signed_link: bool = False, shows_again: bool = False) -> Callable[[View], View]:
    """Let anybody in, for the reason given. A signed link is its own proof, so its POST needs neither token nor cookie.

    With `shows_again`, the view's own form refuses a token that is too old and is shown again; it must be a `web.forms.Form`.
    """
    if not reason:
        raise ValueError("say why anybody may enter")
    return _mark(Access(None, reason, signed_link, shows_again=shows_again))


def _mark(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        @wraps(view)
        def marked(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

        marked.access = access  # type: ignore[attr-defined]  # a mark on the function
        return marked  # type: ignore[return-value]  # the wrapper has the view's signature

    return mark


def access_of(endpoint: str) -> Access | None:
    """Give what the route demands, or None if it does not say."""
    return getattr(current_app.view_functions.get(endpoint), "access", None)


def signed_in() -> SignedIn:
    """Give the person behind this request; only behind `@requires`."""
    if not current_user.is_authenticated:
        abort(403)
    return current_user._get_current_object()  # type: ignore[no-any-return]  # flask-login is untyped


def known_person() -> SignedIn | None:
    """Give the person behind this request, if they signed in."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def current_actor() -> Actor:
    """Give the actor of this request's writes; only behind `@requires`."""
    return signed_in().actor


def may(permission: Permission) -> bool:
    """Say, for templates, whether the person behind this request may do this."""
    person = known_person()
    return person is not None and person.may(permission)


def enforce(app: Flask) -> None:
    """Check every request against what its route demands."""
    app.before_request(_check)
    app.after_request(_say_too_old)
    app.teardown_request(_leave)


def _check() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None  # no such page: the 404 handler answers
    access = access_of(request.endpoint)
    if access is None:
        abort(403)
    guarded_form = request.method not in SAFE_METHODS and not access.signed_link
    if guarded_form:
        _refuse_foreign_origin()
    elsewhere = _enter(access, access.permission) if access.permission is not None else None
    if elsewhere is None and guarded_form:
        _check_token(access)
    return elsewhere


def _check_token(access: Access) -> None:
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        if not access.shows_again:
            raise
        g.form_too_old = True  # its own form refuses it as well, and is shown again


def _say_too_old(response: Response) -> Response:
    """Answer with a 400 where a view shows its form again because the token was too old."""
    if g.get("form_too_old"):
        response.status_code = 400
    return response


def _enter(access: Access, permission: Permission) -> Response | None:
    """Let in or send elsewhere. What a script fetches after the session's end is refused plainly: the sign-in page would begin
    a form session, and its late cookie would make the form that somebody has open meanwhile too old.
    """
    if not current_user.is_authenticated:
        if request.method in SAFE_METHODS and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
        abort(403)
    if not current_user.may(permission):
        chosen = current_user.school_id is not None or current_user.school_group_id is not None
        if not chosen and current_user.places > (1 if current_user.roles else 0):
            return redirect(url_for("accounts.places"))
        abort(403)
    if (elsewhere := _first_something_else(access, permission)) is not None:
        return elsewhere
    if current_user.school_id is not None:
        g.school_stack = ExitStack()
        g.school_stack.enter_context(school_scope(current_user.school_id))
    return None


def _first_something_else(access: Access, permission: Permission) -> Response | None:
    """Send on whoever owes a second step, or must show again who they are."""
    if current_user.owes_factor and permission is not Permission.SEE_OWN_ACCOUNT:
        if request.method not in SAFE_METHODS:
            abort(403)
        return redirect(url_for("accounts.second_factor"))
    if access.fresh_from and not current_user.fresh:
        asked = request.full_path.rstrip("?") if request.method in SAFE_METHODS else url_for(access.fresh_from)
        return redirect(url_for("accounts.prove", next=asked), 303)
    return None


def _leave(_problem: BaseException | None = None) -> None:
    stack: ExitStack | None = g.pop("school_stack", None)
    if stack is not None:
        stack.close()


def _refuse_foreign_origin() -> None:
    """Refuse a form another site made the browser send: Sec-Fetch-Site says so, else Origin must be ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            abort(403)
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
