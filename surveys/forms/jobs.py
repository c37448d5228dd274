"""The filter of the desk's page of jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from surveys.job_list import JobState


class JobsFilterForm(forms.Form):
    """Which jobs, with how many there are of each."""

    marks_optional = False
    state = forms.ChoiceField(label="Show", choices=JobState.choices, required=False)

    def __init__(self, *args: Any, counts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = [(one.value, f"{one.label} ({counts[one]})") for one in JobState]

    @property
    def chosen(self) -> JobState:
        """What cannot be understood filters nothing."""
        value = self.cleaned_data["state"] if self.is_valid() else ""
        return JobState(value or JobState.BUILDING)
