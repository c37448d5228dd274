"""Answer sheets: choosing the file, and what to do about each answer that somebody else has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from s11.web.forms import Look
from surveys.answer_sheet_files import LARGEST_SHEET
from surveys.answer_sheets import Change, SheetPlan
from surveys.evidence_limits import MEGABYTE

MINE, THEIRS = "mine", "theirs"


class SheetUploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label="Your answer sheet",
        help_text=f"An Excel workbook (.xlsx) of up to {LARGEST_SHEET // MEGABYTE} MB. "
        "You see what it would change before anything is saved.",
        allow_empty_file=True,  # it is refused in our own words
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Choose your answer sheet"},
    )
    marks_optional = False

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not too_large


class SheetSaveForm(forms.Form):
    """A choice for each conflict; `seen` says what the page showed."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    marks_optional = False

    def __init__(self, plan: SheetPlan, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"seen": plan.fingerprint})
        self.conflicts = {self.name(change): change for change in plan.conflicts}
        self.looks: dict[str, Look] = {}
        for name, change in self.conflicts.items():
            code = change.indicator.code
            self.fields[name] = forms.ChoiceField(
                label=f"Which answer to {code} is right?",
                choices=[(THEIRS, "Keep the answer here"), (MINE, "Replace it with the file’s")],
                widget=forms.RadioSelect,
                error_messages={"required": f"{code}: choose which answer is right"},
            )
            self.looks[name] = Look(label_size="s", is_small=True)

    @staticmethod
    def name(change: Change) -> str:
        return f"{change.indicator.code}-choice"

    def get_replacing(self) -> frozenset[int]:
        """The indicators whose answer here is replaced; for a valid form only."""
        return frozenset(
            change.indicator.pk for name, change in self.conflicts.items() if self.cleaned_data[name] == MINE
        )
