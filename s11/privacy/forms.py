"""What the pages about people's own data ask."""

from __future__ import annotations

from typing import Any

from django import forms

from s11.organisations.forms.fields import AddressField, LineField
from s11.organisations.models import Partnership, User
from s11.privacy.subjects import is_known_in


class ExportForm(forms.Form):
    """Whom an export is about. An account that has nothing to do with the partnership is treated as none."""

    email = AddressField(
        required=False,
        help_text="With it we find the account, and records without one: contacts, requests, minutes, e-mails.",
    )
    name = LineField(
        label="Full name",
        required=False,
        max_length=150,
        help_text="As it may stand in texts and in records without an address.",
    )
    marks_optional = False

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._partnership = partnership
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("email") and not cleaned.get("name"):
            self.add_error("email", "Enter an e-mail address, or a name, or both")
        found = User.objects.filter(email=cleaned.get("email") or "").first()
        if found is not None and is_known_in(found, self._partnership):
            self.user = found
        return cleaned


class ReviewForm(forms.Form):
    """Which of the texts on a page are kept back. The boxes stand in the page, each beside its text."""

    shown = forms.TypedMultipleChoiceField(coerce=int, required=False)
    back = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            assert isinstance(field, forms.TypedMultipleChoiceField)
            field.choices = [(number, str(number)) for number in numbers]


class RetypeForm(forms.Form):
    """What cannot be undone is confirmed by writing the address once more."""

    email = AddressField(label="E-mail address of the account")
    marks_optional = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self.fields["email"].help_text = f"Type {user.email} to confirm."

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email != self._user.email:
            raise forms.ValidationError(f"This is not the address of the account: type {self._user.email}")
        return email


class DeclineForm(forms.Form):
    """Why a request to be forgotten is not granted; the person reads it."""

    why = LineField(
        label="Why does the name stay?",
        max_length=500,
        help_text="The person reads this.",
        error_messages={"required": "Enter why the name stays"},
    )
