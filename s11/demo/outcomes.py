"""What was written after the demonstration's meetings: minutes as a draft, agreed and final, letters sent and due."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final

from accountability.emails import make_letter_mail
from accountability.enums import AgendaKind, CorrectionDecision, LetterStatus, ProposalStatus
from accountability.holding import withdraw_score
from accountability.letter_dates import ANSWERED_WITHIN_WORKING_DAYS
from accountability.letter_writing import draft_letter, list_readers
from accountability.minutes_text import get_held_on
from accountability.minuting import (
    agree_minutes,
    ask_correction,
    begin_minutes,
    change_passage,
    decide_correction,
    finalise_minutes,
)
from accountability.models import Correction, Letter, Meeting, Minutes, Passage, Recommendation
from accountability.paper_requests import request_paper
from s11.demo.audits import at
from s11.demo.held import People
from s11.demo.moments import writing_at
from s11.demo.stories import BAYVIEW, SALTMARSH, STORIES, After, Story
from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from surveys.enums import DocumentKind, MessageKind, MessageStatus, Series
from surveys.models import Message, Scorecard, SeriesClose
from surveys.outbox import put_in_outbox
from surveys.working_days import add_working_days

# Working days after the meeting.
AGREED_AFTER, FINAL_AFTER, LETTER_AFTER = 2, 6, 8
CORRECTION: Final = "Governors see the figures twice a year, in autumn and in summer."
CORRECTED: Final = ("once a year", "twice a year, in autumn and in summer,")
WAITING: Final = "Parents can also write to the club’s welfare officer, whose address is on the notice board."
SIGNED_AS: Final = "Dilys Penn, Chair of the accountability panel"


def make_outcomes(meetings: Mapping[str, Meeting], people: People) -> None:
    for story in STORIES:
        meeting = meetings[story.name]
        for proposal in meeting.proposals.filter(status=ProposalStatus.PROPOSED):
            withdraw_score(proposal=proposal, by=people.chair)
        meeting.proposals.update(decided_at=meeting.ended_at)
        write_minutes(story, meeting, people)
        if story.after in (After.FINAL, After.SENT):
            write_letter(meeting, people.officer, is_sent=story.after is After.SENT)


def get_lead(meeting: Meeting) -> User:
    return User.objects.filter(
        memberships__organisation=meeting.organisation, memberships__role=MembershipRole.LEAD
    ).earliest("pk")


# Minutes --------------------------------------------------------------------------------------------------------------


def write_minutes(story: Story, meeting: Meeting, people: People) -> None:
    minutes = begin_minutes(meeting=meeting, by=people.officer)
    passages = {AgendaKind(one.item.kind): one for one in minutes.passages.select_related("item")}
    for kind, text in story.written.items():
        change_passage(passage=passages[kind], text=text, seen_version=1, by=people.officer)
    if story.after is not After.DRAFT:
        agree_minutes(minutes=minutes, by=people.chair)
    enquiry = passages[AgendaKind.ENQUIRY]
    if story is BAYVIEW:
        correct(enquiry, meeting, people.officer)
    if story is SALTMARSH:
        lead = get_lead(meeting)
        ask_correction(passage=enquiry, text=WAITING, by_name=str(lead), by=lead)
    if story.after in (After.FINAL, After.SENT):
        with writing_at(get_moment(meeting, FINAL_AFTER)):
            finalise_minutes(minutes=minutes, by=people.officer)
    set_moments(meeting, story.after)


def correct(passage: Passage, meeting: Meeting, by: User) -> None:
    """The lead asked for it, and the officer took it in."""
    lead = get_lead(meeting)
    correction = ask_correction(passage=passage, text=CORRECTION, by_name=str(lead), by=lead)
    decide_correction(
        correction=correction,
        decision=CorrectionDecision.ACCEPTED,
        new_text=BAYVIEW.written[AgendaKind.ENQUIRY].replace(*CORRECTED),
        by=by,
    )


def set_moments(meeting: Meeting, after: After) -> None:
    """In the days after the meeting."""
    begun, agreed, asked, final = (
        get_moment(meeting, days) for days in (1, AGREED_AFTER, AGREED_AFTER + 1, FINAL_AFTER)
    )
    found = Minutes.objects.filter(meeting=meeting)
    found.update(created_at=begun)
    Passage.objects.filter(minutes__meeting=meeting).update(updated_at=begun)
    if after is After.DRAFT:
        return
    # Where corrections are still asked for, the day that the chair gave stays.
    until = {} if after is After.AGREED else {"corrections_until": add_working_days(agreed.date(), 3)}
    found.update(agreed_at=agreed, **until)
    corrections = Correction.objects.filter(passage__minutes__meeting=meeting)
    corrections.update(at=asked)
    corrections.exclude(decision="").update(decided_at=asked)
    say_sent(meeting, agreed)
    if after is not After.AGREED:
        found.update(final_at=final)
        set_frozen_at(meeting, final)


def get_moment(meeting: Meeting, days: int) -> datetime.datetime:
    """So many working days after it."""
    return at(add_working_days(get_held_on(meeting), days), 11)


def set_frozen_at(meeting: Meeting, moment: datetime.datetime) -> None:
    """The panel's series, frozen with the minutes."""
    audit = {"audit__invitee": meeting.invitee}
    SeriesClose.objects.filter(**audit, series=Series.PANEL).update(at=moment)
    Scorecard.objects.filter(**audit, series=Series.PANEL).update(frozen_at=moment)


def say_sent(meeting: Meeting, moment: datetime.datetime) -> None:
    """What was written into the outbox for this meeting just now went out then."""
    waiting = Message.objects.filter(status=MessageStatus.WAITING)
    for mails in (waiting.filter(invitee=meeting.invitee), waiting.filter(cycle=meeting.cycle, invitee=None)):
        mails.update(
            status=MessageStatus.SENT, created_at=moment, due_at=moment, sent_at=moment, personal_link=""
        )


# Letters --------------------------------------------------------------------------------------------------------------


def write_letter(meeting: Meeting, officer: User, *, is_sent: bool) -> None:
    """A draft; or signed and sent. Its PDF is made by the worker, like every other."""
    letter = draft_letter(meeting=meeting, held_on=get_held_on(meeting), by=officer)
    sent_at = at(add_working_days(get_held_on(meeting), LETTER_AFTER), 14, 20)
    Letter.objects.filter(pk=letter.pk).update(
        created_at=at(add_working_days(get_held_on(meeting), FINAL_AFTER), 15)
    )
    if not is_sent:
        return
    Letter.objects.filter(pk=letter.pk).update(
        status=LetterStatus.SENT,
        signed_by=officer,
        signed_as=SIGNED_AS,
        signed_at=sent_at - datetime.timedelta(minutes=20),
        sent_at=sent_at,
    )
    respond_by = add_working_days(sent_at.date(), ANSWERED_WITHIN_WORKING_DAYS)
    Recommendation.objects.filter(meeting=meeting).update(respond_by=respond_by)
    for person in list_readers(meeting):
        mail = make_letter_mail(letter, person, respond_by)
        put_in_outbox(
            kind=MessageKind.MEETING_LETTER,
            invitee=meeting.invitee,
            email=person.email,
            user=person,
            subject=str(mail.subject),
            body=str(mail.body),
            by=officer,
        )
    say_sent(meeting, sent_at)
    request_paper(kind=DocumentKind.MEETING_LETTER, by=officer, meeting=meeting, anew=True)
