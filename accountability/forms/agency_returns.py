"""Forms of agencies' returns: the three texts, pictures, approval by name, reasons, and asking for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils import timezone

from accountability.agency_return_identifying import Identified
from accountability.agency_return_list import STATES
from accountability.agency_return_standing import Written
from accountability.agency_return_words import HINTS
from accountability.agency_return_writing import Typed
from accountability.enums import ReturnHeading
from accountability.forms.meeting import TextField, make_version_field
from accountability.models.agency_returns import LONGEST_REASON, LONGEST_TEXT
from s11.web.date_fields import DatePartsField
from s11.web.forms import Look
from s11.web.text import plural
from surveys.evidence_limits import LARGEST_FILE, MEGABYTE
from surveys.evidence_types import TYPES
from surveys.forms.evidence import OneFileForm
from surveys.forms.filters import FilterForm

ROWS: Final[Mapping[ReturnHeading, int]] = {
    ReturnHeading.ABOUT: 6,
    ReturnHeading.CELEBRATE: 14,
    ReturnHeading.PRIORITIES: 8,
}
PRINTED: Final = (*TYPES["jpeg"].endings, *TYPES["png"].endings)


class ReturnForm(forms.Form):
    """A text a heading, each with the version of it that its writer was shown."""

    marks_optional = False

    def __init__(
        self, data: Any = None, *, written: Iterable[Written], typed: Mapping[str, str] | None = None
    ) -> None:
        """`typed` stands in place of what is saved, where it was refused."""
        super().__init__(data)
        self.looks: dict[str, Look] = {}
        for one in written:
            name = one.heading.value
            self.fields[name] = TextField(one.heading.label, help_text=_say_help(one), most=LONGEST_TEXT)
            self.fields[name].initial = (typed or {}).get(name, one.text)
            self.fields[f"{name}_version"] = make_version_field(initial=one.version)
            self.looks[name] = Look(label_size="m", rows=ROWS[one.heading], words=one.guide)

    @property
    def typed(self) -> list[Typed]:
        given = self.cleaned_data
        return [Typed(one, given[one.value], given[f"{one.value}_version"]) for one in ReturnHeading]

    @property
    def texts(self) -> dict[str, str]:
        """By field, for a form that shows them again."""
        return {one.value: self.cleaned_data[one.value] for one in ReturnHeading}


def make_refused(written: Iterable[Written], refused: Mapping[ReturnHeading, Iterable[str]]) -> ReturnForm:
    """What is saved, with what has to go said at its very field."""
    written = list(written)
    data = {one.heading.value: one.text for one in written}
    form = ReturnForm(
        data | {f"{one.heading.value}_version": one.version for one in written}, written=written
    )
    for heading, sentences in refused.items():
        for sentence in sentences:
            form.add_error(heading.value, sentence)
    return form


def _say_help(one: Written) -> str:
    """With the count as it was saved: what a browser counts while one types comes on top, as does the guide."""
    saved = f"{plural(one.words, 'word')} saved." if one.words else "Nothing saved yet."
    return f"{HINTS[one.heading]} {saved}"


class DescribeForm(forms.Form):
    """What a picture shows."""

    alt = forms.CharField(
        label="What does the picture show?",
        max_length=300,
        help_text="One sentence for people who cannot see it, such as ‘Volunteers paint the wall of a youth centre’. "
        "Name nobody.",
        error_messages={"required": "Enter what the picture shows"},
    )
    looks = {"alt": Look(label_size="s")}


class PictureForm(OneFileForm, DescribeForm):
    """A picture, what it shows, and what its sender states of it."""

    has_agreement = forms.BooleanField(
        label="Everyone who can be seen has agreed to its publication",
        error_messages={
            "required": "Select that everyone who can be seen has agreed, or choose another picture"
        },
    )
    shows_no_child = forms.BooleanField(
        label="No child can be recognised, by face, name, uniform or place",
        error_messages={"required": "Select that no child can be recognised, or choose another picture"},
    )
    field_order = ("file", "alt", "has_agreement", "shows_no_child")
    looks = {"file": Look(label_size="s"), "alt": Look(label_size="s")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.label, field.error_messages["required"] = "Picture", "Choose the picture"
        field.help_text = (
            f"A JPEG or PNG of up to {LARGEST_FILE // MEGABYTE} MB. What the camera wrote into it, such as the place, "
            "is removed."
        )
        field.widget.attrs["accept"] = ",".join(PRINTED)


class ClearForm(forms.Form):
    """Puts words that may say who somebody is to whoever hands a return in or approves it; a tick is of these alone."""

    nobody = forms.BooleanField(
        label="I have checked each of these: no child, family or colleague can be recognised by it",
        required=False,
    )
    marks_optional = False

    def __init__(self, *args: Any, found: Identified, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        if not found.doubtful:
            del self.fields["nobody"]

    @property
    def cleared(self) -> str:
        """The mark of the words above the box, where it was ticked."""
        return str(self.data.get("looked_at", "")) if self.cleaned_data.get("nobody") else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.found.is_cleared(self.cleared):
            self.add_error("nobody", "Select that you have checked each of these, or change them first")
        return cleaned


class ApproveForm(ClearForm):
    """For the public, by name; `seen` is what was read."""

    approved_as = forms.CharField(
        label="Your role",
        max_length=200,
        help_text="As it is to stand beside your name, such as ‘Chief executive’ or ‘Trustee for safeguarding’.",
        error_messages={"required": "Enter your role"},
    )
    names_nobody = forms.BooleanField(
        label="No child, family or practitioner can be recognised in the words or pictures",
        error_messages={"required": "Select that nobody can be recognised, once you have read it"},
    )
    is_for_public = forms.BooleanField(
        label="I approve this return for the public",
        error_messages={"required": "Select that you approve the return for the public"},
    )
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)
    field_order = ("nobody", "approved_as", "names_nobody", "is_for_public", "seen")
    looks = {"approved_as": Look(label_size="s", width=30)}


class ReasonForm(forms.Form):
    """Why it comes back."""

    reason = TextField("What is to change?", "Enter what is to change", most=LONGEST_REASON)
    looks = {"reason": Look(label_size="m", rows=5)}

    def __init__(self, *args: Any, reader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = f"{reader} by e-mail, and above the return."


class AskForm(forms.Form):
    """By when, and what else agencies should know."""

    due_on = DatePartsField(
        label="By when are the returns due?", error_messages={"required": "Enter by when the returns are due"}
    )
    note = TextField(
        "What else should agencies know?",
        help_text="It stands in the e-mail and above each return. Such as the year’s theme, or who answers questions.",
        most=LONGEST_REASON,
    )
    looks = {"due_on": Look(label_size="s"), "note": Look(label_size="s", rows=4)}

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if "due_on" in self.changed_data and due_on < timezone.localdate():
            raise forms.ValidationError("By when are the returns due? The day must be today or later")
        return due_on


class ReturnFilterForm(FilterForm):
    """Which agencies: by name, and how far they are."""

    words = forms.CharField(label="Name", max_length=200, required=False)
    state = forms.ChoiceField(label="State", choices=[("", "All"), *STATES.items()], required=False)
    marks_optional = False
