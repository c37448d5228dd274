"""Forms about who is invited to a cycle: finding them, inviting more, and what is agreed with one of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from s11.organisations.models import Participation
from s11.web.date_fields import DatePartsField
from s11.web.dates import date as in_words
from s11.web.forms import Look
from surveys.enums import Obligation
from surveys.forms.filters import CycleFilterForm
from surveys.invitees import NOT_STARTED, InviteeState
from surveys.models import Invitee


class SearchForm(forms.Form):
    """By name."""

    search = forms.CharField(label="Name", max_length=200, required=False)
    marks_optional = False


class InviteeFilterForm(CycleFilterForm, SearchForm):
    """By name, variant and how far they have come. What cannot be understood filters nothing."""

    variant = forms.ChoiceField(required=False)
    state = forms.ChoiceField(
        label="Status",
        choices=[("", "All"), (NOT_STARTED, "Not started"), *InviteeState.choices],
        required=False,
    )


class InviteForm(forms.Form):
    """Organisations of one page of the list of those not invited yet."""

    organisations = forms.MultipleChoiceField(
        label="Organisations to invite", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, participations: Iterable[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participations = {str(one.pk): one for one in participations}
        field = self.fields["organisations"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, one.name) for key, one in self.participations.items()]
        hints = {key: describe(one) for key, one in self.participations.items()}
        self.looks = {"organisations": Look(label_size="m", is_small=True, item_hints=hints)}

    def get_chosen(self) -> list[Participation]:
        return [self.participations[key] for key in self.cleaned_data["organisations"]]


def describe(participation: Participation) -> str:
    duty = "must take part" if participation.is_statutory else "may take part"
    return f"{participation.organisation.get_variant_display()}, {duty}"


class InviteeForm(forms.ModelForm[Invitee]):
    """One agreement with one invitee; a verb of cycle_plans.py writes these columns and no others."""

    class Meta:
        model = Invitee
        fields: tuple[str, ...] = ()


class ObligationForm(InviteeForm):
    class Meta(InviteeForm.Meta):
        fields = ("obligation",)
        widgets = {"obligation": forms.RadioSelect}

    obligation = forms.ChoiceField(
        label="Does it have to take part?", choices=Obligation.choices, widget=forms.RadioSelect
    )


class ExtensionForm(InviteeForm):
    class Meta(InviteeForm.Meta):
        fields = ("extended_to", "extension_reason")

    extended_to = DatePartsField(label="Last day", help_text="A return is on time until the end of this day.")
    extension_reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea)
    looks = {"extended_to": Look(label_size="m"), "extension_reason": Look(label_size="m", rows=3)}

    def clean_extended_to(self) -> datetime.date:
        until: datetime.date = self.cleaned_data["extended_to"]
        closes_on = self.instance.cycle.closes_on
        if until <= closes_on:
            raise forms.ValidationError(f"Last day must be after the closing day, {in_words(closes_on)}")
        if until < timezone.localdate():
            raise forms.ValidationError("Last day must be today or in the future")
        return until


class ExemptionForm(InviteeForm):
    class Meta(InviteeForm.Meta):
        fields = ("exempt_reason",)

    exempt_reason = forms.CharField(
        label="Why is it exempt?",
        max_length=500,
        widget=forms.Textarea,
        help_text="Officers read this. An exempt organisation is in none of the figures.",
    )
    looks = {"exempt_reason": Look(label_size="m", rows=3)}
