"""E-mails that ask when people can come, or say that they need not; texts stand in templates/emails/accountability/."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.utils import timezone

from accountability.answer_dates import get_answer_by
from accountability.availability_grid import get_days_to_ask
from accountability.models import Meeting, PanelMember
from s11.organisations.emails import make_email, make_link
from s11.organisations.models import User
from surveys.models.messages import PERSONAL_LINK


def make_availability_link(member: PanelMember) -> str:
    """Opens without a session, so it goes to the member alone."""
    return make_link("accountability:availability", member.get_link_token())


def write_member_request(member: PanelMember) -> tuple[EmailMessage, str]:
    """The e-mail with a mark where the link will stand, and the link."""
    cycle = member.panel.cycle
    days = get_days_to_ask(member)
    mail = make_email(
        "accountability/member_asked",
        to=[member.email],
        partnership=cycle.partnership,
        member=member,
        cycle=cycle,
        days=days,
        is_more=member.answered_at is not None and bool(days),
        answer_by=get_answer_by(timezone.localdate(), (day.date for day in days)),
        link=PERSONAL_LINK,
    )
    return mail, make_availability_link(member)


def write_agency_request(meeting: Meeting, user: User) -> EmailMessage:
    slugs = meeting.slugs
    # Nobody is asked about a day that is over.
    days = list(meeting.panel.days.filter(date__gte=timezone.localdate()))
    return make_email(
        "accountability/agency_asked",
        to=[user.email],
        partnership=meeting.cycle.partnership,
        meeting=meeting,
        days=days,
        answer_by=get_answer_by(timezone.localdate(), (day.date for day in days)),
        link=make_link(
            "accountability:half_days", slugs["partnership"], slugs["organisation"], slugs["cycle"]
        ),
    )


def make_dropped_mail(meeting: Meeting, reason: str, email: str) -> EmailMessage:
    """To an agency that knew that it is called; of one that was told a time its release says that it is off."""
    slugs = meeting.slugs
    return make_email(
        "accountability/agency_dropped",
        to=[email],
        partnership=meeting.cycle.partnership,
        meeting=meeting,
        reason=reason,
        link=make_link("accountability:agency_meetings", slugs["partnership"], slugs["organisation"]),
    )
