"""Two people, or two workers, with reports in the very same moment: one number each, and nothing is published twice.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection, transaction

from accountability.enums import FileKind, ReportStatus
from accountability.models import Finding, Publication, PublishedFile, Report, ReportSection
from accountability.publishing import ask_publication, lock_partnership, make_public, publish
from accountability.report_content import compose
from accountability.report_files import MadeFile
from accountability.reporting import (
    NotInThisState,
    approve_report,
    begin_report,
    change_section,
    correct_report,
    return_report,
    send_to_review,
    withdraw_report,
)
from accountability.reports import get_step
from accountability.writing_findings import FindingInput, add_finding
from tests.accountability.reports import approve, make_full_cycle
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)
PDF = MadeFile(FileKind.PDF, "report.pdf", "application/pdf", b"%PDF-1.7")


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


@pytest.fixture(autouse=True)
def _no_worker(settings: LazySettings) -> None:
    """A test says itself when a worker begins."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def reports(cast: Cast) -> list[Report]:
    """Two drafts about one cycle."""
    cycle = make_full_cycle(cast, agencies=1)
    return [
        begin_report(partnership=cast.partnership, title=title, cycles=[cycle], by=cast.administrator)
        for title in ("First", "Second")
    ]


def find(report: Report) -> Report:
    """As another connection reads it."""
    return Report.objects.select_related("partnership").get(pk=report.pk)


def ask(report: Report, cast: Cast) -> None:
    with suppress(NotInThisState):
        found = find(report)
        ask_publication(report=found, seen_digest=compose(found).digest, by=cast.publisher)


def test_of_two_that_are_published_at_once_one_waits_for_the_other(cast: Cast, reports: list[Report]) -> None:
    """Else neither would reckon with what the other shows, and both would be report 1."""
    for report in reports:
        approve(report, author=cast.administrator, approver=cast.quality_officer)
    meanwhile(lambda: ask(reports[0], cast), lambda: ask(reports[1], cast))
    assert Publication.objects.count() == 1


def test_of_two_workers_with_one_publication_one_publishes(cast: Cast, reports: list[Report]) -> None:
    approve(reports[0], author=cast.administrator, approver=cast.quality_officer)
    ask(reports[0], cast)
    pk = Publication.objects.get().pk
    with patch("accountability.publishing.make_files", return_value=[PDF]):
        meanwhile(lambda: publish.func(pk), lambda: publish.func(pk))
    assert PublishedFile.objects.count() == 1
    assert find(reports[0]).number == 1


def test_returned_while_a_worker_publishes_it_stays_published(cast: Cast, reports: list[Report]) -> None:
    approve(reports[0], author=cast.administrator, approver=cast.quality_officer)
    ask(reports[0], cast)
    publication = Publication.objects.select_related("report__partnership", "asked_by").get()

    def bring_back() -> None:
        with pytest.raises(NotInThisState, match="published by now"):
            return_report(report=find(reports[0]), reason="Wait.", by=cast.publisher)

    meanwhile(lambda: make_public(publication, [PDF]), bring_back)
    assert find(reports[0]).status == ReportStatus.PUBLISHED


def test_two_approve_at_once_and_one_is_told(cast: Cast, reports: list[Report]) -> None:
    send_to_review(report=reports[0], by=cast.administrator)
    digest = compose(find(reports[0])).digest

    def approve_late() -> None:
        with pytest.raises(NotInThisState, match="approved by now"):
            approve_report(report=find(reports[0]), seen_digest=digest, by=cast.scrutineer)

    meanwhile(
        lambda: approve_report(report=find(reports[0]), seen_digest=digest, by=cast.quality_officer),
        approve_late,
    )
    assert find(reports[0]).approved_by == cast.quality_officer


def test_returned_as_somebody_approves_it_stays_approved(cast: Cast, reports: list[Report]) -> None:
    """Whoever pressed ‘Return it’ saw a report in review."""
    send_to_review(report=reports[0], by=cast.administrator)
    digest, seen = compose(find(reports[0])).digest, get_step(reports[0])

    def return_late() -> None:
        with pytest.raises(NotInThisState, match="approved by"):
            return_report(report=find(reports[0]), reason="Wait.", seen=seen, by=cast.administrator)

    meanwhile(
        lambda: approve_report(report=find(reports[0]), seen_digest=digest, by=cast.quality_officer),
        return_late,
    )
    assert find(reports[0]).status == ReportStatus.APPROVED


def test_withdrawn_whole_as_its_correction_is_made_public(cast: Cast, reports: list[Report]) -> None:
    """They lock the versions in the same order; who withdraws is told that there is one more."""
    approve(reports[0], author=cast.administrator, approver=cast.quality_officer)
    ask(reports[0], cast)
    with patch("accountability.publishing.make_files", return_value=[PDF]):
        publish.func(Publication.objects.get().pk)
    draft = correct_report(report=find(reports[0]), erratum="It was 11.", by=cast.administrator)
    approve(draft, author=cast.administrator, approver=cast.quality_officer)
    ask(draft, cast)
    publication = Publication.objects.select_related("report__partnership", "asked_by").get(finished_at=None)
    seen = get_step(reports[0])

    def withdraw() -> None:
        with pytest.raises(NotInThisState, match="gone on since"):
            withdraw_report(
                report=find(reports[0]), reason="No.", is_whole=True, seen=seen, by=cast.publisher
            )

    meanwhile(lambda: make_public(publication, [PDF]), withdraw)
    assert [find(one).status for one in (reports[0], draft)] == ["corrected", "published"]


def test_two_save_a_section_at_once_and_both_texts_are_there(cast: Cast, reports: list[Report]) -> None:
    pk, version = reports[0].sections.values_list("pk", "version")[0]
    late: list[ReportSection | None] = []

    def save(text: str) -> None:
        section = ReportSection.objects.select_related("report").get(pk=pk)
        late.append(change_section(section=section, text=text, seen_version=version, by=cast.administrator))

    meanwhile(lambda: save("First."), lambda: save("Second."))
    assert late[0] is None
    assert late[1] is not None
    assert late[1].text == "First."


def test_two_begin_a_correction_and_there_is_one(cast: Cast, reports: list[Report]) -> None:
    approve(reports[0], author=cast.administrator, approver=cast.quality_officer)
    ask(reports[0], cast)
    with patch("accountability.publishing.make_files", return_value=[PDF]):
        publish.func(Publication.objects.get().pk)

    def correct() -> None:
        with suppress(NotInThisState):
            correct_report(report=find(reports[0]), erratum="It was 11.", by=cast.administrator)

    meanwhile(correct, correct)
    assert Report.objects.filter(corrects=reports[0]).count() == 1


def test_a_finding_is_added_while_a_report_is_made_public(cast: Cast, reports: list[Report]) -> None:
    """The publication holds the partnership and wants the report, the finding the other way round."""
    with transaction.atomic():
        lock_partnership(cast.partnership)
        added: list[Finding] = []

        def add() -> None:
            entered = FindingInput("Staff know", "", "", "", themes=[])
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '2s'")
                with suppress(OperationalError):
                    added.append(add_finding(report=find(reports[0]), entered=entered, by=cast.administrator))
            finally:
                connection.close()

        thread = threading.Thread(target=add)
        thread.start()
        thread.join()
    assert added
