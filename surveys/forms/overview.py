"""Which scores an overview is of, which cycles it compares, and asking for it as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from surveys.enums import OVERVIEW_FORMATS, DocumentFormat, Series
from surveys.full_overview import MOST_CYCLES

# What the desk offers.
SERIES = tuple(Series)


# A zip of a cycle is of its charts; only an audit's is of everything.
FORMATS = [(one.value, "Charts" if one == DocumentFormat.ZIP else one.label) for one in OVERVIEW_FORMATS]


class OverviewFileForm(forms.Form):
    """Which of the formats; the page offers each as a button. Of the agencies' own scores, unless it says otherwise.

    `offered` are slugs of the cycles that can be compared; `compared` names the chosen ones, a space between them.
    """

    format = forms.ChoiceField(choices=FORMATS)
    series = forms.ChoiceField(choices=[(one.value, one.label) for one in SERIES], required=False)
    compared = forms.CharField(required=False)

    def __init__(self, *args: Any, offered: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered

    def clean_compared(self) -> str:
        """As the page does: in one order, and no more than stand beside one another."""
        asked = self.cleaned_data["compared"].split()
        if not set(asked) <= set(self.offered):
            raise ValidationError(
                "A cycle to compare with is not there any more. Choose anew, then ask again."
            )
        return " ".join([slug for slug in self.offered if slug in asked][: MOST_CYCLES - 1])

    @property
    def refusal(self) -> str:
        """One sentence, for a form without fields to mend."""
        if "format" in self.errors:
            labels = ", ".join(label for _, label in FORMATS)
            return f"That is not a format. Choose one of these: {labels}."
        if "compared" in self.errors:
            return str(self.errors["compared"][0])
        return "Those are not scores that an overview can be of. Choose them anew, then ask again."

    @property
    def chosen_series(self) -> Series:
        return Series(self.cleaned_data["series"] or Series.SELF)

    @property
    def chosen(self) -> DocumentFormat:
        return DocumentFormat(self.cleaned_data["format"])


class SeriesForm(forms.Form):
    """In the address of the page. What cannot be understood is the agencies' own scores."""

    series = forms.ChoiceField(
        label="Scores", choices=[(one.value, one.label) for one in SERIES], required=False
    )
    marks_optional = False

    @property
    def chosen(self) -> Series:
        return Series(self.cleaned_data["series"] or Series.SELF) if self.is_valid() else Series.SELF
