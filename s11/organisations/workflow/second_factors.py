"""Resetting the second factor of somebody who has lost it: they sign in with their password, and set up another."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from s11.organisations.enums import OfficerRole
from s11.organisations.models import Officer, Partnership, User
from s11.organisations.second_factor_emails import send_second_factor_reset, tell_of_second_factor_reset
from s11.organisations.workflow.feed_tokens import end_feed_tokens
from s11.organisations.workflow.sessions import end_sessions
from s11.web.errors import NotInThisState


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None, partnership: Partnership | None = None) -> None:
    """`by` is nobody where an operator's command does it. Each factor leaves its own line in the trail.

    What the lost phone may still have open is ended too.
    """
    User.objects.select_for_update().get(pk=user.pk)
    factors = list(Authenticator.objects.filter(user=user))
    if not factors:
        raise NotInThisState(f"{user} has no second step now. They sign in with their password alone.")
    for factor in factors:
        factor.delete()
    end_sessions(user)
    end_feed_tokens(user, why="Your second step was reset, so nothing from before it opens anything.")
    told = get_told(user, by=by, partnership=partnership)
    transaction.on_commit(lambda: send_second_factor_reset(user, by=by, partnership=partnership))
    transaction.on_commit(lambda: tell_of_second_factor_reset(user, told, by=by))


def get_told(
    user: User, *, by: User | None, partnership: Partnership | None
) -> list[tuple[Partnership, str]]:
    """The other administrators of where it was done, and of where the person works."""
    offices = Officer.objects.active().filter(user=user).values_list("partnership", flat=True)
    concerned = {*offices, *([partnership.pk] if partnership else [])}
    administrators = Officer.objects.active().filter(
        partnership__in=concerned, role=OfficerRole.ADMINISTRATOR
    )
    others = administrators.exclude(user=user).select_related("user", "partnership")
    return [(one.partnership, one.user.email) for one in others if one.user != by]
