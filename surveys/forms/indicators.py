"""Choosing indicators, one field a standard, which the page folds away."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django import forms

from s11.web.forms import Look
from surveys.models import Indicator, Standard
from surveys.queries import AskedStandard


class IndicatorsForm(forms.Form):
    """`add_indicators` gives it its fields; the looks of the others are there before."""

    looks: dict[str, Look]
    asked: Sequence[AskedStandard]

    def add_indicators(self, asked: Sequence[AskedStandard], chosen: Collection[int] = ()) -> None:
        """`chosen` are the row ids of indicators that are ticked at first."""
        self.asked = asked
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
                initial=[item.indicator.code for item in one.items if item.indicator.pk in chosen],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def by_standard(self) -> list[tuple[Standard, forms.BoundField, bool]]:
        """Each standard with the field of its indicators, and whether any of them is chosen."""
        fields = [(one.standard, self[make_name(one.standard)]) for one in self.asked]
        return [(standard, field, bool(field.value())) for standard, field in fields]

    @property
    def indicators_chosen(self) -> list[Indicator]:
        return [
            item.indicator
            for one in self.asked
            for item in one.items
            if item.indicator.code in self.cleaned_data.get(make_name(one.standard), ())
        ]


def make_name(standard: Standard) -> str:
    return f"indicators-{standard.code}"
