"""Forms of the evidence library: adding files, links and references, changing, replacing, removing, and the filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from s11.web.date_fields import DatePartsField
from s11.web.forms import Look
from surveys.enums import EvidenceKind
from surveys.evidence import EXPIRED, EXPIRING, EXPIRING_DAYS, REMOVED, UNUSED, Item
from surveys.evidence_library import Period
from surveys.evidence_limits import LIMITS_IN_WORDS
from surveys.evidence_types import ENDINGS, KINDS_IN_WORDS
from surveys.models import Evidence

STATES = (
    ("", "All"),
    (EXPIRING, f"Expires within {EXPIRING_DAYS} days"),
    (EXPIRED, "Expired"),
    (UNUSED, "Backs no answer"),
    (REMOVED, "Taken out or removed"),
)


class FilesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """All the files that were chosen, as a list; what each is, is checked when it is added."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        chosen = [file for file in data or [] if isinstance(file, UploadedFile)]
        if not chosen and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return chosen


def make_files_field(label: str = "Files", *, required: bool = True) -> FilesField:
    return FilesField(
        label=label,
        required=required,
        help_text=f"{KINDS_IN_WORDS}. {LIMITS_IN_WORDS}.",
        widget=FilesInput(attrs={"multiple": True, "accept": ",".join(ENDINGS)}),
        error_messages={"required": "Choose at least one file"},
    )


class PeriodForm(forms.Form):
    """From when and until when evidence says what is so."""

    effective_on = DatePartsField(
        label="Holds from", required=False, help_text="Such as the day a policy was approved, 27 3 2026"
    )
    expires_on = DatePartsField(
        label="Expires on",
        required=False,
        help_text="Such as its review date. You see beforehand what expires",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        begin, end = cleaned.get("effective_on"), cleaned.get("expires_on")
        if begin and end and end < begin:
            self.add_error("expires_on", "Expires on must be the day it holds from, or later")
        return cleaned

    def get_period(self) -> Period:
        return Period(self.cleaned_data.get("effective_on"), self.cleaned_data.get("expires_on"))


class UploadForm(PeriodForm):
    """Files; the dates are for all of them. `too_large` are names of files that were not received."""

    uploads = make_files_field()
    field_order = ("uploads", "effective_on", "expires_on")

    def __init__(self, *args: Any, too_large: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if list(too_large):
            self.fields["uploads"].required = False
        self.looks = {"uploads": Look(label_size="m")}


def make_title_field() -> forms.CharField:
    return forms.CharField(
        label="Title", max_length=200, help_text="What it is, such as ‘Safer recruitment policy’"
    )


def make_url_field() -> forms.URLField:
    return forms.URLField(
        label="Link",
        max_length=1_000,
        assume_scheme="https",
        help_text="Such as https://www.example.org/policy. Whoever reads your answer must be able to open it",
    )


def make_reference_field() -> forms.CharField:
    return forms.CharField(
        label="Where it can be seen",
        max_length=1_000,
        widget=forms.Textarea,
        help_text="Such as ‘Training records, in the human resources system; ask the office manager’",
    )


class LinkForm(PeriodForm):
    """The address of something that is kept elsewhere."""

    title = make_title_field()
    url = make_url_field()
    field_order = ("title", "url", "effective_on", "expires_on")


class ReferenceForm(PeriodForm):
    """Where a thing can be seen that is no file and has no address."""

    title = make_title_field()
    reference = make_reference_field()
    field_order = ("title", "reference", "effective_on", "expires_on")

    looks = {"reference": Look(rows=3)}


def make_words_form(kind: EvidenceKind, data: Mapping[str, Any] | None = None) -> LinkForm | ReferenceForm:
    """Its ids are its own, so that one page may hold both."""
    form = LinkForm if kind == EvidenceKind.LINK else ReferenceForm
    return form(data, auto_id=f"{kind}_%s")


class DetailsForm(PeriodForm):
    """What an item is called, and its dates; its content is replaced, never changed."""

    title = make_title_field()
    field_order = ("title", "effective_on", "expires_on")

    def __init__(self, evidence: Evidence, data: Mapping[str, Any] | None = None) -> None:
        initial = {
            "title": evidence.title,
            "effective_on": evidence.effective_on,
            "expires_on": evidence.expires_on,
        }
        super().__init__(data, initial=initial)
        self.evidence = evidence

    def save(self) -> None:
        for name, value in self.cleaned_data.items():
            setattr(self.evidence, name, value)
        self.evidence.save(update_fields=list(self.cleaned_data))


class NewPeriodForm(PeriodForm):
    """The days of a new version. They begin empty: what the old version said of its days is not so for the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "expires_on"
        ].help_text = "Of the new version, such as its next review date. Without one it does not expire"


class OneFileForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="New file",
        help_text=f"{KINDS_IN_WORDS}. {LIMITS_IN_WORDS.partition(' and')[0]}.",
        allow_empty_file=True,  # it is refused in our own words
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={"required": "Choose the new file"},
    )

    def __init__(self, *args: Any, too_large: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not list(too_large)


class ReplaceFileForm(OneFileForm, NewPeriodForm):
    """A new file."""

    field_order = ("file", "effective_on", "expires_on")


class ReplaceLinkForm(NewPeriodForm):
    """A new address."""

    url = make_url_field()
    field_order = ("url", "effective_on", "expires_on")


class ReplaceReferenceForm(NewPeriodForm):
    """A new place."""

    reference = make_reference_field()
    field_order = ("reference", "effective_on", "expires_on")
    looks = {"reference": Look(rows=3)}


def make_replace_form(
    kind: EvidenceKind,
    data: Mapping[str, Any] | None,
    files: Mapping[str, Any],
    too_large: Iterable[str],
) -> NewPeriodForm:
    match kind:
        case EvidenceKind.FILE:
            return ReplaceFileForm(data, files if data is not None else None, too_large=too_large)
        case EvidenceKind.LINK:
            return ReplaceLinkForm(data)
        case EvidenceKind.REFERENCE:
            return ReplaceReferenceForm(data)


class EraseForm(forms.Form):
    """Why the files of an item are deleted."""

    reason = forms.CharField(
        label="Why must it go?",
        max_length=500,
        widget=forms.Textarea,
        help_text="Such as ‘A child could be recognised’. This stays to be read, so do not repeat what it showed",
    )
    looks = {"reason": Look(rows=3)}


class FilterForm(forms.Form):
    """By words of the title or file name, kind and date. What cannot be understood filters nothing."""

    search = forms.CharField(label="Words", max_length=200, required=False)
    kind = forms.ChoiceField(choices=[("", "All"), *EvidenceKind.choices], required=False)
    state = forms.ChoiceField(label="Show", choices=STATES, required=False)

    marks_optional = False

    def get_filters(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        given = self.cleaned_data
        return {"words": given["search"], "kind": given["kind"], "state": given["state"]}


class SearchForm(forms.Form):
    """By words, above the items to choose from."""

    search = forms.CharField(label="Find in your library", max_length=200, required=False)
    marks_optional = False


class IdsField(forms.MultipleChoiceField):
    """Rows that the page offered, by id. Others may have moved them to another page since, so any id is taken here."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return value.isascii() and value.isdigit() and len(value) < 18


class ChooseForm(forms.Form):
    """What backs one answer: items of one page of the library, and files that come with it."""

    uploads = make_files_field("Add files", required=False)
    items = IdsField(label="Choose from your library", required=False)

    marks_optional = False

    def __init__(self, *args: Any, too_large: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_too_large = bool(list(too_large))
        self.offer(())

    def offer(self, items: Iterable[Item]) -> None:
        """What the page shows to choose from; what may be sent does not hang on it."""
        offered = {str(one.evidence.pk): one for one in items}
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, one.evidence.title) for key, one in offered.items()]
        hints = {key: _describe(one) for key, one in offered.items()}
        self.looks = {
            "uploads": Look(label_size="m"),
            "items": Look(label_size="m", is_label_hidden=True, is_small=True, item_hints=hints),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        is_given = cleaned.get("uploads") or cleaned.get("items") or self.has_too_large
        if not is_given and "items" not in self.errors:
            self.add_error("uploads", "Choose at least one file, or one item of your library")
        return cleaned

    def get_chosen(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["items"]]


def _describe(item: Item) -> str:
    return f"{item.type_label}, {item.state.lower()}" if item.state else item.type_label
