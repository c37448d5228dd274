"""What is asked of an audit's history: one standard or indicator, one person, or one day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.template.defaultfilters import truncatechars

from s11.organisations.models import User
from s11.web.date_fields import DatePartsField
from s11.web.forms import Look
from surveys.models import Indicator, Standard
from surveys.trail import Wanted

# A list is as wide as its longest line, and must fit on a phone.
LONGEST_NAME = 26
# The choice that stands for the profile; no standard has a code like this.
FACTS = "facts"


class HistoryForm(forms.Form):
    """Each may be left open. An indicator comes by a link from its answer, or is chosen under its standard."""

    part = forms.ChoiceField(label="Standard or indicator", required=False)
    person = forms.ChoiceField(label="Person", required=False)
    each = forms.BooleanField(label="Each save on its own line", required=False)
    marks_optional = False

    def __init__(
        self, data: Any, *, standards: Iterable[Standard], people: Iterable[User], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        standards = list(standards)
        self.standards = {one.code: one for one in standards}
        self.indicators: dict[str, Indicator] = {
            one.code: one for standard in standards for one in standard.indicators.all()
        }
        self.people = {str(one.pk): one for one in people}
        parts = [
            (code, name)
            for standard in standards
            for code, name in (
                (standard.code, truncatechars(f"{standard.code} {standard.title}", LONGEST_NAME)),
                *((one.code, one.code) for one in standard.indicators.all()),
            )
        ]
        for name, choices in (
            ("part", [(FACTS, "Your organisation"), *parts]),
            ("person", [(pk, str(one)) for pk, one in self.people.items()]),
        ):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [("", "All"), *choices]
        self.looks = {"each": Look(is_small=True)}

    def get_wanted(self) -> Wanted:
        """What was chosen; an unknown choice is none."""
        self.is_valid()
        part = self.cleaned_data.get("part", "")
        return Wanted(
            self.standards.get(part),
            self.indicators.get(part),
            self.people.get(self.cleaned_data.get("person", "")),
            is_about_facts=part == FACTS,
            each=self.cleaned_data.get("each", False),
        )


class DayForm(forms.Form):
    """A day on which the audit stood some way; at its end, in England."""

    on = DatePartsField(
        label="Show the audit as it stood at the end of",
        error_messages={"required": "Enter the day whose end you want to see"},
    )
    looks = {"on": Look(label_size="s")}

    def __init__(self, data: Any, *, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today = today

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError("The day must be today or in the past")
        return day
