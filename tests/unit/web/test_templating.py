"""Are our shortcuts in templates the same as what Jinja and Flask do?"""

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import DictLoader
from markupsafe import Markup, escape

from eduprog.curriculum.vocabulary import Stage
from eduprog.web import templating


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
    ours = templating.remembering(app)
    asked: list[tuple[str, dict[str, object]]] = [
        ("things", {"number": 1}), ("things", {"number": 1, "on": True}), ("things", {"number": 1, "on": 1}),
        ("named", {"name": "1"}), ("named", {"name": "a/b c", "_anchor": "x"}), ("things", {"number": 2, "_external": True}),
        ("named", {"name": "t" * 40}), ("things", {"number": 3, "next": None}),
    ]  # fmt: skip
    for base in ("http://here.example/", "http://here.example/school"):
        with app.test_request_context("/", base_url=base):
            for _ in range(2):
                for endpoint, values in asked:
                    assert ours(endpoint, **values) == app.url_for(endpoint, **values)  # type: ignore[arg-type]  # any value
