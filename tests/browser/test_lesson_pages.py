"""Is every lesson readable on a phone, on a desk and on paper? By default one lesson of each stage; all of them in a full run."""

from __future__ import annotations

from functools import cache

import pytest
from playwright.sync_api import Page

from eduprog.core.paths import LESSONS
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.vocabulary import Stage
from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import Journey, journey_of
from tests.browser.walking import NARROW, Walker
from tests.conftest import FULL
from tests.support import printed
from tests.support.serving import Served

_PAPER = 794  # pixels across a sheet of A4
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_SHOWN_ON_PAPER = """() => [...document.querySelectorAll('.ep-nav, .govuk-button, .govuk-back-link, .ep-footer, .ep-no-print')]
  .filter(e => e.checkVisibility()).map(e => e.className)"""
_CUT_OFF = """() => [...document.querySelectorAll('main *')]
  .filter(e => e.checkVisibility() && !e.closest('.govuk-visually-hidden') && getComputedStyle(e).overflowX !== 'visible')
  .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.className)"""


@cache
def _lessons() -> list[tuple[str, int]]:
    everything = list(load_curriculum(LESSONS).modules.values())
    firsts = {stage: next(module.id for module in everything if module.stage is stage) for stage in Stage}
    chosen = [module for module in everything if FULL or module.id in firsts.values()]
    return [(module.id, lesson.number) for module in chosen for lesson in (module.lessons if FULL else module.lessons[:1])]


@pytest.fixture(scope="module")
def journey(served: Served) -> Journey:
    return journey_of(served.call(scenes.a_school, name="Larkfield All-through School with a Rather Long Name"))


@pytest.mark.parametrize("width", [NARROW, 1280])
def test_no_lesson_scrolls_sideways_or_hides_words(visit: Visit, journey: Journey, width: int) -> None:
    teacher = visit(width=width, email=journey.emails["teacher"])  # what each page has wrong is collected as they walk
    for module_id, number in _lessons():
        teacher.go(f"/lessons/{module_id}/{number}")
        assert teacher.heading == f"{module_id} lesson {number}"
        assert teacher.page.evaluate(_CUT_OFF) == [], module_id
    assert len(teacher.visited) > len(_lessons())


def test_every_lesson_prints_from_the_browser_on_whole_sheets_without_the_furniture_of_the_screen(
    visit: Visit, journey: Journey
) -> None:
    teacher = visit(email=journey.emails["teacher"])
    for module_id, number in _lessons():
        _go_quietly(teacher, f"/lessons/{module_id}/{number}")
        sheet = _on_paper(teacher.page)
        assert sheet == [], f"{module_id} lesson {number}"


def test_the_lesson_page_opens_its_pdfs(visit: Visit, journey: Journey) -> None:
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    teacher.go("/lessons/K1-C1/1")
    for words in ("Lesson plan (PDF)", "Handouts (PDF)", "Help card (PDF)"):
        address = teacher.page.get_by_role("link", name=words).get_attribute("href")
        answer = teacher.context.request.get(f"{teacher.url}{address}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        assert journey.school in printed.words_of(answer.body())


def test_the_module_and_what_lies_beyond_lessons_list_what_can_be_printed(visit: Visit, journey: Journey) -> None:
    for width in (NARROW, 1280):
        teacher = visit(width=width, email=journey.emails["teacher"])
        teacher.go("/lessons/K1-C1")
        assert teacher.page.get_by_role("link", name="Follow-ups (PDF)").is_visible()
        teacher.go("/lessons")
        teacher.tap("Beyond lessons")
        assert teacher.heading == "Beyond lessons"
        assert teacher.page.get_by_role("link", name="When a child tells you").is_visible()


def _go_quietly(walker: Walker, path: str) -> None:
    walker.page.goto(walker.url + path)


def _on_paper(page: Page) -> list[str]:
    """Say what is wrong with a page on paper."""
    before = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size({"width": _PAPER, "height": 1123})
    faults = [f"{words} on paper" for words in page.evaluate(_SHOWN_ON_PAPER)]
    faults += ["wider than the sheet"] if page.evaluate(_WIDER) > 0 else []
    leaving = [fault for fault in printed.faults_of_pages(page.pdf(format="A4")) if "leaves the page" in fault]
    page.emulate_media(media="screen")
    if before:
        page.set_viewport_size(before)
    return faults + leaving


# Teach mode ----------------------------------------------------------------------------------------------------------------

_BOARDS = ((1280, 720), (1920, 1080))
_ON_THE_BOARD = """() => {
  const stage = document.querySelector('[data-deck]'), slides = [...stage.querySelectorAll('[data-slide]')], faults = [];
  const says = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && !e.closest('button, a');
  const small = slide => [...slide.querySelectorAll('*')].filter(says)
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1)
    .filter(e => parseFloat(getComputedStyle(e).fontSize) < 28).map(e => `small: ${e.textContent.slice(0, 30)}`);
  for (const slide of slides) {
    slides.forEach(one => { one.hidden = one !== slide; });
    const over = stage.scrollHeight - stage.clientHeight;
    if (over > 1) faults.push(`slide ${slide.dataset.slide} is ${over} px too high`);
    if (stage.scrollWidth > stage.clientWidth + 1) faults.push(`slide ${slide.dataset.slide} is too wide`);
    faults.push(...small(slide).map(words => `slide ${slide.dataset.slide}: ${words}`));
  }
  const page = document.documentElement;
  if (page.scrollHeight > page.clientHeight) faults.push('the page scrolls');
  return faults;
}"""


@pytest.fixture(scope="module")
def wordy(served: Served) -> Journey:
    made = journey_of(served.call(scenes.a_school, name="Saint Bartholomew's and All Saints' Church of England School"))
    served.call(scenes.with_long_words, school_id=made.school_id)
    served.call(scenes.with_notice, school_id=made.school_id)
    return made


def test_every_slide_fits_the_board_in_letters_the_back_row_can_read(visit: Visit, wordy: Journey) -> None:
    teacher = visit(email=wordy.emails["teacher"])
    faults = []
    for module_id, number in _lessons():
        _go_quietly(teacher, f"/lessons/{module_id}/{number}/teach")
        for width, height in _BOARDS:
            teacher.page.set_viewport_size({"width": width, "height": height})
            found = teacher.page.evaluate(_ON_THE_BOARD)
            faults += [f"{module_id} lesson {number} at {width} x {height}: {fault}" for fault in found]
    assert faults == []


def test_slides_timer_and_notes_work_by_keyboard_alone_and_without_a_network(visit: Visit, journey: Journey) -> None:
    teacher = visit(email=journey.emails["teacher"])
    teacher.context.clock.install()
    teacher.go("/lessons/L2-B1/1/teach")
    page = teacher.page
    board = page.locator("[data-slide]:visible h2")
    first = board.inner_text()
    assert page.title().startswith("L2-B1, Year 4")
    with teacher.context.expect_page() as opened:
        page.keyboard.press("n")
    notes = opened.value
    notes.wait_for_load_state("load")
    teacher.context.set_offline(True)
    page.keyboard.press("PageDown")
    second = board.inner_text()
    assert second != first
    assert notes.locator("[aria-current] h2").inner_text().endswith(second)
    notes.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('[data-position]').textContent === '3'")
    page.keyboard.press("ArrowLeft")
    face = page.locator("[data-clock-face]")
    minutes = int(face.inner_text().split(":")[0])
    page.keyboard.press("t")
    teacher.context.clock.fast_forward("01:30")  # as a sleeping tab wakes: what was due meanwhile runs once
    assert face.inner_text() in (f"{minutes - 2}:30", f"{minutes - 2}:29")
    page.keyboard.press("t")
    teacher.context.clock.fast_forward("05:00")
    assert face.inner_text() in (f"{minutes - 2}:30", f"{minutes - 2}:29")
    page.keyboard.press("End")
    assert board.inner_text() == "Thank you"
    page.keyboard.press("Home")
    assert board.inner_text() == first
    teacher.context.set_offline(False)


def test_done_on_the_last_slide_records_the_lesson_of_the_class(visit: Visit, morning: Served) -> None:
    made = journey_of(morning.call(scenes.a_school, name="Alder Grove School"))
    teacher = visit(email=made.emails["teacher"])
    before = teacher.taps
    teacher.tap(teacher.card("1 Oak · K1-C1").get_by_role("button", name="Teach"))
    assert teacher.taps - before == 1  # from the first page after signing in
    teacher.press("End", leads_on=False)
    teacher.tap("Done")
    assert "Lesson recorded as taught." in teacher.words()
