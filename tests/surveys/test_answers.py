"""A standard's page: what is typed is saved or still there, and nothing is overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys.enums import AuditStatus, CycleKind
from surveys.models import Audit, CycleQuestionnaire, Indicator
from surveys.workflow import AnswerInput, save_answers
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import (
    PLAIN_REASON,
    WITH_NOTES,
    address,
    field,
    make_draft,
    make_place,
    make_submitted,
    send,
    summary_of,
    text_in,
)

A1 = "A1"


@grounded
def audit(cast: Cast) -> Audit:
    return make_draft(cast)


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def page_of(code: str = A1) -> str:
    return address("audit_standard", code=code)


def answers_now(audit: Audit) -> dict[str, tuple[int | None, str, str]]:
    return {
        code: (score, reason, commentary)
        for code, score, reason, commentary in audit.answers.values_list(
            "indicator__code", "score", "not_applicable_reason", "commentary"
        )
    }


def change_by(user: User, audit: Audit, code: str, score: int, commentary: str, *, seen: int = 0) -> None:
    """A colleague's save, meanwhile."""
    indicator = audit.questionnaire.indicators.get(code=code)
    save_answers(audit=audit, entered=[AnswerInput(indicator, score, "", commentary, seen)], by=user)


def version_on(page: str, code: str) -> str:
    found = re.search(rf'name="{re.escape(code)}-version" value="(\d+)"', page)
    assert found
    return found[1]


# The page


def test_the_page_reads_by_meaning(audit: Audit, lead: Client) -> None:
    Indicator.objects.filter(code="A1.2").update(may_be_not_applicable=False)
    page = lead.get(page_of()).text
    assert "Why it matters." in page
    assert "Standard 1 of 2" in page
    for words in (
        "A1.1</span> Statement A1.1",
        "What to look at.",
        "No progress (0)",
        "Achieved (2)",
        "Nothing.",
    ):
        assert words in page
    assert 'value="NA"' in field(page, "A1.1-score-4")
    assert "A1.2-score-4" not in page
    assert page.count("A 0 here is listed in every report") == 1
    assert version_on(page, "A1.1") == "0"
    assert "0 of 2 answered, nothing saved yet" in page
    assert "required" not in field(page, "A1.1-score")


def test_the_page_shows_what_is_saved_and_by_whom(audit: Audit, cast: Cast, lead: Client) -> None:
    change_by(cast.contributor, audit, "A1.1", 0, "Begun <b>\n\nAnd more")
    page = lead.get(page_of()).text
    assert "checked" in field(page, "A1.1-score")
    assert text_in(page, "A1.1-commentary") == "Begun &lt;b&gt;\n\nAnd more"
    assert "Answered by contributor@anchor.example" in page
    assert "1 of 2 answered, saved" in page
    assert "Beacon’s own words" not in page


def test_the_enter_key_saves_and_clears_nothing(audit: Audit, lead: Client) -> None:
    """It presses the form's first button."""
    page = lead.get(page_of()).text
    form = page[page.index("data-unsaved") :]
    first = re.search(r'<button type="submit" name="(\w+)" value="(\w+)"', form)
    assert first
    assert first.groups() == ("go", "stay")


@pytest.mark.parametrize("code", ["A9", "a1", "A1.1"])
def test_an_unknown_standard_is_not_found(audit: Audit, lead: Client, code: str) -> None:
    assert lead.get(page_of(code)).status_code == 404
    assert lead.post(page_of(code), send(A1_1=("1", ""))).status_code == 404


def test_a_standard_that_a_topic_does_not_hold_is_not_found(cast: Cast, lead: Client) -> None:
    invitee = make_place(cast, kind=CycleKind.TOPIC)
    pinned = CycleQuestionnaire.objects.get()
    pinned.standards.set(pinned.questionnaire.standards.filter(code="A2"))
    factories.make_audit(invitee.cycle, cast.organisation)
    assert lead.get(page_of("A1")).status_code == 404
    assert "Standard 1 of 1" in lead.get(page_of("A2")).text


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, lead: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bank = factories.make_questionnaire(standards={f"A{number}": size for number in range(1, size + 1)})
    factories.make_audit(make_place(cast, bank).cycle, cast.organisation, scores=1)
    lead.get(page_of())
    with django_assert_num_queries(13):
        lead.get(page_of())


# Saving


@pytest.mark.parametrize(
    ("button", "from_", "to"),
    [
        ("continue", "A1", page_of("A2")),
        ("continue", "A2", address("audit_check")),
        ("previous", "A2", page_of("A1")),
        ("previous", "A1", address("audit_profile")),
        ("list", "A1", address("audit")),
        ("stay", "A1", page_of("A1")),
        ("nonsense", "A1", page_of("A1")),
    ],
)
def test_every_button_saves_and_leads_on(
    audit: Audit, lead: Client, button: str, from_: str, to: str
) -> None:
    posted = {name.replace("A1", from_): value for name, value in send(A1_1=("0", "Begun")).items()}
    response = lead.post(page_of(from_), posted | {"go": button})
    assert (response.status_code, response.headers["Location"]) == (302, to)
    assert answers_now(audit) == {f"{from_}.1": (0, "", "Begun")}


def test_a_page_may_be_half_filled(audit: Audit, lead: Client) -> None:
    lead.post(page_of(), send(A1_1=("", "Only words"), A1_2=("", "")))
    assert answers_now(audit) == {"A1.1": (None, "", "Only words")}


def test_an_indicator_that_the_page_did_not_hold_is_left_alone(
    audit: Audit, cast: Cast, lead: Client
) -> None:
    change_by(cast.contributor, audit, "A1.2", 2, "Theirs")
    lead.post(page_of(), send(A1_1=("1", "")))
    assert answers_now(audit)["A1.2"] == (2, "", "Theirs")


def test_line_ends_are_one_kind_and_blanks_alone_are_nothing(audit: Audit, lead: Client) -> None:
    lead.post(page_of(), send(A1_1=("1", "\r\nOne\r\n  two "), A1_2=("1", " \r\n ")))
    assert answers_now(audit) == {"A1.1": (1, "", "\nOne\n  two "), "A1.2": (1, "", "")}
    # The browser drops a text area's first line break: one more is written.
    assert text_in(lead.get(page_of()).text, "A1.1-commentary").startswith("\n\nOne")
    lead.post(page_of(), send(A1_1=("1", "\r\nOne\r\n  two ", 1)))
    assert audit.answers.get(indicator__code="A1.1").version == 1


def test_not_applicable_needs_a_reason_and_the_rest_is_saved(audit: Audit, lead: Client) -> None:
    response = lead.post(page_of(), send(A1_1=("NA", "My words"), A1_2=("2", "Fine")) | {"go": "continue"})
    page = response.text
    assert summary_of(page) == [("#A1.1-reason", "A1.1: select why it does not apply")]
    assert "<title>Error: A1 Standard A1" in page
    assert "1 answer on this page is not saved yet." in page
    assert "Everything else that you entered is saved." in page
    assert answers_now(audit) == {"A1.2": (2, "", "Fine")}
    assert "checked" in field(page, "A1.1-score-4")
    assert text_in(page, "A1.1-commentary") == "My words"
    assert (version_on(page, "A1.1"), version_on(page, "A1.2")) == ("0", "1")


def test_not_applicable_with_a_reason(audit: Audit, lead: Client) -> None:
    lead.post(page_of(), send(A1_1=("NA", "", 0, PLAIN_REASON)))
    assert answers_now(audit) == {"A1.1": (None, PLAIN_REASON, "")}
    page = lead.get(page_of()).text
    assert "checked" in field(page, "A1.1-score-4")
    assert "checked" in field(page, "A1.1-reason")


def test_a_reason_hidden_behind_a_score_is_dropped(audit: Audit, lead: Client) -> None:
    lead.post(page_of(), send(A1_1=("2", "", 0, PLAIN_REASON)))
    assert answers_now(audit) == {"A1.1": (2, "", "")}


def test_a_reason_alone_says_not_applicable(audit: Audit, lead: Client) -> None:
    """Without scripts or styles the reasons are always in sight."""
    lead.post(page_of(), send(A1_1=("", "", 0, WITH_NOTES)))
    assert answers_now(audit) == {"A1.1": (None, WITH_NOTES, "")}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("A1.1-score", "3", "A1.1: choose one of the answers shown"),
        ("A1.1-score", "-1", "A1.1: choose one of the answers shown"),
        ("A1.2-score", "NA", "A1.2: choose one of the answers shown"),
        ("A1.1-reason", "My own reason", "A1.1: choose one of the reasons shown"),
    ],
)
def test_what_the_page_never_offered_is_refused(
    audit: Audit, lead: Client, name: str, value: str, message: str
) -> None:
    Indicator.objects.filter(code="A1.2").update(may_be_not_applicable=False)
    posted = send(A1_1=("", "Kept"), A1_2=("", "Kept")) | {name: value}
    page = lead.post(page_of(), posted).text
    assert [text for _, text in summary_of(page)] == [message]
    assert name[:4] not in answers_now(audit)
    assert text_in(page, f"{name[:4]}-commentary") == "Kept"


@pytest.mark.parametrize("version", ["", "-1", "x", "99999999999999999999"])
def test_a_damaged_version_saves_nothing_and_loses_nothing(audit: Audit, lead: Client, version: str) -> None:
    page = lead.post(page_of(), send(A1_1=("1", "Words")) | {"A1.1-version": version}).text
    assert "There is a problem" in page
    assert text_in(page, "A1.1-commentary") == "Words"
    assert answers_now(audit) == {}


def test_twenty_thousand_characters_are_accepted(audit: Audit, lead: Client) -> None:
    long = "é\r\n" * 10_000  # a line break is one character, however it is sent
    assert lead.post(page_of(), send(A1_1=("1", long))).status_code == 302
    assert answers_now(audit)["A1.1"][2] == "é\n" * 10_000


def test_a_longer_text_is_refused_and_not_lost(audit: Audit, lead: Client) -> None:
    long = "x" * 20_001
    page = lead.post(page_of(), send(A1_1=("1", long), A1_2=("2", "Short"))).text
    assert summary_of(page) == [
        (
            "#A1.1-commentary",
            "A1.1: the text must be 20,000 characters or fewer; yours has 20,001, so shorten it",
        )
    ]
    assert text_in(page, "A1.1-commentary") == long
    assert "checked" in field(page, "A1.1-score-2")
    assert answers_now(audit) == {"A1.2": (2, "", "Short")}


def test_a_null_character_is_refused(audit: Audit, lead: Client) -> None:
    page = lead.post(page_of(), send(A1_1=("1", "a\0b"))).text
    assert "There is a problem" in page
    assert answers_now(audit) == {}


def test_an_answer_can_be_cleared(audit: Audit, lead: Client) -> None:
    lead.post(page_of(), send(A1_1=("2", "Words")))
    posted = send(A1_1=("2", "Words", 1), A1_2=("1", "Saved too")) | {"clear": "A1.1"}
    response = lead.post(page_of(), posted)
    assert response.headers["Location"] == f"{page_of()}#A1.1"
    assert answers_now(audit) == {"A1.1": (None, "", "Words"), "A1.2": (1, "", "Saved too")}


def test_clearing_is_a_way_out_of_not_applicable(audit: Audit, lead: Client) -> None:
    response = lead.post(page_of(), send(A1_1=("NA", "Words")) | {"clear": "A1.1"})
    assert response.status_code == 302
    assert answers_now(audit) == {"A1.1": (None, "", "Words")}


# Two people


def test_a_conflict_shows_both_and_overwrites_nothing(audit: Audit, cast: Cast, lead: Client) -> None:
    change_by(cast.contributor, audit, "A1.1", 2, "Their words")
    page = lead.post(page_of(), send(A1_1=("1", "My words"), A1_2=("2", "Fine"))).text
    assert answers_now(audit) == {"A1.1": (2, "", "Their words"), "A1.2": (2, "", "Fine")}
    ((target, sentence),) = summary_of(page)
    assert target == "#A1.1-score"
    assert sentence.startswith("A1.1: contributor@anchor.example changed this answer on ")
    assert "contributor@anchor.example changed this on" in page
    assert "Their words" in page
    assert text_in(page, "A1.1-commentary") == "My words"
    assert "checked" in field(page, "A1.1-score-2")
    # Saved again, it is on purpose.
    version = int(version_on(page, "A1.1"))
    lead.post(page_of(), send(A1_1=("1", "My words", version)))
    assert answers_now(audit)["A1.1"] == (1, "", "My words")


def test_theirs_can_be_kept(audit: Audit, cast: Cast, lead: Client) -> None:
    change_by(cast.contributor, audit, "A1.1", 2, "Their words")
    posted = send(A1_1=("1", "My words", 1), A1_2=("2", "Fine")) | {"keep": "A1.1"}
    assert lead.post(page_of(), posted).headers["Location"] == f"{page_of()}#A1.1"
    assert answers_now(audit) == {"A1.1": (2, "", "Their words"), "A1.2": (2, "", "Fine")}


def test_an_answer_that_only_the_other_touched_is_no_conflict(audit: Audit, cast: Cast, lead: Client) -> None:
    lead.post(page_of(), send(A1_1=("1", "First")))
    change_by(cast.contributor, audit, "A1.1", 2, "Second", seen=1)
    response = lead.post(page_of(), send(A1_1=("1", "First", 1), A1_2=("2", "")) | {"go": "list"})
    assert response.status_code == 302
    assert answers_now(audit) == {"A1.1": (2, "", "Second"), "A1.2": (2, "", "")}


def test_an_indicator_that_the_profile_has_ruled_out_meanwhile_is_saved_all_the_same(
    audit: Audit, lead: Client
) -> None:
    Indicator.objects.filter(code="A1.2").update(applies_if={"P1": "12"})
    lead.post(page_of(), send(A1_1=("1", ""), A1_2=("0", "Typed before")))
    assert answers_now(audit)["A1.2"] == (0, "", "Typed before")


@pytest.mark.parametrize("name", ["standard", "profile"])
def test_what_comes_after_the_submission_is_shown_to_be_copied(cast: Cast, lead: Client, name: str) -> None:
    audit = make_submitted(cast)
    long = "A careful paragraph that took half an hour to write."
    page, posted = (
        (page_of(), send(A1_1=("1", long)))
        if name == "standard"
        else (address("audit_profile"), {"P1": long, "P1-seen": ""})
    )
    response = lead.post(page, posted)
    assert response.status_code == 403
    assert "The audit has been submitted, so answers cannot change." in response.text
    assert text_in(response.text, "typed-1") == long
    assert set(audit.answers.values_list("commentary", flat=True)) == {""}


def test_a_submission_in_the_same_moment_is_told(
    audit: Audit, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check and the lock."""
    monkeypatch.setattr("surveys.views.answers.check_can_answer", lambda roles, audit: None)
    Audit.objects.filter(pk=audit.pk).update(status=AuditStatus.AWAITING_SIGN_OFF)
    response = lead.post(page_of(), send(A1_1=("1", "Words that are long enough to keep")))
    assert response.status_code == 409
    assert "The audit is awaiting sign-off now, so nothing was saved." in response.text
    assert text_in(response.text, "typed-1") == "Words that are long enough to keep"
