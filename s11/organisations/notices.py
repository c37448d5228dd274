"""What other parts of the product have to say about an organisation on its page at the desk, such as refused mail.

Those parts know organisations, and organisations do not know them: each adds its own source when it starts.
"""

from __future__ import annotations

from collections.abc import Callable

from s11.organisations.models import Participation

# Each gives sentences; it is asked on every opening of the page, so it may ask the database once.
SOURCES: list[Callable[[Participation], list[str]]] = []


# Pages that they have about it: what the link says, and where it leads.
LINKS: list[tuple[str, Callable[[Participation], str]]] = []


def get_links(participation: Participation) -> list[tuple[str, str]]:
    return [(text, get_address(participation)) for text, get_address in LINKS]


def get_notices(participation: Participation) -> list[str]:
    return [sentence for source in SOURCES for sentence in source(participation)]
