"""Which domains can vouch for one organisation's people, and which are everybody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s11.organisations.mail_domains import (
    GIVEN_OUT_BELOW,
    SHARED_WITH_ALL_BELOW,
    get_domain,
    make_ascii,
    refuse,
)

OWN = (
    "anchor-trust.org.uk",
    "staff.anchor-trust.org.uk",
    "harbourside.gov.uk",
    "cove.harbourside.sch.uk",
    "harbour.police.uk",
    "harbour.pnn.police.uk",
    "harbourhospital.nhs.uk",
    "quay.ac.uk",
    "anchor.onmicrosoft.com",
    "anchor.example",
    "xn--bcher-kva.example",
    "notgmail.com",
    "gmail.com.example",
)
SHARED = (
    "nhs.net",
    "x.nhs.net",
    "gmail.com",
    "a.b.outlook.com",
    "hotmail.co.uk",
    "cjsm.net",
    "x.gsi.gov.uk",
    "lgfl.net",
)
NOBODYS = (
    "gov.uk",
    "nhs.uk",
    "sch.uk",
    "harbourside.sch.uk",
    "police.uk",
    "pnn.police.uk",
    "co.uk",
    "org.uk",
    "ac.uk",
)
NONE = ("", "example", "a@b.example", "http://a.example", "a..example", "-a.example", "a.example/x", "a b.example",
        "127.0.0.1", "[127.0.0.1]", ".example", f"{'a' * 64}.example", ".".join(["a" * 60] * 5))  # fmt: skip


@pytest.mark.parametrize("domain", OWN)
def test_an_organisations_own(domain: str) -> None:
    assert refuse(domain) == ""


@pytest.mark.parametrize("domain", SHARED)
def test_shared_by_many(domain: str) -> None:
    assert "has mailboxes of many" in refuse(domain)


@pytest.mark.parametrize("domain", NOBODYS)
def test_what_others_stand_below(domain: str) -> None:
    assert "below it" in refuse(domain)


@pytest.mark.parametrize("domain", NONE)
def test_no_domain_at_all(domain: str) -> None:
    assert "after the @" in refuse(domain)


@given(
    st.sampled_from(sorted(SHARED_WITH_ALL_BELOW)),
    st.from_regex(r"[a-z]{1,10}(\.[a-z]{1,5}){0,2}", fullmatch=True),
)
def test_nothing_below_a_shared_one_is_anybodys_own(shared: str, below: str) -> None:
    assert refuse(shared)
    assert refuse(f"{below}.{shared}")


@pytest.mark.parametrize("domain", sorted(SHARED_WITH_ALL_BELOW | GIVEN_OUT_BELOW))
def test_the_list_is_written_as_it_is_compared(domain: str) -> None:
    assert make_ascii(domain) == domain
    assert "after the @" not in refuse(domain)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("nora@kelp.example", "kelp.example"),
        ("Nora@KELP.Example", "kelp.example"),
        ('"a@b"@kelp.example', "kelp.example"),
        ("nora@bücher.example", "xn--bcher-kva.example"),
        ("nora@kelp.example.", "kelp.example"),
    ],
)
def test_the_domain_of_an_address(address: str, domain: str) -> None:
    assert get_domain(address) == domain
