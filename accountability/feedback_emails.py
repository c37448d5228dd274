"""The e-mail that tells an agency of its feedback report. Its text stands in templates/emails/accountability/."""

from __future__ import annotations

from django.core.mail import EmailMessage

from accountability.models import FeedbackIssue
from s11.organisations.emails import make_email, make_link
from surveys.models import Invitee


def make_feedback_mail(issue: FeedbackIssue, invitee: Invitee, email: str) -> EmailMessage:
    """To a lead: where the report is. Its figures stay on the page, for an e-mail goes further than its reader."""
    cycle = invitee.cycle
    return make_email(
        "accountability/feedback",
        to=[email],
        partnership=cycle.partnership,
        cycle=cycle,
        organisation=invitee.organisation,
        is_first=issue.number == 1,
        link=make_link(
            "accountability:feedback_report", cycle.partnership.slug, invitee.organisation.slug, cycle.slug
        ),
    )
