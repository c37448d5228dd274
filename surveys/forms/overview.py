"""Asking for the overview report as a file."""

from __future__ import annotations

from django import forms

from surveys.enums import OVERVIEW_FORMATS, DocumentFormat


class OverviewFileForm(forms.Form):
    """Which of the formats; the page offers each as a button."""

    format = forms.ChoiceField(choices=[(one.value, one.label) for one in OVERVIEW_FORMATS])

    @property
    def chosen(self) -> DocumentFormat:
        return DocumentFormat(self.cleaned_data["format"])
