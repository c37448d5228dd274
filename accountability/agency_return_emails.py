"""E-mails about agencies' returns for the annual report. Texts stand in templates/emails/accountability/.

What the partnership tells an agency goes through the outbox; what an agency's people ask of each other is theirs alone,
and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.mail import EmailMessage

from accountability.models import AgencyReturn, ReturnRequest
from s11.organisations.emails import get_leads, make_email, make_link
from s11.organisations.models import Participation, User
from surveys.enums import MessageKind
from surveys.models import Message
from surveys.outbox import put_in_outbox
from surveys.recipients import find_leads


def make_return_mail(
    name: str, request: ReturnRequest, participation: Participation, email: str, *, page: str, **more: Any
) -> EmailMessage:
    place = (request.partnership.slug, participation.organisation.slug, request.year.slug)
    return make_email(
        f"accountability/{name}",
        to=[email],
        partnership=request.partnership,
        asked=request,
        organisation=participation.organisation,
        link=make_link(f"accountability:{page}", *place),
        **more,
    )


# The agency's own -----------------------------------------------------------------------------------------------------


def send_to_approve(found: AgencyReturn, signatories: Iterable[User], by: User) -> None:
    for person in signatories:
        make_return_mail(
            "agency_return_to_approve",
            found.request,
            found.participation,
            person.email,
            page="agency_return_approve",
            by=by,
        ).send()


def send_sent_back(found: AgencyReturn, reason: str, by: User) -> None:
    for address in get_leads(found.participation.organisation):
        make_return_mail(
            "agency_return_sent_back",
            found.request,
            found.participation,
            address,
            page="agency_return",
            by=by,
            reason=reason,
        ).send()


# The partnership's ----------------------------------------------------------------------------------------------------


def put_asked_mails(
    request: ReturnRequest, places: Iterable[Participation], by: User, *, once: str = ""
) -> list[Message]:
    """To the leads of each of these; with `once` it is a reminder, and each has one of that key at most."""
    places = list(places)
    leads = find_leads(one.organisation_id for one in places)
    return [
        message
        for place in places
        for lead in leads.get(place.organisation_id, ())
        if (
            message := _put(
                "agency_return_asked", request, place, lead, by, once=once, is_reminder=bool(once)
            )
        )
    ]


def put_accepted_mails(found: AgencyReturn, by: User) -> None:
    for lead in find_leads([found.participation.organisation_id])[found.participation.organisation_id]:
        _put("agency_return_accepted", found.request, found.participation, lead, by)


def put_returned_mails(found: AgencyReturn, reason: str, by: User) -> None:
    for lead in find_leads([found.participation.organisation_id])[found.participation.organisation_id]:
        _put("agency_return_returned", found.request, found.participation, lead, by, reason=reason)


def _put(
    name: str,
    request: ReturnRequest,
    place: Participation,
    person: User,
    by: User,
    *,
    once: str = "",
    **more: Any,
) -> Message | None:
    mail = make_return_mail(name, request, place, person.email, page="agency_return", **more)
    return put_in_outbox(
        kind=MessageKind.NOTICE,
        participation=place,
        email=person.email,
        user=person,
        subject=str(mail.subject),
        body=str(mail.body),
        by=by,
        once=f"{once}:{place.pk}:{person.pk}" if once else "",
    )
