"""Does our sign-in page send people to our own pages only?"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eduprog.accounts.rules import normal_email, own_path


@pytest.mark.parametrize(
    "wanted", ["/my-week", "/lessons/k1-c1?print=1", "/", "/plan#week-3", "/a//b", "/x?u=https://evil.example/"]
)
def test_a_path_of_ours_is_kept(wanted: str) -> None:
    assert own_path(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
     "/\n/evil.example", "javascript:alert(1)", "evil.example", "", None, " /my-week",
     "/my week", "http:evil.example", "/\x7f/e"],
)  # fmt: skip
def test_anything_else_is_dropped(wanted: str | None) -> None:
    assert own_path(wanted) is None


@given(st.text(alphabet="/\\:@.#?ehtps \t\r\n\x00a", max_size=12))
def test_what_is_kept_never_leads_to_another_host(wanted: str) -> None:
    kept = own_path(wanted)
    if kept is not None:
        as_browsers_read = kept.replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
        assert urlsplit(urljoin("https://school.example/sign-in", as_browsers_read)).netloc == "school.example"


def test_addresses_are_kept_in_lower_case_without_spaces() -> None:
    assert normal_email("  Ama.Mensah@Oakfield.Example ") == "ama.mensah@oakfield.example"
