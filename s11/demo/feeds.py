"""By which tokens officers' programs read. Nobody has the tokens themselves: they are made and thrown away."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from s11.demo import content
from s11.demo.audits import at
from s11.organisations.enums import OfficerRole
from s11.organisations.models import FeedToken, Partnership, User

QUALITY: Final = content.OFFICER_LOGINS[OfficerRole.QUALITY_OFFICER][0]


@dataclass(frozen=True, slots=True)
class Reader:
    """In days: how long ago its token was made, for how long it lasts, and how long ago it was last used."""

    name: str
    made: int
    lasts: int
    used: int


READERS: Final = (
    Reader("Power BI at the office", 140, 365, 1),
    Reader("Excel for the executive", 101, 91, 24),
)


def make_feed_tokens(partnership: Partnership, today: datetime.date) -> None:
    """The quality officer's: one that is read every morning, and one that has expired since."""
    person = User.objects.get(email=QUALITY)
    for reader in READERS:
        made_on = today - datetime.timedelta(days=reader.made)
        token = FeedToken(
            user=person,
            partnership=partnership,
            name=reader.name,
            made_at=at(made_on, 10),
            expires_on=made_on + datetime.timedelta(days=reader.lasts),
            last_used_on=today - datetime.timedelta(days=reader.used),
        )
        token.set_new_secret()
        token.save()
