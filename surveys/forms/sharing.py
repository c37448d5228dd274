"""The form of what one person answers: whole standards, and single indicators of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from s11.web.forms import Look
from surveys.models import Indicator, Standard
from surveys.queries import AskedStandard
from surveys.reach import Given


class ShareForm(forms.Form):
    """One field for the standards, and one a standard for its single indicators, which the page folds away."""

    standards = forms.MultipleChoiceField(
        label="Whole standards", required=False, widget=forms.CheckboxSelectMultiple
    )
    marks_optional = False

    def __init__(self, *args: Any, asked: Sequence[AskedStandard], given: Given, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.looks = {"standards": Look(label_size="m", is_small=True)}
        standards = self.fields["standards"]
        assert isinstance(standards, forms.MultipleChoiceField)
        standards.choices = [(one.standard.code, str(one.standard)) for one in asked]
        standards.initial = [one.standard.code for one in asked if one.standard.pk in given.standards]
        for one in asked:
            name = make_name(one.standard)
            self.looks[name] = Look(is_label_hidden=True, is_small=True)
            self.fields[name] = forms.MultipleChoiceField(
                # Short: it is only read out, and a long one would widen the page.
                label=f"Indicators of {one.standard.code}",
                choices=[
                    (item.indicator.code, f"{item.indicator.code} {item.indicator.text}")
                    for item in one.items
                ],
                initial=[item.indicator.code for item in one.items if item.indicator.pk in given.indicators],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def singles(self) -> list[tuple[Standard, forms.BoundField, bool]]:
        """Each standard with the field of its indicators, and whether any of them is chosen."""
        fields = [(one.standard, self[make_name(one.standard)]) for one in self.asked]
        return [(standard, field, bool(field.value())) for standard, field in fields]

    @property
    def standards_chosen(self) -> list[Standard]:
        return [one.standard for one in self.asked if one.standard.code in self.cleaned_data["standards"]]

    @property
    def indicators_chosen(self) -> list[Indicator]:
        return [
            item.indicator
            for one in self.asked
            for item in one.items
            if item.indicator.code in self.cleaned_data[make_name(one.standard)]
        ]


def make_name(standard: Standard) -> str:
    return f"indicators-{standard.code}"
