"""What every template is spared: work that Jinja does at each output, call, import and address to allow for more than we do.

The pages say the same with it as without. All of it rests on three things that hold here: everything is escaped, no template has
globals of its own, and what is written out is only ever joined.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from types import FunctionType
from typing import Any

import markupsafe
from flask import Flask, g, has_request_context, request
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

_MOST_ADDRESSES = 20_000
_LONGEST_VALUE = 32


_escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)  # what `escape` itself calls, without Markup


def escaped(value: object) -> str:
    """Escape what a template writes out: it is joined at once, so that safe text stays as it is and no Markup is made of any."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)  # type: ignore[arg-type]  # its type was compared
    if kind is Markup:
        return value  # type: ignore[return-value]  # likewise
    return str(value) if kind is int else escape(value)


class OurContext(Context):
    """Calls our macros and plain functions without first asking each what else it might want."""

    def call(__self, __obj: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - the names are Jinja's
        """Call what stands in a template."""
        kind = type(__obj)
        if kind is Macro or (kind is FunctionType and not hasattr(__obj, "jinja_pass_arg")):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


class OurTemplate(Template):
    """A template whose imports are the same modules for whoever imports them: names of globals need no comparing."""

    @classmethod
    def _from_namespace(
        cls, environment: Environment, namespace: MutableMapping[str, Any], globals: MutableMapping[str, Any]
    ) -> Template:
        namespace["escape"] = escaped
        return super()._from_namespace(environment, namespace, globals)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return self._module if self._module is not None else super()._get_default_module()


def set_up(app: Flask) -> None:
    """Make the templates of this application ours, and its addresses remembered. To be called before a template is loaded."""
    app.url_for = remembering(app)  # type: ignore[method-assign]  # what templates and `flask.url_for` call
    app.jinja_env.template_class = OurTemplate
    app.jinja_env.context_class = OurContext
    app.jinja_env.globals["url_for"] = app.url_for


def csrf_token() -> str:
    """Give the token of a page's forms: signed for the first of them, then read from where the library put it."""
    token: str | None = g.get("csrf_token")
    return token if token is not None else generate_csrf()


def remembering(app: Flask) -> Callable[..., str]:
    """Give the `url_for` of an application a memory: addresses of numbers and short names are built once for each place of it.

    One that says host or scheme is built each time, and so is one with a long value: that is the token of a person's link.
    """
    built: dict[Any, str] = {}
    build = app.url_for

    def url_for(
        endpoint: str, *, _anchor: str | None = None, _method: str | None = None, _scheme: str | None = None,
        _external: bool | None = None, **values: Any,
    ) -> str:  # fmt: skip
        special = _method or _scheme or _external
        if special or not has_request_context() or any(map(_is_long, values.values())):
            return build(endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values)
        asked = request._get_current_object()  # type: ignore[attr-defined]  # the proxy would look for it at each word
        here = asked.blueprint if endpoint[0] == "." else None
        place = (asked.environ.get("SCRIPT_NAME"), here, endpoint, _anchor)
        key = (place, *values.items(), *map(type, values.values()))
        address = built.get(key)
        if address is None:
            if len(built) >= _MOST_ADDRESSES:
                built.clear()
            address = built[key] = build(endpoint, _anchor=_anchor, **values)
        return address

    return url_for


def _is_long(value: object) -> bool:
    if value is None or isinstance(value, int):  # an address leaves out what is None
        return False
    return not isinstance(value, str) or len(value) > _LONGEST_VALUE
