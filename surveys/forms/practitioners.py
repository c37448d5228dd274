"""Forms of practitioner surveys: what is asked, until when, and the survey itself."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from s11.web.date_fields import DatePartsField
from s11.web.dates import date as in_words
from s11.web.forms import Look
from surveys.enums import StaffAnswer
from surveys.forms.filters import FilterForm
from surveys.models import SurveyStatement
from surveys.practitioners import OfferedStatement

# Longer than any cycle is open: what is later is a slip of the pen.
LONGEST = datetime.timedelta(days=366)


class SearchForm(FilterForm):
    search = forms.CharField(label="Organisation", required=False, max_length=200)


class StatementsForm(forms.Form):
    """Which statements a cycle asks: all of them, unless some are taken off."""

    statements = forms.MultipleChoiceField(
        label="What are staff asked?",
        help_text="Each is set beside the indicator that it is about. An agency’s staff get those of its variant.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one statement"},
    )
    looks = {"statements": Look(label_size="m", is_small=True)}

    def __init__(self, *args: Any, offered: Iterable[OfferedStatement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {one.code: one for one in offered}
        field = self.fields["statements"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, one.text) for code, one in self.offered.items()]
        hints = {code: f"Beside {one.beside}" for code, one in self.offered.items()}
        self.looks = {"statements": Look(label_size="m", is_small=True, item_hints=hints)}

    @property
    def chosen(self) -> list[OfferedStatement]:
        """In the order of the file."""
        ticked = self.cleaned_data["statements"]
        return [one for code, one in self.offered.items() if code in ticked]


class LastDayForm(forms.Form):
    """Until when staff can answer."""

    closes_on = DatePartsField(
        label="Last day to answer",
        help_text="Results are shown after it, or once you close before that.",
    )
    looks = {"closes_on": Look(label_size="s")}

    def clean_closes_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["closes_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError("Last day to answer must be today or in the future")
        if day > today + LONGEST:
            raise forms.ValidationError(
                f"Last day to answer must be {in_words(today + LONGEST)} or before that"
            )
        return day


def make_once() -> str:
    return secrets.token_urlsafe(16)


class SurveyForm(forms.Form):
    """One person's answers. Any statement can be left out, but not all of them."""

    # Made anew for each page that is opened, and known to nobody else: of a button pressed twice one post counts.
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, asked: Iterable[SurveyStatement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {one.code: one for one in asked}
        self.fields["once"].initial = make_once()
        for code, one in self.asked.items():
            self.fields[code] = forms.ChoiceField(
                label=one.text, choices=StaffAnswer.choices, widget=forms.RadioSelect, required=False
            )
        self.looks = dict.fromkeys(self.asked, Look(label_size="s", is_small=True))

    marks_optional = False

    @property
    def given(self) -> dict[int, StaffAnswer]:
        """By the statement's row."""
        return {
            one.pk: StaffAnswer(self.cleaned_data[code])
            for code, one in self.asked.items()
            if self.cleaned_data.get(code)
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.given:
            self.add_error(next(iter(self.asked)), "Answer at least one statement")
        return cleaned
