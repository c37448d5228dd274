"""Naming a site to ask, or a group to offer one's own audits to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from s11.organisations.forms.fields import LineField
from s11.organisations.groups import find_by_words
from s11.organisations.models import Organisation


class NameForm(forms.Form):
    """By whole name or identifier: a part of a name finds nothing, so that nobody can look round."""

    words = LineField(max_length=200, help_text="Its whole name, or its URN, ODS code or Ofsted number.")
    found: Organisation

    marks_optional = False

    def __init__(self, *args: Any, near: Organisation, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.near = near
        self.fields["words"].label = label
        self.fields["words"].error_messages["required"] = "Enter a name or an identifier"

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        found = find_by_words(words, self.near)
        if not found:
            raise ValidationError(
                f"We find no organisation called ‘{words}’ where you take part. Check the spelling, or enter its URN, "
                "ODS code or Ofsted number"
            )
        if len(found) > 1:
            raise ValidationError(
                f"Several organisations are called ‘{words}’. Enter the URN, ODS code or Ofsted number instead"
            )
        self.found = found[0]
        return words
