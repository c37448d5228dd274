"""A contact: a person of an organisation without a login, whom one partnership writes to."""

from __future__ import annotations

from django import forms

from s11.organisations.enums import ContactKind
from s11.organisations.forms.fields import AddressField, LineField
from s11.organisations.models import Contact, Participation
from s11.web.forms import Look


class ContactForm(forms.Form):
    name = LineField(label="Name", max_length=200, error_messages={"required": "Enter their name"})
    kind = forms.ChoiceField(
        label="What are they for you?",
        choices=ContactKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what they are for you"},
    )
    job_title = LineField(label="Job title", max_length=200, required=False)
    email = AddressField()
    telephone = LineField(label="Telephone", max_length=40, required=False)
    looks = {
        "kind": Look(
            item_hints={
                ContactKind.CHIEF_EXECUTIVE.value: "Is written to when the audit does not come.",
                ContactKind.DEPUTY.value: "Is written to where there is no lead who can be reached.",
                ContactKind.OTHER.value: "Likewise.",
            }
        ),
        "telephone": Look(width=20),
    }

    def __init__(
        self, data: object = None, *, participation: Participation, contact: Contact | None = None
    ) -> None:
        names = ("name", "kind", "job_title", "email", "telephone")
        initial = {name: getattr(contact, name) for name in names} if contact else {}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.participation, self.contact = participation, contact

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        held = Contact.objects.current().filter(
            participation=self.participation, kind=cleaned.get("kind"), email=cleaned.get("email")
        )
        if self.contact is not None:
            held = held.exclude(pk=self.contact.pk)
        if held.exists():
            self.add_error("email", f"{cleaned['email']} is a contact of this kind already")
        return cleaned
