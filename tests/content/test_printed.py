"""Can every lesson be printed? Each document is set, read by machine as a screen reader would, and looked over for overflow.

By default one module of each stage and one act of each kind; all of them in a full run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from eduprog.core.paths import LESSONS
from eduprog.curriculum import catalogue
from eduprog.curriculum.catalogue import Curriculum
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.placeholders import Placeholder
from eduprog.curriculum.vocabulary import FollowUpPoint, Stage
from eduprog.library.exports import typesetting
from eduprog.library.exports.lessons import lesson_handouts, lesson_plan
from eduprog.library.exports.markup import Words
from eduprog.library.exports.modules import check_slips, follow_up_sheet, help_card
from eduprog.library.exports.typesetting import Document, NotTypeset, pdf
from tests.conftest import FULL
from tests.support import printed


@cache
def _curriculum() -> Curriculum:
    return load_curriculum(LESSONS)


@pytest.fixture(autouse=True)
def _installed() -> Iterator[None]:
    before = list(catalogue._installed)
    catalogue.install(_curriculum())
    yield
    catalogue._installed[:] = before


def _modules() -> list[str]:
    everything = list(_curriculum().modules.values())
    firsts = {stage: next(module.id for module in everything if module.stage is stage) for stage in Stage}
    return [module.id for module in everything if FULL or module.id in firsts.values()]


def _acts() -> list[str]:
    curriculum = _curriculum()
    everything = {**curriculum.acts, **curriculum.closed_acts}
    firsts = {one.kind: one.id for one in reversed(list(everything.values()))}
    return [act_id for act_id in everything if FULL or act_id in firsts.values()]


def _faults(document: Document) -> list[str]:
    made = pdf(document)
    found = [*printed.faults_of_access(made, document.title), *printed.faults_of_pages(made)]
    left_over = re.search(r"\{\{|\}\}|\*\*|^#|<[a-z]+>", printed.words_of(made))
    return [f"{document.file_name}: {fault}" for fault in [*found, *([f"left over: {left_over[0]}"] if left_over else [])]]


@pytest.mark.parametrize("module_id", _modules())
def test_all_of_a_module_prints_with_tags_and_without_overflow(module_id: str) -> None:
    documents = list(printed.of_module(_curriculum().modules[module_id]))
    assert len(documents) >= 4
    assert [fault for document in documents for fault in _faults(document)] == []


@pytest.mark.parametrize("act_id", _acts())
def test_an_act_prints_with_tags_and_without_overflow(act_id: str) -> None:
    document = printed.of_act(act_id)
    assert document.file_name == f"{act_id}.pdf"
    assert _faults(document) == []


def test_the_plan_stands_on_the_first_page_and_the_exact_words_follow() -> None:
    module = _curriculum().modules["K3-B3"]
    lesson = module.lessons[0]
    first, *rest = printed.pages_of(pdf(lesson_plan(module, lesson, printed.COPY)))
    assert all(step.title in first for step in lesson.steps)
    assert "Step by step" not in first
    assert "Three ticks, no name, no mark." in " ".join(rest)
    assert "Every day in the lunch queue two boys from the team" in " ".join(rest)


def test_the_answers_of_a_sorting_set_stand_on_a_page_without_cards() -> None:
    module = _curriculum().modules["K3-B3"]
    pages = printed.pages_of(pdf(lesson_handouts(module, module.lessons[0], printed.COPY)))
    answers = [page for page in pages if "Keep this page." in page]
    assert len(answers) == 1
    assert "Headings to sort under" not in answers[0]
    assert "Upskirting" in answers[0]


def test_the_school_s_own_words_fill_the_gaps_and_generic_ones_where_it_has_none() -> None:
    module = _curriculum().modules["K3-B3"]
    own = printed.words_of(pdf(lesson_plan(module, module.lessons[0], printed.COPY)))
    assert printed.COPY.values[Placeholder.DSL] in own
    generic = printed.words_of(pdf(lesson_plan(module, module.lessons[0], replace(printed.COPY, school="", values={}))))
    assert "the designated safeguarding lead" in generic
    assert "Featherstonehaugh" not in generic


def test_what_a_school_is_called_is_never_read_as_code_or_markup() -> None:
    name = '#panic("x") $x$ *St* _Anne\'s_ [a](b) <b> // \\ & `c` @d'
    copy = replace(printed.COPY, school=name, values={Placeholder.DSL: name, Placeholder.SCHOOL: name})
    module = _curriculum().modules["K1-C1"]
    for document in (lesson_plan(module, module.lessons[0], copy), help_card(module, copy)):
        assert "*St* _Anne" in printed.words_of(pdf(document))


def test_a_help_line_that_is_due_for_checking_is_not_printed() -> None:
    module = _curriculum().modules["K1-C1"]
    last = min(_curriculum().help_sources[one].expires_on for one in module.help_card.sources)
    assert "0800 1111" in printed.words_of(pdf(help_card(module, replace(printed.COPY, today=last))))
    assert "0800 1111" not in printed.words_of(pdf(help_card(module, replace(printed.COPY, today=date(last.year + 1, 1, 1)))))


def test_the_follow_up_sheet_has_all_four_with_the_windows_of_the_programme() -> None:
    words = printed.words_of(pdf(follow_up_sheet(_curriculum().modules["K1-C1"], printed.COPY)))
    assert [point.value for point in FollowUpPoint if f"{point.value}. " in words] == ["R1", "R2", "R3", "R4"]
    assert "7 to 14 days after the last lesson." in words
    assert "In the first 28 days of the next school year." in words


def test_the_slips_show_no_answer_and_the_counting_page_does() -> None:
    before, after, counting = printed.pages_of(pdf(check_slips(_curriculum().modules["K1-C1"], printed.COPY)))
    assert "(right)" not in before + after
    assert counting.count("(right)") == len(_curriculum().modules["K1-C1"].check_pair)


def test_the_same_document_gives_the_same_bytes() -> None:
    module = _curriculum().modules["K1-C1"]
    assert pdf(help_card(module, printed.COPY)) == pdf(help_card(module, printed.COPY))


def test_words_keep_emphasis_lists_and_line_ends_as_data() -> None:
    words = Words(lambda text: text)
    assert words.line('say **no** *now* "please"') == [
        {"s": "say ", "b": False, "i": False},
        {"s": "no", "b": True, "i": False},
        {"s": " ", "b": False, "i": False},
        {"s": "now", "b": False, "i": True},
        {"s": " “please”", "b": False, "i": False},
    ]
    listed = words.blocks("Before\n\n3. one\n4. two\n   - deep\n\n> said")
    assert [node["t"] for node in listed] == ["p", "ol", "quote"]
    assert listed[1]["start"] == 3
    assert listed[1]["items"][1][1]["t"] == "ul"
    assert words.blocks("") == []


class TestTheEyesOfTheseTests:
    """Would they see a fault? Documents with planted ones."""

    @pytest.fixture(autouse=True)
    def _templates(self, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = tmp_path_factory.mktemp("templates")
        monkeypatch.setattr(typesetting, "TEMPLATES", self.folder)

    def _made(self, body: str, **data: object) -> bytes:
        head = '#set document(title: "Planted")\n#set page(margin: 15mm)\n= Planted\n'
        (self.folder / "planted.typ").write_text(head + body)
        return pdf(Document("planted.typ", "planted.pdf", "Planted", dict(data)))

    def test_words_on_words_are_seen(self) -> None:
        made = self._made("#place(dx: 0mm, dy: 20mm)[One sentence here]#place(dx: 9mm, dy: 21mm)[Another sentence]")
        assert any("lies on" in fault for fault in printed.faults_of_pages(made))

    def test_words_beyond_the_edge_are_seen(self) -> None:
        made = self._made('#box(width: 400mm, "a very long line of words " * 8)')
        assert any("leaves the page" in fault for fault in printed.faults_of_pages(made))

    def test_a_page_without_words_is_seen(self) -> None:
        assert "page 2 is empty" in printed.faults_of_pages(self._made("#pagebreak()\n#v(1mm)"))

    def test_a_page_without_a_foot_is_seen(self) -> None:
        assert printed.faults_of_pages(self._made("Words.")) == ["page 1 has no foot"]

    def test_another_title_is_seen(self) -> None:
        assert "no title" in printed.faults_of_access(self._made(""), "Something else")

    def test_a_fault_of_the_template_names_the_document(self) -> None:
        with pytest.raises(NotTypeset, match=r"planted\.pdf: "):
            self._made("#panic()")
