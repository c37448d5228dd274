"""Organisations: their name, their identifiers, and what one partnership holds of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from s11.organisations.enums import Variant
from s11.organisations.forms.fields import AddressField, LineField, check_urn
from s11.organisations.models import Organisation, Participation, Partnership
from s11.organisations.queries import find_organisations
from s11.organisations.workflow import OrganisationFacts
from s11.web.forms import Look


class DetailsForm(forms.ModelForm[Organisation]):
    """What a lead may change: the organisation's name, the same for every partnership."""

    class Meta:
        model = Organisation
        fields = ("name",)
        field_classes = {"name": LineField}
        labels = {"name": "Name of the organisation"}


class IdentifiersForm(forms.Form):
    """National identifiers; each belongs to one organisation in the whole country."""

    urn = forms.CharField(
        label="URN",
        required=False,
        validators=[check_urn],
        help_text="Six digits, for a school or college.",
    )
    ods_code = forms.CharField(
        label="ODS code",
        required=False,
        max_length=10,
        help_text="For an NHS body or a GP practice, such as RJ1.",
    )
    ofsted_number = forms.CharField(
        label="Ofsted number",
        required=False,
        max_length=20,
        help_text="For a children’s home or a nursery, such as SC123456.",
    )
    looks = {"urn": Look(width=10), "ods_code": Look(width=10), "ofsted_number": Look(width=20)}

    def clean_ods_code(self) -> str:
        return str(self.cleaned_data["ods_code"]).upper()

    def clean_ofsted_number(self) -> str:
        return str(self.cleaned_data["ofsted_number"]).upper()

    def find_known(self) -> list[Organisation]:
        """Organisations that have one of the identifiers entered."""
        given = (str(self.cleaned_data.get(name) or "") for name in ("urn", "ods_code", "ofsted_number"))
        return find_organisations(*given)


class CorrectIdentifiersForm(IdentifiersForm):
    """The name too: where there is no lead yet, nobody else could put a slip in it right."""

    name = LineField(label="Name", max_length=200)
    field_order = ("name", "urn", "ods_code", "ofsted_number")

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        facts = ("name", "urn", "ods_code", "ofsted_number")
        initial = {fact: getattr(organisation, fact) for fact in facts}
        super().__init__(data, initial=initial)
        self.organisation = organisation

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for other in self.find_known():
            if other != self.organisation:
                raise ValidationError(
                    f"{other} has one of these identifiers. Check them, or add that organisation instead"
                )
        return cleaned


class AddOrganisationForm(IdentifiersForm):
    """An organisation that takes part from now on; if its identifier is known, it is that organisation which joins."""

    name = LineField(label="Name", max_length=200)
    variant = forms.ChoiceField(label="Variant", choices=Variant.choices, widget=forms.RadioSelect)
    is_statutory = forms.TypedChoiceField(
        label="Is it statutory?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text="Whether the law names it, so that it must take part.",
    )
    lead = AddressField(
        label="E-mail address of its lead",
        required=False,
        help_text="We invite this person to act for the organisation. You can do it later.",
    )
    field_order = ("name", "variant", "is_statutory", "urn", "ods_code", "ofsted_number", "lead")
    looks = {
        **IdentifiersForm.looks,
        "is_statutory": Look(is_inline=True),
        "variant": Look(
            item_hints={
                Variant.STANDARD: "Councils, police, probation, charities and anybody else.",
                Variant.HEALTH: "NHS bodies and other providers of health care.",
                Variant.CARE_HOME: "Children’s homes.",
                Variant.SCHOOL: "Schools and colleges.",
            }
        ),
    }

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        known = self.find_known()
        if len(known) > 1:
            names = " and ".join(str(organisation) for organisation in known)
            raise ValidationError(f"These identifiers belong to {names}. Check each of them")
        here = Participation.objects.filter(partnership=self.partnership)
        if known and here.active().filter(organisation=known[0]).exists():
            raise ValidationError(f"{known[0]} has this identifier and takes part already")
        if not known and here.filter(organisation__name__iexact=cleaned.get("name", "")).exists():
            self.add_error(
                "name",
                "An organisation with this name is on your list already. Add its place to tell the two apart",
            )
        return cleaned

    def describe_outcome(self, participation: Participation) -> str:
        """Which organisation it is after all, and who has been invited."""
        name, organisation = self.cleaned_data["name"], participation.organisation
        said = f"{name} takes part now."
        if organisation.name != name:
            said = f"{organisation.name} has this identifier and takes part now; you call it {name}."
        if lead := self.cleaned_data["lead"]:
            said += f" We have invited {lead} to act for it."
        return said

    @property
    def facts(self) -> OrganisationFacts:
        entered = self.cleaned_data
        return OrganisationFacts(
            name=entered["name"],
            variant=Variant(entered["variant"]),
            urn=entered["urn"],
            ods_code=entered["ods_code"],
            ofsted_number=entered["ofsted_number"],
        )


class ParticipationForm(forms.ModelForm[Participation]):
    """What this partnership alone holds of an organisation."""

    class Meta:
        model = Participation
        fields = ("local_name", "is_statutory", "is_active")
        field_classes = {"local_name": LineField}
        labels = {"local_name": "Your name for it", "is_statutory": "Statutory", "is_active": "Takes part"}
        help_texts = {
            "local_name": "If you call it something else. Only you and the organisation see it.",
            "is_statutory": "The law names it, so it must take part.",
            "is_active": "Untick it when the organisation leaves the area. Its audits stay.",
        }


class FilterForm(forms.Form):
    """Narrows the list of organisations; whatever is not understood is ignored."""

    words = forms.CharField(label="Name or identifier", required=False)
    variant = forms.ChoiceField(
        label="Variant", choices=[("", "All variants"), *Variant.choices], required=False
    )
    marks_optional = False

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("words", "variant")}
