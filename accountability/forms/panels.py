"""The panel's rules."""

from __future__ import annotations

from typing import Any

from django import forms

from accountability.models import Panel
from s11.web.forms import Look


class PanelRulesForm(forms.Form):
    """How each meeting's own panel is drawn from all who may sit."""

    seats = forms.IntegerField(
        label="People on a panel",
        min_value=3,
        max_value=9,
        initial=3,
        help_text="In each meeting, the chair included: from 3 to 9.",
        error_messages={"required": "Enter how many people are on a panel"},
    )
    sectors = forms.IntegerField(
        label="From at least how many sectors?",
        min_value=2,
        max_value=8,
        initial=2,
        help_text="Health, police, education and so on: from 2 to 8.",
        error_messages={"required": "Enter from how many sectors"},
    )
    tracks = forms.IntegerField(
        label="Panels at a time",
        min_value=1,
        max_value=8,
        initial=1,
        help_text="Two panels in two rooms meet two agencies at once: from 1 to 8.",
        error_messages={"required": "Enter how many panels meet at a time"},
    )
    looks = {name: Look(width=2) for name in ("seats", "sectors", "tracks")}

    def __init__(self, data: Any = None, *, panel: Panel | None = None) -> None:
        initial = {name: getattr(panel, name) for name in self.base_fields} if panel else {}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seats, sectors = cleaned.get("seats"), cleaned.get("sectors")
        if seats and sectors and sectors > seats:
            self.add_error("sectors", f"{seats} people cannot come from {sectors} sectors")
        return cleaned
