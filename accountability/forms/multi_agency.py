"""Forms of the register of multi-agency audits: what one is to be and found, why it is not held, what was agreed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.utils import timezone

from accountability.forms.meeting import TextField, make_version_field
from accountability.identifying.finding import find_in_work, list_refused
from accountability.models import MultiAgencyAudit
from accountability.multi_agency_enums import AuditMethod
from accountability.multi_agency_naming import find_agencies
from accountability.multi_agency_plan import list_months
from accountability.multi_agency_writing import FindingsInput, PlanInput
from accountability.reporting_years import ReportingYear
from s11.organisations.enums import Variant
from s11.organisations.models import Participation
from s11.web.date_fields import DatePartsField
from s11.web.forms import Look
from s11.web.text import list_words
from surveys.actions import ActionInput
from surveys.enums import ActionPriority
from surveys.models import Theme

FINDING_LENGTH: Final = 5_000


def check_names_nobody(text: str, label: str) -> None:
    """What goes to the public says nobody's number or address; raises a ValidationError that says which."""
    refused = list_refused(find_in_work(text))
    if refused:
        first = refused[0]
        raise forms.ValidationError(
            f"{label}: ‘{first.words}’ looks like {first.kind}. Take it out, for the annual report takes this over"
        )


class PlanForm(forms.Form):
    """What is looked at, when, by whom. Who takes part is a field a variant, for a partnership may have hundreds."""

    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="Such as ‘Neglect: how early is it seen?’",
        error_messages={"required": "Enter a title"},
    )
    theme = forms.ModelChoiceField(
        Theme.objects.order_by("position"),
        label="Theme (optional)",
        required=False,
        empty_label="None of the ten",
    )
    method = forms.ChoiceField(
        label="Method",
        choices=AuditMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select a method"},
    )
    about = TextField(
        "What is looked at, and how (optional)",
        help_text="How many cases, chosen how, which records, who reads them. Do not name a child, a family or a case.",
    )
    committee = forms.CharField(
        label="Responsible group",
        max_length=200,
        help_text="Which group of the partnership sees to it, such as ‘Quality assurance group’.",
        error_messages={"required": "Enter the responsible group"},
    )
    month = forms.ChoiceField(label="Planned for", error_messages={"required": "Select a month"})
    begins_on = DatePartsField(label="First day of the work (optional)", required=False)
    ends_on = DatePartsField(label="Last day of the work (optional)", required=False)
    repeats = forms.ModelChoiceField(
        MultiAgencyAudit.objects.none(),
        label="Does it repeat an earlier audit?",
        required=False,
        empty_label="No",
        help_text="The earlier one is then not due again any more.",
    )
    version = make_version_field(required=False)
    marks_optional = False
    looks = {
        "method": Look(is_small=True),
        "about": Look(rows=5),
        "begins_on": Look(),
        "month": Look(width=20),
    }

    def __init__(
        self,
        *args: Any,
        agencies: Iterable[Participation],
        others: Any,
        chosen: Iterable[int] = (),
        month: datetime.date | None = None,
        **kwargs: Any,
    ) -> None:
        """`others` are the audits that this one may repeat; `month` is offered however long ago it was."""
        super().__init__(*args, **kwargs)
        field = self.fields["repeats"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = others
        self._offer_months(month)
        self.agencies: dict[str, list[Participation]] = {}
        for one in agencies:
            self.agencies.setdefault(one.organisation.variant, []).append(one)
        held = set(chosen)
        self.looks = dict(self.looks)
        for variant, found in self.agencies.items():
            name = f"agencies-{variant}"
            self.looks[name] = Look(is_small=True, is_label_hidden=True)
            self.fields[name] = forms.TypedMultipleChoiceField(
                label=f"Agencies: {Variant(variant).label}",
                choices=[(one.pk, one.name) for one in found],
                coerce=int,
                initial=[one.pk for one in found if one.pk in held],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def _offer_months(self, own: datetime.date | None) -> None:
        """Of last year, of this one and of the next."""
        now = ReportingYear.of(timezone.localdate())
        months = {month for year in (now.before, now, now.next) for month in list_months(year)}
        if own is not None:
            months.add(own)
        field = self.fields["month"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Select a month")] + [(str(one), f"{one:%B %Y}") for one in sorted(months)]

    @property
    def by_variant(self) -> list[tuple[str, Any, int]]:
        """(Variant, field, how many are ticked) for the page."""
        return [
            (
                str(Variant(variant).label),
                self[f"agencies-{variant}"],
                len(self[f"agencies-{variant}"].value() or ()),
            )
            for variant in Variant.values
            if variant in self.agencies
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins_on, ends_on = cleaned.get("begins_on"), cleaned.get("ends_on")
        if ends_on and not begins_on and "begins_on" not in self.errors:
            self.add_error("begins_on", "Enter the first day of the work too")
        if begins_on and ends_on and ends_on < begins_on:
            self.add_error("ends_on", "Last day of the work must be the first day or later")
        return cleaned

    @property
    def entered(self) -> PlanInput:
        """For a valid form only."""
        cleaned = self.cleaned_data
        ticked = {pk for name, found in cleaned.items() if name.startswith("agencies-") for pk in found}
        return PlanInput(
            title=cleaned["title"],
            theme=cleaned["theme"],
            month=datetime.date.fromisoformat(cleaned["month"]),
            begins_on=cleaned["begins_on"],
            ends_on=cleaned["ends_on"],
            committee=cleaned["committee"],
            method=AuditMethod(cleaned["method"]),
            about=cleaned["about"],
            repeats=cleaned["repeats"],
            taking_part=[one for found in self.agencies.values() for one in found if one.pk in ticked],
        )


class FindingsForm(forms.Form):
    """What it found. The annual report takes it over once there is a day on which it was reported."""

    key_messages = TextField(
        "Key messages",
        help_text="What everybody who works with children should know of it.",
        most=FINDING_LENGTH,
    )
    strengths = TextField("Strengths", most=FINDING_LENGTH)
    weaknesses = TextField(
        "Weaknesses",
        help_text="Name no agency: the annual report says what is weak, and not where.",
        most=FINDING_LENGTH,
    )
    reported_on = DatePartsField(
        label="Reported on",
        help_text="The day on which the responsible group received it. Leave it empty until then.",
        required=False,
    )
    again_on = DatePartsField(
        label="To be repeated on", help_text="It is said to be due again from then on.", required=False
    )
    version = make_version_field(required=False)
    marks_optional = False
    looks = {
        "key_messages": Look(label_size="s", rows=6),
        "strengths": Look(label_size="s", rows=5),
        "weaknesses": Look(label_size="s", rows=5),
        "reported_on": Look(label_size="s"),
        "again_on": Look(label_size="s"),
    }

    def __init__(self, *args: Any, audit: MultiAgencyAudit, names: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audit = audit
        self.names = list(names)

    def clean_key_messages(self) -> str:
        return self._clean_text("key_messages")

    def clean_strengths(self) -> str:
        return self._clean_text("strengths")

    def clean_weaknesses(self) -> str:
        text = self._clean_text("weaknesses")
        named = find_agencies(text, self.names)
        if named:
            raise forms.ValidationError(
                f"Weaknesses must name no agency: take out {list_words([f'‘{name}’' for name in named])}"
            )
        return text

    def _clean_text(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        check_names_nobody(text, str(self.fields[name].label))
        return text

    def clean_reported_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["reported_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("Reported on must be today or in the past")
        if day is not None and self.audit.begins_on is not None and day < self.audit.begins_on:
            raise forms.ValidationError("Reported on must be after the first day of the work")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reported_on, again_on = cleaned.get("reported_on"), cleaned.get("again_on")
        if reported_on and not cleaned.get("key_messages") and "key_messages" not in self.errors:
            self.add_error("key_messages", "Enter the key messages of an audit that is reported")
        if again_on and not reported_on and "reported_on" not in self.errors:
            self.add_error("reported_on", "Enter the day on which it was reported, or plan it anew instead")
        if reported_on and again_on and again_on <= reported_on:
            self.add_error("again_on", "To be repeated on must be after the day on which it was reported")
        return cleaned

    @property
    def entered(self) -> FindingsInput:
        cleaned = {name: self.cleaned_data[name] for name in self.looks}
        return FindingsInput(**cleaned)


class ReasonForm(forms.Form):
    """Why something that was planned or agreed is taken back."""

    reason = TextField("Why?", "Say why", most=1_000)
    looks = {"reason": Look(label_size="s", rows=3)}

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


class AgreedActionForm(forms.Form):
    """An action that one of those who take part will do; it stands in that agency's own plan."""

    agency = forms.ChoiceField(
        label="Which agency does it?", error_messages={"required": "Select the agency that does it"}
    )
    what = TextField(
        "What will be different?",
        "Say what will be different when it is done",
        "The outcome, without a child’s or a family’s name. The agency reads it in its action plan.",
        most=4_000,
    )
    measure = TextField(
        "How will you know that it worked?", "Say how you will know that it worked", most=4_000
    )
    owner = forms.CharField(
        label="Who will see to it there?",
        max_length=150,
        help_text="A post, such as ‘Head of service’. Its leads are reminded when it is overdue.",
        error_messages={"required": "Enter the post that will see to it"},
    )
    due_on = DatePartsField(
        label="Due date", error_messages={"required": "Enter the date by which it will be done"}
    )
    looks = {
        "agency": Look(label_size="s"),
        "what": Look(label_size="s", rows=4),
        "measure": Look(label_size="s", rows=3),
        "owner": Look(label_size="s", width=30),
        "due_on": Look(label_size="s"),
    }

    def __init__(self, *args: Any, taking_part: Sequence[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taking_part = {str(one.pk): one for one in taking_part}
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Select an agency")] + [(pk, one.name) for pk, one in self.taking_part.items()]

    def clean_due_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("Due date must be today or in the future")
        return day

    @property
    def participation(self) -> Participation:
        return self.taking_part[self.cleaned_data["agency"]]

    @property
    def entered(self) -> ActionInput:
        """For a valid form only."""
        cleaned = self.cleaned_data
        return ActionInput(
            what=cleaned["what"],
            measure=cleaned["measure"],
            owner=cleaned["owner"],
            owner_user=None,
            starts_on=None,
            due_on=cleaned["due_on"],
            priority=ActionPriority.MEDIUM,
        )
