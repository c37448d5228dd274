"""What officers enter about retention: a period with its reason, and why a record is held back."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from s11.retention.schedules import Line
from s11.web.forms import Look

FOR_GOOD: Final = "for_good"
MOST_MONTHS: Final = 1_200


class PeriodForm(forms.Form):
    """How long one kind is kept, and which schedule or decision says so."""

    how = forms.ChoiceField(
        label="How long are they kept?",
        choices=[("months", "For a time"), (FOR_GOOD, "For good: they never come due")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how long they are kept"},
    )
    months = forms.IntegerField(
        label="Number of months",
        required=False,
        min_value=1,
        max_value=MOST_MONTHS,
    )
    why = forms.CharField(
        label="Which schedule or decision says so?",
        help_text="Such as ‘Records management policy 2026, line 14.3, agreed by the executive on 4 March 2026’.",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "Enter which schedule or decision says so"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    looks = {
        "how": Look(reveals={"months": "months"}),
        "months": Look(width=4),
        "why": Look(rows=3),
    }
    marks_optional = False

    def __init__(self, data: Any = None, *, line: Line) -> None:
        initial = {
            "how": FOR_GOOD if line.months is None else "months",
            "months": line.months,
            "why": line.why if line.period else "",
            "version": line.version,
        }
        super().__init__(data, initial=initial)

    def see(self, line: Line) -> None:
        """Sent again, it is about the period as it holds now."""
        self.data = dict(self.data.items()) | {self.add_prefix("version"): str(line.version)}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_timed = cleaned.get("how") == "months"
        if not is_timed:
            # The box is hidden then, so nobody could put right what was left in it.
            self.errors.pop("months", None)
        elif cleaned.get("months") is None and "months" not in self.errors:
            self.add_error("months", "Enter for how many months they are kept")
        cleaned["months"] = cleaned.get("months") if is_timed else None
        return cleaned


class HoldForm(forms.Form):
    reason = forms.CharField(
        label="Why must it be kept?",
        help_text="Such as a claim, a review or an inquiry, and who asked. It stays on record.",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "Enter why it must be kept"},
    )
    looks = {"reason": Look(rows=3)}


class ApprovalForm(forms.Form):
    """Approved is what was shown: `seen` is how many records that were."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    is_sure = forms.BooleanField(
        label="I have looked through the list, and these records may be destroyed for good",
        error_messages={"required": "Confirm that these records may be destroyed for good"},
    )
