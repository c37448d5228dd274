"""What forms that narrow a list have in common: what cannot be understood filters nothing."""

from __future__ import annotations

from typing import Any

from django import forms

from s11.organisations.enums import Variant
from surveys.models import Cycle


class FilterForm(forms.Form):
    """All of its fields may be left empty."""

    def get_filters(self) -> dict[str, str]:
        return dict(self.cleaned_data) if self.is_valid() else {}


class CycleFilterForm(FilterForm):
    """With a field `variant`, which offers those that the cycle asks."""

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = set(cycle.cycle_questionnaires.values_list("variant", flat=True))
        variant = self.fields["variant"]
        assert isinstance(variant, forms.ChoiceField)
        variant.choices = [("", "All"), *((one.value, one.label) for one in Variant if one in taken)]
