"""Do answers tell browsers to keep them safe, and does the server believe nothing a visitor says about itself?"""

from __future__ import annotations

import pytest
from flask import Flask

from eduprog.core.permissions import Role
from eduprog.web import security
from tests.support.page import Browser
from tests.support.people import make_person, sign_in
from tests.support.scenes import a_planned_school


@pytest.fixture
def engine_name() -> str:
    """Headers ask no database."""
    return "sqlite"


@pytest.fixture
def admin(app: Flask, browser: Browser) -> Browser:
    scene = a_planned_school(name="Oakfield Primary School")
    sign_in(browser, make_person(name="Ada", school_id=scene.school_id, roles=(Role.SCHOOL_ADMIN,)), scene.school_id)
    return browser


def test_every_kind_of_answer_carries_its_headers(admin: Browser) -> None:
    for path, status in (("/staff", 200), ("/sign-in", 302), ("/nowhere", 404), ("/privacy", 200), ("/account/data", 200)):
        answer = admin.client.get(path)
        held = answer.headers
        assert answer.status_code == status, path
        assert held["X-Content-Type-Options"] == "nosniff"
        assert held["Referrer-Policy"] == "no-referrer"
        assert held["Cross-Origin-Opener-Policy"] == held["Cross-Origin-Resource-Policy"] == "same-origin"
        assert held["Cache-Control"] == "no-store"
        assert not [name for name, _value in held if name.startswith("Access-Control-") or name in ("X-Powered-By", "Via")]
        if answer.mimetype == "text/html":
            policy = held["Content-Security-Policy"]
            assert all(word in policy for word in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"))
            assert "unsafe" not in policy
            assert held["Content-Type"] == "text/html; charset=utf-8"
    assert "attachment" in admin.client.get("/account/data").headers["Content-Disposition"]


def test_over_https_browsers_are_told_to_come_back_that_way_only(app: Flask) -> None:
    secure = app.extensions["eduprog"].model_copy(update={"BASE_URL": "https://rshe.oakfield.example"})
    bare = Flask("bare")
    security.protect(bare, secure)
    bare.add_url_rule("/", view_func=lambda: "hello")
    assert bare.test_client().get("/").headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert bare.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert (bare.config["SESSION_COOKIE_SECURE"], bare.config["SESSION_COOKIE_HTTPONLY"]) == (True, True)


def test_each_page_has_a_nonce_of_its_own_and_cookies_stay_small(admin: Browser) -> None:
    policies = {admin.client.get("/staff").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3
    assert all(len(one.key) + len(one.value) < 4096 for one in admin.client._cookies.values())


def test_methods_and_files_nobody_needs_are_not_there(admin: Browser) -> None:
    for method in ("TRACE", "PUT", "DELETE", "PATCH", "CONNECT"):
        assert admin.client.open("/staff", method=method).status_code in (400, 403, 405), method
    hidden = [
        "/.git/config",
        "/.env",
        "/config.py",
        "/var/keys.json",
        "/assets/",
        "/static/",
        "/debug",
        "/console",
        "/openapi.json",
    ]
    for path in (*hidden, "/assets/../config.py", "/assets/%2e%2e/config.py"):
        assert admin.client.get(path).status_code == 404, path


def test_what_a_visitor_says_of_host_address_and_method_is_not_believed(admin: Browser) -> None:
    said = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-For": "127.0.0.1",
        "X-Original-URL": "/account",
        "X-Rewrite-URL": "/account",
        "X-HTTP-Method-Override": "DELETE",
    }
    answer = admin.client.get("/staff", headers=said)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "evil.example" not in page
    assert "<h1" in page
    assert "Staff" in page
    assert "evil.example" not in str(Browser(admin.client.application).client.get("/staff", headers=said).headers)


def test_a_field_sent_twice_or_one_that_nobody_asked_for_changes_nothing_more(admin: Browser) -> None:
    page = admin.get("/staff/invite")
    fields = page.form("/staff/invite")
    answer = admin.client.post(
        "/staff/invite",
        data={**fields, "name": ["Bea", "Cy"], "email": ["bea@oakfield.example", "cy@oakfield.example"], "roles": ["teacher"],
              "site_admin": "1", "school_id": "2", "password_hash": "x", "id": "1"},
    )  # fmt: skip
    assert answer.status_code == 302
    listed = admin.get("/staff").words
    assert ("bea@oakfield.example" in listed, "cy@oakfield.example" in listed, "Site admin" in listed) == (True, False, False)


def test_passwords_are_hidden_and_programs_that_keep_them_are_helped(admin: Browser) -> None:
    for browser, path in ((Browser(admin.client.application), "/sign-in"), (admin, "/account/password")):
        fields = [field for field in browser.get(path).all("input") if "password" in (field.get("name") or "")]
        assert fields, path
        for field in fields:
            assert field.get("type") == "password", path
            assert field.get("autocomplete") in ("current-password", "new-password"), path
            assert field.get("onpaste") is None, path
