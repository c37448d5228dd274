"""Who took part in a report's cycles, in sentences that agree with their numbers. Pure, as narrative.py."""

from __future__ import annotations

from collections.abc import Sequence

from accountability.sentences import Json, Shown, list_bullets, lower_first, say_on_time, say_submitted
from s11.web.dates import date


def say_who_took_part(cycles: Sequence[Shown]) -> str:
    now = cycles[0]
    said = [_say_returned(now), _say_kinds(now)]
    said += [
        f"In {past.title}, {lower_first(_say_submitted(past))}."
        for past in cycles[1:]
        if past.document["participation"]["submitted_of_invited"]["of"]
    ]
    return "\n\n".join(filter(None, said))


def _say_submitted(shown: Shown) -> str:
    share = shown.document["participation"]["submitted_of_invited"]
    token = shown.token("participation", "submitted_of_invited")
    # A cycle that others are compared with is over, as far as this report goes.
    return say_submitted(token, share, is_closed=shown.is_closed or shown.number > 1)


def _say_returned(now: Shown) -> str:
    took_part = now.document["participation"]
    said = f"{_say_submitted(now)}. "
    if now.is_closed:
        on_time = say_on_time(
            now.token("participation", "on_time_of_submitted"), took_part["on_time_of_submitted"]
        )
        said += f"The closing day was {date(now.closes_on)}{'; ' if on_time else ''}{on_time}."
    else:
        said += f"The closing day is {date(now.closes_on)}."
    if own := took_part.get("own_tool"):
        its, it = ("its own audit tool", "it is") if own == 1 else ("their own audit tools", "they are")
        said += (
            f" Of those that submitted, {now.token('participation', 'own_tool')} returned {its} in place of answers; "
            f"{it} counted here and in no score."
        )
    return said


def _say_kinds(now: Shown) -> str:
    """Who submitted, by kind of organisation; where there is one kind alone it has been said."""
    kinds = now.document["participation"].get("variants", ())
    if len(kinds) < 2:
        return ""
    return list_bullets(_say_kind(now, one) for one in kinds)


def _say_kind(now: Shown, kind: Json) -> str:
    path = ("participation", "variants", kind["variant"])
    return f"{kind['label']}: {now.token(*path, 'submitted')} of {now.token(*path, 'invited')} submitted"
