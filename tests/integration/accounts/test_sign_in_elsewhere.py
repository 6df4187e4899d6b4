"""Does an account of somewhere else let in its owner, and nobody by a word that is wrong, old, borrowed or unsigned?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from eduprog.accounts import actions
from eduprog.accounts.models import Person, ProviderAccount, SignInProvider, SignInSession
from eduprog.accounts.rules import ProviderKind
from eduprog.core import clock
from eduprog.core.db import session, transaction
from eduprog.core.permissions import Role, person
from eduprog.core.tenancy import school_scope
from tests.integration.accounts.conftest import PASSWORD, People
from tests.integration.accounts.test_second_step import _code, _with_factor
from tests.support.openid import CLIENT_ID, SECRET, Provider
from tests.support.page import Browser, Page

AMA = "ama@oakfield.example"


@pytest.fixture(scope="module")
def _served() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


@dataclass
class Elsewhere:
    """A provider that is set up here, and people who come back from it."""

    there: Provider
    id: int

    def come_back(self, browser: Browser, *, more: str = "") -> Page:
        """Go to the provider and come back with its answer; the page that asks for one more click."""
        sent = browser.client.get(f"/sign-in/with/{self.id}{more}")
        assert sent.status_code == 302, sent.get_data(as_text=True)
        return browser.get(self.there.sign_in(sent.location))

    def sign_in(self, browser: Browser, *, more: str = "") -> Page:
        """Go there, come back and click once more."""
        page = self.come_back(browser, more=more)
        return browser.submit(page, f"/sign-in/with/{self.id}/answer")


def _set_up(there: Provider, **changes: object) -> int:
    chosen = {
        "kind": ProviderKind.OTHER, "name": "Trust accounts", "issuer": there.issuer, "client_id": CLIENT_ID, "secret": SECRET,
        "domains": ("oakfield.example",), "trusts_second_step": False, "only": False,
    }  # fmt: skip
    choice = actions.ProviderChoice(**{**chosen, **changes})  # type: ignore[arg-type]
    with transaction():
        made = actions.add_provider(choice=choice, now=clock.now()).id
    with transaction():
        actions.switch_provider(provider_id=made, on=True, now=clock.now())
    return made


@pytest.fixture
def there(_served: Provider) -> Provider:
    from eduprog.accounts.transports import openid

    openid._known.clear()
    _served.claims, _served.metadata, _served.algorithm, _served.same_token = {}, {}, "RS256", ""
    _served.user = {"sub": "user-1", "email": AMA, "email_verified": True}
    return _served


@pytest.fixture
def elsewhere(app: Flask, there: Provider) -> Elsewhere:
    return Elsewhere(there, _set_up(there))


@pytest.fixture
def ama(people: People) -> int:
    return people.member(people.school(), AMA, Role.TEACHER)


def _count(table: type[Person | SignInSession | ProviderAccount]) -> int:
    session().rollback()
    return session().scalars(select(func.count()).select_from(table)).one()


def test_who_has_an_account_here_is_let_in_and_known_again_by_a_changed_address(
    elsewhere: Elsewhere, ama: int, people: People, app: Flask
) -> None:
    page = Browser(app).get("/sign-in")
    assert any(link.startswith(f"/sign-in/with/{elsewhere.id}") for link in page.links())
    browser = Browser(app)
    asked = elsewhere.come_back(browser)
    assert asked.heading == "One more click"
    assert not people.is_in(browser), "a GET let somebody in"
    assert browser.submit(asked, f"/sign-in/with/{elsewhere.id}/answer").status == 200
    assert people.is_in(browser)
    sent = elsewhere.there.asked[-1]
    assert (sent["response_type"], sent["code_challenge_method"], "openid" in sent["scope"]) == ("code", "S256", True)
    elsewhere.there.user["email"] = "ama.mensah@oakfield.example"
    again = Browser(app)
    elsewhere.sign_in(again)
    assert people.is_in(again)
    assert _count(ProviderAccount) == 1


WRONG: dict[str, dict[str, object]] = {
    "another audience": {"aud": "another-client"},
    "another audience beside ours, ours as the authorised party": {"aud": ["another-client", CLIENT_ID], "azp": CLIENT_ID},
    "another audience with ours as the authorised party": {"aud": "another-client", "azp": CLIENT_ID},
    "another authorised party": {"azp": "another-client"},
    "another issuer": {"iss": "https://accounts.example"},
    "the issuer with a slash": {"iss": "http://127.0.0.1/"},
    "another nonce": {"nonce": "not what we asked with"},
    "no nonce": {"nonce": None},
    "expired": {"exp": 1_700_000_000},
    "no end": {"exp": None},
    "issued tomorrow": {"iat": 32_503_680_000, "exp": 32_503_690_000},
    "issued yesterday, good for ever": {"iat": 1_700_000_000, "exp": 32_503_690_000},
    "another domain": {"email": "ama@elsewhere.example"},
    "a domain that ends alike": {"email": "ama@notoakfield.example"},
    "a domain that begins alike": {"email": "ama@oakfield.example.evil.example"},
    "two addresses in one": {"email": "ama@evil.example@oakfield.example"},
    "an address nobody checked": {"email_verified": False},
    "an address of which nothing is said": {"email_verified": None},
    "an address checked in words": {"email_verified": "yes"},
    "no address": {"email": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_word_that_is_wrong_in_one_way_lets_nobody_in(
    wrong: str, elsewhere: Elsewhere, ama: int, people: People, browser: Browser
) -> None:
    elsewhere.there.claims = WRONG[wrong]
    page = elsewhere.sign_in(browser)
    assert (page.status, page.heading) == (403, "You are not signed in")
    assert not people.is_in(browser)
    assert (_count(SignInSession), _count(ProviderAccount)) == (0, 0)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512"])
def test_a_token_that_is_not_signed_by_a_key_of_the_provider_lets_nobody_in(
    algorithm: str, elsewhere: Elsewhere, ama: int, people: People, browser: Browser
) -> None:
    elsewhere.there.algorithm = algorithm
    assert elsewhere.sign_in(browser).status == 403
    assert not people.is_in(browser)


def test_a_token_signed_by_somebody_elses_key_lets_nobody_in(
    elsewhere: Elsewhere, ama: int, people: People, browser: Browser
) -> None:
    stranger = Provider()
    stranger.issuer, stranger.user = elsewhere.there.issuer, elsewhere.there.user
    page = elsewhere.come_back(browser)
    elsewhere.there.same_token = stranger.token(elsewhere.there.asked[-1])
    stranger.stop()
    assert browser.submit(page, f"/sign-in/with/{elsewhere.id}/answer").status == 403
    assert not people.is_in(browser)


def test_a_token_that_was_given_once_is_no_good_again(elsewhere: Elsewhere, ama: int, people: People, app: Flask) -> None:
    elsewhere.sign_in(Browser(app))
    elsewhere.there.same_token = elsewhere.there.given[-1]
    other = Browser(app)
    assert elsewhere.sign_in(other).status == 403
    assert not people.is_in(other)


def test_an_answer_is_used_once_even_if_browser_and_provider_play_it_again(
    elsewhere: Elsewhere, ama: int, people: People, app: Flask
) -> None:
    browser = Browser(app)
    page = elsewhere.come_back(browser)
    held = {one.key: one.value for one in browser.client._cookies.values()}
    code, asked = page.form()["code"], elsewhere.there.asked[-1]
    assert browser.submit(page, f"/sign-in/with/{elsewhere.id}/answer").status == 200
    elsewhere.there.codes[code] = asked
    elsewhere.there.same_token = elsewhere.there.given[-1]
    robber = Browser(app)
    for name, value in held.items():
        robber.client.set_cookie(name, value, domain="127.0.0.1")
    again = robber.post(f"/sign-in/with/{elsewhere.id}/answer", page.form())
    assert (again.status, "used already" in again.words) == (403, True)
    assert not people.is_in(robber)


def test_an_answer_of_another_browser_or_another_provider_or_ten_minutes_later_is_refused(
    elsewhere: Elsewhere, ama: int, people: People, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = Browser(app), Browser(app)
    page = elsewhere.come_back(first)
    stranger = elsewhere.come_back(other).form()
    crossed = {**stranger, "code": page.form()["code"], "state": page.form()["state"]}
    assert other.post(f"/sign-in/with/{elsewhere.id}/answer", crossed).status == 403
    assert not people.is_in(other)
    second = _set_up(elsewhere.there, client_id="another", domains=("beech.example",))
    page = elsewhere.come_back(first)
    assert first.post(f"/sign-in/with/{second}/answer", page.form()).status == 403
    page, now = elsewhere.come_back(first), clock.now()
    monkeypatch.setattr("eduprog.core.clock.now", lambda: now + timedelta(minutes=11))
    assert "ten minutes" in first.submit(page, f"/sign-in/with/{elsewhere.id}/answer").words
    assert not people.is_in(first)


def test_the_issuer_named_beside_the_code_must_be_the_providers(
    elsewhere: Elsewhere, ama: int, people: People, browser: Browser
) -> None:
    elsewhere.there.metadata = {"authorization_response_iss_parameter_supported": True}
    page = elsewhere.come_back(browser)
    assert browser.submit(page, f"/sign-in/with/{elsewhere.id}/answer").status == 403
    page = elsewhere.come_back(browser)
    assert browser.submit(page, f"/sign-in/with/{elsewhere.id}/answer", iss="https://evil.example").status == 403
    page = elsewhere.come_back(browser)
    assert browser.submit(page, f"/sign-in/with/{elsewhere.id}/answer", iss=elsewhere.there.issuer).status == 200
    assert people.is_in(browser)


def test_new_keys_of_the_provider_are_asked_for_once_they_are_used(
    elsewhere: Elsewhere, ama: int, people: People, browser: Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.sign_in(Browser(app))
    elsewhere.there.change_keys()
    now = clock.now()
    monkeypatch.setattr("eduprog.core.clock.now", lambda: now + timedelta(seconds=31))
    elsewhere.sign_in(browser)
    assert people.is_in(browser)


def test_nobody_is_made_a_person_by_it(elsewhere: Elsewhere, ama: int, browser: Browser, people: People) -> None:
    elsewhere.there.user |= {"sub": "user-2", "email": "stranger@oakfield.example"}
    before = _count(Person)
    page = elsewhere.sign_in(browser)
    assert "Ask your school’s admin to invite you" in page.words
    assert not people.is_in(browser)
    assert _count(Person) == before


def test_an_address_that_was_given_to_somebody_else_does_not_open_the_old_account(
    elsewhere: Elsewhere, ama: int, people: People, app: Flask
) -> None:
    elsewhere.sign_in(Browser(app))
    elsewhere.there.user["sub"] = "user-2"
    late = Browser(app)
    assert "another account there" in elsewhere.sign_in(late).words
    assert not people.is_in(late)
    with transaction():
        actions.forget_accounts(person_id=ama)
    elsewhere.sign_in(late)
    assert people.is_in(late)


def test_who_is_disabled_or_has_left_is_not_let_in(elsewhere: Elsewhere, ama: int, people: People, browser: Browser) -> None:
    with transaction() as work:
        work.get_one(Person, ama).disabled_at = clock.now()
    assert elsewhere.sign_in(browser).status == 403
    assert not people.is_in(browser)


def test_an_invited_person_joins_with_it_and_needs_no_password(
    elsewhere: Elsewhere, people: People, browser: Browser, app: Flask
) -> None:
    from eduprog.accounts.rules import invitation_token

    school_id = people.school()
    lead = people.member(school_id, "lead@oakfield.example", Role.SCHOOL_ADMIN)
    now = clock.now()
    with transaction(), school_scope(school_id):
        actions.invite(name="Ama Mensah", email=AMA, roles=[Role.TEACHER], by=person(lead), now=now)
    token = invitation_token(school_id, AMA, now)
    assert "Ask your school’s admin" in elsewhere.sign_in(Browser(app)).words
    page = browser.get(f"/join/{token}")
    way = next(link for link in page.links() if link.startswith(f"/sign-in/with/{elsewhere.id}"))
    elsewhere.there.user |= {"sub": "user-9", "email": "bea@oakfield.example"}
    refused = elsewhere.sign_in(Browser(app), more=way.removeprefix(f"/sign-in/with/{elsewhere.id}"))
    assert "for another address" in refused.words
    elsewhere.there.user |= {"sub": "user-1", "email": AMA}
    elsewhere.sign_in(browser, more=way.removeprefix(f"/sign-in/with/{elsewhere.id}"))
    assert people.is_in(browser)
    assert browser.get(f"/join/{token}").status == 410
    later = Browser(app)
    elsewhere.sign_in(later)
    assert people.is_in(later)


def test_an_admin_still_types_the_code_unless_the_provider_is_trusted_and_says_it_asked(
    elsewhere: Elsewhere, there: Provider, people: People, with_settings: Callable[..., None], app: Flask
) -> None:
    with_settings(SECOND_FACTOR="leads")
    admin = people.member(people.school(), AMA, Role.SCHOOL_ADMIN, password=None)
    there.claims = {"amr": ["pwd", "mfa"]}
    bare = Browser(app)
    elsewhere.sign_in(bare)
    assert bare.get("/staff").heading == "Second step when you sign in", "an assertion that is not trusted counted"
    with time_machine.travel(clock.now(), tick=True) as time:
        _with_factor(admin, time)
        asked = Browser(app)
        page = elsewhere.sign_in(asked)
        assert page.heading == "Enter your code"
        assert not people.is_in(asked)
        asked.submit(page, "/sign-in/code", code=_code(admin))
        assert asked.get("/staff").heading == "Staff"
    with transaction():
        session().get_one(SignInProvider, elsewhere.id).trusts_second_step = True
    trusted = Browser(app)
    elsewhere.sign_in(trusted)
    assert trusted.get("/staff").heading == "Staff"
    there.claims = {"amr": ["pwd"]}
    assert elsewhere.sign_in(Browser(app)).heading == "Enter your code"


def test_before_a_dangerous_act_who_came_from_elsewhere_signs_in_there_anew(
    elsewhere: Elsewhere, there: Provider, people: People, browser: Browser
) -> None:
    admin = people.member(people.school(), AMA, Role.SCHOOL_ADMIN)
    elsewhere.sign_in(browser)
    page = browser.get(f"/staff/{admin}/roles")
    assert page.heading == "Show that it is you"
    way = next(link for link in page.links() if link.startswith("/account/proof/with/"))
    there.claims = {"auth_time": 1_700_000_000}
    sent = browser.client.get(way)
    assert "prompt=login" in sent.location
    refused = browser.submit(browser.get(there.sign_in(sent.location)), f"/sign-in/with/{elsewhere.id}/answer")
    assert "signed in there already" in refused.words
    there.claims, there.user = {}, {**there.user, "sub": "user-2"}
    sent = browser.client.get(way)
    assert (
        "somebody else" in browser.submit(browser.get(there.sign_in(sent.location)), f"/sign-in/with/{elsewhere.id}/answer").words
    )
    there.user["sub"] = "user-1"
    sent = browser.client.get(way)
    done = browser.submit(browser.get(there.sign_in(sent.location)), f"/sign-in/with/{elsewhere.id}/answer")
    assert done.response.request.path == f"/staff/{admin}/roles"


def test_where_it_is_the_only_way_a_password_does_not_let_in_but_for_the_site_admin(
    there: Provider, people: People, app: Flask
) -> None:
    _set_up(there, only=True)
    school_id = people.school()
    people.member(school_id, AMA, Role.TEACHER)
    host = people.member(school_id, "host@oakfield.example", Role.TEACHER)
    with transaction() as work:
        work.get_one(Person, host).site_admin = True
    browser = Browser(app)
    for password in (PASSWORD, "a wrong one"):
        assert "you sign in with Trust accounts" in people.sign_in(Browser(app), AMA, password).words
        assert not people.is_in(browser)
    assert people.is_in(people.signed_in("host@oakfield.example"))


def test_switched_off_nobody_signs_in_with_it(elsewhere: Elsewhere, ama: int, browser: Browser) -> None:
    with transaction():
        actions.switch_provider(provider_id=elsewhere.id, on=False, now=clock.now())
    assert browser.status(f"/sign-in/with/{elsewhere.id}") == 404
    assert all("/sign-in/with" not in link for link in browser.get("/sign-in").links())


def test_a_provider_that_does_not_answer_is_said_in_a_sentence(app: Flask, there: Provider, browser: Browser) -> None:
    there.metadata = {"issuer": "https://another.example"}
    made = _set_up(there)
    page = browser.get(f"/sign-in/with/{made}")
    assert (page.status, "could not be asked" in page.words) == (403, True)


def test_the_site_admin_sets_one_up_on_the_pages(there: Provider, people: People, browser: Browser) -> None:
    host = people.member(people.school(), AMA, Role.TEACHER)
    with transaction() as work:
        work.get_one(Person, host).site_admin = True
    browser = people.signed_in(AMA)
    browser.submit(browser.get("/places"), "/places", place="site-0")
    page = browser.get("/installation/sign-in/new")
    wrong = browser.submit(page, "/installation/sign-in/new", kind="microsoft", name="M", place="common", domains="not a domain")
    assert "must be the tenant id" in wrong.words
    assert "is not what an address ends in" in wrong.words
    page = browser.submit(
        page, "/installation/sign-in/new", kind="other", name="Trust accounts", place=there.issuer, domains="@Oakfield.example"
    )
    assert "Saved, and switched off" in page.words
    here = next(f.get("action", "") for f in page.all("form") if (f.get("action") or "").endswith("/on")).removesuffix("/on")
    assert f"http://127.0.0.1:8000/sign-in/with/{here.rsplit('/', 1)[1]}/answer" in page.words
    assert "Give the client id and the secret first" in browser.submit(page, f"{here}/on").words
    page = browser.submit(browser.get(here), here, client_id=CLIENT_ID, secret=SECRET)
    assert SECRET not in page.text
    assert "It answers as it should" in browser.submit(page, f"{here}/trial").words
    assert "It is on." in browser.submit(browser.get(here), f"{here}/on").words
    other = browser.submit(
        browser.get("/installation/sign-in/new"), "/installation/sign-in/new", kind="google", name="G", domains="oakfield.example"
    )
    assert "Another provider has that domain already" in other.words
