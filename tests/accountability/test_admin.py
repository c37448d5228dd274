"""The admin of meetings: every list and row opens, and nothing is made, changed or deleted there."""

from __future__ import annotations

import datetime

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability import models
from accountability.enums import (
    AgendaKind,
    AvailabilityAnswer,
    CallReason,
    EnquiryOrigin,
    Half,
    PlaceKind,
    ReportStatus,
)
from accountability.models import Meeting, PanelMember
from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, User
from surveys.enums import AuditStatus, DocumentFormat, DocumentKind, MessageKind
from surveys.models import Document
from surveys.outbox import put_in_outbox
from tests import factories
from tests.accountability.agency_returns import make_picture, make_request, make_return
from tests.accountability.factories import (
    FIRST_DAY,
    make_contact_member,
    make_day,
    make_interest,
    make_meeting,
    make_panel,
    seat,
)
from tests.accountability.multi_agency import BARRIERS, make_audit, make_reflection
from tests.accountability.reports import make_file, make_report, make_snapshot
from tests.accountability.voices import make_quotable
from tests.conftest import Cast
from tests.ground import grounded

# Nobody reads an answer there that is not to be read, nor what it is called.
UNREAD = {models.ReflectionAnswer, models.ReflectionTheme}
MODELS = [found for name in models.__all__ if (found := getattr(models, name)) not in UNREAD]


@grounded
def meeting(cast: Cast) -> Meeting:
    """With a row in every table."""
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    panel = make_panel(cycle)
    member = make_contact_member(panel, cast.other_organisation)
    make_interest(member, cast.organisation)
    day = make_day(panel)
    models.DayBreak.objects.create(day=day, starts_at=datetime.time(11), ends_at=datetime.time(12))
    models.Place.objects.create(
        day=day, track=0, kind=PlaceKind.ONLINE, name="Call", link="https://x.example"
    )
    models.Availability.objects.create(
        day=day, half=Half.MORNING, member=member, answer=AvailabilityAnswer.FREE
    )
    meeting = make_meeting(panel, cast.organisation, day=day)
    seat(meeting, member)
    models.MeetingReason.objects.create(meeting=meeting, kind=CallReason.CHOSEN, sentence="Chosen.")
    models.Representative.objects.create(meeting=meeting, name="Rae")
    make_timetable(meeting, member)
    models.CalendarFeed.objects.create(user=cast.quality_officer)
    make_outcomes(meeting, cast.quality_officer)
    make_feedback(meeting, cast.quality_officer)
    make_reports(meeting, cast)
    course = models.Course.objects.create(partnership=cast.partnership, name="Safer recruitment")
    course.subjects.create(key="dbs-checks")
    own = make_return(make_request(cast.partnership), cast.organisation, by=cast.lead)
    make_picture(own)
    own.events.create(kind="handed_in", by=cast.lead)
    told = make_reflection(make_audit(cast.partnership), by=cast.administrator)
    told.summaries.create(question=BARRIERS, text="Time", changed_by=cast.administrator)
    chosen = make_quotable(cast.organisation, by=cast.lead)
    models.VoiceChoice.objects.create(voice=chosen, version=1, by=cast.quality_officer)
    return meeting


def make_timetable(meeting: Meeting, member: PanelMember) -> None:
    models.TimetableRun.objects.create(panel=meeting.panel)
    release = models.Release.objects.create(panel=meeting.panel, number=1)
    released = models.ReleasedMeeting.objects.create(
        release=release, meeting=meeting, date=FIRST_DAY, starts_at=datetime.time(9, 30), minutes=30, track=0
    )
    models.ReleasedSeat.objects.create(released=released, member=member)
    document = Document.objects.create(
        kind=DocumentKind.AUDIT_COPY, format=DocumentFormat.PDF, audit=meeting.invitee.audit
    )
    models.Paper.objects.create(document=document, meeting=meeting)


def make_late_letter(meeting: Meeting, by: User) -> None:
    place = meeting.organisation.participations.get(partnership=meeting.cycle.partnership)
    contact = Contact.objects.create(
        participation=place, kind=ContactKind.OTHER, name="Cora", email="c@a.example"
    )
    message = put_in_outbox(
        kind=MessageKind.ESCALATION,
        invitee=meeting.invitee,
        email="c@a.example",
        subject="x",
        body="y",
        by=by,
    )
    assert message is not None
    models.LateLetter.objects.create(
        meeting=meeting, contact=contact, subject="x", body="y", message=message, by=by
    )


def make_outcomes(meeting: Meeting, by: User) -> None:
    item = models.AgendaItem.objects.create(
        meeting=meeting, kind=AgendaKind.OTHER, title="Other", minutes=5, position=1
    )
    models.Note.objects.create(item=item, by=by)
    models.LineOfEnquiry.objects.create(
        meeting=meeting, origin=EnquiryOrigin.ADDED, text="Who checks?", by=by
    )
    answer = meeting.invitee.audit.answers.latest("pk")
    models.ScoreProposal.objects.create(
        meeting=meeting, answer=answer, submission=1, score=1, justification="Not yet.", by=by
    )
    models.GoodPractice.objects.create(meeting=meeting, text="A log.", by=by)
    minutes = models.Minutes.objects.create(meeting=meeting)
    passage = models.Passage.objects.create(minutes=minutes, item=item)
    models.Correction.objects.create(passage=passage, text="He said more.", by_name="Rae")
    asked = models.Recommendation.objects.create(
        meeting=meeting, number=1, text="Check yearly.", created_by=by
    )
    models.RecommendationEvent.objects.create(recommendation=asked, kind="refusal", text="No.", by=by)
    make_late_letter(meeting, by)
    models.Chase.objects.create(
        recommendation=asked, about="answer", step="lead", due_on=timezone.localdate()
    )
    models.Letter.objects.create(meeting=meeting, subject="Thank you", body="…", due_on=timezone.localdate())


def make_feedback(meeting: Meeting, by: User) -> None:
    audit = meeting.invitee.audit
    issue = models.FeedbackIssue.objects.create(cycle=meeting.panel.cycle, number=1, asked_by=by)
    models.SectorFigure.objects.create(
        issue=issue,
        cycle_questionnaire=meeting.invitee.cycle_questionnaire,
        organisations=8,
        lower="1.00",
        median="1.50",
        upper="2.00",
    )
    document = Document.objects.latest("pk")
    report = models.FeedbackReport.objects.create(issue=issue, audit=audit, document=document)
    models.FeedbackReading.objects.create(report=report, user=by)


def make_reports(meeting: Meeting, cast: Cast) -> None:
    by = cast.administrator
    report = make_report(meeting.cycle, by=by, approver=cast.quality_officer, status=ReportStatus.PUBLISHED)
    make_snapshot(report)
    make_file(report)
    models.Publication.objects.create(report=report, content="{}", ledger="[]", asked_by=by)
    section = models.ReportSection.objects.create(
        report=report, kind="method", title="How it was done", position=1
    )
    models.ReportComment.objects.create(section=section, text="Shorter.", by=by)
    models.ReportEvent.objects.create(report=report, kind="begun", by=by)
    models.Erratum.objects.create(report=report, text="It was 11.", by=by)
    about = {"partnership": report.partnership, "report": report, "created_by": by}
    finding = models.Finding.objects.create(title="Recruitment is safe", **about)
    models.FindingFigure.objects.create(finding=finding, path="all/at_grade_2", label="At grade 2")
    poster = models.Poster.objects.create(title="What we found", kind="poster", **about)
    models.PosterBox.objects.create(poster=poster, position=1, heading="Safe")
    models.PosterNumber.objects.create(poster=poster, words="3 of 5", confirmed_by=by)
    models.PosterSheet.objects.create(poster=poster, asked_by=by)
    models.BoardPaper.objects.create(report=report, kind="cover", drafted="## Purpose\n\nTo note.")


@pytest.fixture
def operator(db: None, client: Client) -> Client:
    user = User.objects.create_superuser(email="operator@example.org", password=factories.PASSWORD)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def _pages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the list beside each page, which asks each model's permissions anew; other tests open it."""
    monkeypatch.setattr(admin.site, "get_app_list", lambda request, app_label=None: [])


@pytest.mark.usefixtures("_pages_alone")
def test_every_list_and_row_opens_and_nothing_is_written(meeting: Meeting, operator: Client) -> None:
    for model in MODELS:
        address = f"/admin/accountability/{model._meta.model_name}/"
        row = model._default_manager.latest("pk")
        assert operator.get(address).status_code == 200, model
        assert operator.get(f"{address}{row.pk}/change/").status_code == 200, model
        assert operator.get(f"{address}add/").status_code == 403, model
        assert operator.post(f"{address}{row.pk}/change/", {}).status_code == 403, model
        assert operator.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 403, model


def test_every_model_is_there() -> None:
    registered = {model for model in admin.site._registry if model._meta.app_label == "accountability"}
    assert registered == set(MODELS)


def test_half_of_a_members_secret_is_not_shown(meeting: Meeting, operator: Client) -> None:
    member = PanelMember.objects.get()
    page = operator.get(f"/admin/accountability/panelmember/{member.pk}/change/").content.decode()
    assert member.link_nonce not in page


@pytest.mark.parametrize("number", [1, 3])
def test_list_queries(
    cast: Cast, operator: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    bank = factories.make_questionnaire()
    lists: list[type[Model]] = [models.Panel, models.PanelMember, models.Meeting, models.Availability]
    for index in range(number):
        panel = make_panel(factories.make_cycle(cast.partnership, slug=f"{index}", questionnaires=(bank,)))
        member = make_contact_member(panel, cast.other_organisation, email=f"a{index}@beacon.example")
        make_meeting(panel, cast.organisation)
        models.Availability.objects.create(
            day=make_day(panel), half=Half.MORNING, member=member, answer=AvailabilityAnswer.FREE
        )
    for model in lists:
        with django_assert_num_queries(4):
            operator.get(f"/admin/accountability/{model._meta.model_name}/")
