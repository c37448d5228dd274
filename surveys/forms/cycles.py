"""Forms of a cycle: the short steps that plan one, and what can be changed on its pages later."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from s11.web.date_fields import DatePartsField
from s11.web.dates import date as in_words
from s11.web.forms import Look
from s11.web.text import plural
from surveys.cycle_plans import Pin
from surveys.enums import CycleKind
from surveys.models import CycleQuestionnaire, Questionnaire
from surveys.planning import VariantOptions

# What each kind asks, in the words of somebody who has to choose.
KIND_HINTS = {
    CycleKind.FULL: "Every indicator of each question bank.",
    CycleKind.CORE: "The short form: only the indicators that are marked core.",
    CycleKind.TOPIC: "Only the standards that you choose, such as safer recruitment.",
}


def make_sign_off_field() -> forms.TypedChoiceField:
    """Asked of every cycle: whether somebody senior approves each audit first."""
    return forms.TypedChoiceField(
        label="Must a signatory sign off each audit?",
        help_text="The agency’s chief executive, headteacher or registered manager approves it before it is submitted.",
        choices=[("yes", "Yes"), ("no", "No")],
        initial="yes",
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select yes if a signatory must sign off each audit"},
    )


class TitleForm(forms.Form):
    """A title of which the partnership has no other cycle; `taken` holds theirs, folded."""

    title = forms.CharField(
        max_length=200, help_text="Agencies see it, such as ‘Section 11 audit 2026 to 2027’."
    )

    def __init__(self, *args: Any, taken: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if title.casefold() in self.taken:
            raise forms.ValidationError("Your partnership has a cycle of this title already; choose another")
        return title


class CycleTitleForm(TitleForm):
    """Step one."""

    kind = forms.ChoiceField(
        label="What does it ask?",
        choices=[(kind.value, kind.label.split(":")[0]) for kind in CycleKind],
        initial=CycleKind.FULL,
        widget=forms.RadioSelect,
    )
    asks_sign_off = make_sign_off_field()

    looks = {
        "title": Look(label_size="m"),
        "asks_sign_off": Look(label_size="m", is_inline=True),
        "kind": Look(label_size="m", item_hints={kind.value: hint for kind, hint in KIND_HINTS.items()}),
    }


class CycleDatesForm(forms.Form):
    """Step two; with a title, also the page that changes a planned cycle."""

    opens_on = DatePartsField(
        label="Opening day",
        help_text="You open it by hand, on this day or another. The law in force on that day decides what is asked.",
    )
    closes_on = DatePartsField(
        label="Closing day",
        help_text="Returns are on time until the end of this day. Later ones are possible until you close the cycle.",
    )

    looks = {"opens_on": Look(label_size="m"), "closes_on": Look(label_size="m")}

    def clean_closes_on(self) -> datetime.date:
        closes_on: datetime.date = self.cleaned_data["closes_on"]
        if closes_on < timezone.localdate():
            raise forms.ValidationError("Closing day must be today or in the future")
        return closes_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opens_on, closes_on = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens_on and closes_on and closes_on <= opens_on:
            self.add_error("closes_on", f"Closing day must be after the opening day, {in_words(opens_on)}")
        return cleaned


class CyclePlanForm(TitleForm, CycleDatesForm):
    """A planned cycle's title and dates, and whether it asks for sign-off."""

    asks_sign_off = make_sign_off_field()
    field_order: tuple[str, ...] = ("title", "opens_on", "closes_on", "asks_sign_off")
    looks = CycleDatesForm.looks | {
        "title": Look(label_size="m"),
        "asks_sign_off": Look(label_size="m", is_inline=True),
    }


class ClosingDayForm(forms.Form):
    """An open cycle's closing day."""

    closes_on = DatePartsField(label="Closing day", help_text="Every return is judged by it.")
    looks = {"closes_on": Look(label_size="m")}

    def clean_closes_on(self) -> datetime.date:
        # Nobody who was on time until today can become late by it.
        closes_on: datetime.date = self.cleaned_data["closes_on"]
        if closes_on <= timezone.localdate():
            raise forms.ValidationError("Closing day must be later than today")
        return closes_on


def name_bank(bank: Questionnaire) -> str:
    return f"{bank} (your own)" if bank.partnership_id else str(bank)


class CycleBanksForm(forms.Form):
    """Step three: the variants that take part and, where there is a choice, the question bank of each."""

    variants = forms.MultipleChoiceField(
        label="Which variants take part?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one variant"},
    )

    def __init__(self, *args: Any, options: Sequence[VariantOptions], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        variants = self.fields["variants"]
        assert isinstance(variants, forms.MultipleChoiceField)
        variants.choices = [(option.variant.value, option.variant.label) for option in options]
        variants.initial = [option.variant.value for option in options if option.organisations]
        reveals, hints = {}, {}
        for option in options:
            hints[option.variant.value] = (
                f"{plural(option.organisations, 'organisation')}. Asks: {name_bank(option.banks[0])}"
            )
            if len(option.banks) > 1:
                hints[option.variant.value] = plural(option.organisations, "organisation")
                reveals[option.variant.value] = f"bank_{option.variant}"
                self.fields[f"bank_{option.variant}"] = forms.TypedChoiceField(
                    label=f"Question bank for {option.variant.label.lower()}",
                    choices=[(bank.pk, name_bank(bank)) for bank in option.banks],
                    coerce=int,
                    required=False,
                    empty_value=None,  # the first
                    initial=option.banks[0].pk,
                )
        self.looks = {"variants": Look(is_label_hidden=True, item_hints=hints, reveals=reveals)}

    marks_optional = False

    def clean(self) -> dict[str, Any]:
        """`banks`: the chosen one of each chosen variant."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["banks"] = [
            next(
                bank
                for bank in option.banks
                if bank.pk == (cleaned.get(f"bank_{option.variant}") or option.banks[0].pk)
            )
            for option in self.options
            if option.variant in cleaned.get("variants", ()) and f"bank_{option.variant}" not in self.errors
        ]
        return cleaned


class CycleStandardsForm(forms.Form):
    """Step four, of a topic: the standards that each chosen bank asks."""

    def __init__(self, *args: Any, banks: Sequence[Questionnaire], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.banks = banks
        self.looks = {}
        for bank in banks:
            name = f"standards_{bank.variant}"
            self.looks[name] = Look(label_size="m", is_small=True)
            # Codes, not row ids: a bank that is loaded again meanwhile has other rows and the same codes.
            self.fields[name] = forms.MultipleChoiceField(
                label=bank.get_variant_display(),
                choices=[(standard.code, str(standard)) for standard in bank.standards.all()],
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "required": f"Select at least one standard for {bank.get_variant_display().lower()}"
                },
            )

    def clean(self) -> dict[str, Any]:
        """`pins`: each bank with its chosen standards."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["pins"] = [
            Pin(bank, tuple(standard for standard in bank.standards.all() if standard.code in chosen))
            for bank in self.banks
            for chosen in [cleaned.get(f"standards_{bank.variant}", ())]
        ]
        return cleaned


class CycleInviteesForm(forms.Form):
    """Step five: who of each variant is invited. Single organisations are changed on the cycle's page later."""

    def __init__(self, *args: Any, options: Sequence[VariantOptions], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looks = {}
        for option in options:
            name = f"invite_{option.variant}"
            self.looks[name] = Look(label_size="m")
            self.fields[name] = forms.ChoiceField(
                label=option.variant.label,
                choices=list(invitee_choices(option)),
                initial="all" if option.organisations else "none",
                widget=forms.RadioSelect,
                error_messages={"required": f"Select who is invited of {option.variant.label.lower()}"},
            )


def say_who(must: int, may: int) -> str:
    """‘12 organisations: 7 must take part, 5 may’."""
    who = {
        (True, True): f": {must} must take part, {may} may",
        (True, False): ": all must take part",
        (False, True): ": all may take part",
        (False, False): "",
    }[bool(must), bool(may)]
    return f"{plural(must + may, 'organisation')}{who}"


def invitee_choices(option: VariantOptions) -> Iterable[tuple[str, str]]:
    """‘Must’ and ‘may’ are said where both occur."""
    if option.organisations:
        yield "all", f"All {say_who(option.statutory, option.others)}"
    if option.statutory and option.others:
        yield "statutory", f"Only the {option.statutory} that the law names: they must take part"
    yield "none", "Nobody yet"


class CycleCheckForm(forms.Form):
    """The last step asks nothing more."""


class PinForm(forms.Form):
    """A planned cycle's bank for one variant, and a topic's standards of it."""

    bank = forms.TypedChoiceField(label="Question bank", coerce=int, widget=forms.RadioSelect)
    standards = forms.MultipleChoiceField(
        label="Standards", widget=forms.CheckboxSelectMultiple, required=False
    )
    marks_optional = False
    looks = {"bank": Look(label_size="m"), "standards": Look(label_size="m", is_small=True)}

    def __init__(
        self, *args: Any, row: CycleQuestionnaire, banks: Sequence[Questionnaire], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.banks = {bank.pk: bank for bank in (row.questionnaire, *banks)}
        bank, standards = self.fields["bank"], self.fields["standards"]
        assert isinstance(bank, forms.TypedChoiceField)
        assert isinstance(standards, forms.MultipleChoiceField)
        bank.choices = [(one.pk, name_bank(one)) for one in self.banks.values()]
        bank.initial = row.questionnaire_id
        if row.cycle.kind != CycleKind.TOPIC:
            del self.fields["standards"]
            return
        titles = {
            standard.code: str(standard) for one in self.banks.values() for standard in one.standards.all()
        }
        standards.choices = list(titles.items())
        standards.initial = [standard.code for standard in row.standards.all()]

    def clean(self) -> dict[str, Any]:
        """`pin`: the bank with its chosen standards."""
        cleaned = super().clean() or self.cleaned_data
        if "bank" not in cleaned:
            return cleaned
        bank = self.banks[cleaned["bank"]]
        chosen = cleaned.get("standards", ())
        standards = tuple(standard for standard in bank.standards.all() if standard.code in chosen)
        cleaned["pin"] = Pin(bank, standards)
        if "standards" in self.fields and not standards:
            self.add_error("standards", f"Select at least one standard of {bank}")
        return cleaned
