"""Which organisations and people a report's words name: shown before anybody approves or publishes them.

A text may name an agency on purpose, so it is a warning and no refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from s11.organisations.models import Membership, Officer, Partnership

# Shorter ones are words too.
SHORTEST = 4


def find_named(partnership: Partnership, content: Any) -> list[str]:
    """In a report's words."""
    words = [content["report"]["title"], *(one["text"] for one in content["sections"])]
    words += [one["text"] for one in content["errata"]]
    return find_named_in(partnership, "\n".join(words))


def find_named_in(partnership: Partnership, words: str) -> list[str]:
    """In the order of the alphabet; whole names alone, in capital letters or small ones."""
    return sorted({*find_organisations_in(partnership, words), *find_people_in(partnership, words)})


def find_organisations_in(partnership: Partnership, words: str) -> set[str]:
    return _find(list_organisations(partnership), words)


def find_people_in(partnership: Partnership, words: str) -> set[str]:
    return _find(list_people(partnership), words)


def list_organisations(partnership: Partnership) -> Iterator[str]:
    """By every name that they have here."""
    for names in partnership.participations.values_list("organisation__name", "local_name"):
        yield from names


def list_people(partnership: Partnership) -> Iterator[str]:
    """Members of organisations here, and the partnership's own officers."""
    places = partnership.participations.all()
    members = Membership.objects.active().filter(organisation__in=places.values("organisation"))
    yield from members.values_list("user__name", flat=True)
    yield from Officer.objects.active().filter(partnership=partnership).values_list("user__name", flat=True)


def _find(names: Iterable[str], words: str) -> set[str]:
    text = " ".join(words.casefold().split())
    return {name for name in names if _stands_in(name, text)}


def _stands_in(name: str, text: str) -> bool:
    name = " ".join(name.casefold().split())
    # The cheap look first: there may be thousands of names.
    return (
        len(name) >= SHORTEST and name in text and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))
    )
