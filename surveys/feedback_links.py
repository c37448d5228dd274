"""What an app above this one gives back to agencies: it registers here, and the Feedback room lists it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from s11.organisations.queries import Agency


@dataclass(frozen=True, slots=True)
class FeedbackLink:
    """One thing to read."""

    title: str
    about: str
    href: str
    at: datetime.datetime


_LISTERS: list[Callable[[Agency], Sequence[FeedbackLink]]] = []


def register_feedback(lister: Callable[[Agency], Sequence[FeedbackLink]]) -> None:
    """Called once, as the app above starts. Its queries may not grow with what it finds."""
    _LISTERS.append(lister)


def list_feedback(agency: Agency) -> list[FeedbackLink]:
    """The newest first."""
    found = [link for lister in _LISTERS for link in lister(agency)]
    return sorted(found, key=lambda link: link.at, reverse=True)
