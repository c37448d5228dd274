"""The mail that a journey waits for. The server runs in this process, so the outbox is shared with it."""

from __future__ import annotations

import re

from django.core import mail


def find_link() -> str:
    """The one link in the one mail that was sent; the mail is taken out."""
    message = mail.outbox.pop()
    assert not mail.outbox, "More than one mail was sent."
    link: str
    (link,) = re.findall(r"https?://\S+", str(message.body))
    return link
