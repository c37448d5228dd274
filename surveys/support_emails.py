"""E-mails about offers of support, through the outbox: to the agency, and back to the officer who sees to it."""

from __future__ import annotations

from collections.abc import Iterable

from s11.organisations.emails import make_email, make_link
from s11.organisations.models import Contact, Officer, User
from surveys.enums import MessageKind
from surveys.models import SupportOffer
from surveys.outbox import put_in_outbox
from surveys.recipients import Addressee, get_addressees


def tell_agencies(offers: Iterable[SupportOffer], by: User) -> int:
    """One to each lead, else to the contacts who stand in; how many agencies have nobody who can be reached.

    The offers' invitees come with cycle and partnership, and the concerns are prefetched.
    """
    offers = list(offers)
    addressees = get_addressees(offer.invitee for offer in offers)
    unreached = 0
    for offer in offers:
        addressee = addressees[offer.invitee_id]
        unreached += not addressee.to
        _tell(offer, addressee, by)
    return unreached


def _tell(offer: SupportOffer, addressee: Addressee, by: User) -> None:
    partnership, organisation = offer.invitee.cycle.partnership, offer.invitee.organisation
    link = make_link("surveys:feedback_support", partnership.slug, organisation.slug, str(offer.pk))
    for one in addressee.to:
        mail = make_email(
            "surveys/support_offered",
            to=[one.email],
            partnership=partnership,
            offer=offer,
            name=addressee.name,
            # Who has no account can open no page: they write to the officer instead.
            link=link if one.user else "",
        )
        put_in_outbox(
            kind=MessageKind.SUPPORT,
            invitee=offer.invitee,
            email=one.email,
            subject=str(mail.subject),
            body=str(mail.body),
            by=by,
            user=User(pk=one.user) if one.user else None,
            contact=Contact(pk=one.contact) if one.contact else None,
        )


def tell_owner(offer: SupportOffer, by: User) -> None:
    """That the agency has accepted or declined; unless they are no officer here any more."""
    partnership = offer.invitee.cycle.partnership
    if not Officer.objects.active().filter(user=offer.owner, partnership=partnership).exists():
        return
    mail = make_email(
        "surveys/support_answered",
        to=[offer.owner.email],
        partnership=partnership,
        offer=offer,
        by=by,
        link=make_link("surveys:support_offer", partnership.slug, str(offer.pk)),
    )
    put_in_outbox(
        kind=MessageKind.SUPPORT,
        invitee=offer.invitee,
        email=offer.owner.email,
        user=offer.owner,
        subject=str(mail.subject),
        body=str(mail.body),
        by=by,
    )
