"""Forms of the letter after a meeting: its words, and whose name stands under it."""

from __future__ import annotations

from typing import Any

from django import forms

from accountability.forms.meeting import TextField, make_version_field
from s11.web.forms import Look

BODY_LENGTH = 20_000


class LetterForm(forms.Form):
    """Subject and body."""

    subject = forms.CharField(
        label="Subject", max_length=200, error_messages={"required": "Enter what the letter is about"}
    )
    body = TextField("Letter", "Enter what the letter says", "A blank line begins a paragraph.", BODY_LENGTH)
    version = make_version_field()
    looks = {"body": Look(rows=22)}


class SignForm(forms.Form):
    """Under the letter."""

    signed_as = forms.CharField(
        label="Name and office under the letter",
        help_text="For example: Amara Okafor, Independent Chair",
        max_length=200,
        error_messages={"required": "Enter the name and office under the letter"},
    )
    version = make_version_field()

    def clean_signed_as(self) -> Any:
        return " ".join(self.cleaned_data["signed_as"].split())
