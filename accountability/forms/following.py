"""Forms of what follows a meeting: a refusal, the decision on an answer, did it work, a letter about what is late."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accountability.enums import ResponseDecision
from s11.organisations.models import Contact
from s11.web.forms import Look
from surveys.enums import ActionOutcome
from surveys.forms.actions import ProseField

SUBJECT_LENGTH = 200


class RefusalForm(forms.Form):
    """Why the agency will not act on it."""

    reason = ProseField(
        "Why will you not act on it?",
        "Say why you will not act on it",
        "What you do instead, or why it does not apply to you. Do not name a child or family.",
    )
    looks = {"reason": Look(label_size="s", rows=6)}
    marks_optional = False


class DecisionForm(forms.Form):
    """A note is needed where the answer goes back."""

    decision = forms.ChoiceField(
        label="Is it an answer to what the panel asked?",
        widget=forms.RadioSelect,
        choices=[
            (ResponseDecision.ACCEPTED, "Yes: accept it"),
            (ResponseDecision.RETURNED, "No: return it"),
        ],
        error_messages={"required": "Choose whether you accept or return the answer"},
    )
    note = ProseField(
        "Note to the agency", help_text="If you return it: what is missing. The agency reads this."
    )
    looks = {"decision": Look(label_size="m"), "note": Look(label_size="s", rows=4)}
    marks_optional = False

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("decision") == ResponseDecision.RETURNED and not cleaned.get("note", "").strip():
            self.add_error("note", "Say what is missing")
        return cleaned


class VerifyForm(forms.Form):
    """An officer's word on an action that is done."""

    outcome = forms.ChoiceField(
        label="Did it work?",
        widget=forms.RadioSelect,
        choices=ActionOutcome.choices,
        error_messages={"required": "Choose whether it worked"},
    )
    shown = ProseField(
        "What shows it?",
        "Say what shows it",
        "What you saw, counted or heard. The agency reads this.",
    )
    looks = {"outcome": Look(label_size="m"), "shown": Look(label_size="s", rows=4)}
    marks_optional = False


class LateLetterForm(forms.Form):
    """Whom it goes to, and its words."""

    contact = forms.ChoiceField(
        label="To whom?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whom you write to"},
    )
    subject = forms.CharField(
        max_length=SUBJECT_LENGTH, error_messages={"required": "Enter the subject of the letter"}
    )
    body = ProseField("The letter", "Enter the words of the letter")
    looks = {
        "contact": Look(label_size="m"),
        "subject": Look(label_size="s"),
        "body": Look(label_size="s", rows=14),
    }
    marks_optional = False

    def __init__(self, *args: Any, contacts: Iterable[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contacts = {str(one.pk): one for one in contacts}
        choice = self.fields["contact"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, f"{one}, {one.email}") for key, one in self.contacts.items()]

    def get_contact(self) -> Contact:
        """For a valid form only."""
        return self.contacts[self.cleaned_data["contact"]]
