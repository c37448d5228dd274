"""An audit's pages from the start to the receipt: what they show, and what a person can do on them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations.models import User
from surveys.enums import AuditStatus, CycleStatus
from surveys.models import Answer, Audit, AuditEvent, Cycle, Document, Indicator, Invitee, ProfileAnswer
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import (
    WITH_NOTES,
    address,
    make_complete,
    make_draft,
    make_place,
    make_submitted,
    summary_of,
)


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def rows_of(page: str) -> dict[str, tuple[str, str]]:
    """The task list: what each row is called, where it leads and its tag."""
    rows = re.findall(
        r'task-list__link" href="([^"]*)"[^>]*>([^<]*)</a>.*?govuk-tag[^>]*>([^<]*)</strong>', page, re.DOTALL
    )
    return {title: (href, tag) for href, title, tag in rows}


def links_of(page: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', page)


# Start


def test_before_it_is_started_the_page_says_what_it_is(cast: Cast, lead: Client) -> None:
    make_place(cast)
    page = lead.get(address("audit")).text
    for words in (
        "How to answer.",
        "No progress (0)",
        "Must take part",
        "Start the audit",
        "Print a blank audit",
    ):
        assert words in page
    assert not Audit.objects.filter(invitee__organisation=cast.organisation).exists()


def test_a_visit_starts_nothing_and_the_button_does(cast: Cast, lead: Client) -> None:
    make_place(cast)
    lead.get(address("audit"))
    assert lead.get(address("audit_start")).status_code == 405
    response = lead.post(address("audit_start"))
    assert (response.status_code, response.headers["Location"]) == (302, address("audit"))
    assert AuditEvent.objects.get().by == cast.lead


def test_who_may_not_start_reads_why_and_sees_no_button(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    make_place(cast)
    page = sign_in(cast.viewer).get(address("audit")).text
    assert "Your role lets you read, not answer. Ask your lead to start the audit." in page
    assert "Start the audit" not in page


def test_an_exempt_organisation_is_told_why(cast: Cast, lead: Client) -> None:
    make_place(cast)
    Invitee.objects.update(exempt_reason="It closes this year.")
    page = lead.get(address("audit")).text
    assert "Anchor Trust is exempt from this audit: It closes this year." in page
    assert "Start the audit" not in page


def test_a_cycle_that_is_only_planned_is_not_found(cast: Cast, lead: Client) -> None:
    make_place(cast)
    Cycle.objects.update(status=CycleStatus.PLANNED)
    assert lead.get(address("audit")).status_code == 404


# Task list


def test_the_task_list(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    audit.answers.update(updated_by=cast.contributor)
    page = lead.get(address("audit")).text
    assert "1 of 4 answered" in page
    assert rows_of(page) == {
        "About your organisation": (address("audit_profile"), "Not started"),
        "A1 Standard A1": (address("audit_standard", code="A1"), "1 of 2 answered"),
        "A2 Standard A2": (address("audit_standard", code="A2"), "Not started"),
        "Check and submit": (address("audit_check"), "Not ready"),
    }
    assert "3 answers and 1 fact missing" in page
    assert "Last saved by contributor@anchor.example" in page
    assert "Go on with A1" in page


def test_the_task_list_of_who_only_reads(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    make_draft(cast, {"A1.1": 2})
    page = sign_in(cast.viewer).get(address("audit")).text
    assert "Your role lets you read this audit, not change it." in page
    assert rows_of(page)["A1 Standard A1"] == (f"{address('audit_read')}#A1", "1 of 2 answered")
    assert rows_of(page)["About your organisation"] == (f"{address('audit_read')}#profile", "Not started")
    assert "Go on with" not in page


@pytest.mark.parametrize(
    ("scores", "has_profile", "words"),
    [
        (None, False, "Begin with your organisation"),
        (None, True, "Begin with A1"),
        ({"A1.1": 1, "A1.2": 1}, False, "Go on with A2"),
        (2, False, "Complete your organisation’s facts"),
        (2, True, "Check and submit"),
    ],
)
def test_one_next_step(
    cast: Cast, lead: Client, scores: dict[str, int | str | None] | int | None, has_profile: bool, words: str
) -> None:
    audit = make_draft(cast, scores)
    if has_profile:
        ProfileAnswer.objects.create(
            audit=audit, question=audit.questionnaire.profile_questions.get(), value="1"
        )
    buttons = re.findall(r'class="govuk-button"[^>]*>([^<]*)</a>', lead.get(address("audit")).text)
    assert buttons == [words]


def test_a_contributor_checks_and_tells_the_lead(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    make_complete(cast)
    client = sign_in(cast.contributor)
    assert "Check the answers" in client.get(address("audit")).text
    page = client.get(address("audit_check")).text
    assert "Only a lead can submit the audit. Tell your lead that it is ready." in page
    assert "Submit the audit" not in page


def test_an_extension_moves_the_closing_day(cast: Cast, lead: Client) -> None:
    make_draft(cast)
    Invitee.objects.update(extended_to="2099-03-04")
    assert "Closes on 4 March 2099, extended for you." in lead.get(address("audit")).text


def test_in_a_closed_cycle_one_reads_and_downloads(cast: Cast, lead: Client) -> None:
    make_draft(cast, {"A1.1": 2})
    Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    page = lead.get(address("audit")).text
    assert "Audit 2026 is closed. You can still read and download." in page
    assert "Make a PDF copy" in page
    assert rows_of(page)["A1 Standard A1"][0] == f"{address('audit_read')}#A1"
    response = lead.get(address("audit_check"))
    assert (response.status_code, response.headers["Location"]) == (302, address("audit"))


# Check and submit


def test_what_is_missing_comes_first_with_a_link_to_the_very_field(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, {"A1.1": 2, "A2.1": WITH_NOTES})
    audit.questionnaire.profile_questions.update(kind="date")
    page = lead.get(address("audit_check")).text
    missing = page.partition("What is missing")[2].partition("Look at these too")[0]
    assert links_of(missing) == [
        f"{address('audit_standard', code='A1')}#A1.2-score",
        f"{address('audit_standard', code='A2')}#A2.2-score",
        f"{address('audit_profile')}#P1_day",
        f"{address('audit_standard', code='A2')}#A2.1-commentary",
    ]
    assert "2 of 4 answered: 2 answers, 1 fact and 1 note missing." in page
    assert "Submit the audit" not in page
    # The links lead to fields that are there.
    for link in links_of(missing):
        target, _, id_ = link.partition("#")
        assert f'id="{id_}"' in lead.get(target).text


def test_all_answers_are_shown(cast: Cast, lead: Client) -> None:
    audit = make_complete(cast, {"A1.1": 0, "A1.2": WITH_NOTES, "A2.1": 1, "A2.2": 2})
    audit.answers.filter(indicator__code="A1.2").update(commentary="Because <of> this\n\nand that")
    page = lead.get(address("audit_check")).text
    for words in ("No progress (0)", WITH_NOTES, "Because &lt;of&gt; this", "Working towards (1)", ">12<"):
        assert words in page
    assert "All 4 answered, nothing is missing." in page
    assert "By submitting you say, for Anchor Trust" in page
    assert "Submit the audit" in page
    assert "Beacon’s own words" not in page


def test_a_submission_leads_to_the_receipt(cast: Cast, lead: Client) -> None:
    audit = make_complete(cast)
    response = lead.post(address("audit_submit"))
    assert (response.status_code, response.headers["Location"]) == (302, address("audit_submitted"))
    audit.refresh_from_db()
    assert (audit.status, audit.submitted_by) == (AuditStatus.SUBMITTED, cast.lead)


def test_a_crafted_submission_with_something_missing_changes_nothing(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, {"A1.1": 2, "A2.1": 1, "A2.2": 1})
    response = lead.post(address("audit_submit"))
    assert response.status_code == 422
    assert "The audit was not submitted" in response.text
    assert summary_of(response.text) == [
        ("#missing-answers", "Answers missing: 1"),
        ("#missing-facts", "Facts about your organisation missing: 1"),
    ]
    assert 'id="missing-answers"' in response.text
    audit.refresh_from_db()
    assert (audit.status, audit.submission) == (AuditStatus.DRAFT, 0)
    assert not Document.objects.exists()


def test_a_second_press_of_submit_is_told(cast: Cast, lead: Client) -> None:
    make_complete(cast)
    lead.post(address("audit_submit"))
    response = lead.post(address("audit_submit"), follow=True)
    assert response.redirect_chain == [(address("audit_submitted"), 302)]
    assert "It was not submitted again." in response.text
    assert Audit.objects.filter(invitee__organisation=cast.organisation).get().submission == 1


def test_the_check_of_a_submitted_audit_is_its_receipt(cast: Cast, lead: Client) -> None:
    make_submitted(cast)
    assert lead.get(address("audit_check")).headers["Location"] == address("audit_submitted")


# Receipt and recall


def test_the_receipt_explains_the_grade_by_counts_and_lists_every_zero(
    cast: Cast, lead: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    audit = make_complete(cast, {"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": 2})
    with django_capture_on_commit_callbacks(execute=True):
        lead.post(address("audit_submit"))
    page = lead.get(address("audit_submitted")).text
    for words in (
        f"HARBOUR-2026-{audit.pk}-1",
        "Overall: grade 2",
        "Mean 1.50: 6 points over 4 scored indicators.",
        "Critical 0",
        f'href="{address("audit_read")}#A1.1"',
        "Download your copy (PDF)",
        "recall the audit",
        "on time",
    ):
        assert words in page


def test_there_is_no_receipt_of_a_draft(cast: Cast, lead: Client) -> None:
    make_draft(cast)
    assert lead.get(address("audit_submitted")).headers["Location"] == address("audit")


def test_a_late_submission_says_so(cast: Cast, lead: Client) -> None:
    make_complete(cast)
    Cycle.objects.update(opens_on="2020-01-01", closes_on="2020-02-01")
    lead.post(address("audit_submit"))
    assert "after the closing date" in lead.get(address("audit_submitted")).text


def test_recall_asks_first(cast: Cast, lead: Client) -> None:
    audit = make_submitted(cast)
    page = lead.get(address("audit_recall")).text
    assert "Harbour can no longer read it" in page
    audit.refresh_from_db()
    assert audit.status == AuditStatus.SUBMITTED
    response = lead.post(address("audit_recall"), follow=True)
    assert "The audit is a draft again." in response.text
    audit.refresh_from_db()
    assert (audit.status, audit.submitted_at, audit.first_submitted_at) == (AuditStatus.DRAFT, None, None)


def test_recall_edit_submit_makes_a_second_submission(
    cast: Cast, lead: Client, sign_in: Callable[[User], Client]
) -> None:
    make_complete(cast)
    lead.post(address("audit_submit"))
    lead.post(address("audit_recall"))
    assert sign_in(cast.quality_officer).get(address("audit_read")).status_code == 403
    sign_in(cast.lead)
    posted = {"A1.1-score": "0", "A1.1-commentary": "", "A1.1-version": "1"}
    lead.post(address("audit_standard", code="A1"), posted)
    lead.post(address("audit_submit"))
    page = lead.get(address("audit_submitted")).text
    assert "Mean 1.50" in page
    assert re.search(r"HARBOUR-2026-\d+-2", page)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(
    ("name", "state", "queries"),
    [
        ("audit", "draft", 15),
        ("audit_check", "draft", 12),
        ("audit_read", "draft", 14),
        ("audit_read", "submitted", 17),
    ],
)
def test_the_number_of_queries_does_not_grow(
    cast: Cast,
    lead: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    *,
    name: str,
    state: str,
    queries: int,
    size: int,
) -> None:
    """One standard of one indicator, and three of three, all scored 0 so that every list is full."""
    bank = factories.make_questionnaire(standards={f"A{number}": size for number in range(1, size + 1)})
    Indicator.objects.update(is_critical=True)
    audit = factories.make_audit(
        make_place(cast, bank).cycle, cast.organisation, scores=0, status=AuditStatus(state)
    )
    Answer.objects.update(updated_by=cast.contributor)
    ProfileAnswer.objects.create(audit=audit, question=bank.profile_questions.get(), value="1")
    lead.get(address(name))
    with django_assert_num_queries(queries):
        lead.get(address(name))
