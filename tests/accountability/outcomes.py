"""Meetings that were held, with their minutes and letters as far as a test wants them."""

from __future__ import annotations

import datetime

from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.enums import LetterStatus, MeetingStatus, MinutesStatus, ProposalStatus
from accountability.holding import note_good_practice, prepare_agenda
from accountability.letter_dates import SENT_WITHIN_WORKING_DAYS
from accountability.minuting import begin_minutes
from accountability.models import (
    Letter,
    Meeting,
    Minutes,
    Note,
    Panel,
    PanelMember,
    Paper,
    Recommendation,
    ScoreProposal,
)
from s11.organisations.models import Organisation, User
from surveys.enums import AuditStatus, DocumentFormat, DocumentKind
from surveys.models import Audit, Cycle, Document, Questionnaire
from surveys.working_days import add_working_days
from tests import factories
from tests.accountability.factories import (
    make_contact_member,
    make_meeting,
    make_officer_member,
    make_panel,
    seat,
)
from tests.conftest import Cast


def make_held_round(cast: Cast, cycle: Cycle | None = None) -> Panel:
    """A panel of the cast's chair and member, and of Holly, a contact without a login."""
    if cycle is None:
        cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    panel = make_panel(cycle)
    dock = factories.make_organisation("Dock Health", partnership=cast.partnership)
    make_officer_member(panel, cast.panel_chair, may_chair=True)
    make_officer_member(panel, cast.panel_member)
    make_contact_member(panel, dock, email="holly@dock.example")
    return panel


def get_members(panel: Panel) -> list[PanelMember]:
    """Chair, member, contact."""
    return list(panel.members.with_person().order_by("pk"))


def hold_meeting(panel: Panel, organisation: Organisation, by: User, *, days_ago: int = 1) -> Meeting:
    """Told, held, with a note under the first item and one recommendation; about a submitted audit at 2."""
    audit = Audit.objects.filter(
        invitee__cycle=panel.cycle, invitee__organisation=organisation
    ).first() or factories.make_audit(panel.cycle, organisation, scores=2, status=AuditStatus.SUBMITTED)
    now = timezone.now()
    meeting = make_meeting(panel, organisation, told_at=now)
    seat(meeting, *panel.members.order_by("pk"))
    items = prepare_agenda(meeting=meeting, minutes=30)
    Note.objects.create(item=items[0], by=by, text="A good start.")
    Recommendation.objects.create(meeting=meeting, number=1, text="Train the new staff.", created_by=by)
    note_good_practice(meeting=meeting, text="A film for new starters.", by=by)
    ScoreProposal.objects.create(
        meeting=meeting,
        answer=audit.answers.order_by("pk")[0],
        submission=audit.submission,
        score=1,
        justification="Two files were shown.",
        status=ProposalStatus.AGREED,
        by=by,
        decided_by=by,
        decided_at=now,
    )
    held = now - datetime.timedelta(days=days_ago)
    Meeting.objects.filter(pk=meeting.pk).update(
        status=MeetingStatus.HELD, started_at=held, ended_at=held + datetime.timedelta(minutes=30)
    )
    meeting.refresh_from_db()
    return meeting


def write_minutes(meeting: Meeting, by: User, status: MinutesStatus = MinutesStatus.DRAFT) -> Minutes:
    """So far, without telling anybody."""
    minutes = begin_minutes(meeting=meeting, by=by)
    now = timezone.now()
    if status != MinutesStatus.DRAFT:
        minutes.status, minutes.agreed_by, minutes.agreed_at = status, by, now
        minutes.corrections_until = add_working_days(timezone.localdate(), 5)
    if status == MinutesStatus.FINAL:
        minutes.final_by, minutes.final_at = by, now
    minutes.save()
    return minutes


def write_letter(meeting: Meeting, by: User, status: LetterStatus = LetterStatus.DRAFT) -> Letter:
    """So far; with its PDF once it is signed."""
    letter = Letter(
        meeting=meeting,
        subject="What was agreed",
        body="Thank you for meeting the panel.",
        due_on=add_working_days(timezone.localdate(), SENT_WITHIN_WORKING_DAYS),
        status=status,
    )
    if status != LetterStatus.DRAFT:
        letter.signed_by, letter.signed_as, letter.signed_at = (
            by,
            "Ada Byron, Independent Chair",
            timezone.now(),
        )
    if status == LetterStatus.SENT:
        letter.sent_at = timezone.now()
    letter.save()
    if status != LetterStatus.DRAFT:
        add_paper(meeting, DocumentKind.MEETING_LETTER)
    return letter


def add_paper(meeting: Meeting, kind: DocumentKind) -> Paper:
    """Built already."""
    cycle = meeting.panel.cycle
    document = Document(
        kind=kind,
        format=DocumentFormat.PDF,
        partnership=cycle.partnership,
        cycle=cycle,
        built_at=timezone.now(),
    )
    document.file.save("x.pdf", ContentFile(b"%PDF-1.7"))
    return Paper.objects.create(document=document, meeting=meeting)


def make_outcome_world(bank: Questionnaire, cast: Cast) -> dict[str, int]:
    """For tests/test_every_address.py: agencies whose minutes and letters are each at another point."""
    cycle = factories.make_cycle(cast.partnership, slug="after", questionnaires=(bank,))
    panel = make_held_round(cast, cycle)
    by = cast.quality_officer
    final = hold_meeting(panel, cast.organisation, by)
    write_minutes(final, by, MinutesStatus.FINAL)
    add_paper(final, DocumentKind.MINUTES)
    write_letter(final, by, LetterStatus.SENT)

    def hold(name: str) -> Meeting:
        slug = name.lower().replace(" ", "-")
        place = factories.make_organisation(name, slug=slug, partnership=cast.partnership)
        return hold_meeting(panel, place, by)

    hold("Noted House")
    draft = write_minutes(hold("Draft House"), by)
    agreed = write_minutes(hold("Agreed House"), by, MinutesStatus.AGREED)
    correction = agreed.passages.all()[0].corrections.create(text="It was May.", by_name="Ada")
    lettered = hold("Letter House")
    write_minutes(lettered, by, MinutesStatus.FINAL)
    write_letter(lettered, by)
    return {"draft_passage": draft.passages.all()[0].pk, "correction": correction.pk}
