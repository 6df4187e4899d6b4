"""Who can sign in to the demo, as its command prints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from eduprog.accounts import queries as accounts
from eduprog.core.permissions import Role
from eduprog.core.tenancy import across_schools, school_scope
from eduprog.delivery import queries as delivery
from eduprog.families import queries as families
from eduprog.organisations import queries as organisations
from eduprog.organisations.models import School
from eduprog.school import queries as schools

_SHOWN = (Role.PROGRAMME_LEAD, Role.SAFEGUARDING_LEAD, Role.SENIOR_LEADER, Role.SCHOOL_ADMIN)
_TEACHERS = 2
_A_LESSON_TO_RECORD = 100
_PARENTS_JOINED = 100


@dataclass(frozen=True)
class SignIn:
    """Somebody worth signing in as: name, the words for the role, where, and what awaits them."""

    person_id: int
    name: str
    role: str
    place: str
    school_id: int | None = None
    waits: str = ""


def sign_ins(today: date) -> list[SignIn]:
    """Give a few people of every place: those with a full week, the leads of each school, the trust's and the installation's."""
    found = [sign_in for school in organisations.schools() for sign_in in _of_school(school, today)]
    return [*found, *_above_schools()]


def _of_school(school: School, today: date) -> Iterator[SignIn]:
    with school_scope(school.id):
        people = accounts.people_of_school()
        waiting = _waiting(today)
    by_name = {person.name: person for person in people}
    teachers = [name for name, _ in waiting.most_common() if name in by_name][:_TEACHERS]
    for name in teachers:
        person = by_name[name]
        labels = ", ".join(person.role_labels)
        yield SignIn(person.id, name, labels, school.name, school.id, _in_words(waiting[name]))
    for role in _SHOWN:
        lead = next((person for person in people if role in person.roles and person.name not in teachers), None)
        if lead is not None:
            yield SignIn(lead.id, lead.name, role.label, school.name, school.id)


def _waiting(today: date) -> Counter[str]:
    """Count what each teacher's week holds; a lesson of today, and parents who would hear of it, count far more than the rest."""
    heard = _classes_with_parents(today)
    week = delivery.week_of(today, today=today, lead_teacher_id=None)
    counts: Counter[str] = Counter()
    for card in (*(card for cards in week.lessons.values() for card in cards), *week.unrecorded):
        counts[card.teacher] += 1
        if card.outcome is None and card.day == today and not card.gated:
            counts[card.teacher] += _A_LESSON_TO_RECORD + (_PARENTS_JOINED if card.group_id in heard else 0)
    for due in (*(card for cards in week.follow_ups.values() for card in cards), *week.overdue):
        counts[due.teacher] += 1
    del counts[""]
    return counts


def _classes_with_parents(today: date) -> set[int]:
    year = schools.academic_year_on(today)
    groups = schools.classes_of_year(year.id) if year else []
    return {figures.teaching_group_id for figures in families.class_figures(groups, today) if figures.joined}


def _in_words(weight: int) -> str:
    return "a lesson to record today" if weight >= _A_LESSON_TO_RECORD else "something in My week"


def _above_schools() -> Iterator[SignIn]:
    with across_schools("who can sign in to the demo"):
        places = accounts.demo_places()
    for place in places:
        if not place.key.startswith("school-"):
            for person in (*place.leads, *place.teachers):
                yield SignIn(person.person_id, person.name, ", ".join(person.role_labels), place.name)
