"""What every template is spared: work that Jinja does at each output, call, import and address to allow for more than we do.

The pages say the same with it as without. All of it rests on three things that hold here: everything is escaped, no template has
globals of its own, and what is written out is only ever joined.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from types import FunctionType
from typing import Any

import markupsafe
from flask import Flask, has_request_context, request
from jinja2 import Environment, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

_MOST_ADDRESSES = 20_000
_LONGEST_VALUE = 32
_PER_REQUEST = {"_external", "_scheme", "_method"}


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
    """Make the templates of this application ours. To be called before the first is loaded."""
    app.jinja_env.template_class = OurTemplate
    app.jinja_env.context_class = OurContext
    app.jinja_env.globals["url_for"] = remembering(app)


def remembering(app: Flask) -> Callable[..., str]:
    """Give `url_for` with a memory: addresses of numbers and short names are built once for each place it is mounted at.

    One that says host or scheme is built each time, and so is one with a long value: that is the token of a person's link.
    """
    built: dict[Any, str] = {}

    def url_for(endpoint: str, **values: Any) -> str:
        if not has_request_context() or not _PER_REQUEST.isdisjoint(values) or any(map(_is_long, values.values())):
            return app.url_for(endpoint, **values)
        here = request.blueprint if endpoint[0] == "." else None
        key = (request.environ.get("SCRIPT_NAME"), here, endpoint, *values.items(), *map(type, values.values()))
        address = built.get(key)
        if address is None:
            if len(built) >= _MOST_ADDRESSES:
                built.clear()
            address = built[key] = app.url_for(endpoint, **values)
        return address

    return url_for


def _is_long(value: object) -> bool:
    return not isinstance(value, int) and (not isinstance(value, str) or len(value) > _LONGEST_VALUE)
