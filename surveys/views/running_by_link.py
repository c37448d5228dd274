"""Running what people answer by its link until a day: buttons open it, move the day, replace the link, and close it.

A practitioner survey is such a thing; an app above runs its own by the same buttons.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.contrib import messages

from s11.organisations.emails import make_link
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.dates import date as in_words
from surveys.forms.practitioners import LastDayForm

# Buttons that go with a day.
DATED: Final = ("open", "move")


class Opened(Protocol):
    """What is answered by its link."""

    closes_on: Any

    @property
    def is_over(self) -> bool: ...

    def get_link_token(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Act:
    """What a button does, and what is said then; `{day}` in it is the last day, where the button goes with one."""

    verb: Callable[..., object]
    done: str


def make_day_form(
    request: UserRequest, opened: Opened | None, suggested: datetime.date | None = None
) -> LastDayForm:
    """Bound only where its own button was pressed."""
    return LastDayForm(
        get_data(request) if request.POST.get("act") in DATED else None,
        initial={"closes_on": opened.closes_on if opened else suggested},
    )


def get_link(page: str, opened: Opened | None) -> str:
    """The whole address, to pass on; empty where it would open nothing."""
    return "" if opened is None or opened.is_over else make_link(page, opened.get_link_token())


def do_act(
    request: UserRequest,
    form: LastDayForm,
    acts: Mapping[str, Act],
    *,
    place: Mapping[str, object],
    opened: Mapping[str, object] | None,
    not_open: str,
) -> bool:
    """Do what the button says; whether the page is to be opened anew, else its form is wrong.

    Verbs are called with `by`, with `closes_on` where the button goes with a day, and by name with what is opened, or
    with the `place` of that which is to be.
    """
    wanted = request.POST.get("act", "")
    if wanted in DATED and not form.is_valid():
        return False
    about = place if wanted == "open" else opened
    if about is None:
        messages.warning(request, not_open)
    elif wanted in acts:
        act, day = acts[wanted], form.cleaned_data["closes_on"] if wanted in DATED else None
        more = dict(about) if day is None else {**about, "closes_on": day}
        tell_outcome(request, act.done.format(day=in_words(day)), act.verb, **more, by=request.user)
    return True
