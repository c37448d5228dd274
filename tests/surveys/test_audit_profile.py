"""The profile of an audit: facts by kind, wrong ones kept as typed, a colleague's not overwritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys.models import Audit, ProfileAnswer, ProfileQuestion
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import address, field, make_draft, summary_of


@grounded
def audit(cast: Cast) -> Audit:
    return make_draft(cast)


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def ask(audit: Audit, kind: str, code: str = "P2", **more: object) -> ProfileQuestion:
    return ProfileQuestion.objects.create(
        questionnaire=audit.questionnaire, code=code, kind=kind, text=f"Question {code}?", position=2, **more
    )


def fill(lead: Client, go: str = "list", **values: str) -> str | None:
    """Posts the profile; the page where it is shown again, else None."""
    seen = {f"{name[:2]}-seen": "" for name in values}
    response = lead.post(address("audit_profile"), seen | values | {"go": go})
    return None if response.status_code == 302 else response.text


def facts(audit: Audit) -> dict[str, str]:
    return dict(audit.profile_answers.values_list("question__code", "value"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12", "12"),
        (" 1,200 ", "1200"),
        ("1 200", "1200"),
        ("007", "7"),
        ("0", "0"),
        ("0" * 5_000 + "12", "12"),
        ("999999999", "999999999"),
    ],
)
def test_numbers_as_people_write_them(audit: Audit, lead: Client, typed: str, kept: str) -> None:
    assert fill(lead, P1=typed) is None
    assert facts(audit) == {"P1": kept}


@pytest.mark.parametrize("typed", ["twelve", "-3", "1.5", "12%", "１２", "٣", "1e3"])
def test_what_is_no_whole_number_is_an_error_and_stays(audit: Audit, lead: Client, typed: str) -> None:
    ask(audit, "text")
    page = fill(lead, P1=typed, P2="Saved")
    assert page
    assert summary_of(page) == [
        ("#P1", "P1: enter a whole number in digits, such as 12, or 0 if there are none")
    ]
    assert f'value="{typed}"' in field(page, "P1")
    assert facts(audit) == {"P2": "Saved"}


def test_a_number_too_large_for_anything(audit: Audit, lead: Client) -> None:
    assert "P1: enter a number up to 999,999,999" in (fill(lead, P1="1" * 5_000) or "")


def test_a_date_is_three_inputs(audit: Audit, lead: Client) -> None:
    ask(audit, "date")
    assert fill(lead, P2_day="4", P2_month="march", P2_year="2026") is None
    assert facts(audit) == {"P2": "2026-03-04"}
    page = lead.get(address("audit_profile")).text
    assert [field(page, f"P2_{part}").partition('value="')[2][:2] for part in ("day", "month")] == [
        '4"',
        '3"',
    ]


def test_a_wrong_date_is_an_error_and_stays(audit: Audit, lead: Client) -> None:
    ask(audit, "date")
    page = fill(lead, P1="5", P2_day="31", P2_month="2", P2_year="2026")
    assert page
    assert summary_of(page) == [("#P2_day", "P2: the date must be a real date")]
    assert 'value="31"' in field(page, "P2_day")
    assert facts(audit) == {"P1": "5"}
    assert "Everything else on this page is saved" in page
    assert 'name="P1-seen" value="5"' in page


@pytest.mark.parametrize(
    ("kind", "choices", "value"), [("yes_no", [], "yes"), ("choice", ["One", "Two"], "Two")]
)
def test_choices(audit: Audit, lead: Client, kind: str, choices: list[str], value: str) -> None:
    ask(audit, kind, choices=choices, is_required=False)
    assert fill(lead, P2=value) is None
    assert facts(audit) == {"P2": value}
    page = fill(lead, P2="Three")
    assert page
    assert summary_of(page) == [("#P2", "P2: choose one of the answers shown")]
    lead.post(address("audit_profile"), {"P2": "", "P2-seen": value})
    assert facts(audit) == {"P2": ""}


def test_required_facts_may_wait_and_personal_ones_say_so(audit: Audit, lead: Client) -> None:
    ask(audit, "text", is_personal=True, hint="Name and e-mail.")
    ask(audit, "text", code="P3", is_personal=True, hint="This is never published.")
    ask(audit, "text", code="P4", is_required=False)
    page = lead.get(address("audit_profile")).text
    assert "Name and e-mail. Never published." in page
    assert page.lower().count("never published") == 2
    assert "Question P4? (optional)" in page
    assert "Question P3? (optional)" not in page
    assert fill(lead, P1="", P2="", P3="", P4="") is None
    assert facts(audit) == {}


def test_a_colleague_s_fact_is_not_overwritten(audit: Audit, cast: Cast, lead: Client) -> None:
    question = audit.questionnaire.profile_questions.get()
    ProfileAnswer.objects.create(audit=audit, question=question, value="7", updated_by=cast.contributor)
    page = fill(lead, P1="8")
    assert page
    assert "P1: contributor@anchor.example changed this on" in page
    assert "to ‘7’" in page
    assert 'value="8"' in field(page, "P1")
    assert facts(audit) == {"P1": "7"}
    lead.post(address("audit_profile"), {"P1": "8", "P1-seen": "7"})
    assert facts(audit) == {"P1": "8"}


def test_texts_of_several_lines_survive_an_untouched_save(audit: Audit, lead: Client) -> None:
    ask(audit, "text")
    fill(lead, P2="Ann\r\nBen ")
    assert facts(audit) == {"P2": "Ann\nBen "}
    assert 'name="P2-seen" value="Ann\nBen "' in lead.get(address("audit_profile")).text
    lead.post(address("audit_profile"), {"P2": "Ann\r\nBen ", "P2-seen": "Ann\r\nBen "})
    assert ProfileAnswer.objects.get().version == 1


@pytest.mark.parametrize(
    ("button", "to"),
    [
        ("continue", address("audit_standard", code="A1")),
        ("list", address("audit")),
        ("stay", address("audit_profile")),
    ],
)
def test_where_the_profile_s_buttons_lead(audit: Audit, lead: Client, button: str, to: str) -> None:
    response = lead.post(address("audit_profile"), {"P1": "3", "P1-seen": "", "go": button})
    assert response.headers["Location"] == to


@pytest.mark.parametrize("size", [1, 3])
def test_the_profile_s_queries_do_not_grow(
    audit: Audit, lead: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2, size + 1):
        ask(audit, "text", code=f"P{number}")
    fill(lead, P1="1")
    with django_assert_num_queries(8):
        lead.get(address("audit_profile"))


def test_keeping_theirs_leaves_what_was_typed(audit: Audit, cast: Cast, lead: Client) -> None:
    """The button of the panel, on a page that came with errors or without scripts."""
    ask(audit, "text")
    question = audit.questionnaire.profile_questions.get(code="P1")
    ProfileAnswer.objects.create(audit=audit, question=question, value="7", updated_by=cast.contributor)
    response = lead.post(
        address("audit_profile"), {"P1": "x", "P1-seen": "", "P2": "Mine", "P2-seen": "", "keep": "P1"}
    )
    assert response.status_code == 302
    assert facts(audit) == {"P1": "7", "P2": "Mine"}
