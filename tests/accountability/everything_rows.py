"""A row of everything in accountability that a partnership owns, each text with a mark, so that it can be found."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.enums import LetterStatus, MinutesStatus
from accountability.models import (
    AgencyReturn,
    AgendaItem,
    Availability,
    BoardPaper,
    Chase,
    Correction,
    Course,
    DayBreak,
    FeedbackIssue,
    FeedbackReading,
    FeedbackReport,
    Finding,
    GoodPractice,
    LateLetter,
    Letter,
    LineOfEnquiry,
    Meeting,
    MeetingReason,
    Minutes,
    Note,
    Panel,
    PanelMember,
    Paper,
    Passage,
    Place,
    Poster,
    Publication,
    PublishedFile,
    Recommendation,
    RecommendationEvent,
    Release,
    ReleasedMeeting,
    ReleasedSeat,
    Representative,
    ReturnRequest,
    ScoreProposal,
    SectorFigure,
    TimetableRun,
    Voice,
    VoiceChoice,
)
from s11.organisations.models import Participation, Partnership, User
from surveys.enums import AuditStatus, DocumentFormat, DocumentKind, MessageKind
from surveys.models import Audit, Document, Message, Questionnaire, Theme
from tests import factories
from tests.accountability.agency_returns import make_picture
from tests.accountability.factories import make_contact_member, make_day, make_interest, make_meeting, seat
from tests.accountability.multi_agency import BARRIERS, make_agreed, make_audit, make_reflection
from tests.accountability.reports import make_report, make_snapshot
from tests.trails import lifted

# What a mark follows in some table: a word a model.
KEPT = (
    *("Interest", "Break", "Place", "Reason", "Representative", "Run", "Release", "Told", "Item", "Note"),
    *("Enquiry", "Proposal", "Practice", "Passage", "Correction", "Recommendation", "Answered", "Late"),
    *(
        "Letter",
        "Finding",
        "Figure",
        "Poster",
        "Box",
        "Priorities",
        "Report",
        "Section",
        "Comment",
        "Erratum",
        "Event",
        "Chapter",
        "Course",
        "Subject",
        "Asked",
        "Return",
        "Picture",
        "Back",
        "Audit",
        "Agreed",
        "Written",
        "Theme",
        "Summary",
        "Voice",
        "Quotation",
        "Quoted",
    ),
)
FILES = ("Minutes", "Letter", "Timetable", "Late", "Feedback", "Published", "Sheet", "Board", "Pool")


@dataclass(frozen=True, slots=True)
class Filled:
    audit: Audit
    meeting: Meeting
    member: PanelMember
    by: User
    mark: str


def fill(partnership: Partnership, by: User, mark: str, *, slug: str = "") -> Filled:
    """All of one meeting; with a slug again in another cycle."""
    slug = slug or mark.lower()
    bank = Questionnaire.objects.first() or factories.make_questionnaire()
    cycle = factories.make_cycle(partnership, slug=f"cycle-{slug}", questionnaires=(bank,))
    agency = factories.make_organisation(f"Agency {slug}", slug=f"agency-{slug}", partnership=partnership)
    audit = factories.make_audit(cycle, agency, scores=2, status=AuditStatus.SUBMITTED)
    panel = Panel.objects.create(cycle=cycle)
    member = make_contact_member(panel, agency, email=f"member@{slug}.example")
    meeting = make_meeting(panel, agency, day=make_day(panel), told_at=timezone.now())
    filled = Filled(audit, meeting, member, by, mark)
    fill_days(filled)
    fill_talk(filled)
    fill_outcomes(filled)
    fill_feedback(filled)
    fill_reports(filled)
    fill_courses(filled)
    fill_returns(filled)
    fill_multi_agency(filled)
    fill_voices(filled)
    return filled


def fill_days(filled: Filled) -> None:
    meeting, member, mark = filled.meeting, filled.member, filled.mark
    day, panel, noon = meeting.day, meeting.panel, datetime.time(12)
    assert day is not None  # as it was made
    interest = make_interest(member, meeting.organisation)
    interest.note = f"Interest {mark}"
    interest.save()
    DayBreak.objects.create(day=day, name=f"Break {mark}", starts_at=noon, ends_at=datetime.time(13))
    Place.objects.create(day=day, track=0, kind="room", name=f"Place {mark}")
    Availability.objects.create(day=day, half="morning", member=member, answer="free")
    MeetingReason.objects.create(meeting=meeting, kind="critical_zero", sentence=f"Reason {mark}")
    Representative.objects.create(meeting=meeting, name=f"Representative {mark}")
    TimetableRun.objects.create(panel=panel, status="done", problems=f"Run {mark}", asked_by=filled.by)
    seat(meeting, member)
    release = panel.releases.get() if panel.releases.exists() else Release(panel=panel, number=1)
    release.note = f"Release {mark}"
    with lifted(Release, ReleasedMeeting, ReleasedSeat):
        release.save()
        release.meetings.all().delete()
    told = ReleasedMeeting.objects.create(
        release=release,
        meeting=meeting,
        date=day.date,
        starts_at=noon,
        minutes=30,
        track=0,
        joining=f"Told {mark}",
    )
    ReleasedSeat.objects.create(released=told, member=member)
    add_file(filled, DocumentKind.TIMETABLE, "Timetable", release=release)


def fill_talk(filled: Filled) -> None:
    meeting, by, mark = filled.meeting, filled.by, filled.mark
    answer = filled.audit.answers.order_by("pk")[0]
    item = AgendaItem.objects.create(
        meeting=meeting, kind="presentation", title=f"Item {mark}", minutes=5, position=1
    )
    Note.objects.create(item=item, by=by, text=f"Note {mark}")
    LineOfEnquiry.objects.bulk_create(
        LineOfEnquiry(meeting=meeting, origin="added", text=f"{words} {mark}", by=by, is_private=is_private)
        for words, is_private in (("Enquiry", False), ("Secret", True))
    )
    ScoreProposal.objects.create(
        meeting=meeting, answer=answer, submission=1, score=1, justification=f"Proposal {mark}", by=by
    )
    GoodPractice.objects.create(meeting=meeting, text=f"Practice {mark}", by=by)


def fill_outcomes(filled: Filled) -> None:
    meeting, by, mark, now = filled.meeting, filled.by, filled.mark, timezone.now()
    add_file(filled, DocumentKind.MINUTES, "Secret draft", meeting=meeting)
    add_file(filled, DocumentKind.MEETING_LETTER, "Secret draft", meeting=meeting)
    add_file(filled, DocumentKind.PACK, "Secret pack", meeting=meeting)
    minutes = Minutes.objects.create(
        meeting=meeting, status=MinutesStatus.FINAL, agreed_at=now, final_by=by, final_at=timezone.now()
    )
    passage = Passage.objects.create(
        minutes=minutes, item=meeting.agenda.all()[0], text=f"Passage {mark}", updated_by=by
    )
    Correction.objects.create(passage=passage, text=f"Correction {mark}", by_name="Ada")
    add_file(filled, DocumentKind.MINUTES, "Minutes", meeting=meeting)
    Letter.objects.create(
        meeting=meeting,
        status=LetterStatus.SENT,
        subject="What was agreed",
        body=f"Letter {mark}",
        due_on=timezone.localdate(),
        signed_as="The chair",
        signed_at=timezone.now(),
        sent_at=timezone.now(),
    )
    add_file(filled, DocumentKind.MEETING_LETTER, "Letter", meeting=meeting)
    asked = Recommendation.objects.create(
        meeting=meeting, number=1, text=f"Recommendation {mark}", created_by=by
    )
    RecommendationEvent.objects.create(recommendation=asked, kind="refusal", text=f"Answered {mark}", by=by)
    chase(filled, asked)


def chase(filled: Filled, asked: Recommendation) -> None:
    meeting, contact = filled.meeting, filled.member.contact
    assert contact is not None  # as it was made
    message = Message.objects.create(
        partnership=meeting.cycle.partnership, kind=MessageKind.NOTICE, email="a@b.example", subject="Late"
    )
    letter = LateLetter.objects.create(
        meeting=meeting,
        contact=contact,
        subject="Late",
        body=f"Late {filled.mark}",
        message=message,
        paper=add_file(filled, DocumentKind.LATE_LETTER, "Late", meeting=meeting),
        by=filled.by,
    )
    Chase.objects.create(
        recommendation=asked, about="answer", step="letter", due_on=timezone.localdate(), letter=letter
    )


def fill_feedback(filled: Filled) -> None:
    audit, now = filled.audit, timezone.now()
    cycle = audit.invitee.cycle
    for number, told_at in ((1, now), (2, None)):
        issue = FeedbackIssue.objects.create(
            cycle=cycle,
            number=number,
            asked_by=filled.by,
            told_at=told_at,
            told_by=filled.by if told_at else None,
        )
        words = "Feedback" if told_at else "Secret feedback"
        document = make_document(filled, DocumentKind.FEEDBACK, words)
        report = FeedbackReport.objects.create(issue=issue, audit=audit, document=document)
        FeedbackReading.objects.create(report=report, user=filled.by)
        SectorFigure.objects.create(
            issue=issue,
            cycle_questionnaire=audit.invitee.cycle_questionnaire,
            organisations=8,
            lower=1,
            median=1,
            upper=2,
        )


def fill_reports(filled: Filled) -> None:
    by, mark, now = filled.by, filled.mark, timezone.now()
    cycle = filled.audit.invitee.cycle
    report = make_report(cycle, by=by, title=f"Report {mark}")
    section = report.sections.create(kind="introduction", title="x", position=1, drafted=f"Section {mark}")
    section.comments.create(text=f"Comment {mark}", by=by)
    report.errata.create(text=f"Erratum {mark}", by=by)
    report.events.create(kind="begun", detail=f"Event {mark}", by=by)
    make_snapshot(report, f'"Snapshot {mark}"')
    Publication.objects.create(
        report=report, content="", ledger="", asked_by=by, finished_at=now, error="No font."
    )
    paper = BoardPaper(
        report=report, kind="chapter", drafted=f"Chapter {mark}", pdf_version=1, pdf_made_at=now
    )
    paper.pdf.save("x", ContentFile(f"Board {mark}".encode()))
    finding = Finding.objects.create(
        partnership=cycle.partnership, report=report, title=f"Finding {mark}", created_by=by
    )
    finding.themes.set(Theme.objects.all()[:1])
    finding.writers.add(by)
    finding.figures.create(path="x", label=f"Figure {mark}")
    poster = Poster.objects.create(
        partnership=cycle.partnership, report=report, kind="poster", title=f"Poster {mark}", created_by=by
    )
    poster.boxes.create(finding=finding, position=1, heading=f"Box {mark}")
    poster.writers.add(by)
    poster.own_numbers.create(words=f"Priorities {mark}", confirmed_by=by)
    for words, subject in (("Published", {"report": report}), ("Sheet", {"poster": poster})):
        content = f"{words} {mark}".encode()
        file = PublishedFile(kind="pdf", name=f"{words}-{cycle.slug}.pdf", size=len(content), **subject)
        file.file.save("x", ContentFile(content))


def fill_courses(filled: Filled) -> None:
    cycle = filled.audit.invitee.cycle
    name = f"Course {filled.mark}"
    course = Course.objects.create(
        partnership=cycle.partnership,
        name=f"{name} {cycle.partnership.courses.count()}",
        description="x",
        changed_by=filled.by,
    )
    course.subjects.create(key=f"Subject {filled.mark}")
    course.subjects.create(variant="school", code="A1")


def fill_multi_agency(filled: Filled) -> None:
    cycle, mark = filled.audit.invitee.cycle, filled.mark
    audit = make_audit(cycle.partnership, f"Audit {mark}")
    place = Participation.objects.get(
        partnership=cycle.partnership, organisation=filled.audit.invitee.organisation
    )
    make_agreed(audit, place, by=filled.by, what=f"Agreed {mark}")
    reflection = make_reflection(
        audit, by=filled.by, people=5, given={BARRIERS: f"Written {mark}"}, is_over=True
    )
    theme = reflection.themes.create(name=f"Theme {mark}")
    theme.answers.set(reflection.answers.all())
    reflection.summaries.create(question=BARRIERS, text=f"Summary {mark}", changed_by=filled.by)
    # Of fewer than five nothing leaves.
    few = make_audit(cycle.partnership, f"Audit {mark} too")
    make_reflection(few, by=filled.by, people=4, given={BARRIERS: "Secret"}, is_over=True)


def fill_voices(filled: Filled) -> None:
    place = filled.audit.invitee.organisation.participations.earliest("pk")
    voice = Voice.objects.create(
        participation=place,
        heard_on=datetime.date(2025, 6, 1),
        group="children",
        source="survey",
        told=f"Voice {filled.mark}",
        changed="x",
        quotation=f"Quotation {filled.mark}",
        consent_giver="group",
        consented_on=datetime.date(2025, 6, 20),
        consent_recorded_by=filled.by,
        added_by=filled.by,
        changed_by=filled.by,
    )
    voice.consents.create(kind="withdrawn", still_quoted=f"Quoted {filled.mark}", by=filled.by)
    VoiceChoice.objects.create(voice=voice, version=1, by=filled.by)


def make_document(filled: Filled, kind: DocumentKind, words: str) -> Document:
    cycle = filled.audit.invitee.cycle
    document = Document(
        kind=kind,
        format=DocumentFormat.PDF,
        partnership=cycle.partnership,
        cycle=cycle,
        audit=filled.audit if kind == DocumentKind.FEEDBACK else None,
        built_at=timezone.now(),
    )
    document.file.save("x", ContentFile(f"{words} {filled.mark}".encode()))
    return document


def add_file(
    filled: Filled,
    kind: DocumentKind,
    words: str,
    *,
    meeting: Meeting | None = None,
    release: Release | None = None,
) -> Paper:
    """Built; whoever reads it finds these words with the mark."""
    return Paper.objects.create(document=make_document(filled, kind, words), meeting=meeting, release=release)


def fill_returns(filled: Filled) -> None:
    by, mark = filled.by, filled.mark
    place = filled.audit.organisation.participations.get(partnership=filled.audit.partnership)
    asked, _ = ReturnRequest.objects.get_or_create(
        partnership=place.partnership,
        begins=2025,
        defaults={"due_on": datetime.date(2026, 6, 30), "note": f"Asked {mark}", "asked_by": by},
    )
    found = AgencyReturn.objects.create(
        request=asked, participation=place, status="approved", approved_by=by, approved_at=timezone.now()
    )
    found.parts.create(heading="celebrate", text=f"Return {mark}", changed_by=by)
    found.events.create(kind="returned", text=f"Back {mark}", by=by)
    make_picture(found, f"Picture {mark}", content=f"Pool {mark}".encode())
