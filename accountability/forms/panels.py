"""The panel's rules, who sits on it, and what they have an interest in."""

from __future__ import annotations

from typing import Any

from django import forms

from accountability.enums import InterestKind, Sector
from accountability.models import Panel, PanelMember
from accountability.queries import get_contacts_to_add, get_officers_to_add, get_organisations
from s11.organisations.forms.fields import AddressField, LineField
from s11.organisations.models import Contact, Officer, Organisation, Participation, Partnership
from s11.web.forms import Look


class PanelRulesForm(forms.Form):
    """How each meeting's own panel is drawn from all who may sit."""

    seats = forms.IntegerField(
        label="People on a panel",
        min_value=3,
        max_value=9,
        initial=3,
        help_text="In each meeting, the chair included: from 3 to 9.",
        error_messages={"required": "Enter how many people are on a panel"},
    )
    sectors = forms.IntegerField(
        label="From at least how many sectors?",
        min_value=2,
        max_value=8,
        initial=2,
        help_text="Health, police, education and so on: from 2 to 8.",
        error_messages={"required": "Enter from how many sectors"},
    )
    tracks = forms.IntegerField(
        label="Panels at a time",
        min_value=1,
        max_value=8,
        initial=1,
        help_text="Two panels in two rooms meet two agencies at once: from 1 to 8.",
        error_messages={"required": "Enter how many panels meet at a time"},
    )
    looks = {name: Look(width=2) for name in ("seats", "sectors", "tracks")}

    def __init__(self, data: Any = None, *, panel: Panel | None = None) -> None:
        initial = {name: getattr(panel, name) for name in self.base_fields} if panel else {}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seats, sectors = cleaned.get("seats"), cleaned.get("sectors")
        if seats and sectors and sectors > seats:
            self.add_error("sectors", f"{seats} people cannot come from {sectors} sectors")
        return cleaned


class PlaceOnPanelForm(forms.Form):
    """What every member of a panel is there."""

    sector = forms.ChoiceField(
        label="Sector",
        choices=Sector.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select their sector"},
    )
    may_chair = forms.BooleanField(label="May chair", required=False)
    most = forms.IntegerField(
        label="Most meetings they can take",
        min_value=1,
        max_value=200,
        required=False,
        help_text="In all. Empty for no limit.",
    )
    looks = {"sector": Look(is_small=True), "most": Look(width=3)}


def make_organisation_field(partnership: Partnership, label: str = "Organisation they work for") -> Any:
    return OrganisationField(
        label=label,
        queryset=get_organisations(partnership),
        required=False,
        empty_label="Independent: for none of these",
        help_text="They never sit for it, nor for others of its group.",
    )


class OrganisationField(forms.ModelChoiceField[Organisation]):
    """Named as nationally; the row id stays in the page."""


class OfficerField(forms.ModelChoiceField[Officer]):
    """An officer by the person's name and their role."""

    def label_from_instance(self, obj: Officer) -> str:
        return f"{obj.user}, {obj.get_role_display().lower()}"


class ContactField(forms.ModelChoiceField[Contact]):
    """A contact after their organisation."""

    def label_from_instance(self, obj: Contact) -> str:
        return f"{obj.participation.organisation}: {obj.name}, {obj.email}"


class ParticipationField(forms.ModelChoiceField[Participation]):
    """By the partnership's own name for the organisation."""

    def label_from_instance(self, obj: Participation) -> str:
        return obj.name


class OfficerMemberForm(PlaceOnPanelForm):
    """An officer who sits."""

    field_order = ("officer", "organisation")

    def __init__(self, data: Any = None, *, panel: Panel) -> None:
        super().__init__(data)
        self.fields["officer"] = OfficerField(
            label="Officer",
            queryset=get_officers_to_add(panel),
            error_messages={"required": "Select an officer"},
        )
        self.fields["organisation"] = make_organisation_field(panel.cycle.partnership)
        self.order_fields(self.field_order)


class ContactMemberForm(PlaceOnPanelForm):
    """A contact who is there already."""

    field_order = ("contact",)

    def __init__(self, data: Any = None, *, panel: Panel) -> None:
        super().__init__(data)
        self.fields["contact"] = ContactField(
            label="Contact",
            queryset=get_contacts_to_add(panel),
            help_text="They belong to the organisation whose contact they are.",
            error_messages={"required": "Select a contact"},
        )
        self.order_fields(self.field_order)


class NewContactMemberForm(PlaceOnPanelForm):
    """Somebody whom the partnership does not know yet: a contact is made of them."""

    name = LineField(max_length=200, error_messages={"required": "Enter their name"})
    job_title = LineField(label="Job title", max_length=200, required=False)
    email = AddressField(help_text="They are asked by e-mail when they can come; they need no account.")
    field_order = ("participation", "name", "job_title", "email")

    def __init__(self, data: Any = None, *, panel: Panel) -> None:
        super().__init__(data)
        here = panel.cycle.partnership.participations.filter(is_active=True)
        self.fields["participation"] = ParticipationField(
            label="Organisation they work for",
            queryset=here.select_related("organisation").order_by("organisation__name", "pk"),
            help_text="They become its contact, and never sit for it.",
            error_messages={"required": "Select their organisation"},
        )
        self.order_fields(self.field_order)


class MemberForm(PlaceOnPanelForm):
    """Changing what a member is on the panel."""

    field_order = ("organisation",)

    def __init__(self, data: Any = None, *, member: PanelMember) -> None:
        names = ("organisation", "sector", "may_chair", "most")
        super().__init__(data, initial={name: getattr(member, name) for name in names})
        self.fields["organisation"] = make_organisation_field(member.panel.cycle.partnership)
        self.order_fields(self.field_order)


class InterestForm(forms.Form):
    """One interest, entered by an officer."""

    kind = forms.ChoiceField(
        label="What is the interest?",
        choices=InterestKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the interest is"},
    )
    note = LineField(
        label="Note", max_length=500, required=False, help_text="Seen by officers. Name no relative."
    )
    field_order = ("organisation",)

    def __init__(self, data: Any = None, *, member: PanelMember) -> None:
        super().__init__(data)
        self.fields["organisation"] = OrganisationField(
            label="Organisation",
            queryset=get_organisations(member.panel.cycle.partnership),
            error_messages={"required": "Select an organisation"},
        )
        self.order_fields(self.field_order)
