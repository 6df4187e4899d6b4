"""Do the templates keep the rules that no page test sees whole?"""

import re
from pathlib import Path
from types import SimpleNamespace

import html5lib
import pytest
from fontTools.ttLib import TTFont
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader

import hatch_build
from eduprog.web.assets import asset_url, pdf_fonts
from eduprog.web.filters import FILTERS

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates"
# E-mails carry their style inside, because mail programs read no style sheet.
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html") if "email" not in path.parts)
COMPONENTS = [name for name in PAGES if name.startswith("components/")]
ERRORS = [name for name in PAGES if name.startswith("errors/")]
HOSTILE = '<script>alert("1")</script>'


def source(name):
    return (TEMPLATES / name).read_text("utf-8")


def uncommented(name):
    return re.sub(r"\{#.*?#\}", "", source(name), flags=re.DOTALL)


def environment(**extra):
    govuk = {"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
    loader = ChoiceLoader([DictLoader(extra), FileSystemLoader(TEMPLATES), PrefixLoader(govuk)])
    env = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.filters.update(FILTERS)
    env.add_extension("jinja2.ext.i18n")
    env.install_null_translations(newstyle=True)
    env.globals.update(asset_url=asset_url, csp_nonce=lambda: "n", csrf_token=lambda: "t", get_flashed_messages=lambda **_: [])
    return env


def fragment(text, **values):
    return environment(page=text).get_template("page").render(**values)


def parsed(html):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    assert parser.errors == []
    return tree


@pytest.mark.parametrize("name", PAGES)
def test_no_page_carries_style_or_script_inside(name):
    text = re.sub(r"\{%.*?%\}", "", uncommented(name), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=|<style\b|javascript:", text)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+\s*=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_switches_escaping_off(name):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", uncommented(name))


@pytest.mark.parametrize("name", PAGES)
def test_no_page_fetches_anything_from_elsewhere(name):
    assert not re.search(r"""(?:src|srcset|poster)\s*=\s*["'](?:https?:)?//""", uncommented(name))
    assert not re.search(r"""<link[^>]*href\s*=\s*["'](?:https?:)?//""", uncommented(name))


@pytest.mark.parametrize("name", PAGES)
def test_no_page_uses_a_component_whose_style_is_not_shipped(name):
    dropped = re.compile(rf"components/(?:{hatch_build.UNUSED})/|govuk-(?:{hatch_build.UNUSED})(?![a-z-])")
    assert not dropped.search(uncommented(name))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_written_with_letters_our_font_has(name):
    known = TTFont(pdf_fonts() / "AtkinsonHyperlegible-Regular.ttf").getBestCmap()
    assert not {letter for letter in uncommented(name) if ord(letter) > 126 and ord(letter) not in known}


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_says_its_arguments_above_it(name):
    text = source(name)
    for macro, arguments in re.findall(r"\{% macro ([a-z]\w*)\(([^)]*)\)", text):
        said = re.search(rf"\{{# {macro}\(([^)]*)\)", text)
        assert said, f"{macro} has no comment"
        assert " ".join(said.group(1).split()) == " ".join(arguments.split())


def test_every_icon_that_is_asked_for_is_drawn():
    drawn = set(re.findall(r'^  "([a-z]+)": "M', source("components/icons.html"), re.MULTILINE))
    asked = {found for name in PAGES for found in re.findall(r'\bicon\("([a-z]+)"\)|icon_name="([a-z]+)"', uncommented(name))}
    assert {one or other for one, other in asked} <= drawn
    assert set(re.findall(r'\("\w+", "(\w+)", "[^"]+"\)', source("components/status.html"))) <= drawn


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_page_is_whole_html_and_says_what_to_do(name):
    html = environment().get_template(name).render(request_id="abc123")
    tree = parsed(html)
    heading = tree.find(".//h1").text
    assert tree.find(".//title").text == f"{heading} – eduprog"
    assert tree.find(".//main") is not None
    assert len(tree.findall(".//main//a")) == 1, "one way on"
    words = " ".join(tree.find(".//main").itertext())
    assert not re.search(r"\b(error|invalid|illegal|exception|server)\b", words, re.IGNORECASE)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_says_the_reason_it_was_given_as_text(name):
    html = environment().get_template(name).render(sentence=HOSTILE)
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html


def test_there_is_a_page_for_every_answer_we_give():
    assert {name.removeprefix("errors/").removesuffix(".html") for name in ERRORS} == {
        "400", "403", "404", "409", "413", "429", "500", "503",
    }  # fmt: skip


def test_a_lesson_card_names_the_lesson_in_both_buttons_for_those_who_hear_them():
    call = 'lesson_card(title, "1 Oak", "today", 35, "due", teach_url="/t", record_action="/r")'
    card = '{% from "components/cards.html" import lesson_card %}{{ ' + call + " }}"
    tree = parsed(f"<!DOCTYPE html><title>x</title>{fragment(card, title=HOSTILE)}")
    buttons = tree.findall(".//div[@class='ep-card__actions']//*[@data-module='govuk-button']")
    heard = [" ".join("".join(button.itertext()).split()) for button in buttons]
    assert heard == [f"Teach {HOSTILE}, 1 Oak", f"Record {HOSTILE}, 1 Oak"]
    assert tree.find(".//form/input[@name='csrf_token']").get("value") == "t"


@pytest.mark.parametrize(
    "call",
    [
        'heat_grid("c", title, about, "Strand", ["A1", "A2"], [{"label": title, "cells": cells}])',
        'bar_chart("c", title, about, "Method", [{"label": title, "value": 4}, {"label": "b", "value": 0}], "Minutes")',
        'stacked_bars("c", title, about, "Point", ["Done", "Due"], [{"label": title, "values": [3, 1]}, nothing])',
    ],
)
def test_every_drawing_has_title_description_and_its_figures_as_a_table(call):
    imports = '{% from "components/charts.html" import heat_grid, bar_chart, stacked_bars %}'
    values = {
        "title": HOSTILE,
        "about": "What it shows.",
        "cells": [{"text": "4", "level": 4}, {"text": "–", "level": "none"}],
        "nothing": {"label": "b", "values": [0, 0]},
    }
    tree = parsed(f"<!DOCTYPE html><title>x</title>{fragment(imports + '{{ ' + call + ' }}', **values)}")
    drawing = tree.find(".//{*}svg[@role='img']")
    names = {element.get("id"): element.text for element in drawing.iter() if element.get("id")}
    assert [names[identifier] for identifier in drawing.get("aria-labelledby").split()] == [HOSTILE, "What it shows."]
    assert tree.find(".//table//th[@scope='row']").text == HOSTILE
    assert not [element for element in drawing.iter() if element.get("style")]


def test_the_parts_of_a_stacked_bar_fill_it_exactly():
    call = '{{ stacked_bars("c", "t", "d", "Point", ["a", "b", "c"], [{"label": "x", "values": [1, 1, 1]}]) }}'
    html = fragment('{% from "components/charts.html" import stacked_bars %}' + call)
    widths = [float(width) for width in re.findall(r'<rect x="[\d.]+%"[^>]* width="([\d.]+)%"', html)]
    assert len(widths) == 3
    assert sum(widths) == pytest.approx(100, abs=0.1)


def test_page_links_keep_the_question_and_stand_around_the_present_page():
    imports = '{% from "components/pagination.html" import pagination %}'
    html = fragment(imports + '{{ pagination(4, 12, "/lessons", {"strand": "a b"}) }}')
    links = re.findall(r'href="([^"]+)"', html)
    assert [link.split("page=")[1] for link in links] == ["3", "1", "3", "4", "5", "12", "5"]
    assert all(link.startswith("/lessons?strand=a+b&amp;page=") for link in links)
    assert fragment(imports + '{{ pagination(1, 1, "/lessons") }}').strip() == ""


def test_a_parents_page_offers_the_way_out_the_school_chose():
    page = '{% extends "layouts/parent.html" %}{% set h1 = "Ask first" %}'
    html = fragment(page, school_name="Willow Bank", exit_page_url="https://weather.example/", page_lang="pl")
    tree = parsed(html)
    assert tree.find(".//a[@href='https://weather.example/']") is not None
    assert tree.get("lang") == "pl"
    assert "htmx" not in html


def test_the_frame_shows_the_navigation_and_marks_the_present_page():
    places = [SimpleNamespace(text="My week", href="/w", current=True), SimpleNamespace(text="Plan", href="/p", current=False)]
    tree = parsed(fragment('{% extends "layouts/base.html" %}{% set h1 = "My week" %}', navigation=places))
    links = tree.findall(".//nav[@id='menu']//a")
    assert [(link.text, link.get("aria-current")) for link in links] == [("My week", "page"), ("Plan", None)]
    assert tree.find(".//button[@popovertarget='menu']") is not None
