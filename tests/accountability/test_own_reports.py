"""What reports put on the page after signing in: for who approves, publishes or mends, and for nobody else."""

from __future__ import annotations

from django.utils import timezone

from accountability.enums import ReportEventKind, ReportStatus
from accountability.models import Publication, Report
from accountability.reporting import begin_report, return_report, send_to_review, write_event
from s11.organisations.models import Officer
from s11.own_reports import list_own_reports
from tests.accountability.reports import approve, make_full_cycle
from tests.conftest import Cast


def get_waiting(cast: Cast) -> dict[str, str]:
    """By name of the cast the words and the address of what waits, of those for whom anything does."""
    lines = {
        name: list_own_reports(person, Officer.objects.filter(user=person).select_related("partnership"))
        for name, person in cast.people.items()
    }
    return {name: " ".join(found[0]) for name, found in lines.items() if found}


def test_a_report_waits_for_whoever_can_move_it_on_and_for_nobody_else(cast: Cast) -> None:
    cycle = make_full_cycle(cast, agencies=6)
    report = begin_report(
        partnership=cast.partnership, title="How safe?", cycles=[cycle], by=cast.administrator
    )
    assert get_waiting(cast) == {}
    at = f"/p/harbour/desk/publication/{report.pk}/"
    of = f"the report of Harbour: {report.title}"
    send_to_review(report=report, by=cast.administrator)
    assert get_waiting(cast) == {"quality_officer": f"Read and approve {of} {at}preview/"}
    return_report(report=report, reason="Say more.", by=cast.quality_officer)
    returned = {"administrator": f"Put right and send again {of} {at}"}
    assert get_waiting(cast) == returned
    # Whoever has changed a word since still has it to send.
    write_event(report, ReportEventKind.CHANGED, cast.administrator)
    assert get_waiting(cast) == returned
    report.refresh_from_db()
    approve(report, author=cast.administrator, approver=cast.quality_officer)
    assert get_waiting(cast) == {"publisher": f"Publish {of} {at}publish/"}
    asked = {"asked_by": cast.publisher, "asked_at": timezone.now()}
    Publication.objects.create(report=report, content="{}", ledger="[]", **asked)
    assert get_waiting(cast) == {}
    assert Report.objects.get().status == ReportStatus.APPROVED
