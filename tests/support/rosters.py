"""OneRoster sets of our own making for tests: any size, full or of changes, 1.1 or 1.2, on the standard or off it.

Every pupil's name holds `CANARY`, so that a test can look for it wherever something is kept.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

CANARY = "Zzyxqvist"
_HEADINGS_11 = {
    "orgs": ["sourcedId", "status", "dateLastModified", "name", "type", "identifier", "parentSourcedId"],
    "academicSessions": ["sourcedId", "status", "dateLastModified", "title", "type", "startDate", "endDate", "parentSourcedId",
                         "schoolYear"],
    "courses": ["sourcedId", "status", "dateLastModified", "schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId",
                "subjects", "subjectCodes"],
    "classes": ["sourcedId", "status", "dateLastModified", "title", "grades", "courseSourcedId", "classCode", "classType",
                "location", "schoolSourcedId", "termSourcedIds", "subjects", "subjectCodes", "periods"],
    "users": ["sourcedId", "status", "dateLastModified", "enabledUser", "orgSourcedIds", "role", "username", "userIds",
              "givenName", "familyName", "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades",
              "password"],
    "enrollments": ["sourcedId", "status", "dateLastModified", "classSourcedId", "schoolSourcedId", "userSourcedId", "role",
                    "primary", "beginDate", "endDate"],
}  # fmt: skip
_HEADINGS_12 = {
    **_HEADINGS_11,
    "users": ["sourcedId", "status", "dateLastModified", "enabledUser", "username", "userIds", "givenName", "familyName",
              "middleName", "identifier", "email", "sms", "phone", "agentSourcedIds", "grades", "password",
              "userMasterIdentifier", "resourceSourcedIds", "preferredGivenName", "preferredMiddleName", "preferredFamilyName",
              "primaryOrgSourcedId", "pronouns"],
    "roles": ["sourcedId", "status", "dateLastModified", "userSourcedId", "roleType", "role", "beginDate", "endDate",
              "orgSourcedId", "userProfileSourcedId"],
}  # fmt: skip

Rows = list[dict[str, str]]


@dataclass
class RosterSet:
    """A set as rows by file; change the rows, then ask for the files or the ZIP."""

    version: str = "1.1"
    mode: str = "bulk"
    rows: dict[str, Rows] = field(default_factory=dict)
    manifest: bool = True

    def headings(self, name: str) -> list[str]:
        """Give the columns the standard has for a file."""
        return (_HEADINGS_12 if self.version == "1.2" else _HEADINGS_11)[name]

    def files(self) -> dict[str, bytes]:
        """Give the files by name."""
        made = {f"{name}.csv": as_csv(self.headings(name), rows) for name, rows in self.rows.items()}
        if self.manifest:
            names = _HEADINGS_12 if self.version == "1.2" else _HEADINGS_11
            said = {"manifest.version": "1.0", "oneroster.version": self.version}
            said |= {f"file.{name}": self.mode if name in self.rows else "absent" for name in names}
            made["manifest.csv"] = as_csv(["propertyName", "value"], [{"propertyName": k, "value": v} for k, v in said.items()])
        return made

    def zipped(self, folder: str = "") -> bytes:
        """Give the set as a ZIP."""
        return zip_of({f"{folder}{name}": data for name, data in self.files().items()})


def as_csv(headings: Sequence[str], rows: Iterable[dict[str, str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Write rows as CSV."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headings, restval="", delimiter=delimiter, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def zip_of(files: dict[str, bytes]) -> bytes:
    """Pack files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def a_school_set(
    *, classes: int = 4, pupils: int = 5, version: str = "1.1", names: Sequence[str] = (), sort: str = "homeroom"
) -> RosterSet:
    """Make a full set: so many classes of so many pupils each, a teacher for each class, year groups 1 to 6 in turn."""
    made = RosterSet(version=version)
    made.rows["orgs"] = [{"sourcedId": "org-1", "name": "Hazel Bank School", "type": "school"}]
    made.rows["academicSessions"] = [
        {"sourcedId": "term-1", "title": "Autumn", "type": "term", "startDate": "2026-09-02", "endDate": "2026-12-18"},
        {"sourcedId": "year-1", "title": "2026/27", "type": "schoolYear", "startDate": "2026-09-01", "endDate": "2027-07-21"},
    ]
    made.rows["courses"] = []
    for name in ("classes", "users", "enrollments", *(("roles",) if version == "1.2" else ())):
        made.rows[name] = []
    for number in range(1, classes + 1):
        title = names[number - 1] if number <= len(names) else f"Class {number:03}"
        made.rows["classes"].append(
            {"sourcedId": f"class-{number}", "title": title, "grades": f"{(number - 1) % 6 + 1:02}", "classType": sort,
             "schoolSourcedId": "org-1", "termSourcedIds": "term-1"}
        )  # fmt: skip
        add_user(made, f"teacher-{number}", "teacher", "Robin", f"Teacher {number}", f"teacher{number}@hazel.example")
        enrol(made, f"teacher-{number}", number, "teacher", primary="true")
        for place in range(1, pupils + 1):
            user = f"pupil-{number}-{place}"
            add_user(made, user, "student", f"{CANARY}{place}", f"Child{number}", "")
            enrol(made, user, number, "student")
    return made


def add_user(made: RosterSet, source: str, role: str, given: str, family: str, email: str) -> None:
    """Add a user, and their role where the version keeps it apart."""
    row = {"sourcedId": source, "enabledUser": "true", "orgSourcedIds": "org-1", "role": role, "username": source,
           "givenName": given, "familyName": family, "email": email}  # fmt: skip
    made.rows.setdefault("users", []).append(row)
    if made.version == "1.2":
        made.rows.setdefault("roles", []).append(
            {"sourcedId": f"role-{source}", "userSourcedId": source, "roleType": "primary", "role": role, "orgSourcedId": "org-1"}
        )


def enrol(made: RosterSet, user: str, class_number: int, role: str, **more: str) -> None:
    """Put somebody into a class."""
    made.rows.setdefault("enrollments", []).append(
        {"sourcedId": f"enrol-{class_number}-{user}", "classSourcedId": f"class-{class_number}", "schoolSourcedId": "org-1",
         "userSourcedId": user, "role": role, **more}
    )  # fmt: skip
