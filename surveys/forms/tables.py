"""Tables: which cycle's, the file that comes in, and the word that it is to be saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from s11.web.forms import Look
from surveys.enums import CycleStatus
from surveys.models import Cycle
from surveys.resources.files import LARGEST_TABLE, MEGABYTE


class TableCycleForm(forms.Form):
    """In the address of the page. What cannot be understood is the newest that is open, else closed, else planned."""

    cycle = forms.ChoiceField(label="Cycle", required=False)
    marks_optional = False

    def __init__(self, data: Any, *, cycles: Iterable[Cycle]) -> None:
        self.cycles = {cycle.slug: cycle for cycle in cycles}
        order = (CycleStatus.OPEN, CycleStatus.CLOSED, CycleStatus.PLANNED)
        newest = min(self.cycles, key=lambda one: order.index(self.cycles[one].status), default="")
        chosen = data.get("cycle") if data.get("cycle") in self.cycles else newest
        super().__init__({"cycle": chosen})
        self.fields["cycle"] = forms.ChoiceField(
            label="Cycle", choices=[(slug, cycle.title) for slug, cycle in self.cycles.items()]
        )
        self.chosen = self.cycles.get(chosen)


class TableUploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="The changed file",
        help_text=f"A workbook (.xlsx) or a CSV file of up to {LARGEST_TABLE // MEGABYTE} MB. "
        "You see what it would change before anything is saved.",
        allow_empty_file=True,  # it is refused in our own words
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "Choose the file"},
    )
    looks = {"file": Look(label_size="s")}
    marks_optional = False

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not too_large


class TableConfirmForm(forms.Form):
    """`seen` says what the page showed."""

    seen = forms.CharField(max_length=64)
