"""Are OneRoster sets off the beaten path read right, with a sentence for every fault and nothing taken that should not be?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from eduprog.school.importers.reading import read_files
from eduprog.school.importers.uploads import Upload
from eduprog.school.importers.values import Roster, Weight
from tests.support.rosters import RosterSet, a_school_set, add_user, as_csv, enrol, zip_of

Change = Callable[[RosterSet], None]


def read(files: Mapping[str, bytes]) -> Roster:
    """Read a set as an import of September 2026 would."""
    uploads = [Upload(name, data) for name, data in files.items()]
    key = lambda what, source: f"{what} {source}"  # noqa: E731 - the plainest key there is
    return read_files(
        uploads, columns=None, remembered={}, key=key, today=date(2026, 9, 10), year_starts_on=date(2026, 9, 1)
    ).roster


def faults(roster: Roster) -> dict[str, str]:
    """Give what was left out, by place."""
    return {finding.place: finding.text for finding in roster.findings if finding.weight is Weight.FAULT}


def _twice(name: str) -> Change:
    return lambda made: made.rows[name].append(dict(made.rows[name][0]))


def _nameless(name: str) -> Change:
    return lambda made: made.rows[name].append({**made.rows[name][0], "sourcedId": ""})


def _set(name: str, **cells: str) -> Change:
    return lambda made: made.rows[name][0].update(cells)


def _a_course(made: RosterSet) -> None:
    made.rows["courses"] = [{"sourcedId": "c", "title": "PSHE"}, {"sourcedId": "c", "title": "Again"}]


def _a_parent_teaches(made: RosterSet) -> None:
    add_user(made, "carer-1", "guardian", "Pat", "Carer", "pat@hazel.example")
    enrol(made, "carer-1", 1, "teacher")


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (_twice("orgs"), "orgs.csv, row 3, column sourcedId", "This id was there before"),
        (_twice("academicSessions"), "academicSessions.csv, row 4, column sourcedId", "This id was there before"),
        (_nameless("academicSessions"), "academicSessions.csv, row 4, column sourcedId", "There is no id"),
        (_a_course, "courses.csv, row 3, column sourcedId", "This id was there before"),
        (_twice("classes"), "classes.csv, row 3, column sourcedId", "This id was there before"),
        (_twice("users"), "users.csv, row 5, column sourcedId", "This id was there before"),
        (_twice("enrollments"), "enrollments.csv, row 5, column sourcedId", "This enrolment was there before"),
        (_set("academicSessions", endDate="2026-09-31"), "academicSessions.csv, row 2, column endDate", "is not a day"),
        (_set("academicSessions", endDate="2026-09-01"), "academicSessions.csv, row 2, column endDate", "before it starts"),
        (_set("enrollments", classSourcedId="no"), "enrollments.csv, row 2, column classSourcedId", "No row of the classes"),
        (_set("enrollments", userSourcedId="no"), "enrollments.csv, row 2, column userSourcedId", "No row of the users"),
        (_set("enrollments", role="wizard"), "enrollments.csv, row 2, column role", "not one we know"),
        (_set("classes", status="perhaps"), "classes.csv, row 2, column status", "neither active nor tobedeleted"),
        (_set("classes", title=""), "classes.csv, row 2, column title", "no name"),
        (_a_parent_teaches, "enrollments.csv, row 5, column role", "this person is family"),
    ],
)  # fmt: skip
def test_every_fault_has_its_row_and_column(change: Change, place: str, says: str) -> None:
    made = a_school_set(classes=1, pupils=2)
    change(made)
    assert says in faults(read(made.files()))[place]


def test_a_set_without_faults_leaves_nothing_out() -> None:
    for version in ("1.1", "1.2"):
        assert faults(read(a_school_set(classes=2, pupils=3, version=version).files())) == {}


def test_staff_of_another_role_who_teach_a_class_are_taken_as_teachers() -> None:
    made = a_school_set(classes=1, pupils=1)
    made.rows["enrollments"] = [row for row in made.rows["enrollments"] if row["role"] != "teacher"]
    add_user(made, "head", "administrator", "Hedy", "Head", "hedy@hazel.example")
    enrol(made, "head", 1, "teacher")
    roster = read(made.files())
    assert roster.classes[0].leads == ("person head",)
    assert "Hedy Head" in [entry.name for entry in roster.staff]


def test_several_roles_of_one_user_and_their_schools_are_put_together() -> None:
    made = a_school_set(classes=1, pupils=1, version="1.2")
    add_user(made, "head", "principal", "Hedy", "Head", "hedy@hazel.example")
    made.rows["roles"].append({"sourcedId": "r", "userSourcedId": "head", "roleType": "secondary", "role": "teacher",
                               "orgSourcedId": "org-2"})  # fmt: skip
    (head,) = [entry for entry in read(made.files()).staff if entry.name == "Hedy Head"]
    assert set(head.orgs) == {"org-1", "org-2"}


@pytest.mark.parametrize(
    "manifest",
    [
        "propertyName,value\r\nmanifest.version,1.0\r\noneroster.version, 1.2 \r\nfile.classes, Bulk \r\nfile.users,BULK\r\n"
        "file.enrollments,bulk\r\n",
        '\ufeff"propertyName","value"\n"file.classes","bulk"\n"file.users","bulk"\n"file.enrollments","bulk"\n',
        "file.classes,bulk\r\nfile.users,bulk\r\nfile.enrolments,bulk\r\nsource.systemName,Some MIS\r\n",
    ],
    ids=["blanks and capitals", "mark and quotes", "no heading"],
)
def test_a_manifest_is_understood_however_it_is_written(manifest: str) -> None:
    files = a_school_set(classes=1, pupils=2).files() | {"manifest.csv": manifest.encode()}
    roster = read(files)
    assert (roster.whole_classes, roster.whole_staff, roster.whole_enrolments) == (True, True, True)


@pytest.mark.parametrize("kept", [{"classes"}, {"classes", "enrollments"}, {"users"}, {"classes", "users", "enrollments"}])
def test_a_set_with_only_some_of_its_files_is_read_as_far_as_it_goes(kept: set[str]) -> None:
    files = a_school_set(classes=1, pupils=2).files()
    roster = read({name: data for name, data in files.items() if name[:-4] in kept})
    assert [entry.name for entry in roster.classes if entry.named] == (["Class 001"] if "classes" in kept else [])
    assert [entry.name for entry in roster.staff] == (["Robin Teacher 1"] if "users" in kept else [])
    assert roster.whole_classes in (None, False)


def test_cells_with_line_breaks_and_quotes_stay_one_cell() -> None:
    made = a_school_set(classes=1, pupils=1, names=['7A "Oak"\nset 1'])
    assert read(made.files()).classes[0].name == '7A "Oak" set 1'


def test_what_stands_beside_a_set_does_not_stop_it() -> None:
    """A folder inside the ZIP, a letter with quotation marks, an empty file of which nothing is taken."""
    files = {f"export/{name}": data for name, data in a_school_set(classes=1, pupils=2).files().items()}
    files |= {"export/README.txt": b'"MIS" made this\r\n', "export/demographics.csv": b"", "__MACOSX/._users.csv": b"x"}
    roster = read({"set.zip": zip_of(files)})
    assert [entry.size for entry in roster.classes] == [2]
    passed_over = {finding.file for finding in roster.findings if "passed over" in finding.text}
    assert passed_over == {"README.txt", "demographics.csv"}


@pytest.mark.parametrize("name", ["classes", "users", "enrollments"])
def test_a_file_with_headings_alone_ends_nothing(name: str) -> None:
    files = a_school_set(classes=1, pupils=2).files()
    files[f"{name}.csv"] = files[f"{name}.csv"].split(b"\r\n")[0] + b"\r\n"
    roster = read(files)
    assert "nothing was concluded from it" in faults(roster)[f"{name}.csv, row 1"]
    assert {"classes": roster.whole_classes, "users": roster.whole_staff, "enrollments": roster.whole_enrolments}[name] is False
    assert all(entry.size != 0 for entry in roster.classes)


def test_a_manifest_that_says_two_things_of_a_file_says_neither() -> None:
    files = a_school_set(classes=1, pupils=2).files()
    files["manifest.csv"] += b"file.classes,delta\r\n"
    roster = read(files)
    assert roster.whole_classes is None
    assert any("both this and something else" in text for text in faults(roster).values())


def test_users_without_roles_are_teachers_where_the_enrolments_say_so() -> None:
    made = a_school_set(classes=1, pupils=2)
    files = made.files()
    files["users.csv"] = as_csv([one for one in made.headings("users") if one != "role"], made.rows["users"])
    roster = read(files)
    assert [entry.name for entry in roster.staff] == ["Robin Teacher 1"]
    assert any(finding.column == "role" and "from the enrolments" in finding.text for finding in roster.findings)


def test_a_role_that_is_over_takes_nobody() -> None:
    made = a_school_set(classes=1, pupils=1, version="1.2")
    add_user(made, "left", "teacher", "Lee", "Left", "lee@hazel.example")
    made.rows["roles"][-1]["endDate"] = "2026-07-20"
    assert "Lee Left" not in [entry.name for entry in read(made.files()).staff]


def test_a_stray_comma_in_one_row_shifts_nobody() -> None:
    files = a_school_set(classes=1, pupils=1).files()
    files["users.csv"] = files["users.csv"].replace(b"Robin", b"Robin,Extra", 1)
    roster = read(files)
    assert roster.staff == ()
    assert any("columns may be shifted" in text for text in faults(roster).values())
