"""Is the house still built as the architecture says: short files, closed names, one word per idea, one clock, clean layers?"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from eduprog.core.db import Base
from eduprog.wiring import BLUEPRINTS, load_settings

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "eduprog"
SOURCES = sorted([*PACKAGE.rglob("*.py"), ROOT / "config.py"])
# What knows no feature, and the curriculum, whose files are a library of their own.
NOT_FEATURES = {"core", "web", "curriculum", "static"}
FEATURES = sorted(path for path in PACKAGE.iterdir() if (path / "__init__.py").is_file() and path.name not in NOT_FEATURES)
FILES = {
    "rules", "models", "queries", "emails", "actions", "forms", "views", "jobs", "commands", "importers", "exports", "transports",
}  # fmt: skip
ENTRY_POINTS = {"views", "jobs", "commands"}
LAZY_NAMES = re.compile(r"^(utils?|helpers?|common|services?|misc|shared|stuff|base|managers?)$")
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

# The last column of the glossary. First the words that are wrong wherever code says them, in any part of a name ...
NEVER = {
    "course": "programme", "syllabus": "curriculum", "tier": "stage", "grade": "year group", "topic": "module", "theme": "strand",
    "cohort": "class", "curriculum_map": "scheme of work", "booking": "planned lesson", "todo": "follow-up", "nudge": "reminder",
    "homework": "home activity", "newsletter": "parent prompt", "blast": "parent prompt", "guardian": "parent or carer",
    "objective": "statement", "compliance": "coverage", "streak": "message clock", "incident": "nothing: it is not recorded",
    "disclosure": "nothing: it is not recorded", "completion": "delivery", "pupil_name": "nothing: no pupil is stored",
}  # fmt: skip
# ... then those that have another honest meaning in code, and are wrong as the name of a table, a model or part of an address.
NEVER_A_THING = {
    "scheme": "scheme_of_work", "content": "curriculum", "level": "stage", "form": "year group", "unit": "module",
    "plan": "scheme of work", "event": "planned lesson", "task": "follow-up", "notification": "reminder", "alert": "reminder",
    "progress": "coverage", "score": "fidelity", "tenant": "school group", "organisation": "school group", "case": "not recorded",
    "concern": "not recorded", "parent": "parent or carer", "session": "lesson, or sign-in session", "term": "half-term",
    "module": "LessonModule", "phase": "key stage", "admin": "the role's whole name",
}  # fmt: skip
HONEST = {
    "scheme_of_work", "scheme_entry", "parent_carer", "parent_prompt", "parent_carer_class", "half_term", "sign_in_session",
    "session_seen", "parent_prompts", "half_terms", "parents_carers",
}  # fmt: skip
HONEST_ADDRESSES = {"modules", "plan"}  # whole modules are read there; the plan is all planned lessons of a class or year
HONEST_NAMES = {"eduprog/curriculum": {"grade"}}  # the reading-age measure is called a grade
MOVES_THE_CLOCK = PACKAGE / "demo" / "actions" / "travelling.py"


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _layer(path: Path) -> str:
    """Give the file name of the architecture a source stands for: `actions` for actions.py and for actions/sending.py."""
    return path.relative_to(PACKAGE).parts[1].removesuffix(".py")


def _of_features() -> Iterator[Path]:
    for feature in FEATURES:
        yield from sorted(feature.rglob("*.py"))


def test_files_stay_short() -> None:
    long = {_name(path): lines for path in SOURCES if (lines := path.read_text("utf-8").count("\n")) > 300}
    assert long == {}


def test_features_consist_of_the_files_of_the_architecture() -> None:
    assert len(FEATURES) > 10
    found = {_name(path) for feature in FEATURES for path in feature.iterdir() if path.name not in ("__init__.py", "__pycache__")}
    assert {name for name in found if Path(name).name.removesuffix(".py") not in FILES} == set()


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    found = [path for top in ("eduprog", "templates", "tests", "bench") for path in (ROOT / top).rglob("*")]
    assert [_name(path) for path in found if LAZY_NAMES.match(path.name.split(".")[0]) and path.name != "base.html"] == []


def test_a_layer_is_a_file_or_a_folder_never_both() -> None:
    assert [_name(path) for path in _of_features() if path.with_suffix("").is_dir()] == []


def test_the_contracts_know_every_feature() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    inside = next(contract for contract in contracts if contract["name"].startswith("2."))
    assert {f"eduprog.{feature.name}" for feature in FEATURES} <= set(inside["containers"])


def test_the_import_contracts_hold() -> None:
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("layer", ["rules", "curriculum"])
def test_pure_modules_load_neither_flask_nor_sqlalchemy(layer: str) -> None:
    modules = (
        ["eduprog.curriculum.loader", "eduprog.curriculum.catalogue"]
        if layer == "curriculum"
        else [f"eduprog.{feature.name}.rules" for feature in FEATURES if list(feature.glob("rules*"))]
    )
    assert modules
    look = f"import sys, {', '.join(modules)}; print(sorted({{'flask', 'sqlalchemy', 'werkzeug', 'jinja2'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_the_clock_asks_what_time_it_is() -> None:
    found = [
        f"{_name(path)}:{node.lineno}"
        for path in SOURCES
        if path != PACKAGE / "core" / "clock.py"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "today", "utcnow", "time", "time_ns")
        if isinstance(node.value, (ast.Name, ast.Attribute))
        and ast.unparse(node.value).split(".")[-1] in ("datetime", "date", "time")
    ]
    assert found == []


def test_below_the_entry_points_the_moment_is_handed_in() -> None:
    found = [
        f"{_name(path)}:{node.lineno}"
        for path in _of_features()
        if path != MOVES_THE_CLOCK and _layer(path) not in ENTRY_POINTS
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "today") and ast.unparse(node.value) == "clock"
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{_name(path)}:{number}"
        for path in [*SOURCES, *(ROOT / "templates").rglob("*.*")]
        if path.suffix in (".py", ".html", ".txt", ".typ")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if MARKS.search(line)
    ]
    assert found == []


def test_no_name_in_code_uses_a_word_the_glossary_forbids() -> None:
    found = [
        f"{_name(path)}:{line}: {name} (say {NEVER[word]})"
        for path in SOURCES
        for line, name in _names(path)
        for word in _bad(name)
        if not any(_name(path).startswith(folder) and word in words for folder, words in HONEST_NAMES.items())
    ]
    assert found == []


def test_no_table_or_model_is_called_by_a_word_the_glossary_forbids() -> None:
    tables = {table.name for table in Base.metadata.sorted_tables}
    models = {_snake(mapper.class_.__name__) for mapper in Base.registry.mappers}
    wrong = {
        name for name in (tables | models) - HONEST for word in name.split("_") if _singular(word) in {*NEVER, *NEVER_A_THING}
    }
    assert wrong - {"school_settings"} == set()


def test_no_address_uses_a_word_the_glossary_forbids(app_rules: list[str]) -> None:
    wrong = set()
    for rule in app_rules:
        for part in re.sub(r"<[^>]*>", "", rule).strip("/").split("/"):
            if part.replace("-", "_") in HONEST or part in HONEST_ADDRESSES:
                continue
            wrong |= {f"{rule}: {word}" for word in part.split("-") if _singular(word) in {*NEVER, *NEVER_A_THING}}
    assert wrong == set()


@pytest.fixture
def app_rules() -> list[str]:
    """Give every address, read from the blueprints without starting anything."""
    from flask import Flask

    bare = Flask("addresses", static_folder=None)
    bare.extensions["eduprog"] = load_settings({})
    for blueprint in BLUEPRINTS:
        bare.register_blueprint(blueprint)
    return [rule.rule for rule in bare.url_map.iter_rules()]


def _names(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def _bad(name: str) -> list[str]:
    snake = _snake(name)
    words = {_singular(word) for word in snake.split("_")}
    return [word for word in NEVER if word in words or ("_" in word and word in snake)]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
