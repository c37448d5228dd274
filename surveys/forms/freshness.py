"""The form that says of something due for another look that it holds."""

from __future__ import annotations

from django import forms

from s11.web.forms import Look

SHORTEST = 20
LONGEST = 2_000


class RecheckForm(forms.Form):
    """What was looked at; it is kept beside the answer and never changed."""

    note = forms.CharField(
        label="What did you check?",
        help_text="Who looked at what, and what they saw. Do not name a child or family.",
        widget=forms.Textarea,
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={"required": "Enter what you checked and what you saw"},
    )
    looks = {"note": Look(label_size="m", rows=4)}
