"""A lesson on paper: the plan a teacher holds, and the handouts for the class."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from eduprog.curriculum import catalogue
from eduprog.curriculum.placeholders import Placeholder
from eduprog.curriculum.schema import LawNote, Lesson, LessonModule, Scenario, StaffNote, Step
from eduprog.library.exports.copies import Copy
from eduprog.library.exports.handouts import handout
from eduprog.library.exports.markup import Words
from eduprog.library.exports.typesetting import Document
from eduprog.web.filters import day, join_and


def lesson_plan(module: LessonModule, lesson: Lesson, copy: Copy) -> Document:
    """Give the plan of a lesson: one page to hold, then every step with its words, then what to read beforehand."""
    words = copy.words
    title = f"{module.id} lesson {lesson.number}: {words.plain(lesson.title)}"
    data = {
        "foot": copy.foot(f"{module.id} lesson {lesson.number}"),
        "caption": f"{module.id} {words.plain(module.title)} · {module.stage.label} · {module.strand.label}",
        "heading": words.line(f"Lesson {lesson.number}: {lesson.title}"),
        "aim": words.line(lesson.aim),
        "years": join_and(year.label for year in module.years),
        "minutes": lesson.minutes,
        "need": words.lines(lesson.need),
        "prints": words.lines(one.title for one in lesson.handouts),
        "key_words": words.lines(word.word for word in module.words),
        "dsl": words.line("{{" + Placeholder.DSL + "}}"),
        "steps": _steps(lesson, words),
        "exit_check": [{"ask": words.line(one.ask), "answer": words.line(one.answer)} for one in lesson.exit_check],
        "note": _note(module.staff_note, words),
        "send": words.lines(module.send),
        "eal": words.lines(module.eal),
    }
    return Document("lesson-plan.typ", f"{module.id}-lesson-{lesson.number}-plan.pdf", title, data)


def lesson_handouts(module: LessonModule, lesson: Lesson, copy: Copy) -> Document:
    """Give every handout of a lesson, each from a new page on, with the answers to sorting sets on pages of their own."""
    title = f"{module.id} lesson {lesson.number}: handouts"
    data = {
        "foot": copy.foot(f"{module.id} lesson {lesson.number}"),
        "handouts": [handout(one, copy.words, stage=module.stage) for one in lesson.handouts],
    }
    return Document("handouts.typ", f"{module.id}-lesson-{lesson.number}-handouts.pdf", title, data)


def _steps(lesson: Lesson, words: Words) -> list[dict[str, Any]]:
    ends = accumulate(step.minutes for step in lesson.steps)
    told: set[str] = set()
    steps = []
    for step, end in zip(lesson.steps, ends, strict=True):
        scenario = lesson.scenario(step.scenario) if step.scenario else None
        first_told = scenario is not None and scenario.id not in told
        steps.append(
            {
                **_step(step, words),
                "from": end - step.minutes,
                "to": end,
                "split_after": step.number in lesson.splits,
                "handout": words.line(lesson.handout(step.handout).title) if step.handout else None,
                "scenario": _scenario(scenario, words) if scenario and first_told else None,
                "scenario_title": words.line(scenario.title) if scenario and not first_told else None,
            }
        )
        told |= {scenario.id} if scenario else set()
    return steps


def _step(step: Step, words: Words) -> dict[str, Any]:
    vocabulary = catalogue.current().vocabulary
    more = (
        ("Listen for", step.listen_for),
        ("If it goes quiet", step.if_quiet),
        ("Stretch", step.stretch),
        ("Support", step.support),
    )
    return {
        "number": step.number,
        "title": words.line(step.title),
        "minutes": step.minutes,
        "how": f"{vocabulary.methods[step.method].label}, {vocabulary.groupings[step.grouping].label.lower()}",
        "do": words.blocks(step.do),
        "say": words.blocks(step.say),
        "board": words.blocks(step.board),
        "more": [{"title": title, "blocks": words.blocks(text)} for title, text in more if text],
        "clauses": ", ".join(step.clauses),
    }


def _scenario(scenario: Scenario, words: Words) -> dict[str, Any]:
    return {name: words.line(getattr(scenario, name)) for name in ("title", "offline", "online", "ask")}


def _note(note: StaffNote, words: Words) -> dict[str, Any]:
    return {
        **{
            name: words.blocks(getattr(note, name))
            for name in ("in_one_minute", "words_to_use", "if_told", "no_secrets", "no_app_needed")
        },
        "may_come_up": words.lines(note.may_come_up),
        "before": words.lines(note.before),
        "law": [{"text": words.blocks(law.text), "source": _source(law)} for law in note.law],
        "questions": [{"question": words.line(one.question), "answer": words.blocks(one.answer)} for one in note.questions],
    }


def _source(law: LawNote) -> str:
    return f"{law.nation}. Reviewed by: {law.reviewed_by}. Written {day(law.dated)}."
