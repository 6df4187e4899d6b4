"""Are our shortcuts in templates the same as what Jinja and Flask do?"""

from __future__ import annotations

import pytest
from flask import Flask, url_for
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from jinja2 import DictLoader, PackageLoader, PrefixLoader
from markupsafe import Markup, escape
from wtforms.fields import SelectField

from eduprog.curriculum.vocabulary import Stage
from eduprog.web import templating
from eduprog.web.forms import Form


class _Safe:
    def __html__(self) -> str:
        return "<b>safe</b>"


@pytest.fixture
def app() -> Flask:
    made = Flask("templates")
    made.jinja_options = {"autoescape": True}
    templating.set_up(made)
    made.add_url_rule("/things/<int:number>/", "things", lambda number: "")
    made.add_url_rule("/named/<string:name>", "named", lambda name: "")
    return made


@pytest.mark.parametrize("value", ["a < b & 'c' \"d\"", Markup("<i>safe</i>"), 12, True, None, 1.5, Stage.K1, _Safe(), ["<"]])
def test_what_is_written_out_is_escaped_as_ever(value: object) -> None:
    assert templating.escaped(value) == escape(value)


def test_macros_imports_and_joins_escape_what_is_not_safe(app: Flask) -> None:
    app.jinja_env.loader = DictLoader({
        "parts": "{% macro part(x) %}[{{ x }}|{{ caller() if caller else '' }}]{% endmacro %}",
        "page": "{% from 'parts' import part %}{{ part(bad) }}{% call part('<') %}{{ bad }}{% endcall %}"
                "{% set kept %}{{ bad }}{% endset %}{{ kept }}{{ bad ~ kept }}{{ part(part(bad)) }}",
    })  # fmt: skip
    page = app.jinja_env.get_template("page").render(bad="<&>")
    assert page == "[&lt;&amp;&gt;|][&lt;|&lt;&amp;&gt;]&lt;&amp;&gt;&lt;&amp;&gt;&lt;&amp;&gt;[[&lt;&amp;&gt;|]|]"


def test_an_address_that_was_built_is_the_one_flask_builds(app: Flask) -> None:
    plain = Flask("plain")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        plain.add_url_rule(rule.rule, rule.endpoint, app.view_functions[rule.endpoint])
    asked: list[tuple[str, dict[str, object]]] = [
        ("things", {"number": 1}), ("things", {"number": 1, "on": True}), ("things", {"number": 1, "on": 1}),
        ("named", {"name": "1"}), ("named", {"name": "a/b c", "_anchor": "x"}), ("things", {"number": 2, "_external": True}),
        ("named", {"name": "t" * 40}), ("things", {"number": 3, "next": None}),
    ]  # fmt: skip
    for base in ("http://here.example/", "http://here.example/school"):
        for endpoint, values in (*asked, *asked):
            with plain.test_request_context("/", base_url=base):
                theirs = url_for(endpoint, **values)  # type: ignore[arg-type]  # any value
            with app.test_request_context("/", base_url=base):
                assert url_for(endpoint, **values) == theirs  # type: ignore[arg-type]  # any value


def test_a_select_is_drawn_as_the_library_draws_it() -> None:
    class Chooses(Form):
        one = SelectField("Which <one>?", widget=GovSelect(), choices={"a": "A & B", "<": "Less", "c": ""}, description="Any")

    class TheirMeta(FlaskForm.Meta):  # type: ignore[misc]  # the form libraries are untyped
        pass

    made = Flask("selects")
    made.config.update(SECRET_KEY="only here", WTF_CSRF_ENABLED=False)
    made.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    made.jinja_loader = PrefixLoader({name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")})
    for data in ({}, {"one": "<"}, {"one": "no such"}):
        with made.test_request_context("/", method="POST", data=data):
            form = Chooses()
            form.validate()
            ours = form.one(params={"classes": "wide"})
            form.one.meta = TheirMeta()
            assert ours == form.one(params={"classes": "wide"})
            assert ours.count("<option") == 3
