"""The second opinion on the rest: elements, methods, degrees, strands of the clock, acts, slips, schools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from eduprog.core.db import session
from eduprog.curriculum import catalogue
from eduprog.curriculum.checks.people import COUNTED
from eduprog.curriculum.vocabulary import Message, YearGroup, stage_of
from tests.support.recount import Recount, Row, _rows

_NUMBER = {year.value: year.number for year in YearGroup}
_RELATIONSHIP = ("respect", "consent")
_TOGETHER = ("pairs", "small groups")
Steps = dict[tuple[str, int, int], list[int]]


class WholeRecount(Recount):
    """Every other figure that a page, the evidence pack or the board of schools shows, from the same raw rows and a few more."""

    def __init__(self, school_id: int, academic_year_id: int, today: date) -> None:
        super().__init__(school_id, academic_year_id)
        connection = session().connection()
        self.today = today
        years = _rows(connection, "SELECT * FROM academic_year WHERE school_id = :s", school_id)
        [self.year] = [row for row in years if row["id"] == academic_year_id]
        every = _rows(connection, "SELECT * FROM whole_school_act WHERE school_id = :s", school_id)
        self.every_act = every
        self.acts = [row for row in every if row["academic_year_id"] == academic_year_id]
        self.slips = _rows(connection, "SELECT * FROM check_tally WHERE school_id = :s ORDER BY id", school_id)
        self.answers = _rows(connection, "SELECT * FROM check_answer WHERE school_id = :s", school_id)
        self.elsewhere = _rows(connection, "SELECT * FROM contribution WHERE school_id = :s", school_id)
        self.groups = sorted({year for id_ in self.classes for year in self.years[id_]}, key=_NUMBER.__getitem__)

    # Steps ----------------------------------------------------------------------------------------------------------------

    def steps_of(self, year: str) -> Steps:
        """Give how often each step was planned and done in a year group, by module, lesson and number of the step."""
        found: Steps = defaultdict(lambda: [0, 0])
        for row in self.lessons:
            planned = row["state"] != "withdrawn" and row["make_good_of"] is None and row["part"] < 2
            if planned and year in self.years[row["teaching_group_id"]]:
                for step in self._lesson(row).steps:
                    found[row["module_id"], row["lesson_number"], step.number][0] += 1
        for record in self.records:
            if year in self.years[record["teaching_group_id"]]:
                for step in self._steps_done(record):
                    found[record["module_id"], record["lesson_number"], step.number][1] += 1
        return found

    def _lesson(self, row: Row) -> Any:
        return self.module[row["module_id"]].lessons[row["lesson_number"] - 1]

    def _step(self, key: tuple[str, int, int]) -> Any:
        return next(step for step in self.module[key[0]].lessons[key[1] - 1].steps if step.number == key[2])

    def shares(self, keys: Callable[[str, Any], Iterable[str]]) -> dict[tuple[str, str], tuple[int, int]]:
        """Give minutes done and planned by year group and by what `keys` names of a module id and a step."""
        found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for year in self.groups:
            for place, (planned, done) in self.steps_of(year).items():
                step = self._step(place)
                for key in keys(place[0], step):
                    found[year, key][0] += done * step.minutes
                    found[year, key][1] += planned * step.minutes
        return {key: (done, planned) for key, (done, planned) in found.items()}

    def strand(self, module_id: str) -> str:
        """Give the strand of a module as it is stored."""
        return str(self.module[module_id].strand.value)

    # The fidelity board ---------------------------------------------------------------------------------------------------

    def elements(self, year: str) -> dict[str, tuple[int, int]]:
        """Give, by element, what happened and what was planned in a year group."""
        steps, beside = self.steps_of(year), super().beside(self.today).get(year, ((0, 0), (0, 0)))
        first = [
            figures for (module_id, _n, number), figures in steps.items()
            if number == 1 and YearGroup(year) in self.module[module_id].stage.years
        ]  # fmt: skip
        (due, given), (prompts, sent) = beside
        return {
            "staged": (sum(done for _p, done in first), sum(planned for planned, _d in first)),
            "methods": self._kinds(steps, lambda key: [self._step(key).method.value]),
            "repeated": (given, due),
            "active": self._minutes(steps, lambda key: self._step(key).grouping.value in _TOGETHER),
            "whole_school": self._acts_of(year),
            "parents": (sent, prompts),
            "skills": self._kinds(steps, lambda key: [skill.value for skill in self._step(key).skills]),
            "messages": self._kinds(steps, lambda key: [message.value for message in self.module[key[0]].messages]),
            "presence": self._kinds(steps, self._people),
            "balance": self._minutes(steps, lambda key: self.strand(key[0]) in _RELATIONSHIP),
        }

    @staticmethod
    def _kinds(steps: Steps, of: Callable[[tuple[str, int, int]], Iterable[str]]) -> tuple[int, int]:
        planned = {kind for key, (number, _done) in steps.items() if number for kind in of(key)}
        done = {kind for key, (_planned, number) in steps.items() if number for kind in of(key)}
        return len(done), len(planned | done)

    def _minutes(self, steps: Steps, counts: Callable[[tuple[str, int, int]], bool]) -> tuple[int, int]:
        own = [(self._step(key).minutes, planned, done) for key, (planned, done) in steps.items() if counts(key)]
        return sum(minutes * done for minutes, _p, done in own), sum(minutes * planned for minutes, planned, _d in own)

    def _people(self, key: tuple[str, int, int]) -> list[str]:
        step = self._step(key)
        if step.scenario is None:
            return []
        people = [set(one.tags) for one in self.module[key[0]].lessons[key[1] - 1].scenario(step.scenario).people]
        return [name for name, needed in COUNTED.items() if any(all(some & tags for some in needed) for tags in people)]

    def first_met(self) -> dict[str, tuple[str | None, str | None]]:
        """Give, by message, the youngest year group that has it in a plan, and that was taught it."""
        found: dict[str, tuple[str | None, str | None]] = {message.value: (None, None) for message in Message}
        for year in reversed(self.groups):
            for (module_id, _lesson, _step), (planned, done) in self.steps_of(year).items():
                for message in self.module[module_id].messages:
                    one, other = found[message.value]
                    found[message.value] = (year if planned else one, year if done else other)
        return found

    # Acts -----------------------------------------------------------------------------------------------------------------

    def _is_for(self, act_id: str | None, year: str) -> bool:
        act = catalogue.current().acts.get(act_id or "")
        return act is None or not act.stages or stage_of(YearGroup(year)) in act.stages

    def not_planned(self) -> list[Any]:
        """Give the acts of the library that the year asks for and nobody has on it."""
        before = self.year["starts_on"] - timedelta(days=365)
        lately = {
            row["act_id"] for row in self.every_act
            if row["state"] == "done" and before <= row["done_on"] <= self.year["starts_on"]
        }  # fmt: skip
        stages, known = {stage_of(YearGroup(year)) for year in self.groups}, {row["act_id"] for row in self.acts}
        return [
            act for act in catalogue.current().acts.values()
            if act.is_live and not act.is_closed and act.repeats.value != "when-needed" and act.id not in known
            and (not act.stages or stages & set(act.stages)) and not (act.repeats.value == "every-two-years" and act.id in lately)
        ]  # fmt: skip

    def _acts_of(self, year: str) -> tuple[int, int]:
        own = [row for row in self.acts if self._is_for(row["act_id"], year) and row["state"] != "dropped"]
        asked = len(own) + sum(self._is_for(act.id, year) for act in self.not_planned())
        return sum(row["state"] == "done" for row in own), asked

    def aspects(self) -> dict[str, tuple[int, int, int, int, int]]:
        """Give, by aspect of the whole school, acts planned, done, overdue, dropped and not planned."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
        for row in self.acts:
            late = row["state"] == "planned" and row["due_on"] < self.today
            found[row["aspect"]][2 if late else ["planned", "done", "", "dropped"].index(row["state"])] += 1
        for act in self.not_planned():
            found[act.aspect.value][4] += 1
        return {aspect: (one[0], one[1], one[2], one[3], one[4]) for aspect, one in found.items()}

    # The clock ------------------------------------------------------------------------------------------------------------

    def met(self) -> dict[tuple[str, str], date]:
        """Give, by class and message or strand, the last day it was met by a lesson, a follow-up or an assembly."""
        found = {**self.last_met(self.today)}
        given = [(row, row["taught_on"]) for row in self.records]
        given += [(row, row["done_on"]) for row in self.follow_ups if row["state"] == "done"]
        met = [(row["teaching_group_id"], self.strand(row["module_id"]), day) for row, day in given]
        for id_, subject, day in (*met, *self._assemblies()):
            key = self.classes[id_]["name"], subject
            if day <= self.today:
                found[key] = max(found.get(key, day), day)
        return found

    def _assemblies(self) -> Iterable[tuple[int, str, date]]:
        for row in self.acts:
            act = catalogue.current().acts.get(row["act_id"] or "")
            if row["kind"] == "assembly" and row["state"] == "done" and act is not None:
                subjects = [one.value for one in (*act.messages, *act.strands)]
                for id_ in self.classes:
                    if any(self._is_for(act.id, year) for year in self.years[id_]):
                        yield from ((id_, subject, row["done_on"]) for subject in subjects)

    # Clauses --------------------------------------------------------------------------------------------------------------

    def degrees(self, only: str | None = None) -> dict[str, tuple[int, ...]]:
        """Give, by clause, in how many classes (of a year group) planned, delivered, checked, refreshed, touched, revisited, and
        the least any of them got to (1 planned to 4 refreshed)."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0, 4])
        for id_ in self.classes:
            if only is None or only in self.years[id_]:
                self._add_class(found, id_)
        return {clause: tuple(one) for clause, one in found.items()}

    def _add_class(self, found: dict[str, list[int]], id_: int) -> None:
        plan = {
            clause
            for row in self.lessons
            if row["teaching_group_id"] == id_ and row["state"] != "withdrawn" and row["make_good_of"] is None and row["part"] < 2
            for step in self._lesson(row).steps
            for clause in step.clauses
        }
        lessons = self._lessons_given(id_)
        slips = {row["module_id"] for row in self.slips if row["teaching_group_id"] == id_ and row["moment"] != "baseline"}
        kept = {row["module_id"] for row in self.follow_ups if row["teaching_group_id"] == id_ and row["state"] == "done"}
        whole: dict[str, list[str]] = defaultdict(list)
        begun: set[str] = set()
        for (module_id, number), done in lessons.items():
            for clause, needed in self._steps_for(module_id, number).items():
                if needed <= done:
                    whole[clause].append(module_id)
                elif needed & done:
                    begun.add(clause)
        for clause in plan | begun | set(whole):
            modules = whole.get(clause, [])
            checked, refreshed = bool(slips & set(modules)), bool(kept & set(modules))
            one = found[clause]
            figures = (1, bool(modules), checked, refreshed, clause in begun and not modules, len(modules) > 1)
            for place, figure in enumerate(figures):
                one[place] += figure
            one[6] = min(one[6], 4 if refreshed else 3 if checked else 2 if modules else 1)

    def _lessons_given(self, id_: int) -> dict[tuple[str, int], set[int]]:
        done: dict[tuple[str, int], set[int]] = defaultdict(set)
        for record in self.records:
            if record["teaching_group_id"] == id_:
                done[record["module_id"], record["lesson_number"]] |= {step.number for step in self._steps_done(record)}
        return done

    # Slips and schools ----------------------------------------------------------------------------------------------------

    def slips_back(self) -> dict[str, dict[tuple[str, str], tuple[str, str]]]:
        """Give, by year group, module and question, right of all before and after, as the pack may say it."""
        found: dict[str, dict[tuple[str, str], tuple[str, str]]] = defaultdict(dict)
        for year in self.groups:
            ids = [id_ for id_ in self.classes if self.years[id_][0] == year]
            for module_id in {row["module_id"] for row in self.slips if row["teaching_group_id"] in ids}:
                for item in self.module[module_id].check_pair:
                    sums = self._added(ids, module_id, item.id)
                    if sums is not None:
                        found[year][module_id, item.id] = (f"{sums[0]} of {sums[1]}", f"{sums[2]} of {sums[3]}")
        return dict(found)

    def _added(self, ids: list[int], module_id: str, question: str) -> list[int] | None:
        counted = []
        for id_ in ids:
            rows = [row for row in self.slips if row["teaching_group_id"] == id_ and row["module_id"] == module_id]
            sums = [*self._one(rows, "baseline", question), *self._one(rows, "exit", question)]
            if len(sums) == 4:
                last = max(row["id"] for row in rows if row["moment"] in ("baseline", "exit"))
                counted.append((last, sums))
        total: list[int] = [0, 0, 0, 0]
        waits: list[list[int]] = []
        for _last, sums in sorted(counted):
            if sums[1] >= 10 and sums[3] >= 10:
                total = [one + other for one, other in zip(total, sums, strict=True)]
                continue
            waits.append(sums)
            before, after = [one[1] for one in waits], [one[3] for one in waits]
            if len(waits) > 1 and sum(before) - max(before) >= 10 and sum(after) - max(after) >= 10:
                total, waits = [sum(place) for place in zip(total, *waits, strict=True)], []
        return total if total[1] else None

    def _one(self, rows: list[Row], moment: str, question: str) -> list[int]:
        own = [row for row in rows if row["moment"] == moment]
        answers = [
            [one for one in self.answers if one["check_tally_id"] == row["id"] and one["question"] == question] for row in own
        ]
        if {row["counted"] for row in own} not in ({"all"}, {"boys", "girls"}) or not all(answers):
            return []
        flat = [one for several in answers for one in several]
        return [sum(one["slips"] for one in flat if one["is_right"]), sum(one["slips"] for one in flat)]

    def school(self) -> tuple[int | None, ...] | None:
        """Give the line of the board of schools: shares of lessons, relationship, safety, follow-ups of six weeks, families
        (none joins in a random history) and acts, in steps of five."""
        adults = {row["lead_teacher_id"] for row in self.classes.values()} - {None}
        if len(self.classes) < 5 or len(adults) < 5:
            return None
        _cells, strands = self.grid()
        good = [sum(strands.get(one, [0, 0])[place] for one in _RELATIONSHIP) for place in (1, 0)]
        safe = [sum(figures[place] for one, figures in strands.items() if one not in _RELATIONSHIP) for place in (1, 0)]
        parts = [_share(*good, 20), _share(*safe, 20)]
        standing = [row for row in self.acts if row["state"] != "dropped"]
        acts = _share(sum(row["state"] == "done" for row in standing), len(standing), 1)
        both = parts if None not in parts else [None, None]
        first, last = self.today - timedelta(weeks=6), self.today - timedelta(days=1)
        owed = [row for row in self.follow_ups if row["due_on"] and first <= row["due_on"] <= last]
        owed = [row for row in owed if row["state"] in ("done", "due", "skipped")]
        given = _share(sum(row["state"] == "done" for row in owed), len(owed), 20)
        return _share(good[0] + safe[0], good[1] + safe[1], 20), both[0], both[1], given, None, acts


def _share(done: int, of: int, least: int) -> int | None:
    if of < least:
        return None
    if done in (0, of):
        return 100 if done else 0
    return min(range(95, 0, -5), key=lambda step: abs(step * of - 100 * done))
