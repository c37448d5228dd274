"""A partnership: its officers, its brand and its words."""

from __future__ import annotations

from typing import Any

from django import forms

from s11.organisations.enums import OFFICER_ROLE_HINTS, OfficerRole
from s11.organisations.forms.fields import AddressField, ColourField, LineField, check_colour
from s11.organisations.models import Officer, Partnership
from s11.web.forms import Look


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
