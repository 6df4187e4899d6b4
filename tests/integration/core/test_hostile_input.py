"""Whatever is sent as a lesson file, an import or a form: no fault of ours, no hang, no growth, nothing outside our own folders.

Every case has a number, and its number is its seed: `Spoiler(number)` gives it again.
"""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from eduprog.core.db import session
from eduprog.curriculum.checks import check_reading
from eduprog.curriculum.reading import read_lessons
from eduprog.school.importers.columns import ColumnsNeeded
from eduprog.school.importers.values import FileRefused
from tests.architecture.test_routes import SHARED
from tests.conftest import FULL
from tests.support.figures import tell
from tests.support.pieces import piece
from tests.support.press_values import Press, encoded
from tests.support.presses import press_of
from tests.support.readers import READERS, a_module, lesson_files
from tests.support.spoiling import Spoiler
from tests.support.sweeping import Twin, all_forms, at_noon, filled, posts

FILES, LESSON_FILES, FORMS, ADDRESSES = (80_000, 5_000, 10_000, 5_000) if FULL else (400, 40, 60, 100)
LONGEST = 5.0  # seconds of a processor one case may take; one that waits for ever meets the time limit of its test
GROWTH = 64  # megabytes all cases together may add, after the first tenth of them
PARAMETERS = (
    "year",
    "page",
    "next",
    "q",
    "day",
    "week",
    "at",
    "block",
    "group",
    "strand",
    "school",
    "sort",
    "lang",
    "state",
    "code",
)
NUMBERS = ("0", "2147483647", "2147483648", "9" * 19, "9" * 30, "9" * 4400, "٣")
_NO_PAGES = ("/static/<path:filename>", "/healthz")  # whether the jobs run, which nobody runs here: it says 503 for no


@pytest.fixture
def engine_name() -> str:
    """What is read is the same whatever keeps it."""
    return "sqlite"


@dataclass
class _Watch:
    """What the cases of a run did."""

    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    begun_at: float = 0.0

    @contextmanager
    def case(self, name: str) -> Iterator[None]:
        """Time a case, and keep what it raised that it should not."""
        begun = time.process_time()
        try:
            yield
        except Exception as fault:  # any at all is a fault of ours
            self.wrong.append(f"{name}: {type(fault).__name__}: {fault}"[:300])
        took = time.process_time() - begun
        self.slowest = max(self.slowest, (took, name))
        if took > LONGEST:
            self.wrong.append(f"{name}: took {took:.1f} s")

    def told(self, what: str, cases: int) -> str:
        """Say what was reached."""
        return (
            f"{cases:,} {what}: {len(self.wrong)} faults, the slowest {self.slowest[0]:.2f} s, {_held() - self.begun_at:+.0f} MB "
            f"({', '.join(f'{count:,} {name}' for name, count in self.outcomes.most_common())})"
        )


def _held() -> float:
    """Give the megabytes this process holds now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _watched(cases: int, act: Callable[[_Watch, int], None]) -> _Watch:
    watch = _Watch()
    for done, number in enumerate(piece(cases)):
        if done == len(piece(cases)) // 10:
            watch.begun_at = _held()
        act(watch, number)
    assert _held() - watch.begun_at < GROWTH, f"grew by {_held() - watch.begun_at:.0f} MB"
    return watch


@pytest.mark.timeout(3600 if FULL else 120)
def test_whatever_is_imported_is_read_or_refused_quickly_and_nothing_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    kinds, module = list(READERS), a_module()

    def one(watch: _Watch, number: int) -> None:
        dice, kind = Spoiler(number), kinds[number % len(kinds)]
        samples, read = READERS[kind]
        zipped = kind == "modules" and dice.random() < 0.6
        data = dice.archive(module) if zipped else dice.file(dice.choice(samples))
        with watch.case(f"{kind} {number}"), suppress(FileRefused, ColumnsNeeded):
            read(data)
            watch.outcomes["read"] += 1

    watch = _watched(FILES, one)
    tell(watch.told("spoilt files to import", len(piece(FILES))))
    assert watch.wrong == []
    assert list(tmp_path.iterdir()) == [], "nothing is written anywhere"


@pytest.mark.timeout(3600 if FULL else 120)
def test_whatever_stands_in_a_lesson_file_is_told_as_a_fault_of_the_file() -> None:
    sample = lesson_files()
    names = sorted(str(path) for path in sample)

    def one(watch: _Watch, number: int) -> None:
        dice = Spoiler(number)
        name = PurePosixPath(dice.choice(names))
        with watch.case(f"{name} {number}"):
            reading = read_lessons({**sample, name: dice.file(sample[name])})
            check_reading(reading)
            assert all(fault.line >= 1 and fault.sentence for fault in reading.faults)
            watch.outcomes["faulty" if reading.faults else "sound"] += 1

    watch = _watched(LESSON_FILES, one)
    tell(watch.told("spoilt lesson files", len(piece(LESSON_FILES))))
    assert watch.wrong == []


@pytest.mark.timeout(3600 if FULL else 120)
def test_whatever_stands_in_an_address_is_answered_and_never_with_a_fault_of_ours(app: Flask) -> None:
    with at_noon():
        twin, watch = Twin(app, "Oakfield Primary School"), _Watch()
        rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()) and rule.rule not in _NO_PAGES]
        rules = [rule for rule in rules if not rule.rule.endswith((".pdf", ".pptx", ".zip", ".xlsx"))][:: 1 if FULL else 4]
        for done, number in enumerate(piece(ADDRESSES)):
            if done == len(piece(ADDRESSES)) // 10:
                watch.begun_at = _held()
            _ask(twin, rules[number % len(rules)], watch, number)
    tell(watch.told(f"spoilt addresses of {len(rules)} pages", len(piece(ADDRESSES))))
    assert watch.wrong == []


def _ask(twin: Twin, rule: Rule, watch: _Watch, number: int) -> None:
    dice = Spoiler(number)
    known = {**SHARED, **twin.objects}
    said = {name: known.get(name, "1") for name in rule.arguments}
    for name in rule.arguments:
        if dice.random() < 0.4:
            number_wanted = isinstance(rule._converters[name], IntegerConverter)
            said[name] = (
                dice.choice(("0", "2147483648", "9" * 19, "9" * 30, "9" * 4400, "٣"))
                if number_wanted
                else dice.words(str(said[name]))
            )
    path = "".join(quote(str(said[part]), safe="") if dynamic else part for dynamic, part in rule._trace if part != "|")
    asked = {dice.choice(PARAMETERS): dice.words(dice.choice(("1", "2026", "2026-11-24"))) for _ in range(dice.randint(0, 2))}
    with watch.case(f"{rule.rule} {number}"):
        answer = twin.browser.client.get(f"/{path.lstrip('/')}" + "?" + urlencode(asked))
        watch.outcomes[f"{answer.status_code // 100}xx"] += 1
        assert answer.status_code < 500, f"answered {answer.status_code}"
        answer.close()


@pytest.mark.timeout(3600 if FULL else 240)
def test_whatever_is_sent_by_a_form_is_answered_and_never_with_a_fault_of_ours(app: Flask) -> None:
    with at_noon():
        twin = Twin(app, "Oakfield Primary School")
        pages = all_forms(app, twin)
        rules = [rule for rule in posts(app) if rule.rule != "/sign-out"][:: 1 if FULL else 12]
        cases, watch = piece(FORMS), _Watch()
        each = -(-len(cases) // len(rules))
        for place, rule in enumerate(rules):
            if place == len(rules) // 10:
                watch.begun_at = _held()
            _spoil(app, twin, rule, pages, watch, range(cases.start + place * each, cases.start + place * each + each))
        grown = _held() - watch.begun_at
    tell(watch.told(f"spoilt presses of {len(rules)} forms", each * len(rules)))
    assert watch.wrong == []
    assert grown < GROWTH


def test_a_part_of_a_form_without_a_name_is_no_part_of_it(app: Flask) -> None:
    twin = Twin(app, "Oakfield Primary School")
    parts = {
        'form-data; name="csrf_token"': twin.token,
        'form-data; name="academic_year_id"': twin.scene.academic_year_id,
        "form-data": "no name",
        'form-data; filename="a.csv"': "Class\n1 Oak\n",
    }
    body = "".join(f"--b\r\nContent-Disposition: {named}\r\n\r\n{said}\r\n" for named, said in parts.items()) + "--b--\r\n"
    answer = twin.browser.client.post("/school/imports", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 422
    assert "Choose" in answer.get_data(as_text=True)
    answer.close()


def _spoil(app: Flask, twin: Twin, rule: Rule, pages: dict[str, list[Rule]], watch: _Watch, numbers: range) -> None:
    """Press one form many times, each time with some of its fields spoilt."""
    session().rollback()
    press = Press()
    with suppress(Exception):  # what must stand first may be gone by now: then it is pressed without
        press = press_of(rule.rule, twin)
    form = filled(app, twin, rule, pages, press)
    for number in numbers:
        dice = Spoiler(number)
        fields = [(name, dice.words(said) if _spoils(dice, name) else said) for name, said in form.fields]
        if dice.random() < 0.2:
            fields.append((dice.words("name"), dice.words("")))
        files = {name: (dice.words(told)[:200], dice.file(data)) for name, (told, data) in form.files.items()}
        body, kind = encoded(fields, files)
        with watch.case(f"{rule.rule} {number}"):
            answer = twin.browser.client.post(form.action, data=body, content_type=kind)
            watch.outcomes[f"{answer.status_code // 100}xx"] += 1
            assert answer.status_code < 500, f"answered {answer.status_code}"
            answer.close()


def _spoils(dice: Spoiler, name: str) -> bool:
    return dice.random() < (0.02 if name == "csrf_token" else 0.4)
