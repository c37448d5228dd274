"""The desk's page of jobs: who sees it, what it shows, and trying again what was given up."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Partnership, User
from surveys.enums import DocumentFormat, DocumentKind, MessageStatus
from surveys.job_list import JobState, describe_subject, list_jobs
from surveys.models import Document
from surveys.tasks import SAID_GIVEN_UP
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.surveys.mails import make_message

SignIn = Callable[[User], Client]
JOBS = "/p/harbour/desk/jobs/"
WORKERS = {"administrator", "quality_officer"}
OFFICERS = (*WORKERS, "scrutineer", "panel_member", "panel_chair", "publisher")
NOBODY_HERE = ("outsider", "lead", "contributor", "signatory", "viewer", "stranger")


def make_plan(cast: Cast, partnership: Partnership | None = None, **columns: Any) -> Document:
    participation, _ = cast.organisation.participations.get_or_create(
        partnership=partnership or cast.partnership
    )
    return Document.objects.create(
        kind=DocumentKind.ACTION_PLAN,
        format=DocumentFormat.PDF,
        participation=participation,
        requested_by=cast.lead,
        **columns,
    )


def make_state(cast: Cast, state: str, **columns: Any) -> Document:
    now = timezone.now()
    special: dict[str, Any] = {
        "building": {},
        "failed": {"error": SAID_GIVEN_UP, "attempts": 4},
        "built": {"file": "documents/x.pdf", "built_at": now},
    }[state]
    return make_plan(cast, **special, **columns)


@pytest.fixture
def officer(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.quality_officer)


@pytest.mark.parametrize("state", JobState)
def test_who_sees_them_and_who_tries_again(cast: Cast, sign_in: SignIn, state: str) -> None:
    document = make_state(cast, state)
    assert {*OFFICERS, *NOBODY_HERE} == cast.people.keys()
    found = {}
    for person, user in cast.people.items():
        client = sign_in(user)
        with taken_back():
            codes = (client.get(JOBS).status_code, client.post(f"{JOBS}{document.pk}/retry/").status_code)
            document.refresh_from_db()
            found[person] = (*codes, document.error == "" and state == JobState.FAILED)
    assert found == {
        **dict.fromkeys(NOBODY_HERE, (404, 404, False)),
        **dict.fromkeys(OFFICERS, (403, 403, False)),
        **dict.fromkeys(WORKERS, (200, 302, state == JobState.FAILED)),
    }


def test_another_partnership_s_are_not_there(cast: Cast, officer: Client) -> None:
    theirs = make_plan(cast, cast.elsewhere, error=SAID_GIVEN_UP)
    page = officer.get(f"{JOBS}?state=failed").text
    assert "No file has failed" in page
    assert officer.post(f"{JOBS}{theirs.pk}/retry/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.error


@pytest.mark.parametrize("state", JobState)
def test_each_state_shows_its_own(cast: Cast, officer: Client, state: str) -> None:
    make_state(cast, state)
    for shown in JobState:
        page = officer.get(f"{JOBS}?state={shown}")
        assert ("Anchor Trust</td>" in page.text) == (shown == state)
        assert ("Try again" in page.text) == (shown == state == JobState.FAILED)
        assert ("Refresh" in page) == (shown == state == JobState.BUILDING)
        assert f"{JobState(state).label} (1)" in page.text
    assert officer.get(f"{JOBS}?state=nonsense&page=9").status_code == 200


def test_how_far_each_is(cast: Cast, officer: Client) -> None:
    due = datetime.datetime(2030, 1, 1, 14, 5, tzinfo=datetime.UTC)
    make_plan(cast)
    make_plan(cast, attempts=2)
    make_plan(cast, attempts=3, next_try=due)
    page = officer.get(JOBS).text
    assert "In the queue since" in page
    assert "Attempt 2 of 4, since" in page
    assert "Attempt 3 of 4 failed; the next is after 1 January 2030" in page


def test_trying_again_queues_it_once(
    cast: Cast, officer: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("surveys.documents.render_action_plan", lambda participation: b"%PDF")
    document = make_state(cast, "failed")
    failed = officer.get(f"{JOBS}?state=failed").text
    assert SAID_GIVEN_UP in failed
    assert "&lt;" not in failed
    with django_capture_on_commit_callbacks(execute=True):
        page = officer.post(f"{JOBS}{document.pk}/retry/", follow=True)
    assert "is in the queue again" in page.text
    document.refresh_from_db()
    assert document.is_built
    page = officer.post(f"{JOBS}{document.pk}/retry/", follow=True)
    assert "tried again or built meanwhile" in page.text


def test_old_failures_and_deleted_zips_are_no_longer_shown(cast: Cast) -> None:
    now = timezone.now()
    make_state(cast, "failed", requested_at=now - datetime.timedelta(days=31))
    make_plan(cast, error="Deleted.", built_at=now)
    make_plan(cast, file="documents/x.pdf", built_at=now - datetime.timedelta(days=8))
    for state in JobState:
        assert not list_jobs(cast.partnership, state)


def test_the_mail_that_waits_and_that_failed_leads_to_the_outbox(cast: Cast, officer: Client) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    invitee = factories.make_invitee(cycle, cast.organisation)
    make_message(invitee)
    make_message(invitee)
    make_message(invitee, MessageStatus.FAILED)
    page = officer.get(JOBS).text
    assert '/p/harbour/desk/outbox/?box=waiting">2 e-mails waiting to go' in page
    assert '/p/harbour/desk/outbox/?box=failed">1 e-mail not sent' in page


def test_what_each_sort_is_of(cast: Cast) -> None:
    bank = factories.make_questionnaire(partnership=cast.partnership)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    audit = factories.make_audit(cycle, cast.organisation)
    for subject in (
        {"kind": DocumentKind.OVERVIEW, "partnership": cast.partnership, "cycle": cycle},
        {"kind": DocumentKind.AUDIT_COPY, "audit": audit},
        {"kind": DocumentKind.BLANK, "questionnaire": bank},
    ):
        Document.objects.create(format=DocumentFormat.PDF, **subject)
    make_plan(cast)
    found = {describe_subject(one) for one in list_jobs(cast.partnership, JobState.BUILDING)}
    assert found == {str(cycle), f"Anchor Trust, {cycle}", str(bank), "Anchor Trust"}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("state", JobState)
def test_the_page_costs_the_same_for_one_and_for_three(
    cast: Cast, officer: Client, state: str, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    for number in range(count):
        document = make_state(cast, state)
        organisation = factories.make_organisation(f"O{number}", partnership=cast.partnership)
        audit = factories.make_audit(cycle, organisation)
        Document.objects.filter(pk=document.pk).update(
            kind=DocumentKind.AUDIT_COPY, audit=audit, participation=None
        )
    with django_assert_num_queries(8):
        assert officer.get(f"{JOBS}?state={state}").text.count(f", {cycle}</td>") == count


def test_fifty_on_a_page(cast: Cast, officer: Client) -> None:
    for _ in range(51):
        make_plan(cast)
    assert officer.get(JOBS).text.count("Anchor Trust</td>") == 50
    assert officer.get(f"{JOBS}?page=2").text.count("Anchor Trust</td>") == 1
