"""Steps of a report in the hands of several people: a page that is too old undoes nothing, and loses nothing typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.enums import Licence, ReportEventKind, ReportStatus
from accountability.models import FeedbackIssue, FeedbackReport, Report
from accountability.reporting import (
    NotInThisState,
    begin_report,
    discard_draft,
    withdraw_report,
    write_erratum,
    write_event,
)
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Officer, User
from surveys.enums import CycleStatus, DocumentFormat, DocumentKind, Series
from surveys.models import Audit, Cycle, Document
from tests import factories
from tests.accountability.reports import make_full_cycle, make_report, make_snapshot
from tests.conftest import Cast
from tests.ground import grounded

DESK = "/p/harbour/desk/publication/"
PUBLIC = "/p/harbour/reports/"
TYPED = "Say how many took part in the survey."
SignIn = Callable[[User], Client]


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, status=CycleStatus.CLOSED)


@grounded
def versions(cast: Cast, cycle: Cycle) -> list[Report]:
    """Version 1, corrected by version 2."""
    given: dict[str, Any] = {"by": cast.administrator, "approver": cast.quality_officer, "title": "How safe?"}
    first = make_report(cycle, status=ReportStatus.CORRECTED, **given)
    second = make_report(cycle, status=ReportStatus.PUBLISHED, corrects=first, version=2, **given)
    for one in (first, second):
        make_snapshot(one)
        write_event(one, ReportEventKind.PUBLISHED, cast.publisher)
    return [first, second]


def read_seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found[1]


def approve_quietly(report: Report, by: User) -> None:
    approved = {"approved_by": by, "approved_at": timezone.now(), "approved_digest": "0" * 64}
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.APPROVED, **approved)
    write_event(report, ReportEventKind.APPROVED, by)


# Pages that are too old -----------------------------------------------------------------------------------------------


def test_a_stale_return_does_not_undo_an_approval(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    report = make_report(cycle, by=cast.administrator, status=ReportStatus.IN_REVIEW)
    client, url = sign_in(cast.administrator), f"{DESK}{report.pk}/return/"
    seen = read_seen(client.get(url).text)
    approve_quietly(report, cast.quality_officer)
    late = client.post(url, {"reason": TYPED, "seen": seen})
    report.refresh_from_db()
    assert report.status == ReportStatus.APPROVED
    assert f"gone on since you opened the page: approved by {cast.quality_officer}" in late.text
    assert TYPED in late.text
    client.post(url, {"reason": TYPED, "seen": read_seen(late.text)})
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT


@pytest.mark.parametrize(("step", "page"), [("change/", "change/"), ("discard/", "discard/"), ("send/", "")])
def test_what_a_colleague_wrote_meanwhile_is_looked_at_first(
    step: str, page: str, cast: Cast, cycle: Cycle, sign_in: SignIn
) -> None:
    report = make_report(cycle, by=cast.administrator)
    client, url = sign_in(cast.administrator), f"{DESK}{report.pk}/"
    seen = read_seen(client.get(url + page).text)
    write_event(report, ReportEventKind.CHANGED, cast.quality_officer, "Introduction")
    given = {"title": TYPED, "licence": Licence.CC_BY.value, "note": TYPED, "seen": seen}
    late = client.post(url + step, given)
    assert f"text changed by {cast.quality_officer}" in late.text
    assert (TYPED in late.text) == (step != "discard/")
    report.refresh_from_db()
    assert (report.status, report.licence) == (ReportStatus.DRAFT, Licence.OGL)


def test_a_note_to_reviewers_is_there_again_where_the_report_cannot_go_on(
    cast: Cast, cycle: Cycle, sign_in: SignIn
) -> None:
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.OPEN, closed_at=None)
    report = make_report(cycle, by=cast.administrator)
    page = sign_in(cast.administrator).post(f"{DESK}{report.pk}/send/", {"note": TYPED})
    assert "is still open" in page.text
    assert TYPED in page.text


def test_whoever_sends_it_on_learns_that_nobody_can_take_it(cast: Cast, sign_in: SignIn) -> None:
    report = make_report(make_full_cycle(cast, agencies=1), by=cast.administrator)
    Officer.objects.filter(user__in=[cast.quality_officer, cast.publisher]).delete()
    client, url = sign_in(cast.administrator), f"{DESK}{report.pk}/"
    page = client.post(f"{url}send/", {"seen": 0}, follow=True)
    assert "nobody may approve it yet" in page.text
    Officer.objects.create(
        user=cast.scrutineer, partnership=cast.partnership, role=OfficerRole.QUALITY_OFFICER
    )
    sign_in(cast.scrutineer)
    digest = re.search(r'name="digest" value="(\w+)"', client.get(f"{url}preview/").text)
    assert digest is not None
    page = client.post(f"{url}approve/", {"digest": digest[1]}, follow=True)
    assert "nobody may publish it yet" in page.text


def test_a_draft_that_somebody_threw_away_is_said_to_be_gone(cast: Cast, cycle: Cycle) -> None:
    report = make_report(cycle, by=cast.administrator)
    late = Report.objects.get(pk=report.pk)
    discard_draft(report=report, by=cast.administrator)
    with pytest.raises(NotInThisState, match="thrown this draft away"):
        discard_draft(report=late, by=cast.quality_officer)


def test_open_comments_are_named_at_each_step(cast: Cast, sign_in: SignIn) -> None:
    cycle = make_full_cycle(cast, agencies=1)
    report = begin_report(partnership=cast.partnership, title="Ours", cycles=[cycle], by=cast.administrator)
    section = report.sections.all()[0]
    for by in (cast.scrutineer, cast.publisher):
        section.comments.create(text="Shorter.", by=by)
    said = "2 comments are still open."
    url = f"{DESK}{report.pk}/"
    assert said in sign_in(cast.administrator).get(url).text
    Report.objects.filter(pk=report.pk).update(status=ReportStatus.IN_REVIEW)
    assert said in sign_in(cast.quality_officer).get(f"{url}preview/").text
    approve_quietly(report, cast.quality_officer)
    client = sign_in(cast.publisher)
    assert said in client.get(f"{url}publish/").text
    section.comments.update(resolved_by=cast.publisher, resolved_at=timezone.now())
    assert "still open" not in client.get(f"{url}publish/").text + client.get(url).text


# Begun ----------------------------------------------------------------------------------------------------------------


def test_a_cycle_is_compared_with_earlier_ones_only(cast: Cast, sign_in: SignIn) -> None:
    later, cycle = make_full_cycle(cast, agencies=1, slug="2027"), make_full_cycle(cast, agencies=1)
    Cycle.objects.filter(pk=later.pk).update(closes_on=cycle.closes_on.replace(year=cycle.closes_on.year + 1))
    later.refresh_from_db()
    client = sign_in(cast.administrator)
    offered = client.get(f"{DESK}new/").text
    assert 'type="checkbox" value="2026"' in offered
    assert 'type="checkbox" value="2027"' not in offered
    given = {"cycle": cycle.slug, "beside": later.slug, "series": "self", "title": TYPED, "licence": "ogl"}
    late = client.post(f"{DESK}new/", given)
    assert not Report.objects.exists()
    assert TYPED in late.text
    with pytest.raises(NotInThisState, match="Audit 2027 closed after Audit 2026"):
        begin_report(partnership=cast.partnership, title="Ours", cycles=[cycle, later], by=cast.administrator)


@pytest.mark.parametrize(
    ("series", "why"),
    [
        (Series.SELF, "No audit of Audit 2026 has been submitted"),
        (Series.MODERATED, "moderation is closed for none"),
        (Series.PANEL, "minutes are final for none"),
    ],
)
def test_no_report_is_begun_on_scores_that_nobody_has(
    series: Series, why: str, cast: Cast, sign_in: SignIn
) -> None:
    cycle = make_full_cycle(cast, agencies=0 if series == Series.SELF else 1)
    given = {"cycle": cycle.slug, "series": series.value, "title": TYPED, "licence": "ogl"}
    page = sign_in(cast.administrator).post(f"{DESK}new/", given)
    assert why in page.text
    assert "No closed cycle has any yet." in page.text
    assert not Report.objects.exists()
    with pytest.raises(NotInThisState, match=why):
        begin_report(
            partnership=cast.partnership, title="Ours", cycles=[cycle], series=series, by=cast.administrator
        )


# Corrected ------------------------------------------------------------------------------------------------------------


def test_who_comes_second_is_led_to_the_correction(
    cast: Cast, cycle: Cycle, versions: list[Report], sign_in: SignIn
) -> None:
    draft = make_report(cycle, by=cast.quality_officer, corrects=versions[1], version=3)
    draft.errata.create(text="Page 2 said 11.", by=cast.quality_officer)
    client, url = sign_in(cast.administrator), f"{DESK}{versions[1].pk}/correct/"
    led = client.get(url, follow=True)
    assert led.redirect_chain == [(f"{DESK}{draft.pk}/", 302)]
    assert f"{cast.quality_officer} has begun the correction already." in led.text
    assert "Go to the correction" in client.get(f"{DESK}{versions[1].pk}/").text
    late = client.post(url, {"erratum": "Page 3 said 12."})
    assert "Page 3 said 12." in late.text
    action = re.search(r'action="([^"]+/errata/new/)"', late.text)
    assert action is not None
    client.post(action[1], {"erratum": "Page 3 said 12.", "seen": read_seen(late.text)})
    assert [one.text for one in draft.errata.all()] == ["Page 2 said 11.", "Page 3 said 12."]
    assert client.get(f"{DESK}{versions[0].pk}/correct/").status_code == 302
    # One is taken out, the last one stays.
    first, second = draft.errata.all()
    page = f"{DESK}{draft.pk}/errata/"
    client.post(f"{page}{first.pk}/", {"erratum": ""})
    client.post(f"{page}{second.pk}/", {"erratum": "Page 3 said 12, not 13."})
    assert "Enter what is wrong" in client.post(f"{page}{second.pk}/", {"erratum": ""}).text
    assert [one.text for one in draft.errata.all()] == ["Page 3 said 12, not 13."]
    with pytest.raises(NotInThisState, match="what a correction corrects"):
        write_erratum(report=draft, erratum=second, text=" ", by=cast.administrator)


def test_the_list_says_what_a_draft_will_be(
    cast: Cast, cycle: Cycle, versions: list[Report], sign_in: SignIn
) -> None:
    make_report(cycle, by=cast.administrator, corrects=versions[1], version=3)
    make_report(cycle, by=cast.administrator, title="Another")
    page = sign_in(cast.scrutineer).get(DESK).text
    assert "To be report 1, version 3" in page
    assert "None yet" in page
    # Once a draft, in its column.
    assert page.count(">Draft<") == page.count("Draft") == 2


# Withdrawn ------------------------------------------------------------------------------------------------------------


def test_one_version_is_withdrawn_and_the_page_names_what_stays(
    cast: Cast, versions: list[Report], sign_in: SignIn, client: Client
) -> None:
    sign_in(cast.publisher)
    url = f"{DESK}{versions[1].pk}/withdraw/"
    page = client.get(url).text
    assert "Version 1 stays public." in page
    assert "The whole report: versions 1 and 2" in page
    missing = client.post(url, {"reason": "It named a person.", "seen": read_seen(page)})
    assert "Choose what is withdrawn" in missing.text
    done = client.post(
        url, {"reason": "It named a person.", "scope": "version", "seen": read_seen(page)}, follow=True
    )
    assert "Version 2 is withdrawn. Version 1 stays public." in done.text
    gone = client.get(f"{PUBLIC}1/")
    assert gone.status_code == 410
    assert f'href="{PUBLIC}1/versions/1/"' in gone.text
    assert "can still be read. It was corrected since" in gone.text


def test_a_report_is_withdrawn_with_all_its_versions(
    cast: Cast, cycle: Cycle, versions: list[Report], sign_in: SignIn
) -> None:
    draft = make_report(cycle, by=cast.quality_officer, corrects=versions[1], version=3)
    client, url = sign_in(cast.publisher), f"{DESK}{versions[0].pk}/withdraw/"
    page = client.get(url).text
    assert "is on its way (draft)" in page
    given = {"reason": "A court forbids it.", "scope": "report", "seen": read_seen(page)}
    assert "Nothing of the report is public any more." in client.post(url, given, follow=True).text
    for number in (1, 2):
        gone = client.get(f"{PUBLIC}1/versions/{number}/")
        assert (gone.status_code, "can still be read" in gone.text) == (410, False)
    draft.refresh_from_db()
    assert draft.status == ReportStatus.DRAFT


def test_what_was_published_meanwhile_is_not_withdrawn_unseen(
    cast: Cast, cycle: Cycle, versions: list[Report], sign_in: SignIn
) -> None:
    client, url = sign_in(cast.publisher), f"{DESK}{versions[0].pk}/withdraw/"
    seen = read_seen(client.get(url).text)
    Report.objects.filter(pk=versions[1].pk).update(status=ReportStatus.CORRECTED)
    third = make_report(
        cycle,
        by=cast.administrator,
        approver=cast.quality_officer,
        status=ReportStatus.PUBLISHED,
        corrects=versions[1],
        version=3,
    )
    write_event(third, ReportEventKind.PUBLISHED, cast.publisher)
    late = client.post(url, {"reason": TYPED, "scope": "report", "seen": seen})
    assert "gone on since you opened the page" in late.text
    assert TYPED in late.text
    assert "The whole report: versions 1, 2 and 3" in late.text
    assert not Report.objects.filter(status=ReportStatus.WITHDRAWN).exists()


def test_nothing_is_withdrawn_while_its_correction_is_being_published(
    cast: Cast, cycle: Cycle, versions: list[Report]
) -> None:
    draft = make_report(
        cycle,
        by=cast.administrator,
        approver=cast.quality_officer,
        status=ReportStatus.APPROVED,
        corrects=versions[1],
        version=3,
    )
    draft.publications.create(content="{}", ledger="[]", asked_by=cast.publisher)
    with pytest.raises(NotInThisState, match="being published at this moment"):
        withdraw_report(report=versions[1], reason="No.", is_whole=True, by=cast.publisher)


# Back to the agencies -------------------------------------------------------------------------------------------------


def give_back(cycle: Cycle, by: User, *, is_told: bool) -> None:
    told = {"told_by": by, "told_at": timezone.now()} if is_told else {}
    issue = FeedbackIssue.objects.create(
        cycle=cycle, number=cycle.feedback_issues.count() + 1, asked_by=by, **told
    )
    for audit in Audit.objects.filter(invitee__cycle=cycle):
        document = Document.objects.create(
            kind=DocumentKind.FEEDBACK,
            format=DocumentFormat.PDF,
            partnership=cycle.partnership,
            cycle=cycle,
            audit=audit,
        )
        FeedbackReport.objects.create(issue=issue, audit=audit, document=document)


def test_closed_cycles_lead_to_their_feedback_reports(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = make_full_cycle(cast, agencies=2)
    factories.make_cycle(cast.partnership, slug="open", status=CycleStatus.OPEN)
    factories.make_cycle(cast.elsewhere, slug="theirs", status=CycleStatus.CLOSED)
    client = sign_in(cast.scrutineer)
    with django_assert_num_queries(6):
        page = client.get(DESK).text
    assert page.count("desk/feedback/") == 1
    assert 'href="/p/harbour/desk/feedback/2026/"' in page
    for is_told in (True, False):
        give_back(cycle, cast.administrator, is_told=is_told)
    for slug in ("2025", "2024"):
        factories.make_cycle(cast.partnership, slug=slug, status=CycleStatus.CLOSED)
    with django_assert_num_queries(6):
        page = client.get(DESK).text
    assert "2 reports, told on " in page
    assert page.count("2 reports") == 2
    assert page.count("desk/feedback/") == 3
    assert f'href="{DESK}">Publication' in client.get("/p/harbour/desk/feedback/2026/").text
    assert "Back to the agencies" not in sign_in(cast.publisher).get(DESK).text
