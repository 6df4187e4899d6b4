"""What a school's pages take, told in OpenAPI 3: for fuzzers that read such a description, as we publish none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from tests.architecture.test_routes import SHARED
from tests.support.press_values import Press
from tests.support.presses import press_of
from tests.support.sweeping import Twin, all_forms, filled, posts

# What ends the session or changes who it is; and files that are typeset for seconds.
_LEFT_OUT = ("/sign-out", "/sign-in", "/places", "/account/", "/demo", "/static/", "/join")
_TYPESET = (".pdf", ".pptx", ".zip", ".xlsx", ".docx", "/slides")


def described(app: Flask, twin: Twin, parameters: Iterable[str]) -> dict[str, Any]:
    """Describe every page and form a school has, with its own objects as examples; `parameters` are tried on every page."""
    paths: dict[str, dict[str, Any]] = {}
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in parameters]
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        if access is not None and access.permission is not None and "GET" in (rule.methods or ()) and not _is_left_out(rule):
            paths.setdefault(_path(rule), {})["get"] = _operation(rule, twin.objects, asked)
    pages = all_forms(app, twin)
    for rule in posts(app):
        if not _is_left_out(rule):
            press = Press()
            with suppress(Exception):  # what must stand first may not be there: then the form is told of without
                press = press_of(rule.rule, twin)
            form = filled(app, twin, rule, pages, press)
            body = _body(form.fields, press.files)
            paths.setdefault(_path(rule), {})["post"] = {**_operation(rule, {**twin.objects, **press.objects}, []), **body}
    return {"openapi": "3.0.3", "info": {"title": "eduprog", "version": "1"}, "paths": paths}


def _is_left_out(rule: Rule) -> bool:
    return rule.rule.startswith(_LEFT_OUT) or rule.rule.endswith(_TYPESET)


def _path(rule: Rule) -> str:
    return "".join(f"{{{part}}}" if dynamic else part for dynamic, part in rule._trace if part != "|")


def _operation(rule: Rule, objects: Mapping[str, object], asked: list[dict[str, Any]]) -> dict[str, Any]:
    """Describe a route: its own object in half of the cases, anything of the kind in the others."""
    known = {**SHARED, **objects}
    given = []
    for name in sorted(rule.arguments):
        kind = "integer" if isinstance(rule._converters[name], IntegerConverter) else "string"
        own = {"type": kind, "enum": [known[name] if kind == "integer" else str(known[name])]}
        anything = {"type": kind, "minLength": 1} if kind == "string" else {"type": kind, "minimum": 0}
        given.append({"name": name, "in": "path", "required": True, "schema": {"anyOf": [own, anything]}})
    return {"parameters": given + asked, "responses": {"default": {"description": "A page"}}}


def _body(fields: Iterable[tuple[str, str]], files: Mapping[str, object]) -> dict[str, Any]:
    """Describe a form: its token as it is, every other field as its page fills it in or as anything."""
    properties: dict[str, Any] = {name: {"type": "string", "format": "binary"} for name in files}
    for name, said in fields:
        properties[name] = {"type": "string", "enum": [said]}
        if name != "csrf_token":
            properties[name] = {"anyOf": [properties[name], {"type": "string"}]}
    schema = {"type": "object", "properties": properties, "required": ["csrf_token"], "additionalProperties": False}
    kind = "multipart/form-data" if files else "application/x-www-form-urlencoded"
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}
