"""E-mails and letters about what was agreed and is late. Texts stand in templates/emails/accountability/."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from accountability.enums import ChaseAbout, ChaseStep
from accountability.following import Followed
from accountability.models import Meeting, Recommendation
from s11.organisations.emails import make_email, make_link
from s11.organisations.models import User


def make_link_of_one(recommendation: Recommendation) -> str:
    """The agency's page of this one, where it is answered."""
    slugs = recommendation.meeting.slugs
    return make_link(
        "accountability:agency_recommendation",
        slugs["partnership"],
        slugs["organisation"],
        slugs["cycle"],
        str(recommendation.number),
    )


def make_link_of(meeting: Meeting) -> str:
    """The agency's page of what the panel asked of it."""
    slugs = meeting.slugs
    return make_link(
        "accountability:agency_recommendations", slugs["partnership"], slugs["organisation"], slugs["cycle"]
    )


def make_late_mail(meeting: Meeting, person: User, late: Sequence[Followed], step: ChaseStep) -> EmailMessage:
    """To a lead, or ten working days later to a signatory: what is late, since when, and where to answer."""
    return make_email(
        "accountability/late",
        to=[person.email],
        partnership=meeting.panel.cycle.partnership,
        meeting=meeting,
        answers=[one for one in late if one.overdue == ChaseAbout.ANSWER],
        actions=[one for one in late if one.overdue == ChaseAbout.ACTION],
        is_second=step == ChaseStep.SIGNATORY,
        link=make_link_of(meeting),
    )


def make_returned_mail(recommendation: Recommendation, person: User) -> EmailMessage:
    """To the agency, when an officer returns its answer, or has seen that its action did not work."""
    meeting = recommendation.meeting
    return make_email(
        "accountability/answer_returned",
        to=[person.email],
        partnership=meeting.panel.cycle.partnership,
        recommendation=recommendation,
        meeting=meeting,
        link=make_link_of_one(recommendation),
    )


def make_letter_words(meeting: Meeting, late: Sequence[Followed]) -> tuple[str, str]:
    """Subject and body; the officer changes both before they go."""
    text = render_to_string(
        "emails/accountability/late_letter.txt",
        {
            "meeting": meeting,
            "partnership": meeting.panel.cycle.partnership,
            "late": late,
            "link": make_link_of(meeting),
        },
        using="jinja2",
    )
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip()
