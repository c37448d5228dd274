"""The form of what one person answers: whole standards, and single indicators of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from s11.web.forms import Look
from surveys.forms.indicators import IndicatorsForm
from surveys.models import Standard
from surveys.queries import AskedStandard
from surveys.reach import Given


class ShareForm(IndicatorsForm):
    """One field for the standards, and one a standard for its single indicators, which the page folds away."""

    standards = forms.MultipleChoiceField(
        label="Whole standards", required=False, widget=forms.CheckboxSelectMultiple
    )
    marks_optional = False

    def __init__(self, *args: Any, asked: Sequence[AskedStandard], given: Given, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looks = {"standards": Look(label_size="m", is_small=True)}
        standards = self.fields["standards"]
        assert isinstance(standards, forms.MultipleChoiceField)
        standards.choices = [(one.standard.code, str(one.standard)) for one in asked]
        standards.initial = [one.standard.code for one in asked if one.standard.pk in given.standards]
        self.add_indicators(asked, given.indicators)

    @property
    def standards_chosen(self) -> list[Standard]:
        return [one.standard for one in self.asked if one.standard.code in self.cleaned_data["standards"]]
