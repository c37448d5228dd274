"""E-mails about questions on answers, through the outbox: to the agency's leads, and back to who asked."""

from __future__ import annotations

from typing import Any

from s11.organisations.emails import make_email, make_link
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Officer, User
from surveys.enums import MessageKind
from surveys.models import Clarification
from surveys.outbox import put_in_outbox


def tell_leads_of_question(asked: Clarification) -> None:
    """One to each lead, with the one link to the reply."""
    slugs = asked.answer.audit.slugs
    link = make_link("surveys:feedback_question", slugs["partnership"], slugs["organisation"], str(asked.pk))
    members = asked.answer.audit.organisation.memberships.active().filter(role=MembershipRole.LEAD)
    for membership in members.select_related("user").order_by("pk"):
        _put(asked, membership.user, "question_asked", link=link)


def tell_asker_of_reply(asked: Clarification) -> None:
    """Unless they are no officer here any more: the queue shows everybody else that there is a reply."""
    audit = asked.answer.audit
    offices = Officer.objects.active().filter(user=asked.asked_by, partnership=audit.partnership)
    if not offices.exists():
        return
    slugs, code = audit.slugs, asked.answer.indicator.standard.code
    link = make_link(
        "surveys:moderation_standard", slugs["partnership"], slugs["cycle"], slugs["organisation"], code
    )
    _put(asked, asked.asked_by, "question_replied", link=link)


def _put(asked: Clarification, user: User, template: str, **context: Any) -> None:
    audit = asked.answer.audit
    mail = make_email(
        f"surveys/{template}",
        to=[user.email],
        partnership=audit.partnership,
        audit=audit,
        asked=asked,
        **context,
    )
    put_in_outbox(
        kind=MessageKind.CLARIFICATION,
        invitee=audit.invitee,
        email=user.email,
        user=user,
        subject=str(mail.subject),
        body=str(mail.body),
        by=asked.replied_by or asked.asked_by,
    )
