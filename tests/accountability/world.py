"""The rows of meetings that addresses name: see tests/test_every_address.py."""

from __future__ import annotations

from datetime import time, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.holding import note_good_practice, prepare_agenda, propose_score
from accountability.models import (
    LateLetter,
    MeetingDay,
    Panel,
    PanelMember,
    Paper,
    Release,
    ReleasedMeeting,
    Seat,
)
from accountability.recommending import answer_with_action, recommend
from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Organisation
from surveys.enums import AuditStatus, DocumentKind, MessageKind
from surveys.models import Cycle, Document, Questionnaire
from surveys.outbox import put_in_outbox
from tests.accountability import factories
from tests.accountability.followed import ENTERED, follow
from tests.accountability.outcomes import add_paper
from tests.conftest import Cast
from tests.factories import make_audit, make_cycle, make_invitee, make_organisation


def make_meeting_world(cycle: Cycle, cast: Cast) -> dict[str, int]:
    """A panel on which the cast's panel member, chair and a contact sit, with one day."""
    panel: Panel = factories.make_panel(cycle)
    chair = factories.make_officer_member(panel, cast.panel_chair, may_chair=True)
    member = factories.make_officer_member(panel, cast.panel_member)
    contact = factories.make_contact_member(panel, cast.other_organisation)
    day = factories.make_day(panel)
    # Cove House is called and has a time; Beacon Homes is invited alone.
    meeting = factories.make_meeting(panel, Organisation.objects.get(slug="cove"), day=day)
    factories.seat(meeting, chair, member, contact)
    make_invitee(cycle, cast.other_organisation)
    release = Release.objects.create(panel=panel, number=1)
    sheet = Document(kind=DocumentKind.TIMETABLE, format="pdf", partnership=cast.partnership, cycle=cycle)
    sheet.file.save("x.pdf", ContentFile(b"%PDF-1.7"))
    Paper.objects.create(document=sheet, release=release)
    # Anchor Trust is asked when it can come; a second contact has no seat, and an interest in it.
    anchor = factories.make_meeting(panel, cast.organisation, asked_at=timezone.now())
    ReleasedMeeting.objects.create(
        release=release, meeting=anchor, date=day.date, starts_at=day.starts_at, minutes=30, track=0
    )
    spare = factories.make_contact_member(panel, cast.other_organisation, email="spare@beacon.example")
    interest = factories.make_interest(spare, cast.organisation)
    return {
        **make_agreed(cast),
        **make_told_meeting(panel, day, [chair, member, contact], cast),
        "panel_chair_seat": chair.pk,
        "panel_member_seat": member.pk,
        "panel_contact_seat": contact.pk,
        "panel_spare": spare.pk,
        "panel_interest": interest.pk,
        "meeting_seat": Seat.objects.get(meeting=meeting, member=member).pk,
        "meeting_day": day.pk,
        "empty_meeting_day": factories.make_day(panel, factories.FIRST_DAY + timedelta(days=1)).pk,
    }


def make_agreed(cast: Cast) -> dict[str, int]:
    """Anchor Trust knows what the panel asks: the second recommendation is answered, and waits for a decision."""
    cycle = make_cycle(cast.partnership, slug="held", questionnaires=(Questionnaire.objects.earliest("pk"),))
    meeting = factories.make_meeting(factories.make_panel(cycle), cast.organisation)
    follow(meeting, cast.administrator, recommendations=2)
    second = meeting.recommendations.get(number=2)
    answer_with_action(recommendation=second, entered=ENTERED, by=cast.lead)
    place = cast.organisation.participations.get(partnership=cast.partnership)
    contact = Contact.objects.create(
        participation=place, kind=ContactKind.OTHER, name="Cora", email="c@a.example"
    )
    message = put_in_outbox(
        kind=MessageKind.ESCALATION,
        invitee=meeting.invitee,
        email=contact.email,
        subject="Answer us",
        body="…",
        by=cast.administrator,
    )
    assert message is not None
    late = LateLetter.objects.create(
        meeting=meeting,
        contact=contact,
        subject="Answer us",
        body="…",
        message=message,
        paper=add_paper(meeting, DocumentKind.LATE_LETTER),
        by=cast.administrator,
    )
    return {"good_practice": meeting.good_practices.get().pk, "late_letter": late.pk}


def make_told_meeting(
    panel: Panel, day: MeetingDay, members: list[PanelMember], cast: Cast
) -> dict[str, int]:
    """Dune House was told when it meets, and the panel has begun to write."""
    dune = make_organisation("Dune House", slug="dune", partnership=cast.partnership)
    audit = make_audit(panel.cycle, dune, scores=2, status=AuditStatus.SUBMITTED)
    meeting = factories.make_meeting(panel, dune, day=day, starts_at=time(10), told_at=timezone.now())
    factories.seat(meeting, *members)
    item = prepare_agenda(meeting=meeting, minutes=30)[0]
    recommend(meeting=meeting, text="Train the new staff.", by=cast.quality_officer)
    practice = note_good_practice(meeting=meeting, text="A log.", by=cast.quality_officer)
    answer = audit.answers.order_by("pk")[0]
    proposal = propose_score(
        meeting=meeting, answer=answer, score=1, justification="Two files.", by=cast.quality_officer
    )
    meeting.started_at = timezone.now()
    meeting.save()
    return {"agenda_item": item.pk, "proposal": proposal.pk, "meeting_practice": practice.pk}
