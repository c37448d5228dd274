"""How an e-mail leads a panel member to a page: on the desk, or by their own link where they have no login."""

from __future__ import annotations

from accountability.models import PanelMember
from s11.organisations.emails import make_link
from surveys.models.messages import PERSONAL_LINK


def choose_link(member: PanelMember, *, desk: str, personal: str) -> tuple[str, str]:
    """What stands in the text, and what takes its place as the e-mail goes; that is empty for who has a login.

    `desk` is an address, `personal` the name of a page that opens by the member's token.
    """
    if member.officer is not None:
        return desk, ""
    return PERSONAL_LINK, make_link(personal, member.get_link_token())
