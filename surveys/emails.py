"""E-mails about audits. Texts stand in templates/emails/surveys/.

What a partnership tells an agency at once is kept as a message that has gone, beside those of the outbox: receipts, and
what it returned. What an agency's people ask of each other is theirs alone and is kept nowhere.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from s11.organisations.emails import make_email, make_link
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Participation, User
from s11.web.outages import is_mail_down
from surveys.due_again import Due
from surveys.enums import MessageKind, MessageStatus
from surveys.models import (
    Action,
    Audit,
    Correction,
    EvidenceVersion,
    Invitee,
    Message,
    OwnToolReturn,
    SignOff,
)
from surveys.queries import make_reference

logger = logging.getLogger(__name__)


def _send(template: str, audit: Audit, to: Iterable[str], page: str, **context: Any) -> None:
    for mail in _make(template, audit, to, page, **context):
        mail.send()


def _make(
    template: str, audit: Audit, to: Iterable[str], page: str, **context: Any
) -> Iterator[EmailMessage]:
    """One to each, so that nobody sees the others' addresses; `page` is where the one link leads."""
    for address in to:
        yield make_email(
            f"surveys/{template}",
            to=[address],
            partnership=audit.partnership,
            audit=audit,
            link=make_link(f"surveys:{page}", *audit.slugs.values()),
            **context,
        )


def _send_and_keep(mails: Iterable[EmailMessage], invitee: Invitee, by: User | None) -> None:
    """Each stands in the outbox's log; one that the mail server does not take waits there to be tried again.

    Somebody waits for the page: a server that does not answer is not asked for the next one.
    """
    is_down = False
    for mail in mails:
        is_sent = False
        try:
            if not is_down:
                mail.send()
                is_sent = True
        except OSError as error:
            # smtplib's errors are OSErrors.
            logger.exception("A mail waits in the outbox, because it could not be sent at once")
            is_down = is_mail_down(error)
        Message.objects.create(
            partnership=invitee.cycle.partnership,
            cycle=invitee.cycle,
            invitee=invitee,
            organisation=invitee.organisation,
            kind=MessageKind.NOTICE,
            email=mail.to[0],
            subject=str(mail.subject),
            body=str(mail.body),
            status=MessageStatus.SENT if is_sent else MessageStatus.WAITING,
            sent_at=timezone.now() if is_sent else None,
            by=by,
        )


def _list_addresses(of: Audit | Invitee, role: MembershipRole) -> list[str]:
    members = of.organisation.memberships.active().filter(role=role)
    return list(members.values_list("user__email", flat=True))


def send_receipt(audit: Audit) -> None:
    """To each of the organisation's leads: what was submitted, when, and where the receipt and the copy are."""
    leads = _list_addresses(audit, MembershipRole.LEAD)
    reference = make_reference(audit, audit.submission)
    mails = _make("receipt", audit, leads, "audit_submitted", reference=reference)
    _send_and_keep(mails, audit.invitee, audit.submitted_by)


def send_own_tool_receipt(own: OwnToolReturn) -> None:
    """To each of the organisation's leads, and to who returned it: which file stands in place of answers, and when."""
    invitee = own.invitee
    addresses = set(_list_addresses(invitee, MembershipRole.LEAD))
    if own.submitted_by is not None:
        addresses.add(own.submitted_by.email)
    mails = (
        make_email(
            "surveys/own_tool_receipt",
            to=[address],
            partnership=invitee.cycle.partnership,
            own=own,
            invitee=invitee,
            link=make_link("surveys:audit_own_tool", *invitee.slugs.values()),
        )
        for address in sorted(addresses)
    )
    _send_and_keep(mails, invitee, own.submitted_by)


def send_sign_off_asked(audit: Audit, sign_off: SignOff) -> None:
    signatories = _list_addresses(audit, MembershipRole.SIGNATORY)
    _send("sign_off_asked", audit, signatories, "audit_sign_off", sign_off=sign_off)


def send_signed_off(audit: Audit, sign_off: SignOff) -> None:
    leads = _list_addresses(audit, MembershipRole.LEAD)
    _send("signed_off", audit, leads, "audit_check", sign_off=sign_off)


def send_sent_back(audit: Audit, sign_off: SignOff) -> None:
    leads = _list_addresses(audit, MembershipRole.LEAD)
    _send("sent_back", audit, leads, "audit", sign_off=sign_off)


def send_returned(audit: Audit, correction: Correction) -> None:
    """To each lead: which answers are open again, and why."""
    codes = correction.indicators.order_by("position").values_list("code", flat=True)
    leads = _list_addresses(audit, MembershipRole.LEAD)
    mails = _make("returned", audit, leads, "audit", correction=correction, codes=list(codes))
    _send_and_keep(mails, audit.invitee, correction.by)


def send_corrected(audit: Audit) -> None:
    """To each signatory: what they had signed was corrected since."""
    signatories = _list_addresses(audit, MembershipRole.SIGNATORY)
    _send_and_keep(_make("corrected", audit, signatories, "audit_read"), audit.invitee, audit.submitted_by)


def send_assigned(audit: Audit, user: User, what: Iterable[str], by: User) -> None:
    """To a colleague, once a save: everything that they were given by it."""
    _send("assigned", audit, [user.email], "audit", what=list(what), by=by)


def send_overdue_actions(person: User, actions: Sequence[Action], today: datetime.date) -> None:
    """One e-mail with all that is overdue for the person, by place; oldest first."""
    places: dict[Participation, list[Action]] = {}
    for action in actions:
        places.setdefault(action.participation, []).append(action)
    partnerships = {place.partnership for place in places}
    only = next(iter(places)) if len(places) == 1 else None
    make_email(
        "surveys/overdue_actions",
        to=[person.email],
        # Whom to ask is one partnership's to say.
        partnership=partnerships.pop() if len(partnerships) == 1 else None,
        places=places,
        actions=actions,
        today=today,
        link=make_link("surveys:actions", only.partnership.slug, only.organisation.slug)
        if only
        else make_link("home"),
    ).send()


def send_due_again(person: User, dues: Sequence[Due]) -> None:
    """One e-mail with all that is due for another look where the person leads, by place."""
    partnerships = {due.participation.partnership for due in dues}
    only = dues[0].participation if len(dues) == 1 else None
    make_email(
        "surveys/due_again",
        to=[person.email],
        # Whom to ask is one partnership's to say.
        partnership=partnerships.pop() if len(partnerships) == 1 else None,
        dues=dues,
        count=sum(due.count for due in dues),
        link=make_link("surveys:due", only.partnership.slug, only.organisation.slug)
        if only
        else make_link("home"),
    ).send()


def send_infected(version: EvidenceVersion) -> None:
    """To the organisation's leads, and to whoever added it if they still belong there; to no partnership."""
    organisation = version.evidence.organisation
    members = organisation.memberships.active()
    told = members.filter(Q(role=MembershipRole.LEAD) | Q(user=version.added_by))
    place = organisation.participations.filter(is_active=True).select_related("partnership").first()
    for address in sorted(set(told.values_list("user__email", flat=True))):
        make_email(
            "surveys/infected",
            to=[address],
            version=version,
            link=make_link(
                "surveys:evidence_item", place.partnership.slug, organisation.slug, str(version.evidence_id)
            )
            if place
            else make_link("home"),
        ).send()
