"""How each e-mail about meetings comes to be sent, for tests/test_every_mail.py; where one template says several
things, each of them.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import Final

from django.core.mail import EmailMessage
from django.utils import timezone

from accountability.availability import ask_agencies, ask_members
from accountability.availability_emails import make_dropped_mail
from accountability.enums import ChaseAbout, ChaseStep, LetterStatus, Standing
from accountability.following import Followed
from accountability.following_emails import make_late_mail, make_letter_words
from accountability.letter_writing import draft_letter, send_letter
from accountability.minuting import agree_minutes, send_draft
from accountability.models import Meeting, PanelMember, Release, Representative
from accountability.pack_telling import make_packs_mail
from accountability.recommending import refuse_recommendation, return_answer
from accountability.release_emails import (
    make_agency_mail,
    make_entry_mail,
    make_guest_mail,
    make_member_mail,
)
from accountability.timetable_changes import Change, Sitting, Told
from surveys.enums import ActionOutcome, DocumentKind
from surveys.models import Audit
from surveys.models.messages import PERSONAL_LINK
from tests.accountability.factories import make_contact_member, make_meeting, make_officer_member, make_panel
from tests.accountability.followed import agree_on_action, finish, follow, verify
from tests.accountability.outcomes import add_paper, write_minutes
from tests.accountability.rounds import add_day
from tests.conftest import Cast

Send = Callable[[Cast, Audit], None]
# Where one comes to by video, this address stands beside the place: where to go, not another thing to do.
CALL: Final = "https://video.example/room-a"


@dataclasses.dataclass(frozen=True, slots=True)
class Called:
    """The agency of the audit is called for a day still to come; its chair, and a contact who has no login, sit."""

    cast: Cast
    meeting: Meeting
    chair: PanelMember
    contact: PanelMember

    @property
    def told(self) -> Told:
        day, seats = self.meeting.panel.days.get(), [self.chair, self.contact]
        return Told(
            self.meeting.pk,
            "Anchor Trust",
            day.date,
            datetime.time(9, 30),
            30,
            0,
            place="Video call A",
            link=CALL,
            joining="Sign in five minutes before.",
            seats=tuple(Sitting(one.pk, one.name, is_chair=one == self.chair) for one in seats),
        )

    @property
    def later(self) -> Told:
        return dataclasses.replace(self.told, starts_at=datetime.time(10))

    def release(self, number: int = 1) -> Release:
        return Release(panel=self.meeting.panel, number=number)


def make_called(cast: Cast, audit: Audit) -> Called:
    panel = make_panel(audit.cycle)
    add_day(panel)
    meeting = make_meeting(panel, cast.organisation)
    chair = make_officer_member(panel, cast.panel_chair, may_chair=True)
    return Called(cast, meeting, chair, make_contact_member(panel, cast.other_organisation))


def go(mail: EmailMessage, personal: str = "") -> None:
    """As the outbox sends it: with a member's own link in place of its mark."""
    mail.body = str(mail.body).replace(PERSONAL_LINK, personal)
    mail.send()


# What is planned ------------------------------------------------------------------------------------------------------


def ask_member(cast: Cast, audit: Audit) -> None:
    called = make_called(cast, audit)
    ask_members(members=[called.contact], by=cast.administrator)


def ask_agency(cast: Cast, audit: Audit) -> None:
    ask_agencies(meetings=[make_called(cast, audit).meeting], by=cast.administrator)


def tell_agency(change: Callable[[Called], Change], reason: str = "") -> Send:
    def send(cast: Cast, audit: Audit) -> None:
        called = make_called(cast, audit)
        called.meeting.cancel_reason = reason
        go(make_agency_mail(called.release(), called.meeting, change(called), cast.lead.email))

    return send


def tell_dropped(cast: Cast, audit: Audit) -> None:
    called = make_called(cast, audit)
    go(make_dropped_mail(called.meeting, "It closes.", cast.lead.email))


def tell_guest(change: Callable[[Called], Change], *, is_off: bool) -> Send:
    def send(cast: Cast, audit: Audit) -> None:
        called = make_called(cast, audit)
        guest = Representative(meeting=called.meeting, name="Ada Lark", email="ada@anchor.example")
        go(make_guest_mail(called.meeting, change(called), guest, is_off=is_off))

    return send


def tell_member(change: Callable[[Called], Change], number: int = 1) -> Send:
    """One with a login, and one without."""

    def send(cast: Cast, audit: Audit) -> None:
        called = make_called(cast, audit)
        for member in (called.chair, called.contact):
            go(*make_member_mail(called.release(number), member, [change(called)]))

    return send


def tell_entry(change: Callable[[Called], Change]) -> Send:
    def send(cast: Cast, audit: Audit) -> None:
        called = make_called(cast, audit)
        go(*make_entry_mail(called.release(), called.contact, change(called)))

    return send


def is_new(called: Called) -> Change:
    return Change(None, called.told)


def has_other_time(called: Called) -> Change:
    return Change(called.told, called.later)


def has_other_place(called: Called) -> Change:
    return Change(dataclasses.replace(called.told, place="Room 1", link=""), called.told)


def has_others(called: Called) -> Change:
    """The contact sits no more."""
    return Change(called.told, dataclasses.replace(called.told, seats=called.told.seats[:1]))


def is_off(called: Called) -> Change:
    return Change(called.told, None)


def tell_of_packs(cast: Cast, audit: Audit) -> None:
    """One with a login, and one without."""
    called = make_called(cast, audit)
    for member in (called.chair, called.contact):
        go(*make_packs_mail(member, called.told.date))


# What was agreed ------------------------------------------------------------------------------------------------------


def agree(cast: Cast, audit: Audit) -> None:
    """Those who sat, and the agency’s leads and signatories."""
    called = make_called(cast, audit)
    for member in (called.chair, called.contact):
        called.meeting.seats.create(member=member, is_chair=member == called.chair)
    agree_minutes(minutes=write_minutes(called.meeting, cast.quality_officer), by=cast.panel_chair)


def send_to_chair(cast: Cast, audit: Audit) -> None:
    """A chair with a login, and one without."""
    called = make_called(cast, audit)
    for member in (called.chair, called.contact):
        called.meeting.seats.update_or_create(member=member)
        called.meeting.seats.update(is_chair=False)
        called.meeting.seats.filter(member=member).update(is_chair=True)
        send_draft(minutes=write_minutes(called.meeting, cast.quality_officer), by=cast.quality_officer)


def post_letter(*, recommendations: int) -> Send:
    def send(cast: Cast, audit: Audit) -> None:
        meeting = make_called(cast, audit).meeting
        follow(meeting, cast.quality_officer, recommendations=recommendations, is_sent=False)
        meeting.letter.delete()
        letter = draft_letter(meeting=meeting, held_on=timezone.localdate(), by=cast.quality_officer)
        letter.status, letter.signed_as = LetterStatus.SIGNED, "Ada Byron, Independent Chair"
        letter.signed_at = timezone.now()
        letter.save()
        add_paper(meeting, DocumentKind.MEETING_LETTER)
        send_letter(letter=letter, by=cast.quality_officer)

    return send


def return_to_agency(cast: Cast, audit: Audit) -> None:
    meeting = make_called(cast, audit).meeting
    follow(meeting, cast.quality_officer)
    asked = meeting.recommendations.get()
    refuse_recommendation(recommendation=asked, reason="We do this already.", by=cast.lead)
    return_answer(recommendation=asked, note="Who does it?", by=cast.quality_officer)


def fail_action(cast: Cast, audit: Audit) -> None:
    meeting = make_called(cast, audit).meeting
    follow(meeting, cast.quality_officer)
    action = agree_on_action(meeting.recommendations.get(), cast.lead, cast.quality_officer)
    finish(action, cast.lead)
    verify(action, cast.quality_officer, ActionOutcome.FAILED)


def make_late(cast: Cast, meeting: Meeting, about: ChaseAbout) -> list[Followed]:
    follow(meeting, cast.quality_officer)
    asked = meeting.recommendations.get()
    if about == ChaseAbout.ACTION:
        agree_on_action(asked, cast.lead, cast.quality_officer)
    return [Followed(asked, Standing.NOT_ANSWERED, None, about, timezone.localdate(), ())]


def remind(step: ChaseStep, about: ChaseAbout = ChaseAbout.ANSWER) -> Send:
    def send(cast: Cast, audit: Audit) -> None:
        meeting = make_called(cast, audit).meeting
        go(make_late_mail(meeting, cast.lead, make_late(cast, meeting, about), step))

    return send


def write_about_late(cast: Cast, audit: Audit) -> None:
    meeting = make_called(cast, audit).meeting
    subject, body = make_letter_words(meeting, make_late(cast, meeting, ChaseAbout.ANSWER))
    EmailMessage(subject, body, to=["chief@anchor.example"]).send()


# The name of each is its template's, and after a comma what it says. With what its subject must say about a day.
A_DAY: Final = r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b"
BY: Final = rf"\bby {A_DAY}"
MEETING_MAILS: Final[dict[str, tuple[Send, str]]] = {
    "accountability/member_asked": (ask_member, BY),
    "accountability/agency_asked": (ask_agency, BY),
    "accountability/agency_told": (tell_agency(is_new), A_DAY),
    "accountability/agency_told, another time": (tell_agency(has_other_time), A_DAY),
    "accountability/agency_told, another place": (tell_agency(has_other_place), A_DAY),
    "accountability/agency_told, off": (tell_agency(is_off), A_DAY),
    "accountability/agency_told, dropped": (tell_agency(is_off, "It closes."), A_DAY),
    "accountability/agency_dropped": (tell_dropped, "You need not come"),
    "accountability/guest_told": (tell_guest(is_new, is_off=False), A_DAY),
    "accountability/guest_told, off": (tell_guest(is_off, is_off=True), A_DAY),
    "accountability/guest_told, another comes": (tell_guest(is_new, is_off=True), A_DAY),
    "accountability/member_told": (tell_member(is_new), A_DAY),
    "accountability/member_told, changed": (tell_member(has_other_time, 2), A_DAY),
    "accountability/member_entry": (tell_entry(is_new), A_DAY),
    "accountability/member_entry, off": (tell_entry(is_off), A_DAY),
    "accountability/member_entry, another sits": (tell_entry(has_others), A_DAY),
    "accountability/packs_ready": (tell_of_packs, rf"\bbefore {A_DAY}"),
    "accountability/minutes_agreed": (agree, BY),
    "accountability/minutes_draft": (send_to_chair, BY),
    "accountability/letter": (post_letter(recommendations=2), BY),
    "accountability/letter, nothing to answer": (post_letter(recommendations=0), A_DAY),
    "accountability/answer_returned": (return_to_agency, BY),
    "accountability/answer_returned, it did not work": (fail_action, BY),
    "accountability/late": (remind(ChaseStep.LEAD), "overdue"),
    "accountability/late, signatory": (remind(ChaseStep.SIGNATORY), "overdue"),
    "accountability/late, an action": (remind(ChaseStep.LEAD, ChaseAbout.ACTION), "overdue"),
    "accountability/late_letter": (write_about_late, "within five working days"),
}
