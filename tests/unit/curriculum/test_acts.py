"""Acts are read as their files say, each form with its own headings."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from eduprog.curriculum.commands import lessons
from eduprog.curriculum.loader import load_curriculum
from eduprog.curriculum.schema.acts import Checklist
from eduprog.curriculum.vocabulary import ActAudience, ActForm, ActKind, Aspect, Stage
from tests.unit.curriculum.conftest import Folder

SESSION, CARD = "acts/short.md", "acts/card.md"


def test_a_session_comes_out_with_its_parts_and_sheets(folder: Folder) -> None:
    act = load_curriculum(folder.root).act("short")
    assert (act.form, act.aspect, act.audience, act.minutes) == (ActForm.SESSION, Aspect.STAFF, ActAudience.STAFF, 30)
    assert [(part.number, part.title, part.minutes, part.board) for part in act.parts] == [(1, "Hello", 30, "Hello")]
    handout = act.handout("list")
    assert isinstance(handout, Checklist)
    assert (handout.reader, handout.items) == (ActAudience.STAFF, ("One", "Two"))
    with pytest.raises(LookupError):
        act.handout("other")


def test_a_card_comes_out_with_three_titled_doors_and_no_minutes(folder: Folder) -> None:
    act = load_curriculum(folder.root).act("card")
    assert (act.kind, act.minutes, act.stages) == (ActKind.POCKET_CARD, None, (Stage.L2,))
    assert act.help_doors is not None
    assert [(door.title, door.text) for door in act.help_doors.doors] == [
        ("Me", "Tell us."),
        ("A friend", "Come along."),
        ("Something I did", "You can stop."),
    ]
    assert act.help_doors.sources == ("childline",)


def test_acts_are_counted_in_the_report(folder: Folder) -> None:
    result = CliRunner().invoke(lessons, ["check", str(folder.root)])
    assert "Acts: 2, 0 of them closed. By aspect: policy 0, staff 1," in result.output


def test_the_check_of_a_folder_proves_where_each_clause_is_taught(folder: Folder) -> None:
    result = CliRunner().invoke(lessons, ["check", str(folder.root), "--quiet", "--proof"])
    assert "P-AA-01a (in-time): L2-B7 lesson 1, step 2 “The pen”\n" in result.output


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "sentence"),
    [
        (SESSION, "audience: staff", "audience: pupils", "stages:", "What pupils hear or read names its stages"),
        (SESSION, "audience: staff", "audience: parents", "---", '"Where to get help" with at least one'),
        (SESSION, "## Hello · 30 min", "## Hello", "## Hello", '"Hello" is not a heading of the act'),
        (SESSION, "minutes: 30\n", "minutes: n/a\n", "minutes:", "A session has a length; name its minutes."),
        (SESSION, "gate: G0", "gate: W", "gate:", "No act contains sex education"),
        (SESSION, "kind: checklist", "kind: cheklist", "- {id: list", "is not a kind of handout"),
        (SESSION, "for: staff", "for: pupils", "- {id: list", "A sheet for pupils names its stages"),
        (SESSION, "## Hello · 30 min\n", "## Hello · 30 min\n\nStray\n", "Stray", "move it below ### Do or ### Say"),
        (SESSION, "- Rest.", "Rest.", "Rest.", "holds only bullets"),
        (CARD, "doors: [Me, A friend, Something I did]", "doors: [Me, A friend]", "doors:", "names its three doors"),
        (CARD, "stages: [L2]", "stages: [L2, U2]", "stages:", "name exactly one"),
        (CARD, "{{dsl}}", "Teacher", "Teacher\n", "must include {{dsl}}"),
        (CARD, "You are not in trouble.", "", "It is not your fault.", 'must say "not in trouble"'),
        (CARD, "- source: childline", "- source: nspcc-helpline", "nspcc", "name one that is for a pupil"),
    ],
)
def test_a_broken_act_is_named_at_its_line(folder: Folder, file: str, old: str, new: str, at: str, sentence: str) -> None:
    path = folder.root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed = text.replace(old, new)
    path.write_text(changed, encoding="utf-8")
    found = [fault for fault in folder.faults() if sentence in fault.sentence]
    assert found, [str(fault) for fault in folder.faults()]
    lines = [number for number, line in enumerate(changed.split("\n"), start=1) if at.strip() in line]
    assert found[0].line in lines, str(found[0])
