"""Forms of the timetable: how long to search, where a meeting goes, and a release's note."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from accountability.models import Release
from accountability.moves import Move
from accountability.timetabling import SECONDS
from s11.web.dates import date, time
from s11.web.forms import Look

MOVED_MEANWHILE = (
    "Somebody changed the timetable meanwhile, and this time is not possible any more. Select when and where"
)
NOTE_LENGTH = Release._meta.get_field("note").max_length


class RunForm(forms.Form):
    """How long the search may take."""

    seconds = forms.TypedChoiceField(
        label="How long may it take?",
        choices=[("10", "10 seconds"), ("60", "1 minute"), ("300", "5 minutes")],
        coerce=int,
        initial=str(SECONDS),
    )


class MoveForm(forms.Form):
    """One of the slots that are possible, and whether the meeting stays there from now on."""

    slot = forms.ChoiceField(
        label="When and where?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select when and where", "invalid_choice": MOVED_MEANWHILE},
    )
    # The meeting as the page showed it, and what it said of each slot.
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    promised = forms.CharField(max_length=8_000, required=False, widget=forms.HiddenInput)
    is_locked = forms.BooleanField(
        label="Keep it there when the timetable is worked out again", required=False, initial=True
    )

    def __init__(self, data: Any = None, *, moves: Sequence[Move], seen: str) -> None:
        promised = " ".join(f"{move.value}:{move.digest}" for move in moves if move.plan is not None)
        super().__init__(data, initial={"seen": seen, "promised": promised})
        slot = self.fields["slot"]
        assert isinstance(slot, forms.ChoiceField)
        possible = [move for move in moves if move.plan is not None and not move.is_here]
        # First those that cost nobody their time.
        possible.sort(key=lambda move: move.instead is not None)
        slot.choices = [(move.value, say_slot(move)) for move in possible]
        hints = {move.value: say_who(move) for move in possible}
        self.looks = {"slot": Look(label_size="m", is_small=True, item_hints=hints)}

    def get_promised(self) -> str:
        """The digest of the slot that was chosen."""
        said: list[str] = self.cleaned_data["promised"].split()
        slot = f"{self.cleaned_data['slot']}:"
        return next((one.removeprefix(slot) for one in said if one.startswith(slot)), "")

    def get_slot(self) -> tuple[int, datetime.time, int]:
        """The day's id, the time and the track."""
        day, at, track = self.cleaned_data["slot"].split("-")
        return int(day), datetime.time(int(at[:2]), int(at[2:])), int(track)


def say_slot(move: Move) -> str:
    return f"{date(move.day.date)} at {time(move.starts_at)}, {move.day.name_place(move.track)}"


def say_who(move: Move) -> str:
    who = f"With {move.names}."
    if move.instead is None:
        return who
    return f"{who} {move.instead_name}, which meets there then, loses its time until you work it out again."


class ReleaseForm(forms.Form):
    """What stands beside the number, and which plan the page showed."""

    note = forms.CharField(
        label="Note",
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea,
        help_text="For officers: why this timetable is made.",
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    looks = {"note": Look(rows=2)}
