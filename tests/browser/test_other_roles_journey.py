"""Do safeguarding leads, admins, governors and trust leads find what they come for?"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import scenes
from tests.browser.conftest import Visit
from tests.browser.scenes import journey_of
from tests.browser.walking import NARROW
from tests.support.serving import Served


def test_a_strand_that_the_dsl_pauses_is_on_hold_in_my_week_at_once(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Maple School"))
    teacher = visit(width=NARROW, email=journey.emails["teacher"])
    assert teacher.card("1 Oak · K1-C1").get_by_role("button", name="Teach").count() == 1

    dsl = visit(width=NARROW, email=journey.emails["dsl"])
    dsl.go("/sensitive-lessons")
    dsl.tap("Put on hold", answer=422)
    assert "Choose what to put on hold" in dsl.page.get_by_role("alert").inner_text()
    dsl.page.get_by_label("What should stop now?").select_option("strand:consent")
    dsl.tap("Put on hold")
    assert "Strand Consent" in dsl.card("Since").inner_text()

    teacher.reload()
    assert "On hold" in teacher.card("1 Oak · K1-C1").inner_text()
    assert teacher.card("1 Oak · K1-C1").get_by_role("button", name="Teach").count() == 0
    assert "On hold" not in teacher.card("4 Ash · L2-B1").inner_text()
    teacher.go("/lessons/K1-C1/1/teach")
    assert teacher.heading == "K1-C1 lesson 1"
    assert "Your DSL has put this on hold" in teacher.words()

    dsl.tap("Lift")
    assert "Nothing is on hold." in dsl.words()
    teacher.go("/my-week")
    assert teacher.card("1 Oak · K1-C1").get_by_role("button", name="Teach").count() == 1


def test_a_school_admin_sees_calendar_classes_and_staff(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Nettle School"))
    admin = visit(width=1280, email=journey.emails["admin"])
    admin.go("/school")
    assert admin.table("Half-terms")[1] == ["Autumn 2", "Monday 2 November", "Friday 18 December"]
    inset = admin.page.locator("td", has=admin.page.locator("time[datetime='2026-11-27']"))
    assert "INSET day" in inset.inner_text()
    admin.tap("Classes")
    assert admin.table("6 classes")[1][:5] == ["1 Elm", "Year 1", "28", "Hana Ali", "Wednesday, 9:05am, 1 hour, PSHE"]
    admin.tap("Staff")
    assert "Your school has fewer than two admins." in admin.words()
    names = admin.page.locator("dt", has_text="@nettle-school.example").all_inner_texts()
    assert [name.split()[0] for name in names] == ["Bronwen", "Dr", "Hana", "Joan", "Mark"]
    admin.tap("Invite somebody")
    admin.go("/account")


def test_a_governor_sees_the_figures_and_changes_nothing(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Oleander School"))
    governor = visit(width=768, email=journey.emails["governor"])
    governor.go("/coverage")
    governor.tap("See the records")
    assert governor.page.get_by_role("link", name="1 Oak").count() == 0
    assert governor.page.locator("main form").count() == 0


def test_a_trust_lead_sees_schools_side_by_side(morning: Served, visit: Visit) -> None:
    trust = morning.call(scenes.a_trust, name="Poplar Trust", schools=["Poplar East School", "Poplar West School"])
    first = journey_of(trust["schools"][0])
    morning.call(
        scenes.taught, school_id=first.school_id, class_id=first.classes["1 Oak"], teacher_id=first.people["teacher"],
        on="2026-11-03",
    )  # fmt: skip
    lead = visit(width=768, email=trust["email"])
    lead.go("/schools")
    first_row, second_row = lead.table("2 schools")
    assert first_row == ["Poplar East School", "Fewer than five classes or teachers: not shown"]  # all led by one teacher
    assert second_row[0] == "Poplar West School"
    lead.go("/lessons/L2-B1/1")
    assert lead.page.get_by_role("button", name="Teach").count() == 0


def test_a_site_admin_sees_that_the_jobs_run(morning: Served, visit: Visit) -> None:
    morning.call(scenes.a_site_admin, email="site@quince.example")
    morning.run_jobs()
    admin = visit(width=NARROW, email="site@quince.example")
    assert admin.heading == "Installation"
    assert any("dispatch" in row[0] for row in admin.table("Last run"))


def test_asvs_14_3_1_signing_out_empties_every_tab(morning: Served, visit: Visit) -> None:
    journey = journey_of(morning.call(scenes.a_school, name="Orchard Bank School"))
    governor = visit(width=768, email=journey.emails["governor"])
    governor.go("/coverage")
    beside = governor.page.context.new_page()
    beside.goto(governor.page.url)
    expect(beside.get_by_role("button", name="Sign out")).to_be_visible()
    governor.tap("Sign out")
    assert governor.heading == "Sign in"
    expect(beside.get_by_role("heading", level=1)).to_have_text("Sign in")
    beside.close()
