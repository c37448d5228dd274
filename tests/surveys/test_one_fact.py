"""One fact saved by its page: what the page showed, a colleague's meanwhile, who may, and what it decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys.models import Audit, Cycle, Indicator, ProfileChange, ProfileQuestion
from surveys.profile_saving import save_profile
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import Said, address, make_draft, make_submitted, save_by_script

HERE = address("audit_fact", code="P1")


@grounded
def audit(cast: Cast) -> Audit:
    return make_draft(cast)


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def post(client: Client, posted: Mapping[str, str], url: str = HERE, **headers: str) -> Said:
    return save_by_script(client, url, posted, **headers)


def ask(audit: Audit, kind: str, code: str = "P2", **more: object) -> str:
    """One more question; the address that saves it."""
    ProfileQuestion.objects.create(
        questionnaire=audit.questionnaire, code=code, kind=kind, text=f"Question {code}?", position=2, **more
    )
    return address("audit_fact", code=code)


def facts(audit: Audit) -> dict[str, str]:
    return dict(audit.profile_answers.values_list("question__code", "value"))


def change_by(user: User, audit: Audit, value: str) -> None:
    save_profile(audit=audit, values={audit.questionnaire.profile_questions.get(code="P1"): value}, by=user)


def test_one_fact_is_saved_and_the_page_told_what_it_shows_and_how_many(audit: Audit, lead: Client) -> None:
    ask(audit, "text")
    status, outcome, fragment = post(lead, {"P1": "1,200", "P1-seen": ""})
    assert (status, outcome) == (200, "saved")
    assert "Saved " in fragment
    assert '<input type="hidden" name="P1-seen" value="1200" id="P1-version" hx-swap-oob="true">' in fragment
    assert "1 of 2 answered, saved" in fragment
    assert facts(audit) == {"P1": "1200"}
    # Emptied again, it is a fact that nobody has given.
    assert "0 of 2 answered, saved" in post(lead, {"P1": "", "P1-seen": "1200"})[2]
    assert list(ProfileChange.objects.values_list("value_after", flat=True)) == ["1200", ""]


def test_only_the_fact_that_was_sent_is_touched(audit: Audit, lead: Client) -> None:
    ask(audit, "text")
    post(lead, {"P1": "5", "P1-seen": "", "P2": "Not this one", "P2-seen": ""})
    assert facts(audit) == {"P1": "5"}


def test_what_is_the_same_is_saved_already(audit: Audit, cast: Cast, lead: Client) -> None:
    """The answer to a request that was cut off, and sent again."""
    change_by(cast.lead, audit, "5")
    assert post(lead, {"P1": "5", "P1-seen": ""})[1] == "saved"
    assert ProfileChange.objects.count() == 1


def test_a_stale_save_overwrites_nothing_and_shows_theirs(audit: Audit, cast: Cast, lead: Client) -> None:
    change_by(cast.contributor, audit, "7")
    status, outcome, fragment = post(lead, {"P1": "5", "P1-seen": ""})
    assert (status, outcome) == (409, "conflict")
    assert "contributor@anchor.example changed this on" in fragment
    assert """data-theirs='{"P1": "7"}' data-version="7\"""" in fragment
    assert facts(audit) == {"P1": "7"}
    # Chosen with theirs in hand, mine stands.
    assert post(lead, {"P1": "5", "P1-seen": "7"})[1] == "saved"
    assert facts(audit) == {"P1": "5"}


def test_what_was_left_as_it_was_seen_does_not_hide_theirs(audit: Audit, cast: Cast, lead: Client) -> None:
    change_by(cast.contributor, audit, "7")
    assert post(lead, {"P1": "", "P1-seen": ""})[:2] == (409, "conflict")
    assert facts(audit) == {"P1": "7"}


def test_a_part_of_a_date_waits_for_the_rest(audit: Audit, lead: Client) -> None:
    url = ask(audit, "date")
    date = {"P2_day": "4", "P2_month": "", "P2_year": "", "P2-seen": ""}
    status, outcome, fragment = post(lead, date, url)
    assert (status, outcome) == (422, "choosing")
    assert "Complete the date to save it." in fragment
    assert post(lead, date | {"P2_month": "31", "P2_year": "2026"}, url)[1] == "wrong"
    assert post(lead, date | {"P2_month": "march", "P2_year": "2026"}, url)[1] == "saved"
    assert facts(audit) == {"P2": "2026-03-04"}
    fragment = post(lead, date | {"P2_month": "5", "P2_year": "2026"}, url)[2]
    assert """{"P2_day": "4", "P2_month": "3", "P2_year": "2026"}""" in fragment


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        ({"P1": "twelve", "P1-seen": ""}, "P1: enter a whole number in digits"),
        ({"P1": "12"}, "P1: this page is out of date, so open it again"),
    ],
)
def test_what_is_wrong_is_said_and_not_saved(
    audit: Audit, lead: Client, posted: dict[str, str], message: str
) -> None:
    status, outcome, fragment = post(lead, posted)
    assert (status, outcome) == (422, "wrong")
    assert f"Not saved. {message}" in fragment
    assert facts(audit) == {}


def test_what_a_fact_decides_is_said_beside_it(audit: Audit, lead: Client) -> None:
    Indicator.objects.filter(code="A1.2", standard__questionnaire=audit.questionnaire).update(
        applies_if={"P1": "12"}
    )
    assert "is asked now that" in post(lead, {"P1": "12", "P1-seen": ""})[2]
    assert "no longer asked" in post(lead, {"P1": "13", "P1-seen": "12"})[2]


# Who may


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ("contributor", (200, "saved")),
        ("signatory", (403, "refused")),
        ("viewer", (403, "refused")),
        ("stranger", (404, "")),
        ("outsider", (404, "")),
        ("administrator", (404, "")),
    ],
)
def test_who_may_save_a_fact(
    audit: Audit, cast: Cast, sign_in: Callable[[User], Client], person: str, said: tuple[int, str]
) -> None:
    client = sign_in(cast.people[person])
    assert post(client, {"P1": "5", "P1-seen": ""})[:2] == said
    assert facts(audit) == ({"P1": "5"} if person == "contributor" else {})
    assert client.get(HERE).status_code == said[0]


def test_a_correction_opens_no_fact(cast: Cast, lead: Client) -> None:
    audit = make_submitted(cast)
    factories.make_correction(audit, "A1.1")
    status, _, fragment = post(lead, {"P1": "5", "P1-seen": ""})
    assert status == 403
    assert "only what was returned for correction can change" in fragment


def test_a_closed_cycle_takes_nothing(audit: Audit, lead: Client) -> None:
    Cycle.objects.update(status="closed", closed_at="2026-01-01T00:00:00Z")
    assert post(lead, {"P1": "5", "P1-seen": ""})[:2] == (403, "refused")
    assert facts(audit) == {}


def test_an_unknown_fact_is_not_found(audit: Audit, lead: Client) -> None:
    assert post(lead, {"P9": "5", "P9-seen": ""}, address("audit_fact", code="P9"))[0] == 404


def test_sessions_and_persons(audit: Audit, cast: Cast, client: Client) -> None:
    posted = {"P1": "5", "P1-seen": ""}
    assert post(client, posted) == (401, "signed-out", "")
    client.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    assert post(client, posted, X_Person=str(cast.contributor.pk)) == (401, "somebody-else", "")
    assert facts(audit) == {}
    assert client.get(HERE).headers["X-Outcome"] == "ready"


@pytest.mark.parametrize("size", [1, 12])
def test_one_save_takes_as_few_queries_whatever_the_size(
    audit: Audit, lead: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, size + 1):
        ask(audit, "text", code=f"P{number}")
    with django_assert_num_queries(14):
        assert post(lead, {"P1": "5", "P1-seen": ""})[1] == "saved"
