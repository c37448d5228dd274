"""Who may do without a second factor, and who may reset that of somebody who has lost it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from s11.organisations.models import Officer, User
from s11.organisations.permissions import check_can_administer
from s11.organisations.queries import Desk
from s11.organisations.second_factors import has_another_factor, is_required_of
from s11.web.errors import NotAllowed


def check_can_remove_factor(authenticator: Authenticator) -> None:
    """The last one of an officer stays; everybody else does as they like."""
    if is_required_of(authenticator.user) and not has_another_factor(authenticator):
        raise NotAllowed(
            "Officers sign in with a second step. Set up another one first, then remove this one."
        )


def check_can_reset(desk: Desk, by: User, person: User) -> None:
    """An administrator, for people who are officers nowhere else: elsewhere it would open somebody else's desk.

    One sentence for all whom they may not: it must not tell who works for another partnership.
    """
    check_can_administer(desk)
    if person == by:
        raise NotAllowed(
            "You cannot reset your own second step. Ask another administrator, or whoever runs this site."
        )
    elsewhere = Officer.objects.active().filter(user=person).exclude(partnership=desk.partnership)
    if person.is_staff or person.is_superuser or elsewhere.exists():
        raise NotAllowed(f"Only whoever runs this site can reset the second step of {person}.")


def check_can_repair(by: User, person: User) -> None:
    """In the admin site: not one's own, and whoever may repair people must not get at the all-powerful."""
    if person == by or (person.is_superuser and not by.is_superuser):
        raise NotAllowed(f"You cannot reset the second step of {person}. Use manage.py reset_second_factor.")
