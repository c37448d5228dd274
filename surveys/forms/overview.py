"""Which scores an overview is of, and asking for it as a file."""

from __future__ import annotations

from django import forms

from surveys.enums import OVERVIEW_FORMATS, DocumentFormat, Series

# What the desk offers.
SERIES = tuple(Series)


# A zip of a cycle is of its charts; only an audit's is of everything.
FORMATS = [(one.value, "Charts" if one == DocumentFormat.ZIP else one.label) for one in OVERVIEW_FORMATS]


class OverviewFileForm(forms.Form):
    """Which of the formats; the page offers each as a button. Of the agencies' own scores, unless it says otherwise."""

    format = forms.ChoiceField(choices=FORMATS)
    series = forms.ChoiceField(choices=[(one.value, one.label) for one in SERIES], required=False)

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
