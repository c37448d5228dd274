"""The form that plans a cycle from an earlier one."""

from __future__ import annotations

from typing import Any

from django import forms

from s11.web.dates import date as in_words
from s11.web.forms import Look
from surveys.cycle_copies import Copy
from surveys.forms.cycles import CyclePlanForm


class CopyCycleForm(CyclePlanForm):
    """Title, dates and sign-off; where the earlier cycle asked schools among others, whether this one does."""

    asks_schools = forms.TypedChoiceField(
        label="Are schools asked too?",
        choices=[("no", "No"), ("yes", "Yes")],
        initial="no",
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select yes if schools are asked too"},
    )
    field_order: tuple[str, ...] = ("title", "opens_on", "closes_on", "asks_schools", "asks_sign_off")

    def __init__(self, *args: Any, copy: Copy, **kwargs: Any) -> None:
        initial = {
            "title": copy.title,
            "opens_on": copy.dates.opens_on,
            "closes_on": copy.dates.closes_on,
            "asks_sign_off": "yes" if copy.cycle.asks_sign_off else "no",
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.looks = CyclePlanForm.looks | {"asks_schools": Look(label_size="m", is_inline=True)}
        if not copy.asks_both:
            del self.fields["asks_schools"]
            return
        self.fields[
            "asks_schools"
        ].help_text = (
            f"Section 175 is asked every other year: it is due again from {in_words(copy.schools_due)}."
        )

    def get_plan(self) -> dict[str, Any]:
        return {"asks_schools": True} | self.cleaned_data
