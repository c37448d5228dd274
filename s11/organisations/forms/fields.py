"""Fields that several forms of this package have. Addresses are trimmed and in lower case."""

from __future__ import annotations

import math
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from s11.organisations.colours import contrast_with_white, is_readable_under_white
from s11.organisations.models import User

check_urn = RegexValidator(r"^[0-9]{6}\Z", "A URN has six digits, such as 123456")
BARE_COLOUR = re.compile(r"[0-9a-f]{6}\Z")
check_colour = RegexValidator(r"^#[0-9a-f]{6}\Z", "Enter a colour as # and six digits, such as #1d5f6e")


class AddressField(forms.EmailField):
    """An e-mail address as it is kept: one person is one row, whatever case was typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"})
        super().__init__(**{"label": "E-mail address", "widget": widget, "max_length": 254, **kwargs})

    def clean(self, value: Any) -> str:
        return User.objects.normalize_email(super().clean(value))


class LineField(forms.CharField):
    """A name: whatever was pasted, it stands on one line, also in the subject of an e-mail."""

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value) or "").split())


class ColourField(forms.CharField):
    """A colour as #rrggbb, in lower case, on which white text can be read."""

    def to_python(self, value: Any) -> str:
        colour = str(super().to_python(value) or "").lower()
        return f"#{colour}" if BARE_COLOUR.match(colour) else colour

    def run_validators(self, value: str) -> None:
        super().run_validators(value)
        if value and not is_readable_under_white(value):
            # Rounded down: what is refused must not seem to reach the limit.
            contrast = math.floor(contrast_with_white(value) * 10) / 10
            raise ValidationError(
                f"White text on {value} has a contrast of {contrast:.1f} to 1. "
                "Choose a darker colour, with at least 4.5 to 1"
            )
