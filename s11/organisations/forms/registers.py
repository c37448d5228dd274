"""Forms for loading a national register: the file, its columns, and what is decided about what looks the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from s11.organisations.enums import Register, RegisterLineKind, Variant
from s11.organisations.models import RegisterLine
from s11.organisations.registers.maps import CHOSEN, NEEDED, ColumnMap
from s11.organisations.registers.plan import ANOTHER
from s11.web.forms import Look
from s11.web.text import plural

MEGABYTE: Final = 1 << 20
# The schools' register has 65 MB, and grows.
LARGEST_REGISTER: Final = 200 * MEGABYTE
# More boxes than anybody reads are not offered.
MOST_BOXES: Final = 500
LEAVE, SAME = "leave", "same"
LABELS: Final = {
    "identifier": "Identifier",
    "name": "Name",
    "status": "Status, such as open or closed",
    "closed_on": "Day of closing",
    "area_code": "Code of the local authority",
    "area_name": "Name of the local authority",
    "parent_code": "Code of the group or trust it belongs to",
    "parent_name": "Name of the group or trust it belongs to",
}
AREA_HELP: Final = (
    "Its code or its name as the register writes it, such as 344 or Wirral. "
    "Several with semicolons between them."
)


class RegisterForm(forms.Form):
    """The file of a register."""

    register = forms.ChoiceField(
        label="Which register is it from?",
        choices=Register.choices,
        widget=forms.RadioSelect,
        initial=Register.GIAS,
        error_messages={"required": "Choose the register"},
    )
    file = forms.FileField(
        label="The file",
        help_text=f"A CSV file as the register publishes it, up to {LARGEST_REGISTER // MEGABYTE} MB.",
        allow_empty_file=True,  # it is refused in our own words
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose the file"},
    )
    links = forms.FileField(
        label="The file of links (optional)",
        required=False,
        help_text="Of Get Information about Schools alone: links_edubasealldata says which school follows which.",
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    # Optional for other registers alone, so its hint says for which it is needed.
    marks_optional = False
    areas = forms.CharField(
        label="Local authority",
        required=False,
        max_length=500,
        help_text="Needed for schools. "
        + AREA_HELP
        + " Schools of yours that lie elsewhere are followed too.",
    )
    looks = {
        "register": Look(
            label_size="s",
            item_hints={
                Register.GIAS: "Schools and colleges: edubasealldata, all establishments.",
                Register.ODS: "NHS bodies and GP practices. You choose the columns.",
                Register.OFSTED: "Children’s homes and other providers. You choose the columns.",
            },
        ),
        "file": Look(label_size="s"),
        "links": Look(label_size="s"),
        "areas": Look(label_size="s", width=30),
    }

    def __init__(self, *args: Any, too_large: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large
        if too_large:
            self.fields["file"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.too_large:
            most = LARGEST_REGISTER // MEGABYTE
            self.add_error("file", f"The file has more than {most} MB. Choose the register’s own CSV file")
        if cleaned.get("register") == Register.GIAS and not cleaned.get("areas", "").strip():
            self.add_error("areas", "Write your local authority: the file holds the schools of all England")
        if cleaned.get("register") != Register.GIAS and cleaned.get("links"):
            self.add_error("links", "Only Get Information about Schools has a file of links")
        return cleaned


class ColumnsForm(forms.Form):
    """Which column of the file is which fact; what all its organisations are."""

    has_header = forms.BooleanField(
        label="The first row holds the names of the columns", required=False, initial=True
    )
    variant = forms.ChoiceField(label="Variant", choices=Variant.choices, widget=forms.RadioSelect)
    is_statutory = forms.TypedChoiceField(
        label="Are they statutory?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text="Whether the law names them, so that they must take part.",
    )
    areas = forms.CharField(label="Local authority", required=False, max_length=500, help_text=AREA_HELP)
    # Whether the columns offered were named by the first row: another answer offers other columns.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        columns: ColumnMap,
        header: Sequence[str],
        examples: Sequence[Sequence[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.looks = {"is_statutory": Look(is_inline=True), "areas": Look(width=30)}
        self.columns = columns
        guess = columns.guess(header)
        offered = [("", "No column"), *_name_choices(header, examples)]
        wanted = [one for one in CHOSEN if columns.parent_identifier or not one.startswith("parent")]
        for one in wanted:
            label = f"{columns.identifier_name} of the organisation" if one == "identifier" else LABELS[one]
            self.fields[one] = forms.ChoiceField(
                label=label,
                choices=offered,
                required=one in NEEDED,
                initial=guess[one],
                error_messages={
                    "required": f"Choose the column that holds the {label[0].lower()}{label[1:]}"
                },
            )
        self.fields["identifier"].error_messages["required"] = (
            f"Choose the column that holds the {columns.identifier_name}"
        )
        self.order_fields(["has_header", *wanted, "variant", "is_statutory", "areas", "shown"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("parent_code")) != bool(cleaned.get("parent_name")):
            self.add_error(
                "parent_name", "Choose both columns of the group, its code and its name, or neither"
            )
        if cleaned.get("areas") and not (cleaned.get("area_code") or cleaned.get("area_name")):
            self.add_error("area_name", "Choose the column that says the local authority")
        return cleaned

    @property
    def chosen(self) -> dict[str, str]:
        return {one: self.cleaned_data[one] for one in CHOSEN if one in self.fields}


def _name_choices(header: Sequence[str], examples: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """Each column with what stands in it: ‘Name: Hilltop Surgery’."""
    choices = []
    for place, name in enumerate(header):
        example = next(
            (row[place].strip() for row in examples if len(row) > place and row[place].strip()), ""
        )
        if name:
            choices.append((name, f"{name}: {example[:40]}" if example else name))
    return choices


class ApplyForm(forms.Form):
    """Apply what was shown. `alike`: about organisations here that look the same as rows of the file."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    alike = forms.ChoiceField(
        label="What are the organisations that look the same?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the organisations are that look the same"},
    )
    another = forms.MultipleChoiceField(
        label="Other organisations of that name, to be added",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what only has the same name. It is added to your list.",
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, lines: Iterable[RegisterLine], seen: str, what: str
    ) -> None:
        super().__init__(data, initial={"seen": seen, "alike": ""})
        self.look_alikes = find_alike(lines)
        clear = [code for code in self.look_alikes if self._is_clear(code)]
        if not self.look_alikes:
            del self.fields["alike"], self.fields["another"]
            return
        field, another = self.fields["alike"], self.fields["another"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(another, forms.MultipleChoiceField)
        same = f"{plural(len(clear), 'of them is', 'of them are')} the same: give them the register’s {what}"
        leave = (LEAVE, "Leave them as they are for now")
        field.choices = [(SAME, same), leave] if clear else [leave]
        boxes = list(self.look_alikes.items())[:MOST_BOXES]
        another.choices = [(code, f"{line.name} ({code})") for code, (line, *_) in boxes]
        self.looks = {
            "alike": Look(
                label_size="s",
                item_hints={
                    SAME: "Where several look the same, or one like two rows, they stay as they are."
                },
            ),
            "another": Look(label_size="s", is_small=True),
        }

    def _is_clear(self, code: str) -> bool:
        """One organisation, which looks like no other row."""
        choices = [line.choice_id for line in self.look_alikes[code]]
        others = {line.choice_id for one, lines in self.look_alikes.items() if one != code for line in lines}
        return len(choices) == 1 and choices[0] not in others

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "seen" in self.errors:
            raise ValidationError("Open the page again: it is not whole")
        return cleaned

    @property
    def chosen(self) -> dict[str, int]:
        """By identifier, the organisation that is the same, or ANOTHER."""
        another = dict.fromkeys(self.cleaned_data.get("another", ()), ANOTHER)
        if self.cleaned_data.get("alike") != SAME:
            return another
        same = {code: lines[0].choice_id for code, lines in self.look_alikes.items() if self._is_clear(code)}
        return {code: pk for code, pk in same.items() if pk is not None} | another


def find_alike(lines: Iterable[RegisterLine]) -> dict[str, list[RegisterLine]]:
    """By identifier the lines that name an organisation which may be the same."""
    found: dict[str, list[RegisterLine]] = {}
    for line in lines:
        if line.choice_id is not None:
            found.setdefault(line.code, []).append(line)
    return found


class LinesFilterForm(forms.Form):
    """Which lines of the preview are shown."""

    kind = forms.ChoiceField(label="Show", choices=RegisterLineKind.choices, required=False)

    def choose(self, counts: Mapping[str, int]) -> RegisterLineKind:
        """What is asked for, else the first kind of which there are any."""
        asked = self.cleaned_data.get("kind") if self.is_valid() else ""
        first = next((kind for kind in RegisterLineKind if counts.get(kind)), RegisterLineKind.NEW)
        return RegisterLineKind(asked) if asked else first
