"""Who has which part of an audit, and how far each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from s11.organisations.models import User
from s11.web.languages import say
from s11.web.spoken import list_words
from surveys.models import Assignment, Audit
from surveys.progress import Progress
from surveys.queries import AskedIndicator, AskedStandard
from surveys.reach import Given, get_assignments, get_writers, make_given

# Stands for the reader's own name until it is put into words.
YOU: Final = "\0"
# So many codes are named, more are counted.
FEW = 3


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who may answer, what they have, and how far it is."""

    user: User
    roles: str
    parts: tuple[str, ...]
    answered: int
    asked: int


def list_given(given: Given, asked: AskedStandard) -> list[AskedIndicator]:
    """What one person has of a standard."""
    return [item for item in asked.items if given.holds(item.indicator)]


def name_holders(asked: AskedStandard, assignments: Iterable[Assignment], viewer: User) -> str:
    """‘Hari Moss has this’, ‘You and Ines Vale have this’, ‘Hari Moss has A1.2’; empty where nobody has any of it."""
    codes = {item.indicator.pk: item.indicator.code for item in asked.items}
    wholes: list[str] = []
    singles: dict[str, list[str]] = {}
    for one in assignments:
        name = YOU if one.user_id == viewer.pk else str(one.user)
        if one.standard_id == asked.standard.pk:
            wholes.append(name)
        elif one.indicator_id in codes:
            singles.setdefault(name, []).append(codes[one.indicator_id])
    parts = [_say_has(wholes, say("this"))] if wholes else []
    for name, found in singles.items():
        what = ", ".join(sorted(found)) if len(found) <= FEW else say("{n} of these", n=len(found))
        parts.append(_say_has([name], what))
    return "; ".join(parts)


def _say_has(names: Sequence[str], what: str) -> str:
    people = list_words([say("You") if name == YOU else name for name in names])
    if len(names) > 1 or names[0] == YOU:
        return say("{people} have {what}", people=people, what=what)
    return say("{person} has {what}", person=people, what=what)


def get_holders(audit: Audit, progress: Progress) -> list[Holder]:
    """Everybody who may answer, leads first. Two queries, whatever their number."""
    assignments = get_assignments(audit)
    return [
        _make_holder(user, roles, make_given(assignments, user), progress)
        for user, roles in get_writers(audit.organisation)
    ]


def _make_holder(user: User, roles: str, given: Given, progress: Progress) -> Holder:
    items = [item for asked in progress.standards for item in list_given(given, asked)]
    return Holder(
        user=user,
        roles=roles,
        parts=tuple(list_codes(given, progress)),
        answered=sum(item.is_answered for item in items),
        asked=len(items),
    )


def list_codes(given: Given, progress: Progress) -> Iterable[str]:
    """In the order of the audit: a standard as a whole, or single indicators of it."""
    for asked in progress.standards:
        if asked.standard.pk in given.standards:
            yield asked.standard.code
        else:
            yield from (item.indicator.code for item in list_given(given, asked))
