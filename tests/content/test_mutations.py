"""A sound lesson or act that is broken in one place is found out: the file, the line and a sentence that says how to mend it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum.checks import check_reading, check_style, check_whole
from eduprog.curriculum.faults import Fault
from eduprog.curriculum.language import Judge, LanguageRules, load_rules
from eduprog.curriculum.reading import collect_files, read_lessons

PRIMARY, SECONDARY, ACTS = "l2/l2-c1-yes-no-not-now", "k3/k3-c1-everyday-consent", "acts"
# The first thing said in a lesson; the new words come before it.
SAY = r"(?m)^> (?=[A-Z])"
HARD = "Contemporary institutional communication necessitates extraordinarily sophisticated interpersonal negotiation. "


@dataclass(frozen=True)
class Break:
    """One change to a file: `times` matches of `old` (0: all) become `new`; the fault stands on the first line `at` matches."""

    what: str
    file: str
    old: str
    new: str
    at: str
    sentence: str
    times: int = 1


LESSON, HEAD = f"{PRIMARY}/lesson-1.md", f"{PRIMARY}/module.md"
BREAKS = [
    # form
    Break("a removed section", HEAD, r"(?ms)^## Ground rules\n.*?(?=^## )", "", r"^$", '"Ground rules" is missing'),
    Break("a removed part of a step", LESSON, r"(?ms)^### Say\n.*?(?=^### )", "", r"^## ", '"Say" is missing in this step'),
    Break("an unknown heading", LESSON, r"(?m)^### Stretch$", "### Challenge", r"^### Challenge", '"Challenge" is not a heading'),
    Break("a tab in the front matter", HEAD, r"(?m)^  tag: ", "\ttag: ", r"^\ttag", "A tab stands here; use spaces."),
    Break(
        "a key written twice", HEAD, r"(?m)^authors: .*$", "authors: a\nauthors: b", r"^authors: b", "stands here a second time"
    ),
    Break("a key nobody knows", LESSON, r"(?m)^aim: ", "goal: x\naim: ", r"^goal:", '"goal" is not a key'),
    Break(
        "a list never closed",
        HEAD,
        r"skills: \[AS, EM, SR\]",
        "skills: [AS, EM, SR",
        r"^messages:",
        "not closed or lacks a comma",
    ),
    Break(
        "a date that is none",
        f"{SECONDARY}/staff-note.md",
        r"dated: [0-9-]+",
        "dated: soon",
        r"^    dated: soon",
        "is not a date",
    ),
    # ids
    Break("a clause that does not exist", LESSON, r"clauses: P-RK-02", "clauses: P-RK-99", r"P-RK-99", "no statement or clause"),
    Break("a clause of another module", LESSON, r"clauses: P-RK-02", "clauses: P-CF-01", r"P-CF-01", "not among the statements"),
    Break(
        "a clause no step teaches", HEAD, r"statements: \[", "statements: [P-CF-01, ", r"^statements:", "No step teaches P-CF-01"
    ),
    Break("a skill that does not exist", HEAD, r"skills: \[AS", "skills: [ZZ", r"^skills:", '"ZZ" is not allowed'),
    Break("a skill no step practises", HEAD, r"skills: \[", "skills: [BY, ", r"^skills:", "No step practises the skill BY"),
    Break(
        "a duplicate scenario id", LESSON, r"- id: shed", "- id: bike", r"- id: bike\n    title: Gr", "stands here a second time"
    ),
    Break("a scenario nobody uses", LESSON, r"(?m)^- scenario: shed\n", "", r"- id: shed", "No step uses the scenario"),
    Break("a module of another folder", f"{PRIMARY}/follow-ups.md", r"L2-C1", "L2-C9", r"^module:", "should be L2-C1"),
    Break(
        "a help source nobody knows", HEAD, r"- source: childline", "- source: kidline", r"kidline", "not in help-sources.yaml"
    ),
    # time
    Break("minutes that do not add up", LESSON, r"(?m)^minutes: \d+", "minutes: 41", r"^minutes:", "but its steps add up to"),
    Break("a step without its time", LESSON, r"## The new bike · \d+ min", "## The new bike", r"^## The new bike", "has no time"),
    Break("a lesson too long", LESSON, r"(?m)^minutes: \d+", "minutes: 75", r"^minutes:", "has 40 to 50 minutes, not 75"),
    Break("a split in the wrong place", LESSON, r"splits: \[\d+\]", "splits: [1]", r"^splits:", "cut so that each part has"),
    Break(
        "no help card before the split", LESSON, r"(?i)help card", "note", r"^## Grandad", "must point to the help card", times=0
    ),
    Break("no rules after the split", LESSON, r"> Our rules again: [^\n]*", "> Hello.", r"> Hello", "must name the ground rules"),
    # what every lesson has
    Break(
        "no help card at the end",
        LESSON,
        r"- purpose: help-card",
        "- purpose: debrief",
        r"(?s)^## (?!.*^## )",
        "The last step needs",
    ),
    Break(
        "no question box", LESSON, r"- purpose: question-box\n", "", r"^## How we work", "No step has `- purpose: question-box`"
    ),
    Break("no right to pass", LESSON, r"(?i)\bpass\b", "wait", r"^## How we work", "does not name the right to pass", times=0),
    Break(
        "nobody to rehearse with", LESSON, r"with: small groups", "with: alone", r"^- with: alone", "Pupils rehearse with each"
    ),
    Break(
        "a role nobody steps out of",
        LESSON,
        r"(?i)\bstep(s|ping)? out\b",
        "stop",
        r"^## Ask, check",
        "must leave their roles",
        times=0,
    ),
    Break("no online twin", LESSON, r"(?ms)^    online: >-\n.*?(?=^    ask:)", "", r"^  - id: bike", '"online" is missing'),
    Break(
        "an exit question without answer", LESSON, r"(?m)^    answer: Telling.*\n", "", r"What is bossy", '"answer" is missing'
    ),
    Break("an answer beyond the options", HEAD, r"answer: 2", "answer: 4", r"answer: 4", "option 4 of only 3"),
    Break(
        "a check pair of two", HEAD, r"(?ms)^  - id: grown-up-no.*?(?=^---)", "", r"^check_pair:", "has 2 questions; 3 are needed"
    ),
    Break("a check of nothing known", HEAD, r"measures: skill", "measures: luck", r"measures: luck", '"luck" is not allowed'),
    Break(
        "a card without the main thing",
        HEAD,
        r"(?i)not (be )?in trouble",
        "fine",
        r"(?<=### Not your fault\n).",
        'must say "not in trouble"',
    ),
    Break("no positive message", f"{SECONDARY}/module.md", r", P\]", "]", r"^messages:", "The positive message P is missing"),
    Break("no way for who did harm", f"{SECONDARY}/module.md", r"(?ms)^### Worried.*?(?=^## )", "", r"^## Help", "add it"),
    Break(
        "a sensitive gate alone", f"{SECONDARY}/module.md", r"gates: \[G0\]", "gates: [W]", r"^gates:", "needs gate G1 as well"
    ),
    Break("a closed gate on a module", HEAD, r"gates: \[G0\]", "gates: [G2]", r"^gates:", "what is closed is an act"),
    Break("sex education in primary", HEAD, r"gates: \[G0\]", "gates: [G1, W]", r"^gates:", "no primary module contains sex"),
    Break("a subject line that leaks", f"{PRIMARY}/home-activity.md", r"A voice game", "Secrets", r"^subject", "topic away"),
    Break(
        "a check of a child's own life",
        HEAD,
        r"ask: Which one is firm and fair\?",
        "ask: Have you ever been pushed?",
        r"Have you ever",
        "No question asks",
    ),
    Break(
        "an exit question on own life",
        LESSON,
        r"ask: What is bossy\?",
        "ask: Have you seen it done?",
        r"Have you seen",
        "No question asks",
    ),
    Break(
        "an option twice",
        HEAD,
        r"Ask and ask until he gives in",
        "Climb on his lap",
        r"Climb on his lap",
        "stands here a second time",
    ),
    Break(
        "twins that are one",
        LESSON,
        r"(?ms)^    offline: (.*?)^    online: >-\n.*?(?=^    ask:)",
        "    offline: A pen.\n    online: A pen.\n",
        r"^    online: A pen",
        "The online twin is the same text",
    ),
    # wording
    Break("raw HTML", LESSON, SAY, "> A <b>shrug</b>. ", r"<b>", '"<b>" is HTML'),
    Break("a link", LESSON, SAY, "> See www.example.org. ", r"www\.", "looks like a link"),
    Break("an unknown placeholder", LESSON, r"\{\{dsl\}\}", "{{head}}", r"\{\{head", '"{{head}}" is no placeholder'),
    Break("a named product", LESSON, SAY, "> A shrug on TikTok. ", r"TikTok", '"TikTok" is the name of a product'),
    Break("a word not for primary", LESSON, SAY, "> Not pornography. ", r"Not porn", "never names pornography"),
    Break("a blaming sentence", LESSON, SAY, "> She should have said no. ", r"should have said", "(victim_blaming)"),
    Break("too hard for its age", LESSON, SAY, "> " + HARD * 40, r"Contemporary", "at most 4 fits"),
    Break("a board too full", LESSON, r"Stop and check\.\n", "word " * 41 + "\n", r"^Not a clear yes", "at most 40 fit"),
    # acts
    Break("an act of another name", "acts/evaluation.md", r"id: evaluation", "id: review", r"^id:", "rename one of them"),
    Break("a kind nobody knows", "acts/evaluation.md", r"kind: evaluation", "kind: party", r"^kind:", '"party" is not allowed'),
    Break("an act too long", "acts/staff-briefing.md", r"minutes: 30", "minutes: 31", r"^minutes:", "parts add up to 30"),
    Break("an assembly too long", "acts/assembly-k1-owl-keeps-telling.md", r"· 4 min", "· 9 min", r"^minutes:", "add up to 15"),
    Break(
        "no way to help",
        "acts/assembly-k1-owl-keeps-telling.md",
        r"(?i)help poster",
        "wall",
        r"^## Who can",
        "must point to the help",
        times=0,
    ),
    Break(
        "no safeguarding lead",
        "acts/evaluation.md",
        r"\{\{dsl\}\} before",
        "someone before",
        r"^Figures can",
        "must name {{dsl}}",
    ),
    Break("a promise left out", "acts/evaluation.md", r"stay secret", "stay", r"^Figures can", "promises to keep it secret"),
    Break(
        "a removed heading of an act",
        "acts/evaluation.md",
        r"(?ms)^## Step by step.*?(?=^## )",
        "",
        r"^$",
        '"Step by step" is missing',
    ),
    Break("a closed pack left open", "acts/closed-u2-seen.md", r"gate: G2", "gate: G0", r"^gate:", "A closed pack has gate G2"),
    Break(
        "a closed pack for others",
        "acts/closed-u2-seen.md",
        r"stages: \[U2\]",
        "stages: [L2]",
        r"^stages:",
        "upper key stage 2 alone",
    ),
    Break(
        "an act shut for no reason", "acts/evaluation.md", r"gate: G0", "gate: G2", r"^gate:", "nothing but a closed pack has it"
    ),
    Break(
        "a third door to nowhere",
        "acts/pocket-card-k3.md",
        r"- source: childline\n- source: shore\n",
        "",
        r"^## Something",
        "names where to turn",
    ),
    Break(
        "a card without its doors",
        "acts/pocket-card-k3.md",
        r"(?ms)^## Happened to a friend.*?(?=^## )",
        "",
        r"^$",
        "is missing in the card",
    ),
    Break(
        "a card too full",
        "acts/pocket-card-k1.md",
        r"We listen and we help\.",
        "We help. " * 60,
        r"^## Happened to me|^$",
        "read at a glance",
    ),
    Break(
        "a helper for other ages",
        "acts/pocket-card-k1.md",
        r"source: childline",
        "source: shore",
        r"shore",
        "is shown to ages 13 to 18",
    ),
    Break(
        "a blaming slogan",
        "acts/assembly-ks3-it-stops-with-me.md",
        r"> Same boy\.",
        "> It was his own fault.",
        r"his own fault",
        "(victim_blaming)",
    ),
    Break(
        "a letter too hard",
        "acts/consultation.md",
        r"This spring we look",
        HARD * 30 + "This spring we look",
        r"Contemporary",
        "Parent text reads",
    ),
]


@cache
def _sound() -> dict[PurePosixPath, bytes]:
    """Return the lists, two modules and all acts; every module is marked as not written, so that none is missed."""
    files = collect_files(LESSONS)
    kept = {path: raw for path, raw in files.items() if len(path.parts) == 1 or path.parts[0] in (ACTS, "frameworks")}
    kept |= {path: raw for path, raw in files.items() if str(path.parent) in (PRIMARY, SECONDARY)}
    programme = kept[PurePosixPath("programme.yaml")].decode()
    marked = re.sub(r"(?m)^(      - \{id: .*?)(?:, written: false)?\}$", r"\1, written: false}", programme)
    return kept | {PurePosixPath("programme.yaml"): marked.encode()}


@cache
def _rules() -> LanguageRules:
    return load_rules(LESSONS / "language.yaml")


def _faults(files: dict[PurePosixPath, bytes], file: str) -> list[Fault]:
    """Return the faults of the lists and of what stands in the folder of `file`; of the acts only that one is read."""
    near = {path: raw for path, raw in files.items() if _is_near(path, file)}
    reading = read_lessons(near)
    check_reading(reading)
    check_style(reading, Judge(_rules()))
    check_whole(reading)
    return reading.faults


def _is_near(path: PurePosixPath, file: str) -> bool:
    if len(path.parts) == 1 or path.parts[0] == "frameworks":
        return True
    return str(path) == file or (path.parts[0] != ACTS and path.parts[0] == file.split("/")[0])


@pytest.mark.parametrize("file", sorted({one.file for one in BREAKS}))
def test_nothing_is_wrong_before_anything_is_broken(file: str) -> None:
    assert [str(fault) for fault in _faults(_sound(), file)] == []


@pytest.mark.parametrize("one", BREAKS, ids=[one.what for one in BREAKS])
def test_what_is_broken_is_named_with_file_line_and_mending(one: Break) -> None:
    files = _sound()
    path = PurePosixPath(one.file)
    broken, changes = re.subn(one.old, lambda _: one.new, files[path].decode(), count=one.times)
    assert changes, f"{one.old} matches nothing in {one.file}; mend the test"
    place = re.search(one.at, broken, re.MULTILINE)
    assert place, f"{one.at} matches nothing in the broken {one.file}; mend the test"
    line = broken.count("\n", 0, place.start()) + 1
    found = _faults({**files, path: broken.encode()}, one.file)
    named = {(str(fault.file), fault.line) for fault in found if one.sentence in fault.sentence}
    assert (one.file, line) in named, [str(fault) for fault in found]


def test_a_duplicate_module_id_is_named_in_the_second_folder() -> None:
    twins = {PurePosixPath("l2/l2-c1-twin") / path.name: raw for path, raw in _sound().items() if str(path.parent) == PRIMARY}
    found = [str(fault) for fault in _faults({**_sound(), **twins}, HEAD)]
    sentence = f"l2/l2-c1-twin/module.md:2: The id L2-C1 belongs to {PRIMARY} already; every module has its own."
    assert sentence in found


@pytest.mark.parametrize("name", ["lesson-1.md", "follow-ups.md", "home-activity.md", "staff-note.md"])
def test_a_missing_file_of_a_module_is_named(name: str) -> None:
    left = {path: raw for path, raw in _sound().items() if str(path) != f"{PRIMARY}/{name}"}
    found = [str(fault) for fault in _faults(left, HEAD)]
    assert any(one.startswith(f"{PRIMARY}/") and ("file is missing" in one or "no lesson-1.md" in one) for one in found)
