"""What people are told about requests to be forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from s11.organisations.emails import make_email, make_link
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Anonymisation, Officer, Partnership


def send_due(anonymisation: Anonymisation, partnership: Partnership | None) -> None:
    """To the person: nothing can bring the name back, so they hear of it while it can still be stopped."""
    link = make_link("organisations:contact_of", partnership.slug) if partnership else make_link("contact")
    make_email(
        "privacy/forgetting_due",
        to=[anonymisation.user.email],
        partnership=partnership,
        anonymisation=anonymisation,
        link=link,
    ).send()


def send_to_decide(anonymisation: Anonymisation, partnerships: Iterable[Partnership]) -> None:
    """To the administrators of each partnership that knows the account."""
    for partnership in partnerships:
        administrators = Officer.objects.active().filter(
            partnership=partnership, role=OfficerRole.ADMINISTRATOR
        )
        link = make_link("privacy:leaver", partnership.slug, str(anonymisation.user_id))
        for email in sorted(set(administrators.values_list("user__email", flat=True))):
            make_email(
                "privacy/forgetting_to_decide",
                to=[email],
                partnership=partnership,
                anonymisation=anonymisation,
                link=link,
            ).send()


def send_stopped(anonymisation: Anonymisation, partnership: Partnership) -> None:
    """To the person, by the partnership that keeps the name."""
    make_email(
        "privacy/forgetting_stopped",
        to=[anonymisation.user.email],
        partnership=partnership,
        anonymisation=anonymisation,
        link=make_link("organisations:contact_of", partnership.slug),
    ).send()
