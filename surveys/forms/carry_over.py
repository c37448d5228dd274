"""The form that confirms a standard's carried-over answers together."""

from __future__ import annotations

from django import forms

from s11.web.forms import Look

SHORTEST = 20
LONGEST = 400


class ConfirmStandardForm(forms.Form):
    """Why it is right to confirm several answers at once; the trail keeps it."""

    reason = forms.CharField(
        label="Your reason",
        help_text="How do you know that each of them still holds: who checked what, and when? "
        "It is kept in the audit’s history.",
        widget=forms.Textarea,
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={
            "required": "Enter how you know that these answers still hold",
        },
    )
    looks = {"reason": Look(label_size="m", rows=4)}
