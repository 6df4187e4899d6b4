"""What each form is pressed with so that it accepts it, and what must stand first: one place for sweeps over all forms."""

from __future__ import annotations

from collections.abc import Callable

from eduprog.core.db import session
from eduprog.core.tenancy import school_scope
from eduprog.gates.models import ClosedSignOff
from eduprog.yearcycle.models import RollOver
from tests.support import press_office as office
from tests.support import press_teaching as teaching
from tests.support.press_values import Here, Press, last, pressed_with

_KEY = "oakfield-" + "-".join(["11111111-2222-4333-8444-555555555555"] * 2)
PRESSES: dict[str, Callable[[Here], Press]] = {
    "/account/proof": office.proof,
    "/account/reminders": pressed_with({"wanted": ("own_week",)}),
    "/account/password": office.password,
    "/account/second-step/confirmation": office.code,
    "/account/second-step/recovery-codes": pressed_with(quiet="new secret codes stand in the place of the old"),
    "/account/sign-out-elsewhere": office.other_browser,
    "/places": pressed_with(quiet="there is one place to choose"),
    "/account/browsers/<int:session_id>/end": office.other_browser,
    "/staff/<int:person_id>/second-step/removal": office.their_factor,
    "/staff/<int:person_id>/roles": pressed_with({"roles": ("teacher", "senior_leader")}),
    "/staff/invite": lambda here: Press({"name": "New Person", "email": f"new{here.scene.school_id}@staff.example"}),
    "/classes/<int:group_id>/modules/<string:module_id>/checks": pressed_with(words="2"),
    "/classes/<int:group_id>/modules/<string:module_id>/checks/removal": pressed_with(
        {"moment": "baseline", "counted": "all", "version": "1"}
    ),
    "/data-protection/erasures": office.erase,
    "/data-protection/exports": office.export,
    "/data-protection/hold/end": office.held,
    "/data-protection/staff/erasures": office.erase_colleague,
    "/data-protection/staff/exports": office.export_colleague,
    "/data-protection/words": office.expunge,
    "/deliveries/<int:delivery_id>/away": pressed_with(words="2"),
    "/deliveries/<int:delivery_id>/day": pressed_with({"taught_on": "2026-11-23"}),
    "/families/consultations": office.consult,
    "/families/contacts": lambda _here: Press(files={"table": ("c.csv", b"Email,Class\nnew@home.example,Y1 Oak\n")}),
    "/families/contacts/<int:contact_import_id>/drop": lambda here: Press(
        objects={"contact_import_id": office.waiting_contacts(here)}
    ),
    "/families/digests": office.digests,
    "/families/policies": lambda _here: Press(files={"document": ("policy.pdf", office.pdf())}),
    "/families/prompts/<int:prompt_id>/sentence": pressed_with({"text": "We liked the song."}),
    "/families/prompts/<int:prompt_id>/sentence/approve": office.unapproved,
    "/families/prompts/<int:prompt_id>/told-by-hand": office.told,
    "/families/sender": pressed_with({"key": _KEY, "template_id": "11111111-2222-4333-8444-555555555555"}),
    "/follow-ups/<int:follow_up_id>/skip": teaching.follow_up,
    "/lessons/<string:module_id>/<int:number>/wording": teaching.wording,
    "/lessons/<string:module_id>/<int:number>/wording/approval": pressed_with({"wording": "1"}),
    "/mapped-lessons": pressed_with(
        {"source": "Bright Steps", "table": "Title\tYear group\tHalf-term\nBeing kind\tYear 1\tAutumn 1"}
    ),
    "/mapped-lessons/preview": lambda _here: Press(
        {"source": "Bright Steps", "pasted": "Title\tYear group\tHalf-term\nBeing kind\tYear 1\tAutumn 1"},
        quiet="it shows what would be kept and keeps nothing",
    ),
    "/mapped-lessons/confirmations": teaching.mapped,
    "/message-check": lambda _here: Press({"text": "Some words"}, quiet="it looks at words and keeps nothing"),
    "/own-lessons/zip": teaching.zip,
    "/plan/years/<int:academic_year_id>/drop-down-days": pressed_with({"day": "2027-03-09"}),
    "/plan/runs/<int:planning_run_id>/undo": teaching.planned_again,
    "/my-calendar/<int:feed_id>/removal": lambda here: office.feed(here, own=True),
    "/plan/feeds/<int:feed_id>/removal": lambda here: office.feed(here, own=False),
    "/planned-lessons/<int:planned_lesson_id>/before": lambda _here: Press(
        {"reason": "done"}, quiet="no condition of this lesson is open, so it only goes on to the lesson"
    ),
    "/planned-lessons/<int:planned_lesson_id>/deliveries": pressed_with({"outcome": "as_planned", "taught_on": "2026-11-24"}),
    "/planned-lessons/<int:planned_lesson_id>/parts": teaching.parts,
    "/planned-lessons/<int:planned_lesson_id>/supply-link": teaching.ahead,
    "/planned-lessons/<int:planned_lesson_id>/supply-link/removal": lambda here: teaching.ahead(here, linked=True),
    "/planned-lessons/<int:planned_lesson_id>/swap": teaching.swap,
    "/planned-lessons/<int:planned_lesson_id>/this-year": teaching.left,
    "/programme/own-frameworks": lambda _here: Press(files={"file": ("f.csv", b"Code,Statement\nB1,Knows whom to ask\n")}),
    "/programme/own-frameworks/<int:school_framework_id>/mappings": teaching.mapping,
    "/programme/statements/<string:clause_id>/contributions": pressed_with({"block": "spring-1"}),
    "/school/calendar/closed-days": pressed_with({"first": "2026-12-08", "last": "2026-12-08", "sure": "yes"}),
    "/school/calendar/half-terms": office.half_terms,
    "/school/calendar/new": pressed_with({"academic_year": "2026", "text": office.TERMS}),
    "/school/calendar/readings/<int:change_id>/use": office.use,
    "/school/calendar/readings/<int:change_id>/drop": office.drop_reading,
    "/school/calendar/changes/<int:change_id>/undo": office.undo_change,
    "/school/calendar/years/<int:academic_year_id>/weeks": pressed_with({"rule": "teaching-weeks"}),
    "/school/classes/<int:group_id>/change": office.new_class((1, 2, 3), years=("Y1",), name="Y1 Ash"),
    "/school/classes/timetable": lambda _here: Press(quiet="every lesson stands where its class meets, so nothing has to move"),
    "/school/classes/new": office.new_class((0, 1, 2), years=("Y2",), name="Y2 Ash"),
    "/school/imports": lambda _here: Press(files={"files": ("classes.csv", b"Class,Year group\n1 Elder,Year 1\n")}),
    "/school/imports/<int:run_id>/answers": office.answers,
    "/school/imports/<int:run_id>/apply": lambda here: Press(
        objects={"run_id": office.import_run_of(here, b"Class,Year group\n1 Holly,Year 1\n")}
    ),
    "/closed-pack/sign-offs": teaching.sign_off,
    "/closed-pack/sign-offs/<int:sign_off_id>/end": lambda _here: Press(objects={"sign_off_id": last(ClosedSignOff)}),
    "/messages/<int:email_id>/send-again": office.trouble,
    "/messages/<int:email_id>/let-be": office.trouble,
    "/planned-lessons/<int:planned_lesson_id>/first-look": lambda here: Press(
        objects=teaching.at_lesson(teaching.standing(here))
    ),
    "/planned-lessons/<int:planned_lesson_id>/first-look/clearing": teaching.looked,
    "/planned-lessons/<int:planned_lesson_id>/misses": teaching.missed,
    "/planned-lessons/<int:planned_lesson_id>/stand-in": teaching.covered,
    "/planned-lessons/<int:planned_lesson_id>/stand-in/instead": lambda here: Press(
        objects=teaching.at_lesson(teaching.standing(here))
    ),
    "/whole-school/acts/<int:whole_school_act_id>/plan": teaching.new_act,
    "/whole-school/acts/<int:whole_school_act_id>/drop": teaching.new_act,
    "/whole-school/acts/<int:whole_school_act_id>/reopen": teaching.done_act,
    "/school/imports/<int:run_id>/drop": office.drop_run,
    "/school/imports/<int:run_id>/undo": office.undo_run,
    "/sensitive-lessons/conditions": teaching.conditions,
    "/sensitive-lessons/deputies/removal": teaching.deputy,
    "/sensitive-lessons/own-choice": pressed_with({"born": "2012-03-02"}, quiet="it works out a date and keeps nothing"),
    "/whole-school/acts/<int:whole_school_act_id>/done": pressed_with({"done_on": "2026-11-23"}, words="12"),
    "/roll-over/<int:roll_over_id>/undo": lambda _here: Press(
        objects={"roll_over_id": last(RollOver, RollOver.undone_at.is_(None))}
    ),
}


def press_of(rule: str, here: Here) -> Press:
    """Give what a route's form is pressed with in this school, after making what must stand first."""
    session().rollback()
    with school_scope(here.scene.school_id):
        return PRESSES.get(rule, pressed_with())(here)
