"""Is a field drawn anew whenever it is told something else, and never kept once somebody typed into it?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from markupsafe import Markup
from wtforms.fields import SelectField, StringField

from eduprog.web import forms


class _Form(forms.Form):
    name = StringField("Name", widget=GovTextInput(), description="As on the door.")
    kind = SelectField("Kind", widget=GovSelect(), choices={"": "None", "a": "First"})


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    forms._empty_fields.clear()
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("asked")
def test_an_empty_field_is_drawn_once_and_the_same() -> None:
    first = _Form().name()
    kept = len(forms._empty_fields)
    assert _Form().name() == first
    assert len(forms._empty_fields) == kept == 1
    assert "As on the door." in first


@pytest.mark.usefixtures("asked")
def test_what_was_typed_is_drawn_and_not_kept() -> None:
    _Form().name()
    typed = _Form(data={"name": '<b>"x"'}).name()
    assert "&lt;b&gt;" in typed
    assert len(forms._empty_fields) == 1
    wrong = _Form()
    wrong.name.errors = ["Enter a name"]
    assert "Enter a name" in wrong.name()
    assert "Enter a name" not in _Form().name()


@pytest.mark.usefixtures("asked")
def test_safe_text_and_other_text_of_the_same_letters_are_told_apart() -> None:
    words = "<b>bold</b>"
    assert forms._plain({"text": words}) != forms._plain({"text": Markup(words)})
    assert forms._plain({"text": 1}) != forms._plain({"text": True})


@pytest.mark.usefixtures("asked")
def test_a_select_offers_its_own_options_each_time() -> None:
    one, other = _Form(data={"kind": "a"}), _Form()
    other.kind.choices = {"": "None", "b": "Second"}
    assert '<option value="a" selected>First</option>' in one.kind()
    assert "Second" in other.kind()
    assert "First" not in other.kind()
