"""What was published stays: no code and no SQL changes it, and the database refuses what no page would do."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accountability.enums import ReportStatus
from accountability.models import Erratum, PublishedFile, Report, Snapshot
from accountability.models.published import PublishedRowError
from tests import factories
from tests.accountability.reports import make_file, make_report, make_snapshot
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def report(cast: Cast) -> Report:
    cycle = factories.make_cycle(cast.partnership)
    return make_report(
        cycle, by=cast.administrator, approver=cast.quality_officer, status=ReportStatus.PUBLISHED
    )


def test_no_code_changes_or_deletes_it(report: Report) -> None:
    snapshot, file = make_snapshot(report), make_file(report)
    snapshot.content = "{}"
    for attempt in (
        snapshot.save,
        snapshot.delete,
        file.save,
        file.delete,
        Snapshot.objects.all().delete,
        lambda: PublishedFile.objects.update(name="other.pdf"),
    ):
        with pytest.raises(PublishedRowError, match="publish a correction"):
            attempt()
    assert PublishedFile.objects.get().name == "report.pdf"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accountability_snapshot SET content = '{}'",
        "UPDATE accountability_publishedfile SET sha256 = ''",
        "UPDATE accountability_report SET number = 7",
        "UPDATE accountability_report SET title = 'Another title'",
        "UPDATE accountability_erratum SET text = 'Nothing was wrong.'",
        "DELETE FROM accountability_snapshot",
        "DELETE FROM accountability_publishedfile",
        "DELETE FROM accountability_erratum",
        "DELETE FROM accountability_report",
    ],
)
def test_no_sql_changes_or_deletes_it(report: Report, change: str) -> None:
    make_snapshot(report)
    make_file(report)
    Erratum.objects.create(report=report, text="It was 11.", by=report.created_by)
    with (
        pytest.raises(IntegrityError, match="stays as it is"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(change)


def test_a_draft_and_what_it_corrects_may_go(cast: Cast, report: Report) -> None:
    cycle = report.report_cycles.get().cycle
    draft = make_report(cycle, by=cast.administrator, corrects=report, version=2)
    erratum = Erratum.objects.create(report=draft, text="It was 11.", by=cast.administrator)
    Erratum.objects.filter(pk=erratum.pk).update(text="It was 12.")
    draft.delete()
    assert list(Report.objects.all()) == [report]


def test_a_partnership_that_has_published_is_not_deleted(report: Report) -> None:
    make_file(report)
    with pytest.raises(ProtectedError):
        report.partnership.delete()


def test_its_status_goes_on(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.CORRECTED)
    assert not Report.objects.current().exists()


def test_nobody_approves_their_own_whatever_a_page_lets_through(cast: Cast) -> None:
    report = make_report(factories.make_cycle(cast.partnership), by=cast.administrator)
    approved = {"approved_at": timezone.now(), "approved_digest": "0" * 64, "status": ReportStatus.APPROVED}
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(approved_by=cast.administrator, **approved)
    Report.objects.filter(pk=report.pk).update(approved_by=cast.quality_officer, **approved)


def test_a_number_has_one_version_that_holds(report: Report, cast: Cast) -> None:
    cycle = report.report_cycles.get().cycle
    with pytest.raises(IntegrityError), transaction.atomic():
        make_report(
            cycle,
            by=cast.administrator,
            approver=cast.quality_officer,
            status=ReportStatus.PUBLISHED,
            version=2,
            corrects=report,
        )
