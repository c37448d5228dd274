"""What weighs heavily asks who one is again: giving roles, handing over a lead, destroying, all about a person.

Roles are also given by putting back who was removed; all about a person is an export, and the end of their name.

Not of somebody who signed in a while ago: inviting five colleagues is one thing to do. A session that was left open,
or taken over, gets no further. allauth asks, keeps what was sent meanwhile, and goes on with it.
"""

from __future__ import annotations

import time
from typing import Final

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired

from s11.organisations.requests import UserRequest
from s11.organisations.second_factors import has_just_signed_in
from s11.organisations.session_store import BEGUN

TRUSTED_FOR: Final = 30 * 60


def ask_who_it_is(request: UserRequest) -> None:
    """Goes on where the person has shown it lately, with their second step if they have one.

    Who signs in at work alone has nothing to show here: the provider asks, at the next sign-in.
    """
    if request.session.get(BEGUN, 0) > time.time() - TRUSTED_FOR:
        return
    if not get_reauthentication_flows(request.user):
        return
    if not has_just_signed_in(request, request.user, within=TRUSTED_FOR):
        raise ReauthenticationRequired
