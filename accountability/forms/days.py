"""A day of meetings with its breaks, and where each panel at a time meets."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from accountability.enums import PlaceKind
from accountability.meeting_days import Break, DayPlan
from accountability.models import MeetingDay
from s11.organisations.forms.fields import LineField
from s11.web.date_fields import DatePartsField
from s11.web.forms import Look

BREAKS = 4
TIMES = ["%H:%M", "%H.%M", "%H:%M:%S"]


class HourField(forms.TimeField):
    """A time of day as people type it."""

    def __init__(self, **more: Any) -> None:
        messages = {"invalid": "Enter a time such as 09:30", **more.pop("error_messages", {})}
        widget = forms.TimeInput(format="%H:%M")
        super().__init__(**{"input_formats": TIMES, "widget": widget, "error_messages": messages, **more})


class DayForm(forms.Form):
    """The day's columns; then a few lines for breaks, of which any may stay empty."""

    date = DatePartsField(error_messages={"required": "Enter the date"}, help_text="For example, 3 3 2027.")
    starts_at = HourField(
        label="First meeting starts at",
        initial=datetime.time(9, 30),
        error_messages={"required": "Enter when the first meeting starts"},
    )
    ends_at = HourField(
        label="Day ends at",
        initial=datetime.time(16),
        error_messages={"required": "Enter when the day ends"},
    )
    minutes = forms.IntegerField(
        label="Minutes a meeting",
        min_value=10,
        max_value=240,
        initial=30,
        help_text="From 10 to 240, with the time to change over.",
        error_messages={"required": "Enter how long a meeting lasts"},
    )
    plan: DayPlan

    def __init__(self, data: Any = None, *, day: MeetingDay | None = None) -> None:
        names = ("date", "starts_at", "ends_at", "minutes")
        initial: dict[str, Any] = {name: getattr(day, name) for name in names} if day else {}
        breaks = list(day.breaks.all()) if day else []
        for number, one in enumerate(breaks):
            initial |= {
                f"break-{number}-name": one.name,
                f"break-{number}-starts_at": one.starts_at,
                f"break-{number}-ends_at": one.ends_at,
            }
        super().__init__(data, initial=initial)
        self.was = day.date if day else None
        self.looks = {"starts_at": Look(width=5), "ends_at": Look(width=5), "minutes": Look(width=3)}
        self.lines = range(max(BREAKS, len(breaks) + 1))
        for number in self.lines:
            self._add_break(number, "Lunch" if day is None and number == 0 else "")

    def _add_break(self, number: int, name: str) -> None:
        key = f"break-{number}"
        hours = (datetime.time(12, 30), datetime.time(13, 15)) if name else (None, None)
        self.fields[f"{key}-name"] = LineField(
            label=f"Break {number + 1}: name", max_length=60, required=False, initial=name
        )
        for part, label, hour in zip(("starts_at", "ends_at"), ("from", "until"), hours, strict=True):
            self.fields[f"{key}-{part}"] = HourField(
                label=f"Break {number + 1}: {label}", required=False, initial=hour
            )
            self.looks[f"{key}-{part}"] = Look(width=5)
        self.looks[f"{key}-name"] = Look(width=20)

    marks_optional = False

    def list_breaks(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each line: name, from, until."""
        parts = ("name", "starts_at", "ends_at")
        return [
            (one[0], one[1], one[2])
            for one in ([self[f"break-{number}-{part}"] for part in parts] for number in self.lines)
        ]

    def clean_date(self) -> datetime.date:
        """Nobody can be asked about a day that is over; one that was held keeps its date while its hours change."""
        date: datetime.date = self.cleaned_data["date"]
        if date != self.was and date < timezone.localdate():
            raise forms.ValidationError("The day must be today or later")
        return date

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "The day must end after it starts")
        breaks = [one for number in self.lines if (one := self._clean_break(number, cleaned))]
        if self.errors:
            return cleaned
        self.plan = DayPlan(
            cleaned["date"], cleaned["starts_at"], cleaned["ends_at"], cleaned["minutes"], breaks
        )
        if not self.plan.slots:
            self.add_error("minutes", f"No meeting of {cleaned['minutes']} minutes fits into this day")
        return cleaned

    def _clean_break(self, number: int, cleaned: dict[str, Any]) -> Break | None:
        """A line that has only a name is as good as empty."""
        key = f"break-{number}"
        start, end = cleaned.get(f"{key}-starts_at"), cleaned.get(f"{key}-ends_at")
        if f"{key}-starts_at" in self.errors or f"{key}-ends_at" in self.errors:
            return None
        if start and not end:
            self.add_error(f"{key}-ends_at", "Enter when the break ends")
        elif end and not start:
            self.add_error(f"{key}-starts_at", "Enter when the break starts")
        elif start and end and end <= start:
            self.add_error(f"{key}-ends_at", "The break must end after it starts")
        elif start and end:
            return Break(cleaned.get(f"{key}-name") or "Break", start, end)
        return None


class PlacesForm(forms.Form):
    """A room or an online link for each panel at a time."""

    def __init__(self, data: Any = None, *, day: MeetingDay, tracks: int) -> None:
        super().__init__(data)
        self.tracks = range(tracks)
        self.looks: dict[str, Look] = {}
        held = {one.track: one for one in day.places.all()}
        for track in self.tracks:
            self._add_place(track, held.get(track))

    marks_optional = False

    def _add_place(self, track: int, held: Any) -> None:
        key = f"place-{track}"
        self.fields[f"{key}-kind"] = forms.ChoiceField(
            label="Where does it meet?",
            choices=[*PlaceKind.choices, ("", "Not known yet")],
            widget=forms.RadioSelect,
            required=False,
            initial=held.kind if held else "",
        )
        self.fields[f"{key}-name"] = LineField(
            label="Name",
            max_length=100,
            required=False,
            help_text="Such as ‘Committee room 2’ or ‘Video call A’.",
            initial=held.name if held else "",
        )
        self.fields[f"{key}-link"] = forms.URLField(
            label="Link of the online meeting",
            max_length=500,
            required=False,
            assume_scheme="https",
            initial=held.link if held else "",
        )
        self.fields[f"{key}-joining"] = forms.CharField(
            label="What one needs to get in",
            widget=forms.Textarea,
            max_length=2_000,
            required=False,
            help_text="Address, parking, step-free access, dial-in. It stands in the invitations.",
            initial=held.joining if held else "",
        )
        self.looks |= {f"{key}-kind": Look(is_small=True), f"{key}-joining": Look(rows=3)}

    def list_places(self) -> list[tuple[int, list[Any]]]:
        """The fields of each panel at a time, counted from 1."""
        parts = ("kind", "name", "link", "joining")
        return [(track + 1, [self[f"place-{track}-{part}"] for part in parts]) for track in self.tracks]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for track in self.tracks:
            key = f"place-{track}"
            kind = cleaned.get(f"{key}-kind")
            if kind and not cleaned.get(f"{key}-name") and f"{key}-name" not in self.errors:
                self.add_error(f"{key}-name", f"Enter a name for where panel {track + 1} meets")
            if not kind and any(cleaned.get(f"{key}-{part}") for part in ("name", "link", "joining")):
                self.add_error(f"{key}-kind", f"Select whether panel {track + 1} meets in a room or online")
        return cleaned

    def get_places(self) -> dict[int, dict[str, str]]:
        """By track, those that are known."""
        parts = ("kind", "name", "link", "joining")
        return {
            track: {part: self.cleaned_data[f"place-{track}-{part}"] for part in parts}
            for track in self.tracks
            if self.cleaned_data[f"place-{track}-kind"]
        }
