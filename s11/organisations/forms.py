"""What people enter about organisations, people and partnerships. Addresses are trimmed and in lower case."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from s11.organisations.colours import contrast_with_white, is_readable_under_white
from s11.organisations.enums import (
    MEMBERSHIP_ROLE_HINTS,
    OFFICER_ROLE_HINTS,
    STAYS_AS,
    MembershipRole,
    OfficerRole,
    Variant,
)
from s11.organisations.models import Membership, Officer, Organisation, Participation, Partnership, User
from s11.organisations.queries import Member, find_organisations
from s11.organisations.workflow import OrganisationFacts
from s11.web.forms import Look

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


class JoinForm(forms.Form):
    """A new person's name and password."""

    name = LineField(
        label="Your name", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Three words that do not belong together are a good one.",
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as refused:
                self.add_error("password", refused)
        return cleaned


class OwnDetailsForm(forms.ModelForm[User]):
    """What others see of a person beside their address."""

    class Meta:
        model = User
        fields = ("name",)
        field_classes = {"name": LineField}
        labels = {"name": "Your name"}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


# People of an organisation --------------------------------------------------------------------------------------------


class InviteMemberForm(forms.Form):
    """Invite to an organisation. Whether somebody is a member there already is said; whether they exist is not."""

    email = AddressField()
    role = forms.ChoiceField(label="Role", choices=MembershipRole.choices, widget=forms.RadioSelect)
    looks = {"role": Look(item_hints={role.value: hint for role, hint in MEMBERSHIP_ROLE_HINTS.items()})}

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        held = Membership.objects.active().filter(
            organisation=self.organisation, user__email=cleaned.get("email"), role=cleaned.get("role")
        )
        if held.exists():
            role = MembershipRole(cleaned["role"]).label.lower()
            self.add_error("email", f"{cleaned['email']} is a {role} of {self.organisation} already")
        return cleaned

    @property
    def role_chosen(self) -> MembershipRole:
        return MembershipRole(self.cleaned_data["role"])


class RolesForm(forms.Form):
    """All that a member is."""

    roles = forms.MultipleChoiceField(
        label="Roles",
        choices=MembershipRole.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one role, or remove the person instead"},
    )
    looks = {"roles": Look(item_hints={role.value: hint for role, hint in MEMBERSHIP_ROLE_HINTS.items()})}

    @property
    def roles_chosen(self) -> frozenset[MembershipRole]:
        return frozenset(MembershipRole(role) for role in self.cleaned_data["roles"])


class HandOverForm(forms.Form):
    """Who leads from now on, and what whoever hands over is then."""

    person = forms.TypedChoiceField(label="Who leads from now on?", coerce=int, widget=forms.RadioSelect)
    stays_as = forms.ChoiceField(label="And you?", choices=STAYS_AS, required=False, widget=forms.RadioSelect)
    marks_optional = False
    looks = {"person": Look(label_size="m"), "stays_as": Look(label_size="m")}

    def __init__(self, *args: Any, others: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, forms.TypedChoiceField)
        person.choices = [(one.user.pk, f"{one.user} ({one.roles.lower()})") for one in others]


class DetailsForm(forms.ModelForm[Organisation]):
    """What a lead may change: the organisation's name, the same for every partnership."""

    class Meta:
        model = Organisation
        fields = ("name",)
        field_classes = {"name": LineField}
        labels = {"name": "Name of the organisation"}


# The desk -------------------------------------------------------------------------------------------------------------


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


class InviteOfficerForm(forms.Form):
    """Invite to the partnership's desk."""

    email = AddressField()
    role = forms.ChoiceField(label="Role", choices=OfficerRole.choices, widget=forms.RadioSelect)
    looks = {"role": Look(item_hints={role.value: hint for role, hint in OFFICER_ROLE_HINTS.items()})}

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partnership = partnership

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        held = Officer.objects.active().filter(
            partnership=self.partnership, user__email=cleaned.get("email"), role=cleaned.get("role")
        )
        if held.exists():
            role = OfficerRole(cleaned["role"]).label.lower()
            self.add_error("email", f"{cleaned['email']} is {role} of {self.partnership} already")
        return cleaned

    @property
    def role_chosen(self) -> OfficerRole:
        return OfficerRole(self.cleaned_data["role"])


class SettingsForm(forms.ModelForm[Partnership]):
    """A partnership's brand, its contact, and the words that stand under our standard texts."""

    colour = ColourField(
        required=False,
        validators=[check_colour],
        help_text="For the band at the top of each page, as # and six digits, such as #1d5f6e. "
        "White text must be readable on it.",
    )

    class Meta:
        model = Partnership
        fields = (
            "name",
            "colour",
            "contact_email",
            "contact_text",
            "accessibility_text",
            "privacy_text",
            "cookies_text",
        )
        field_classes = {"name": LineField}
        labels = {
            "name": "Name of the partnership",
            "contact_email": "Contact e-mail address",
            "contact_text": "Contact",
            "accessibility_text": "Accessibility",
            "privacy_text": "Privacy",
            "cookies_text": "Cookies",
        }
        help_texts = {
            "contact_text": "Who you are, a telephone number, when you answer. Stands on your contact page.",
            "accessibility_text": "What stands under our statement: how to ask you for another format.",
            "privacy_text": "What stands under our notice: the controllers, your data protection officer, "
            "how long you keep audits.",
            "cookies_text": "Only if your own pages beside this service set cookies.",
        }

    looks = {"colour": Look(width=10)}
