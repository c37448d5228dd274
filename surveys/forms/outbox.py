"""Forms of the mail to agencies: the outbox's filter and words, a cycle's texts, reminders, and escalation steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from s11.organisations.models import Contact
from s11.web.forms import Look
from surveys.enums import EscalationStep
from surveys.escalation_steps import LETTERS
from surveys.forms.actions import ProseField
from surveys.forms.invitees import SearchForm
from surveys.invitees import NOT_STARTED, InviteeState
from surveys.outbox import ACTS
from surveys.outbox_rows import Box
from surveys.placeholders import find_fault

SUBJECT_LENGTH = 200
BODY_LENGTH = 5_000


class OutboxFilterForm(SearchForm):
    """Which box, with how many lie in each; by organisation, address or subject."""

    box = forms.ChoiceField(label="Show", choices=Box.choices, required=False)
    field_order = ("box", "search")

    def __init__(self, *args: Any, counts: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["box"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [(one.value, f"{one.label} ({counts[one]})") for one in Box]
        self.fields["search"].label = "Organisation, address or subject"

    @property
    def chosen(self) -> dict[str, str]:
        """What cannot be understood filters nothing."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        return {"box": cleaned.get("box") or Box.WAITING, "search": cleaned.get("search") or ""}


class ActForm(forms.Form):
    """One act on one or many messages, as numbers; which of them are this partnership's, the view asks."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    messages = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        chosen = self.fields["messages"]
        assert isinstance(chosen, forms.TypedMultipleChoiceField)
        keys = {key for key in data.getlist("messages") if key.isascii() and key.isdigit() and len(key) < 10}
        chosen.choices = [(key, key) for key in keys]


class WordsForm(forms.Form):
    """The words of one e-mail."""

    subject = forms.CharField(
        max_length=SUBJECT_LENGTH, error_messages={"required": "Enter a subject: what to do, and by when"}
    )
    body = ProseField("Text", "Enter the text of the e-mail")
    looks = {"subject": Look(label_size="s"), "body": Look(label_size="s", rows=14)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].validators = [MaxLengthValidator(BODY_LENGTH)]

    def clean_subject(self) -> str:
        return " ".join(str(self.cleaned_data["subject"]).split())


class TextForm(WordsForm):
    """Words with placeholders; an unknown one is refused with those that exist."""

    def clean_subject(self) -> str:
        return self._check(super().clean_subject())

    def clean_body(self) -> str:
        return self._check(str(self.cleaned_data["body"]))

    def _check(self, text: str) -> str:
        if fault := find_fault(text):
            raise forms.ValidationError(fault)
        return text


class RemindFilterForm(SearchForm):
    """Whom to remind: by how far they have come; those reminded lately only when asked for."""

    state = forms.ChoiceField(
        label="Status",
        choices=[
            ("", "All that have not submitted"),
            (NOT_STARTED, "Not started"),
            (InviteeState.STARTED.value, "Started"),
        ],
        required=False,
    )
    again = forms.BooleanField(label="Those reminded in the last 7 days too", required=False)
    field_order = ("state", "search", "again")

    @property
    def chosen(self) -> dict[str, Any]:
        return dict(self.cleaned_data) if self.is_valid() else {}


class StepForm(forms.Form):
    """One step of the ladder: a note, or a letter's words and whom it is to."""

    note = ProseField("Note", "Enter what was said and agreed")

    def __init__(
        self, *args: Any, step: EscalationStep, contacts: Iterable[Contact] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        labels = {
            EscalationStep.CALL: ("Whom did you speak to, and what was agreed?", 5),
            EscalationStep.RESOLVED: ("How was it resolved?", 4),
        }
        note.label, rows = labels.get(step, ("The letter", 16))
        self.looks = {"note": Look(label_size="m", rows=rows), "contact": Look(label_size="m")}
        if step not in LETTERS:
            return
        self.fields["subject"] = forms.CharField(
            label="Subject of the e-mail", max_length=SUBJECT_LENGTH, required=False
        )
        note.error_messages["required"] = "Enter the words of the letter"
        self.contacts = {str(one.pk): one for one in contacts}
        choices = [(key, describe_contact(one)) for key, one in self.contacts.items()]
        self.fields["contact"] = forms.ChoiceField(
            label="To whom?",
            widget=forms.RadioSelect,
            required=False,
            choices=[*choices, ("", "Nobody of these: I print the letter and post it")],
        )
        self.order_fields(["contact", "subject", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "contact" in self.fields:
            cleaned["contact"] = self.contacts.get(cleaned.get("contact") or "")
        return cleaned


def describe_contact(contact: Contact) -> str:
    told = "mail there was refused" if contact.refused_at else contact.email
    return f"{contact}: {told}"
