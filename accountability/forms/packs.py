"""A line of enquiry, and a question that one keeps to oneself."""

from __future__ import annotations

from django import forms

from s11.web.forms import Look


class LineForm(forms.Form):
    """What to ask, and why, for everybody who reads the pack."""

    text = forms.CharField(
        label="What should the panel ask?",
        max_length=2_000,
        widget=forms.Textarea,
        help_text="The agency reads it in its own pack.",
        error_messages={"required": "Enter what the panel should ask"},
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text="For the panel alone.",
    )
    looks = {"text": Look(rows=3), "reason": Look(rows=2)}


class OwnQuestionForm(forms.Form):
    """Seen by its author alone."""

    text = forms.CharField(
        label="Your question",
        max_length=2_000,
        widget=forms.Textarea,
        help_text="Seen by you alone, here and in your own PDF.",
        error_messages={"required": "Enter your question"},
    )
    looks = {"text": Look(rows=3)}
