"""Forms of calling agencies: the list's filter, an officer's own reason, and why one is dropped."""

from __future__ import annotations

from typing import Any

from django import forms

from accountability.call_list import CallState, Wanted
from accountability.enums import CallReason
from accountability.models import Meeting, MeetingReason
from s11.web.forms import Look
from surveys.forms.filters import CycleFilterForm

REASON_LENGTH = MeetingReason._meta.get_field("sentence").max_length
DROP_LENGTH = Meeting._meta.get_field("cancel_reason").max_length


class CallFilterForm(CycleFilterForm):
    """By name, variant, whether it is called, and why. What cannot be understood filters nothing."""

    search = forms.CharField(label="Name", max_length=200, required=False)
    variant = forms.ChoiceField(required=False)
    state = forms.ChoiceField(label="Show", choices=[("", "All"), *CallState.choices], required=False)
    reason = forms.ChoiceField(label="Reason", choices=[("", "All"), *CallReason.choices], required=False)
    marks_optional = False

    def get_wanted(self) -> Wanted:
        return Wanted(**self.get_filters())


class OwnReasonForm(forms.Form):
    """Why this agency is called: needed where no rule says it."""

    reason = forms.CharField(
        label="Your reason",
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
        required=False,
        help_text="The panel reads it. Name no child or family.",
    )
    looks = {"reason": Look(label_size="m", rows=3)}

    def __init__(self, data: Any = None, *, is_needed: bool) -> None:
        super().__init__(data)
        self.fields["reason"].required = is_needed
        self.fields["reason"].error_messages["required"] = "Enter why this agency is called"


class DropForm(forms.Form):
    """Why an agency is not called any more."""

    reason = forms.CharField(
        label="Why is it dropped?",
        max_length=DROP_LENGTH,
        widget=forms.Textarea,
        help_text="It stays on record. Everybody who knows of it hears at once that it is off, and why.",
        error_messages={"required": "Enter why it is dropped"},
    )
    looks = {"reason": Look(label_size="m", rows=3)}
