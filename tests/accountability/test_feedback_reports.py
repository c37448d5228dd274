"""Feedback reports: what they say, whose figures they never say, and that an issue does not change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unittest.mock import patch

import page as pdf_checker
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accountability.feedback_charts import say_place
from accountability.feedback_files import build_feedback, name_feedback
from accountability.feedback_permissions import (
    check_can_issue_feedback,
    check_can_read_feedback,
    check_can_tell_agencies,
)
from accountability.feedback_reports import (
    HIGHEST,
    LOWEST,
    MIDDLE,
    AgencyReport,
    fetch_reports,
    get_agency_report,
)
from accountability.issuing_feedback import NotInThisState, issue_feedback, tell_agencies
from accountability.models import FeedbackIssue, FeedbackReading
from s11.organisations.models import User
from s11.organisations.queries import Desk, get_desk_or_404
from s11.web.errors import reason_why_not
from surveys.enums import AuditStatus, CycleStatus, MessageKind
from surveys.models import Audit, Document, Message
from tests import factories
from tests.accountability.feedback_world import (
    WHY,
    FeedbackWorld,
    close_moderation,
    make_feedback_world,
    meet_panel,
)
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
ORGANISERS = {"administrator", "quality_officer"}


@grounded
def world(cast: Cast) -> FeedbackWorld:
    return make_feedback_world(cast)


@pytest.fixture(autouse=True)
def _no_paper() -> Iterator[None]:
    """Drawing a page takes a third of a second; what a file says is looked at by itself."""
    with patch("accountability.feedback_files.render_pdf", return_value=b"%PDF-1.7 made up"):
        yield


def issue(world: FeedbackWorld, cast: Cast, capture: DjangoCaptureOnCommitCallbacks) -> FeedbackIssue:
    """With its files, which the jobs make at once."""
    with capture(execute=True):
        return issue_feedback(cycle=world.cycle, by=cast.quality_officer)


def read(issued: FeedbackIssue, audit: Audit) -> AgencyReport:
    return get_agency_report(fetch_reports().get(issue=issued, audit=audit))


def desk_url(name: str, world: FeedbackWorld, **more: str) -> str:
    return reverse(f"accountability:{name}", kwargs={"partnership": "harbour", "cycle": "2026", **more})


def own_url(name: str = "feedback_report", organisation: str = "anchor") -> str:
    return desk_url(name, None, organisation=organisation)  # type: ignore[arg-type]  # not looked at


# What a report says ---------------------------------------------------------------------------------------------------


def test_own_results_beside_last_year_and_the_sector(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    report = read(issue(world, cast, django_capture_on_commit_callbacks), world.audit)
    a1, a2, whole = report.lines
    assert (a1.own.own.mean, a1.own.before and a1.own.before.mean) == ("1.50", "1.00")
    assert (a2.own.own.mean, whole.own.own.mean) == ("2.00", "1.75")
    assert a2.sector is not None
    # 0 0 1 1 1 2 2 2
    assert [str(one) for one in a2.sector.values] == ["0.75", "1.00", "2.00"]
    assert report.changes == (3, 0)
    assert report.last_cycle == world.last
    assert a1.sector is not None
    # 0 0 1 1 1 1.5 2 2
    assert [str(one) for one in a1.sector.values] == ["0.75", "1.00", "1.63"]
    # Whole: 0 0 1 1 1 1.75 2 2
    assert [line.place for line in report.lines] == [MIDDLE, MIDDLE, MIDDLE]


def test_the_quarters(cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    world = make_feedback_world(cast, scores=[1] * 10 + [0])
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    assert [line.place for line in read(issued, world.audit).standards] == [HIGHEST, HIGHEST]
    assert [line.place for line in read(issued, world.others[-1]).standards] == [LOWEST, LOWEST]
    assert [line.place for line in read(issued, world.others[0]).standards] == [MIDDLE, MIDDLE]
    said = [say_place(read(issued, audit)) for audit in (world.audit, world.others[-1], world.others[0])]
    assert said == [
        "2 of your 2 standards are in the highest quarter",
        "2 of your 2 standards are in the lowest quarter",
        "All 2 standards are in the middle half",
    ]


def test_moderators_notes_once_moderation_is_closed(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    assert read(issued, world.audit).notes == []
    close_moderation(world, cast.quality_officer)
    report = read(issued, world.audit)
    [note] = report.notes
    assert (note.own_words, note.moderated_words, note.moderation and note.moderation.reason) == (
        "2",
        "1",
        WHY,
    )
    assert report.lines[1].own.moderated is not None
    assert report.lines[1].own.moderated.mean == "1.50"


@pytest.mark.parametrize("is_sent", [True, False], ids=["letter sent", "letter not sent"])
def test_recommendations_once_the_letter_has_gone(
    world: FeedbackWorld,
    cast: Cast,
    is_sent: bool,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    meet_panel(world, cast, is_sent=is_sent)
    report = read(issue(world, cast, django_capture_on_commit_callbacks), world.audit)
    assert [one.recommendation.number for one in report.followed] == ([1] if is_sent else [])
    assert [one.text for one in report.practices] == (["A log of every visit."] if is_sent else [])


# Giving out -----------------------------------------------------------------------------------------------------------


def test_one_file_an_agency_and_a_word_to_its_leads(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """To each exactly one, pressed twice too."""
    factories.make_member("second@anchor.example", organisation=cast.organisation)
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    reports = issued.reports.select_related("document")
    assert {report.audit_id for report in reports} == {world.audit.pk, *(one.pk for one in world.others)}
    assert all(report.document.is_built for report in reports)
    tell_agencies(issue=issued, by=cast.quality_officer)
    told = Message.objects.order_by("email")
    assert [(one.email, one.kind) for one in told] == [
        (cast.lead.email, MessageKind.NOTICE),
        ("second@anchor.example", MessageKind.NOTICE),
    ]
    assert all(own_url() in one.body for one in told)
    assert mail.outbox == []  # the outbox sends them
    with pytest.raises(NotInThisState, match="told already"):
        tell_agencies(issue=issued, by=cast.quality_officer)
    assert told.count() == 2


def test_not_while_files_are_being_made(world: FeedbackWorld, cast: Cast) -> None:
    """The jobs are never started here."""
    issued = issue_feedback(cycle=world.cycle, by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="8 reports are still being made"):
        tell_agencies(issue=issued, by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="being made already"):
        issue_feedback(cycle=world.cycle, by=cast.quality_officer)
    assert FeedbackIssue.objects.count() == 1


def test_what_could_not_be_made_holds_nobody_up(world: FeedbackWorld, cast: Cast) -> None:
    issued = issue_feedback(cycle=world.cycle, by=cast.quality_officer)
    Document.objects.filter(feedback_report__issue=issued).update(error="It could not be built.")
    tell_agencies(issue=issued, by=cast.quality_officer)
    issued.refresh_from_db()
    assert issued.is_told


def test_an_older_issue_is_told_no_more(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = issue(world, cast, django_capture_on_commit_callbacks)
    issue(world, cast, django_capture_on_commit_callbacks)
    with pytest.raises(NotInThisState, match="newer issue"):
        tell_agencies(issue=first, by=cast.quality_officer)


@pytest.mark.parametrize("status", [CycleStatus.OPEN, CycleStatus.PLANNED])
def test_only_of_a_closed_cycle(world: FeedbackWorld, cast: Cast, status: CycleStatus) -> None:
    world.cycle.status, world.cycle.closed_at = status, None
    world.cycle.save()
    with pytest.raises(NotInThisState, match="Close it"):
        issue_feedback(cycle=world.cycle, by=cast.quality_officer)


def test_nothing_to_give_back(cast: Cast) -> None:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), status=CycleStatus.CLOSED)
    factories.make_audit(cycle, cast.organisation, scores=1)
    with pytest.raises(NotInThisState, match="No agency has submitted"):
        issue_feedback(cycle=cycle, by=cast.quality_officer)
    assert not FeedbackIssue.objects.exists()


# Pages ----------------------------------------------------------------------------------------------------------------


def test_the_agency_reads_it_once_told_and_nobody_else_s(
    world: FeedbackWorld,
    cast: Cast,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    room = reverse("surveys:feedback", args=("harbour", "anchor"))
    client = sign_in(cast.viewer)
    assert client.get(own_url()).status_code == 404
    assert client.get(own_url("feedback_report_file")).status_code == 404
    assert "Feedback report" not in client.get(room).text
    tell_agencies(issue=issued, by=cast.quality_officer)
    assert own_url() in client.get(room).text
    page = client.get(own_url())
    assert page.status_code == 200
    for other in world.others:
        assert other.organisation.name not in page.text
    for text in ("1.75", "3 up, 0 down", "Where you stand", "Download the PDF"):
        assert text in page.text
    assert client.get(own_url("feedback_report_file")).getvalue() == b"%PDF-1.7 made up"
    assert sign_in(cast.stranger).get(own_url()).status_code == 404
    assert sign_in(cast.outsider).get(own_url()).status_code == 404


def enter(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_home_says_that_it_is_there_until_it_is_opened(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """To each member by themselves; again for a newer issue."""
    line = f"The feedback report of Anchor Trust for {world.cycle} is here"
    home, agency = reverse("home"), reverse("agency", args=("harbour", "anchor"))
    client, colleague, stranger = (enter(one) for one in (cast.lead, cast.viewer, cast.stranger))
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    assert line not in client.get(home).text
    tell_agencies(issue=issued, by=cast.administrator)
    assert line in client.get(home).text
    assert own_url() in client.get(agency).text
    assert line not in stranger.get(home).text
    client.get(own_url())
    assert client.get(own_url("feedback_report_file")).getvalue()
    assert FeedbackReading.objects.count() == 1
    assert line not in client.get(home).text
    assert own_url() not in client.get(agency).text
    assert line in colleague.get(home).text
    tell_agencies(issue=issue(world, cast, django_capture_on_commit_callbacks), by=cast.administrator)
    assert line in client.get(home).text


def test_until_told_of_a_newer_issue_the_agency_reads_the_older_one(
    world: FeedbackWorld,
    cast: Cast,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    tell_agencies(issue=issue(world, cast, django_capture_on_commit_callbacks), by=cast.administrator)
    newer = issue(world, cast, django_capture_on_commit_callbacks)
    client = sign_in(cast.lead)
    assert "Issue 1, made on" in client.get(own_url()).text
    tell_agencies(issue=newer, by=cast.administrator)
    assert "Issue 2, made on" in client.get(own_url()).text


def test_the_officer_s_way(
    world: FeedbackWorld,
    cast: Cast,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    hub = desk_url("feedback_reports", world)
    client = sign_in(cast.quality_officer)
    assert "Make 8 reports" in client.get(hub).text
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(desk_url("feedback_issue", world)).status_code == 302
    page = client.get(hub).text
    assert "8 of 8 reports made" in page
    assert "Tell 8 agencies" in page
    assert "This cannot be called back" in client.get(desk_url("feedback_tell", world, number="1")).text
    assert not Message.objects.exists()
    assert "The agency does not see this yet" in client.get(own_url("feedback_of")).text
    assert client.post(desk_url("feedback_tell", world, number="1")).status_code == 302
    assert "The agencies were told on" in client.get(hub).text
    # Pressed twice
    assert client.post(desk_url("feedback_tell", world, number="1")).status_code == 302
    assert Message.objects.count() == 1


def test_an_open_cycle_says_why_not(world: FeedbackWorld, cast: Cast, sign_in: SignIn) -> None:
    world.cycle.status, world.cycle.closed_at = CycleStatus.OPEN, None
    world.cycle.save()
    client = sign_in(cast.quality_officer)
    assert "is not closed yet" in client.get(desk_url("feedback_reports", world)).text
    refused = client.post(desk_url("feedback_issue", world))
    assert refused.status_code == 403
    assert "Close it first" in refused.text


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_agency_as_for_three(
    cast: Cast,
    sign_in: SignIn,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    world = make_feedback_world(cast, scores=[2] * (number - 1))
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    client = sign_in(cast.quality_officer)
    with django_assert_num_queries(10):
        client.get(desk_url("feedback_reports", world))
    tell_agencies(issue=issued, by=cast.quality_officer)
    client = sign_in(cast.lead)
    with django_assert_num_queries(16):  # two of them notes that it was opened
        client.get(own_url())
    with django_assert_num_queries(15):
        client.get(own_url())


# Who may --------------------------------------------------------------------------------------------------------------


def get_reasons(cast: Cast, issued: FeedbackIssue) -> dict[str, set[str]]:
    """By check, who may."""
    found: dict[str, set[str]] = {"read": set(), "issue": set(), "tell": set()}
    for role in OFFICERS:
        desk: Desk = get_desk_or_404(getattr(cast, role), "harbour")
        found["read"] |= {role} if not reason_why_not(check_can_read_feedback, desk) else set()
        found["issue"] |= (
            {role} if not reason_why_not(check_can_issue_feedback, desk, issued.cycle) else set()
        )
        found["tell"] |= {role} if not reason_why_not(check_can_tell_agencies, desk, issued) else set()
    return found


def test_who_may_what_when(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    readers = ORGANISERS | {"scrutineer"}
    assert get_reasons(cast, issued) == {"read": readers, "issue": ORGANISERS, "tell": ORGANISERS}
    tell_agencies(issue=issued, by=cast.quality_officer)
    issued.refresh_from_db()
    assert get_reasons(cast, issued) == {"read": readers, "issue": ORGANISERS, "tell": set()}
    issued.cycle.status = CycleStatus.OPEN
    assert get_reasons(cast, issued) == {"read": readers, "issue": set(), "tell": set()}


# Paper ----------------------------------------------------------------------------------------------------------------


def test_the_file_is_accessible_with_everything_in_it(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    zero = world.audit.answers.get(indicator__code="A1.2")
    zero.score = zero.submitted_score = 0
    zero.save()
    close_moderation(world, cast.quality_officer)
    meet_panel(world, cast)
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    document = issued.reports.get(audit=world.audit).document
    assert name_feedback(document) == "anchor-trust-2026-feedback-1"
    patch.stopall()
    from s11.web.pdf import render_pdf  # noqa: PLC0415  the real one, which the fixture hides

    with patch("accountability.feedback_files.render_pdf", render_pdf):
        pdf = build_feedback(document)
    found = pdf_checker.validate_pdf_bytes(pdf, profile="ua1")
    assert [(one.rule_id, one.message) for one in found.failures] == []


def test_a_returned_audit_counts_as_last_submitted(
    world: FeedbackWorld, cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    factories.make_correction(world.audit)
    assert Audit.objects.get(pk=world.audit.pk).status == AuditStatus.RETURNED
    issued = issue(world, cast, django_capture_on_commit_callbacks)
    assert read(issued, world.audit).lines[-1].own.own.mean == "1.75"
