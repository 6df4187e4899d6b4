"""A second opinion on every figure of coverage: counted by plain loops over raw rows, with no code of the features."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from eduprog.core.db import session
from eduprog.curriculum import catalogue

Row = dict[str, Any]


class Recount:
    """The raw rows of one school and one academic year."""

    def __init__(self, school_id: int, academic_year_id: int) -> None:
        connection = session().connection()
        self.classes = {
            row["id"]: row
            for row in _rows(connection, "SELECT * FROM teaching_group WHERE school_id = :s", school_id)
            if row["academic_year_id"] == academic_year_id
        }
        self.years: dict[int, list[str]] = defaultdict(list)
        for row in _rows(connection, "SELECT * FROM teaching_group_year WHERE school_id = :s ORDER BY id", school_id):
            self.years[row["teaching_group_id"]].append(row["year_group"])
        self.lessons = [
            row for row in _rows(connection, "SELECT * FROM planned_lesson WHERE school_id = :s", school_id) if self._here(row)
        ]
        self.records = [
            row
            for row in _rows(connection, "SELECT * FROM delivery WHERE school_id = :s", school_id)
            if self._here(row) and row["withdrawn_at"] is None
        ]
        self.steps: dict[int, set[int]] = defaultdict(set)
        for row in _rows(connection, "SELECT * FROM delivery_step WHERE school_id = :s", school_id):
            self.steps[row["delivery_id"]].add(row["step_number"])
        self.follow_ups = [
            row for row in _rows(connection, "SELECT * FROM follow_up WHERE school_id = :s", school_id) if self._here(row)
        ]
        self.prompts = [
            row for row in _rows(connection, "SELECT * FROM parent_prompt WHERE school_id = :s", school_id) if self._here(row)
        ]
        self.record_of = {row["planned_lesson_id"]: row for row in self.records}
        self.module = catalogue.current().modules

    def _here(self, row: Row) -> bool:
        return row["teaching_group_id"] in self.classes

    # The grid -------------------------------------------------------------------------------------------------------------

    def grid(self) -> tuple[dict[tuple[str, str, str], list[int]], dict[str, list[int]]]:
        """Give planned, delivered, part and minutes by year group, strand and half-term, and by strand alone."""
        cells: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        strands: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for sittings in self._lessons_of_the_grid():
            first = sittings[0]
            given = [self._given(sitting) for sitting in sittings]
            whole = all(any(self._is_whole(record) for record in one) for one in given)
            begun = any(given)
            figures = [
                int(first["state"] != "withdrawn"), int(whole), int(begun and not whole),
                sum(record["minutes"] for one in given for record in one),
            ]  # fmt: skip
            strand = self.module[first["module_id"]].strand.value
            for year in self.years[first["teaching_group_id"]]:
                _add(cells[year, strand, first["block"]], figures)
            _add(strands[strand], figures)
        return ({k: v for k, v in cells.items() if any(v)}, {k: v for k, v in strands.items() if any(v)})

    def _lessons_of_the_grid(self) -> list[list[Row]]:
        """Give each lesson as its sittings in order: one, or its parts; a withdrawn sitting stands by itself."""
        whole: list[list[Row]] = []
        parts: dict[tuple[int, str, int], list[Row]] = defaultdict(list)
        for row in self.lessons:
            if row["make_good_of"] is not None:
                continue
            if row["part"] and row["state"] != "withdrawn":
                parts[row["teaching_group_id"], row["module_id"], row["lesson_number"]].append(row)
            elif row["part"] < 2:
                whole.append([row])
        return [*whole, *(sorted(several, key=lambda row: row["part"]) for several in parts.values())]

    def _given(self, lesson: Row) -> list[Row]:
        ids = [lesson["id"], *(row["id"] for row in self.lessons if row["make_good_of"] == lesson["id"])]
        return [self.record_of[id_] for id_ in ids if id_ in self.record_of]

    @staticmethod
    def _is_whole(record: Row) -> bool:
        return record["outcome"] != "part_taught"

    # The programme board --------------------------------------------------------------------------------------------------

    def board(self, today: date, over: set[str]) -> dict[str, tuple[int, int, int]]:
        """Give, by class, lessons planned, delivered, and due by today; `over` are the half-terms that are over."""
        scheme = self._scheme()
        found = {}
        for id_, row in self.classes.items():
            planned = delivered = due = 0
            for lesson in self.lessons:
                if lesson["teaching_group_id"] != id_ or lesson["make_good_of"] is not None or lesson["state"] == "withdrawn":
                    continue
                planned += 1
                given = self._given(lesson)
                if any(self._is_whole(record) for record in given):
                    delivered += 1
                elif self._is_due(lesson, bool(self.record_of.get(lesson["id"])), today, over, scheme):
                    due += 1
            found[row["name"]] = (planned, delivered, delivered + due)
        return found

    def _is_due(self, lesson: Row, begun: bool, today: date, over: set[str], scheme: dict[tuple[str, str], str]) -> bool:
        day = lesson["planned_on"]
        if begun:
            rest = [
                row["planned_on"] for row in self.lessons
                if row["make_good_of"] == lesson["id"] and row["state"] == "planned" and not row["recorded"]
            ]  # fmt: skip
            return not rest or min(rest) < today
        if day is None:
            return lesson["why_unplaced"] != "next_year"
        years = self.years[lesson["teaching_group_id"]]
        return day < today or any(scheme.get((year, lesson["module_id"])) in over for year in years)

    def _scheme(self) -> dict[tuple[str, str], str]:
        connection = session().connection()
        rows = connection.execute(
            text(
                "SELECT s.year_group, e.module_id, e.block FROM scheme_entry e JOIN scheme_of_work s"
                " ON s.id = e.scheme_of_work_id"
            )
        )
        return {(year, module_id): block for year, module_id, block in rows}

    # Steps, statements, messages ------------------------------------------------------------------------------------------

    def minutes(self) -> Counter[tuple[str, str]]:
        """Give the minutes taught by year group and method."""
        found: Counter[tuple[str, str]] = Counter()
        for record in self.records:
            for step in self._steps_done(record):
                for year in self.years[record["teaching_group_id"]]:
                    found[year, step.method.value] += step.minutes
        return found

    def _steps_done(self, record: Row) -> list[Any]:
        steps = self.module[record["module_id"]].lessons[record["lesson_number"] - 1].steps
        done = self.steps.get(record["id"])
        return [step for step in steps if done is None or step.number in done]

    def clauses(self) -> dict[str, tuple[int, int, int]]:
        """Give, by clause, in how many classes it is planned or begun, delivered, and followed up."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for id_ in self.classes:
            touched, taught = self._clauses_given(id_)
            kept = {row["module_id"] for row in self.follow_ups if row["teaching_group_id"] == id_ and row["state"] == "done"}
            in_plan = {
                clause
                for row in self.lessons
                if row["teaching_group_id"] == id_ and row["state"] != "withdrawn" and row["make_good_of"] is None
                for step in self.module[row["module_id"]].lessons[row["lesson_number"] - 1].steps
                for clause in step.clauses
            }
            for clause in in_plan | touched | set(taught):
                _add(found[clause], [1, int(clause in taught), int(bool(taught.get(clause, set()) & kept))])
        return {clause: (one[0], one[1], one[2]) for clause, one in found.items()}

    def _clauses_given(self, group_id: int) -> tuple[set[str], dict[str, set[str]]]:
        done: dict[tuple[str, int], set[int]] = defaultdict(set)
        for record in self.records:
            if record["teaching_group_id"] == group_id:
                done[record["module_id"], record["lesson_number"]] |= {step.number for step in self._steps_done(record)}
        touched: set[str] = set()
        taught: dict[str, set[str]] = defaultdict(set)
        for (module_id, number), numbers in done.items():
            for clause, needed in self._steps_for(module_id, number).items():
                if needed <= numbers:
                    taught[clause].add(module_id)
                elif needed & numbers:
                    touched.add(clause)
        return touched, taught

    def _steps_for(self, module_id: str, number: int) -> dict[str, set[int]]:
        wanted: dict[str, set[int]] = defaultdict(set)
        for step in self.module[module_id].lessons[number - 1].steps:
            for clause in step.clauses:
                wanted[clause].add(step.number)
        return wanted

    def last_met(self, today: date) -> dict[tuple[str, str], date]:
        """Give, by class and message, the last day it was met by a lesson or a follow-up."""
        found: dict[tuple[str, str], date] = {}
        for record in self.records:
            for message in self.module[record["module_id"]].messages:
                _latest(found, (self.classes[record["teaching_group_id"]]["name"], message.value), record["taught_on"])
        for row in self.follow_ups:
            if row["state"] != "done" or row["done_on"] > today:
                continue
            module = self.module[row["module_id"]]
            for message in next(f for p, f in module.follow_ups.items() if p.value == row["point"]).messages or module.messages:
                _latest(found, (self.classes[row["teaching_group_id"]]["name"], message.value), row["done_on"])
        return {key: day for key, day in found.items() if day <= today}

    def beside(self, today: date) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
        """Give, by year group, follow-ups due and given, and prompts due and sent."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for row in self.follow_ups:
            is_due = row["due_on"] is not None and row["due_on"] <= today
            if row["state"] != "withdrawn" and (is_due or row["state"] == "done"):
                for year in self.years[row["teaching_group_id"]]:
                    _add(found[year], [1, int(row["state"] == "done"), 0, 0])
        for row in self.prompts:
            if row["stop_reason"] != "delivery_undone":
                sent = row["state"] == "sent" or row["stop_reason"] == "sent_by_hand"
                for year in self.years[row["teaching_group_id"]]:
                    _add(found[year], [0, 0, 1, int(sent)])
        return {year: ((one[0], one[1]), (one[2], one[3])) for year, one in found.items()}


def _rows(connection: Connection, statement: str, school_id: int) -> list[Row]:
    return [
        {name: _day(name, value) for name, value in row._mapping.items()}
        for row in connection.execute(text(statement), {"s": school_id})
    ]


def _day(name: str, value: Any) -> Any:
    """SQLite gives a day as text and a truth as a number; both are read here, without the types of the tables."""
    return date.fromisoformat(value) if name.endswith("_on") and isinstance(value, str) else value


def _add(kept: list[int], figures: list[int]) -> None:
    for place, figure in enumerate(figures):
        kept[place] += figure


def _latest(kept: dict[tuple[str, str], date], key: tuple[str, str], day: date) -> None:
    kept[key] = max(kept.get(key, day), day)
