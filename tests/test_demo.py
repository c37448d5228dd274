"""The demonstration: the same each time, in every state, and nowhere but in development."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accountability import agency_returns_chapter, voice_chapter
from accountability.agency_return_standing import get_priorities_before, get_standing
from accountability.board_docx import make_docx
from accountability.board_files import make_html
from accountability.enums import AgencyReturnStatus, CallReason, MeetingStatus
from accountability.following import get_followed, get_last_recommendations
from accountability.following_up import chase_overdue
from accountability.letter_dates import get_due as get_letter_due
from accountability.minutes_text import get_held_on
from accountability.models import (
    Correction,
    FeedbackIssue,
    LineOfEnquiry,
    Meeting,
    MultiAgencyAudit,
    Note,
    Panel,
    Paper,
    Publication,
    Recommendation,
    Reflection,
    Report,
    ReturnRequest,
    Seat,
    Voice,
    VoiceConsent,
)
from accountability.multi_agency_reflections import get_told
from accountability.multi_agency_state import State
from accountability.poster_publishing import publish_poster
from accountability.publishing import publish
from accountability.releases import read_draft
from accountability.reporting_years import ReportingYear
from accountability.rounds import get_numbers
from s11.demo import content
from s11.demo.build import build_demo
from s11.demo.published import make_posters
from s11.organisations.enums import LoadState, MembershipRole, OfficerRole, PageLanguage
from s11.organisations.models import (
    Anonymisation,
    Application,
    DataExport,
    FeedToken,
    Organisation,
    Participation,
    Partnership,
    RegisterLoad,
    Removal,
    User,
)
from s11.organisations.registration import get_suggestions
from s11.privacy.leaving import find_obstacle, get_leavers, get_stand_in
from s11.retention.enums import ListStatus
from s11.retention.models import DestructionList, Hold
from surveys.comparison import get_comparison, list_audits_elsewhere, sort_by_nearness
from surveys.due_again import get_due
from surveys.enums import (
    ActionOrigin,
    ActionStatus,
    AuditStatus,
    CycleKind,
    CycleStatus,
    DocumentKind,
    MessageKind,
    MessageStatus,
    Series,
    SupportStatus,
)
from surveys.job_list import JobState, count_jobs, list_jobs
from surveys.last_year import get_last_year
from surveys.models import (
    Action,
    Answer,
    AnswerChange,
    Assignment,
    Audit,
    Calibration,
    Clarification,
    Cycle,
    Document,
    Invitee,
    Message,
    ModerationSample,
    PractitionerSurvey,
    ProfileAnswer,
    ProfileChange,
    Scorecard,
    SeriesClose,
    SupportOffer,
)
from surveys.pipeline import PipelineState, count_places
from surveys.progress import get_progress
from surveys.working_days import is_working_day
from tests.cells import taken_back
from tests.conftest import list_emptying

TODAY = datetime.date(2026, 11, 20)
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def files(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Built once for all tests of it, because it takes seconds; gives the folder that its files lie in."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), taken_back():
        call_command("load_questionnaires", stdout=StringIO())
        build_demo(TODAY)
        yield folder


@pytest.fixture
def demo(files: Path, db: None, settings: LazySettings) -> None:
    """What a test changes is rolled back; the demonstration beneath it stays."""
    settings.MEDIA_ROOT = files


def test_nothing_was_submitted_at_an_hour_that_has_not_come(demo: None) -> None:
    moments = [at for at in Audit.objects.values_list("submitted_at", flat=True) if at is not None]
    assert max(moments) < datetime.datetime.combine(TODAY, datetime.time(), datetime.UTC)
    assert not Action.objects.filter(created_at__gt=timezone.now()).exists()


def test_programs_of_an_officer_read_and_nobody_has_their_tokens(demo: None) -> None:
    tokens = list(FeedToken.objects.select_related("user"))
    assert [one.expires_on < TODAY for one in tokens] == [True, False]
    assert {one.user.email for one in tokens} == {content.OFFICER_LOGINS[OfficerRole.QUALITY_OFFICER][0]}
    assert all(one.made_at.date() < one.last_used_on <= TODAY for one in tokens if one.last_used_on)


def test_every_fact_has_the_change_that_its_trail_tells(demo: None) -> None:
    assert ProfileAnswer.objects.exists()
    told = ProfileChange.objects.filter(
        at=F("answer__updated_at"), value_after=F("answer__value"), at__gte=F("answer__audit__created_at")
    )
    assert told.values("answer").distinct().count() == ProfileAnswer.objects.count()
    assert not told.filter(at__gt=F("answer__audit__submitted_at")).exists()


def test_actions_belong_to_posts_that_such_an_organisation_has(demo: None) -> None:
    at_schools = Action.objects.filter(participation__organisation__variant="school")
    owners = set(at_schools.values_list("owner", flat=True))
    assert "Headteacher" in owners
    assert not owners & {"Head of service", "Customer care manager", "Registered manager", "Named nurse"}


def test_the_pipeline_has_something_in_most_states(demo: None) -> None:
    cycle = Cycle.objects.get(
        partnership__slug=content.HARBOURSIDE, status=CycleStatus.OPEN, kind=CycleKind.FULL
    )
    empty = {state for state, number in count_places(cycle, NOON).items() if not number}
    # Overdue and late are last year's, whose closing day has gone.
    assert empty == {PipelineState.OVERDUE, PipelineState.SUBMITTED_LATE}
    last = Cycle.objects.get(partnership__slug=content.HARBOURSIDE, status=CycleStatus.CLOSED)
    assert empty <= {state for state, number in count_places(last).items() if number}


def test_staff_of_one_agency_have_said_less_and_three_of_another_have_begun(demo: None) -> None:
    surveys = PractitionerSurvey.objects.with_place().order_by("-responses")
    assert [(one.responses, one.is_over) for one in surveys] == [(11, True), (3, False)]
    told, begun = surveys
    assert begun.invitee.organisation.name == content.HOME_ORGANISATION
    lines = LineOfEnquiry.objects.filter(meeting__invitee=told.invitee, rule__startswith="staff:")
    assert lines.exists()


def test_multi_agency_audits_in_every_state(demo: None) -> None:
    with time_machine.travel(NOON, tick=False):
        found = MultiAgencyAudit.objects.of(Partnership.objects.get(slug=content.HARBOURSIDE)).with_repeats()
        assert {one.state for one in found} == set(State)
        assert [one.title for one in found if one.late] == ["Voice of the child in early help plans"]
        told = get_told(Reflection.objects.get(responses=8))
    assert [line.answers for line in told if line.summary] == [6, 7, 5]
    assert [line.answers for line in told if not line.summary] == [None] * 4
    assert Action.objects.filter(origin=ActionOrigin.AUDIT).count() == 2


def summarise() -> list[Any]:
    """What a second build must repeat to the letter."""
    return [
        list(Organisation.objects.order_by("slug").values_list("name", "slug", "variant", "urn")),
        list(User.objects.values_list("email", "name")),
        list(
            Audit.objects.order_by("pk").values_list(
                "invitee__organisation__name", "status", "first_submitted_at"
            )
        ),
        list(
            Answer.objects.order_by("pk").values_list(
                "indicator__key", "score", "not_applicable_reason", "commentary", "no_action_reason"
            )
        ),
        list(
            Action.objects.order_by("pk").values_list("what", "status", "percent", "due_on", "first_due_on")
        ),
        list(Recommendation.objects.order_by("pk").values_list("text", "response", "decision", "respond_by")),
    ]


def test_two_partnerships_share_three_organisations(demo: None) -> None:
    shared = Organisation.objects.annotate(n=Count("participations")).filter(n=2)
    assert Partnership.objects.count() == 2
    assert shared.count() == 3
    assert Organisation.objects.count() == len(content.ORGANISATIONS) + 1, "and the group"


def test_cycles_of_two_years_and_audits_in_every_state(demo: None) -> None:
    harbourside = Partnership.objects.get(slug=content.HARBOURSIDE)
    assert sorted(harbourside.cycles.values_list("status", flat=True)) == [
        CycleStatus.CLOSED,
        CycleStatus.OPEN,
        CycleStatus.OPEN,
    ]
    cycle = harbourside.cycles.get(status=CycleStatus.OPEN, kind=CycleKind.FULL)
    assert set(Audit.objects.filter(invitee__cycle=cycle).values_list("status", flat=True)) == {*AuditStatus}
    waiting = Audit.objects.filter(invitee__cycle=cycle, status=AuditStatus.AWAITING_SIGN_OFF)
    assert {bool(audit.sign_offs.get().decision) for audit in waiting} == {False, True}, "one is signed"
    assert Assignment.objects.filter(audit__invitee__cycle=cycle).exists()
    assert Invitee.objects.filter(cycle=cycle, own_tool_return__isnull=False, audit=None).exists()
    assert Invitee.objects.filter(cycle=cycle, audit=None).exists()
    assert Invitee.objects.filter(cycle=cycle).exclude(exempt_reason="").exists()
    assert Invitee.objects.filter(cycle=cycle, extended_to__isnull=False).exists()
    assert Audit.objects.filter(invitee__cycle=cycle, status=AuditStatus.DRAFT, submission=1).exists(), (
        "a recalled one"
    )
    assert Scorecard.objects.filter(scope="whole", grade=1).exists()


def test_a_topic_is_open_to_schools_and_waits_for_the_home_organisation(demo: None) -> None:
    topic = Cycle.objects.get(kind=CycleKind.TOPIC)
    submitted = Audit.objects.filter(invitee__cycle=topic)
    assert {audit.status for audit in submitted} == {AuditStatus.SUBMITTED}
    assert {len(get_progress(audit).standards) for audit in submitted} == {1}
    home = topic.invitees.get(organisation__name=content.HOME_ORGANISATION)
    assert not hasattr(home, "audit")


def test_something_is_due_for_another_look_at_the_home_organisation(demo: None) -> None:
    place = Participation.objects.get(
        organisation__name=content.HOME_ORGANISATION, partnership__slug=content.HARBOURSIDE
    )
    due = get_due([place], TODAY)[place.pk]
    assert [(one.evidence.title, one.has_expired) for one in due.evidence] == [("Training record", True)]


def test_actions_in_every_status_and_overdue_ones_that_have_been_chased(demo: None) -> None:
    assert set(Action.objects.values_list("status", flat=True)) == set(ActionStatus)
    overdue = Action.objects.overdue(TODAY)
    assert overdue.exists()
    assert not overdue.filter(reminders=None).exists()
    assert Action.objects.exclude(due_on=F("first_due_on")).exists()
    assert Answer.objects.exclude(no_action_reason="").exists()


def test_moderation_is_closed_begun_and_asked(demo: None) -> None:
    for slug in ("harbourside", "fellside"):
        closes = SeriesClose.objects.filter(
            audit__invitee__cycle__partnership__slug=slug, series=Series.MODERATED
        )
        assert closes.count() == 1
        asked = Clarification.objects.filter(answer__audit__invitee__cycle__partnership__slug=slug)
        assert sorted(one.closed_at is None for one in asked) == [False, True]
    assert ModerationSample.objects.count() == 2


def test_support_is_offered_at_every_step_and_moderators_have_scored_alone(demo: None) -> None:
    for slug in ("harbourside", "fellside"):
        offers = SupportOffer.objects.filter(invitee__cycle__partnership__slug=slug)
        assert {offer.status for offer in offers} >= {SupportStatus.CONTACTED, SupportStatus.CLOSED}
        assert {offer.answer for offer in offers} >= {"", "accepted"}
        waiting = Message.objects.filter(partnership__slug=slug, kind=MessageKind.SUPPORT).outbox()
        assert not waiting.exists()
        finished, open_now = Calibration.objects.filter(cycle__partnership__slug=slug).order_by("at")
        assert not finished.scorers.filter(finished_at=None).exists()
        assert not open_now.scorers.exclude(finished_at=None).exists()


def test_each_role_can_sign_in(demo: None) -> None:
    assert set(content.OFFICER_LOGINS) == set(content.FELLSIDE_OFFICER_LOGINS) == set(OfficerRole)
    assert set(content.MEMBER_LOGINS) == set(content.FELLSIDE_MEMBER_LOGINS) == set(MembershipRole)
    groups = (
        content.OFFICER_LOGINS,
        content.MEMBER_LOGINS,
        content.FELLSIDE_OFFICER_LOGINS,
        content.FELLSIDE_MEMBER_LOGINS,
    )
    emails = [email for group in groups for email, _ in group.values()]
    assert all(User.objects.get(email=email).check_password(content.PASSWORD) for email in emails)


def test_a_schools_lead_reads_welsh(demo: None, client: Client) -> None:
    email, _, name = content.WELSH_LEAD
    lead = User.objects.get(email=email)
    assert lead.check_password(content.PASSWORD)
    assert list(User.objects.filter(language=PageLanguage.WELSH)) == [lead]
    audit = Audit.objects.get(
        invitee__organisation__name=name, invitee__cycle__status=CycleStatus.OPEN, status=AuditStatus.DRAFT
    )
    client.force_login(lead)
    page = client.get(reverse("home")).text
    assert '<html lang="cy"' in page
    assert "Pwnc, erbyn" in page
    assert "item of evidence" not in page
    # The bank of schools has its translation, so nothing of the task list is marked as English.
    page = client.get(f"/p/{content.HARBOURSIDE}/o/{audit.organisation.slug}/audits/{audit.cycle.slug}/").text
    assert "Llywodraethu ac arweinyddiaeth" in page
    assert "app-english" not in page


def test_this_year_starts_from_last_year(demo: None) -> None:
    """At the home organisation most is confirmed, six answers are not yet, and some indicators are new."""
    audit = Audit.objects.get(
        invitee__organisation__name=content.HOME_ORGANISATION, invitee__cycle__status=CycleStatus.OPEN
    )
    progress = get_progress(audit)
    assert progress.words == "42 of 77 answered, 6 to confirm"
    last_year = get_last_year(audit, [item for one in progress.standards for item in one.items])
    assert any(last.changes for last in last_year.answers.values())
    assert any(last_year.is_new(one.indicator) for one in progress.missing)
    assert Answer.objects.filter(carried_from__isnull=False, changes__version=2).exists()


def test_one_organisation_answers_to_both_and_has_sent_answers_across(demo: None) -> None:
    email, _, name = content.SHARED_LEAD
    lead = User.objects.get(email=email)
    open_now = Audit.objects.filter(
        invitee__organisation__name=name, invitee__cycle__status=CycleStatus.OPEN
    ).with_place()
    for audit in open_now:
        nearest, *_ = sort_by_nearness(list_audits_elsewhere(lead, audit.invitee), audit.cycle)
        comparison = get_comparison(audit, nearest.audit)
        assert nearest.audit in open_now
        assert 5 < len(comparison.sendable) < len(comparison.all_rows) / 2
    sent = AnswerChange.objects.filter(answer__audit__in=open_now).exclude(sent_from=None)
    assert {change.by for change in sent} == {lead}


def test_voices_are_in_every_state(demo: None) -> None:
    here = Partnership.objects.get(slug=content.HARBOURSIDE)
    part = voice_chapter.get_chapter_part(here, ReportingYear.of(TODAY).before)
    assert part is not None
    assert part.text.startswith("6 organisations recorded")
    assert part.text.count("> — ") == 3
    assert {one.kind for one in VoiceConsent.objects.all()} == {"given", "withdrawn"}
    assert VoiceConsent.objects.filter(at__gt=NOON).count() == 0
    assert Voice.objects.filter(changed="").count() == 2


def test_the_command_builds_the_same_again_prints_the_logins_and_then_leaves_it(demo: None) -> None:
    """In one test, because each build takes seconds."""
    first = summarise()
    with connection.cursor() as cursor:
        for statement in list_emptying(None, connection):
            cursor.execute(statement)
    built, left = StringIO(), StringIO()
    # As the command sees it alone: everywhere else DEBUG would have each query written down, which takes as long again.
    with (
        patch("s11.management.commands.demo.settings", DEBUG=True),
        patch("s11.management.commands.demo.timezone") as clock,
    ):
        clock.localdate.return_value = TODAY
        call_command("demo", stdout=built)
        assert summarise() == first
        call_command("demo", stdout=left)
    assert summarise() == first
    for email, _ in content.OFFICER_LOGINS.values():
        assert email in built.getvalue()
        assert email in left.getvalue()
    assert content.PASSWORD in built.getvalue()


def test_a_destruction_list_waits_for_approval_with_one_thing_held(demo: None) -> None:
    found = DestructionList.objects.get(partnership__slug=content.HARBOURSIDE)
    assert found.status == ListStatus.PROPOSED
    assert found.items.exists()
    assert Hold.objects.current().filter(partnership=found.partnership).count() == 1


def test_a_name_goes_soon_and_an_export_is_asked_for(demo: None) -> None:
    going = Anonymisation.objects.open().get()
    assert find_obstacle(going.user, None) == ""
    assert get_stand_in(going.user) == f"A former member of {content.HOME_ORGANISATION}"
    partnership = DataExport.objects.get().partnership
    assert partnership is not None
    assert [user.name for user in get_leavers(partnership)] == ["Noor Haddad", "Robin Ashe"]


def test_something_was_removed_on_the_desk_and_in_the_home_organisations_library(demo: None) -> None:
    assert set(Removal.objects.removed().values_list("kind", flat=True)) == {"contact", "evidence"}


def test_two_requests_to_take_part_wait_at_harbourside(demo: None) -> None:
    """One for somebody new, one for an organisation that is on the list under a shorter name."""
    waiting = Application.objects.waiting().order_by("created_at")
    assert [one.partnership.slug for one in waiting] == [content.HARBOURSIDE] * 2
    suggested = [[one.organisation.name for one in get_suggestions(application)] for application in waiting]
    assert "Gull Cottage" in suggested[0]


def test_a_panel_has_said_when_it_can_come(demo: None) -> None:
    panel = Panel.objects.get(cycle__status=CycleStatus.OPEN)
    numbers = get_numbers(panel)
    assert (numbers.members, numbers.answered, numbers.days, numbers.are_days_whole) == (8, 6, 2, True)
    assert numbers.sectors >= panel.sectors
    assert numbers.places >= 40
    assert all(is_working_day(day.date) and day.date > panel.cycle.closes_on for day in panel.days.all())
    sent = Message.objects.filter(kind=MessageKind.AVAILABILITY)
    assert sent.count() == 8
    assert set(sent.values_list("status", "personal_link")) == {(MessageStatus.SENT, "")}


def test_a_timetable_has_gone_out(demo: None) -> None:
    panel = Panel.objects.get(cycle__status=CycleStatus.OPEN)
    numbers = get_numbers(panel)
    assert (numbers.called, numbers.placed, numbers.release) == (25, 24, 1)
    [missed] = panel.meetings.filter(day=None)
    assert missed.why_unplaced == "Quayside Youth Theatre can make none of the times."
    assert panel.runs.get().proof == "optimal"
    assert panel.meetings.get(is_locked=True).organisation.name == content.HOME_ORGANISATION
    told = Message.objects.filter(kind=MessageKind.MEETING)
    assert set(told.values_list("status", "personal_link")) == {(MessageStatus.SENT, "")}
    assert not read_draft(panel, {}).keys() ^ set(
        panel.releases.get().meetings.values_list("meeting", flat=True)
    )


def test_meetings_of_last_year_were_held_and_minuted(demo: None) -> None:
    """Minutes in each phase; letters that went, one that is due."""
    held = Meeting.objects.filter(panel__cycle__status=CycleStatus.CLOSED).order_by("pk")
    assert {meeting.status for meeting in held} == {MeetingStatus.HELD}
    assert all(meeting.ended_at is not None and meeting.ended_at < NOON for meeting in held)
    assert not Seat.objects.filter(meeting__in=held).exclude(attended=True).exists()
    phases = list(held.values_list("minutes__status", "letter__status"))
    assert Counter(phases) == {
        ("final", "sent"): 3,
        ("final", "draft"): 1,
        ("agreed", None): 1,
        ("draft", None): 1,
    }
    due = [get_letter_due(get_held_on(meeting), TODAY) for meeting in held if not hasattr(meeting, "letter")]
    assert {one.tag for one in due} == {"Due soon"}
    waiting = Correction.objects.filter(decision="")
    assert {one.passage.minutes.status for one in waiting} == {"agreed"}


def test_the_home_organisation_was_seen(demo: None) -> None:
    meeting = Meeting.objects.get(
        panel__cycle__status=CycleStatus.CLOSED, invitee__organisation__name=content.HOME_ORGANISATION
    )
    assert Note.objects.filter(item__meeting=meeting).count() == 6
    assert sorted(meeting.proposals.values_list("status", flat=True)) == ["agreed", "withdrawn"]
    assert (meeting.recommendations.count(), meeting.good_practices.count()) == (2, 1)
    assert SeriesClose.objects.filter(audit__invitee=meeting.invitee, series=Series.PANEL).exists()


def test_what_panels_asked_stands_at_every_point(demo: None) -> None:
    asked = Recommendation.objects.filter(meeting__letter__status="sent").order_by("meeting", "number")
    followed = get_followed(asked, TODAY)
    assert Counter((one.word, one.outcome) for one in followed) == {
        ("Worked", "It worked"): 1,
        ("Did not work", "It did not work"): 1,
        ("In progress", ""): 1,
        ("Refusal accepted", ""): 1,
        ("Overdue", ""): 1,
        ("To decide", ""): 1,
        ("Returned", ""): 1,
        ("Not answered", ""): 1,
    }
    [late] = [one for one in followed if one.is_overdue]
    assert late.is_for_officers, "both reminders have gone"
    assert not chase_overdue(NOON), "nobody's first run sends mail"
    again = Meeting.objects.get(
        invitee__organisation=late.recommendation.meeting.organisation,
        panel__cycle__status=CycleStatus.OPEN,
    )
    assert again.reasons.filter(kind=CallReason.OVERDUE_ACTIONS).exists()
    assert len(get_last_recommendations(again)) == 3


def test_jobs_are_made_being_made_tried_again_and_given_up(demo: None) -> None:
    partnership = Partnership.objects.get(slug=content.HARBOURSIDE)
    papers = Paper.objects.count() + Document.objects.filter(kind=DocumentKind.FEEDBACK).count()
    assert count_jobs(partnership) == {JobState.BUILDING: 2 + papers, JobState.FAILED: 1, JobState.BUILT: 1}
    building = list_jobs(partnership, JobState.BUILDING)
    states = sorted((one.attempts, one.is_put_off) for one in building)
    assert states == [(0, False)] * papers + [(1, False), (2, True)], (
        "minutes, letters and feedback reports have just been asked for"
    )


def test_a_register_waits_for_an_officer(demo: None) -> None:
    load = RegisterLoad.objects.get(partnership__slug=content.HARBOURSIDE)
    assert load.state == LoadState.READY
    assert {kind: load.counts[kind] for kind in ("new", "renamed", "closed", "proposed", "missing")} == {
        "new": 1,
        "renamed": 1,
        "closed": 1,
        "proposed": 1,
        "missing": 0,
    }


def test_last_years_report_waits_for_its_files_and_this_years_is_being_written(demo: None) -> None:
    last, this = Report.objects.order_by("pk")
    publication = Publication.objects.get(report=last)
    with patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"):
        publish.func(publication.pk)
    last.refresh_from_db()
    assert (last.status, last.number, this.status) == ("published", 1, "draft")
    assert last.published_at is not None
    assert last.published_at.date() < TODAY
    for organisation in Organisation.objects.values_list("name", flat=True):
        assert organisation not in last.snapshot.content


def test_once_the_report_is_public_the_worker_makes_a_poster_a_briefing_and_papers(demo: None) -> None:
    last = Report.objects.earliest("pk")
    assert [one.title.split(":")[0] for one in last.findings.all()] == [*["Needs work"] * 3, "Going well"]
    make_posters.func(last.pk)
    assert not last.posters.exists()  # not yet: the report waits for its files
    with (
        patch("accountability.report_files.render_pdf", return_value=b"%PDF-1.7"),
        patch("s11.web.pdf.render_sheet", return_value=b"%PDF-1.7"),
    ):
        publish.func(Publication.objects.get(report=last).pk)
        for _ in range(2):
            make_posters.func(last.pk)
        for poster in last.posters.filter(approved_at__isnull=False):
            publish_poster.func(poster.pk)
    assert sorted(last.posters.values_list("kind", "status")) == [
        ("briefing", "draft"),
        ("poster", "published"),
    ]
    assert last.board_papers.count() == 2
    chapter = last.board_papers.get(kind="chapter")
    assert chapter.is_edited
    assert chapter.is_waiting
    assert chapter.year is not None
    assert "two priorities" in make_html(chapter).decode()
    assert make_docx(chapter).startswith(b"PK")


def test_last_years_agencies_were_given_feedback_and_nobody_is_written_to(demo: None) -> None:
    issue = FeedbackIssue.objects.get()
    assert issue.is_told
    assert issue.told_at is not None
    assert issue.told_at < timezone.now()
    assert issue.reports.count() > 30
    # Seven of a kind are too few; there are more of two kinds.
    assert issue.sector_figures.order_by().values("cycle_questionnaire").distinct().count() == 2
    assert not Message.objects.filter(subject__contains="what came of your audit").exists()


def test_returns_for_the_annual_report_stand_in_every_state_and_nobody_is_written_to(demo: None) -> None:
    before, now = ReturnRequest.objects.order_by("begins")
    assert (before.begins, now.begins) == (2024, 2025)
    assert before.due_on < TODAY < now.due_on
    assert set(now.returns.values_list("status", flat=True)) == set(AgencyReturnStatus)
    assert agency_returns_chapter.get_chapter_part(now.partnership, now.year) is not None
    own = now.returns.get(participation__organisation__name=content.HOME_ORGANISATION)
    standing = get_standing(now, own.participation)
    assert standing.is_open
    assert standing.missing == "Nothing stands yet under ‘Priorities for next year’."
    assert [one.is_there for one in standing.pictures] == [True]
    assert get_priorities_before(standing) is not None
    assert not Message.objects.filter(subject__contains="annual report").exists()
