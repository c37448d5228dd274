"""Forms of the minutes: a passage, the chair's word, corrections asked for and decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accountability.enums import CorrectionDecision
from accountability.forms.meeting import TextField, make_version_field
from s11.web.date_fields import DatePartsField
from s11.web.forms import Look

PASSAGE_LENGTH, CORRECTION_LENGTH, REPLY_LENGTH = 50_000, 5_000, 2_000


class PassageForm(forms.Form):
    """What the minutes say of one item; its prefix is the card's code."""

    text = TextField("What the minutes say", most=PASSAGE_LENGTH)
    version = make_version_field()
    marks_optional = False
    looks = {"text": Look(label_size="s", rows=8)}

    def __init__(self, data: Any = None, *, code: str, title: str = "", **kwargs: Any) -> None:
        super().__init__(data, prefix=code, auto_id="%s", **kwargs)
        if title:
            self.fields["text"].label = f"What the minutes say of {title}"


class AgreeForm(forms.Form):
    """Until when those who came may ask for corrections."""

    corrections_until = DatePartsField(
        label="Last day for corrections",
        help_text="Those who came are told it in the e-mail.",
        error_messages={"required": "Enter the last day for corrections"},
    )
    # The newest change of the text that the page shows.
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean_corrections_until(self) -> Any:
        until = self.cleaned_data["corrections_until"]
        if until < timezone.localdate():
            raise ValidationError("The last day for corrections must be today or later")
        return until


class CorrectionForm(forms.Form):
    """One passage is wrong, and what is right. An officer says who told them."""

    passage = forms.ChoiceField(
        label="Which part is wrong?", error_messages={"required": "Choose which part is wrong"}
    )
    text = TextField(
        "What is wrong, and what is right?", "Enter what is wrong and what is right", most=CORRECTION_LENGTH
    )
    by_name = forms.CharField(
        label="Who asks for it?", max_length=200, error_messages={"required": "Enter who asks for it"}
    )
    looks = {"text": Look(rows=4)}

    def __init__(self, data: Any = None, *, passages: list[tuple[int, str]], name: str = "") -> None:
        """`name` is the person's own; empty where an officer enters it."""
        super().__init__(data)
        choice = self.fields["passage"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "Choose a part"), *((str(pk), title) for pk, title in passages)]
        if name:
            del self.fields["by_name"]


class DecideForm(forms.Form):
    """Taken in with the passage's new words, or not, with the reason."""

    decision = forms.ChoiceField(
        label="Is it taken in?",
        choices=(
            (CorrectionDecision.ACCEPTED, "Yes, as the text below says"),
            (CorrectionDecision.DECLINED, "No, for the reason below"),
        ),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is taken in"},
    )
    new_text = TextField("What the minutes say then", most=PASSAGE_LENGTH)
    version = make_version_field()
    reply = TextField(
        "Your reply", help_text="Those who came read it. Needed where it is not taken in.", most=REPLY_LENGTH
    )
    marks_optional = False
    looks = {"new_text": Look(rows=8), "reply": Look(rows=3)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("decision") == CorrectionDecision.DECLINED and not (data.get("reply") or "").strip():
            self.add_error("reply", "Say why it is not taken in")
        return data
