"""What people say of themselves, and who they are to be in an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from s11.organisations.enums import MEMBERSHIP_ROLE_HINTS, STAYS_AS, MembershipRole, PageLanguage
from s11.organisations.forms.fields import AddressField, LineField
from s11.organisations.models import Membership, Organisation, User
from s11.organisations.queries import Member
from s11.web.forms import Look
from s11.web.languages import say_later


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


class LanguageForm(forms.Form):
    """In which language somebody reads; `next` is the page to go back to."""

    language = forms.ChoiceField(
        label=say_later("Language"),
        choices=PageLanguage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": say_later("Choose a language")},
    )
    next = forms.CharField(required=False, max_length=2_000, widget=forms.HiddenInput)

    looks: ClassVar[dict[str, Look]] = {"language": Look(is_inline=True, is_label_hidden=True)}


class OwnDetailsForm(forms.ModelForm[User]):
    """What others see of a person beside their address."""

    class Meta:
        model = User
        fields = ("name",)
        field_classes = {"name": LineField}
        labels = {"name": say_later("Your name")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


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
