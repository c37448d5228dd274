"""Forms of the screen that a meeting is run by: notes, attendance, proposed scores, recommendations, good practice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.text import Truncator

from accountability.models import Representative, Seat
from accountability.substitutes import Substitute
from s11.web.date_fields import DatePartsField
from s11.web.forms import Look
from surveys.enums import Score
from surveys.models import Indicator, Questionnaire, Theme

NOTE_LENGTH, TEXT_LENGTH = 20_000, 5_000
SET_ASIDE = "na"
CAME = (("yes", "Came"), ("no", "Did not come"))


def make_version_field(*, required: bool = True, initial: int | None = None) -> forms.IntegerField:
    """Which version somebody has seen, so that nobody's save is lost."""
    return forms.IntegerField(
        min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput, required=required, initial=initial
    )


class TextField(forms.CharField):
    """Text of several lines with one kind of line end: browsers send another than the database holds."""

    widget = forms.Textarea

    def __init__(self, label: str, missing: str = "", help_text: str = "", most: int = TEXT_LENGTH) -> None:
        # Not `max_length`: nobody is cut off or counted at while they type.
        super().__init__(
            label=label,
            required=bool(missing),
            help_text=help_text,
            validators=[MaxLengthValidator(most)],
            error_messages={"required": missing},
        )

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class NoteForm(forms.Form):
    """One's own note under one item; its prefix is the card's code."""

    text = TextField("Your notes", most=NOTE_LENGTH)
    version = make_version_field()
    marks_optional = False
    looks = {"text": Look(label_size="s", rows=5)}

    def __init__(self, data: Any = None, *, code: str, title: str = "", **kwargs: Any) -> None:
        super().__init__(data, prefix=code, auto_id="%s", **kwargs)
        self.fields["text"].label = f"Your notes on {title}" if title else "Your notes"


class AgendaItemForm(forms.Form):
    """One more item, at the end."""

    title = forms.CharField(
        label="What is it about?", max_length=200, error_messages={"required": "Enter what it is about"}
    )
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=1,
        max_value=240,
        initial=5,
        error_messages={"required": "Enter how many minutes it may take"},
    )
    looks = {"minutes": Look(width=3)}


class AttendanceForm(forms.Form):
    """Who came, of the panel and of the agency; who is left open stays as they are."""

    marks_optional = False

    def __init__(
        self, data: Any = None, *, seats: Iterable[Seat], representatives: Iterable[Representative]
    ) -> None:
        super().__init__(data)
        self.seats = {f"seat-{seat.pk}": seat for seat in seats}
        self.representatives = {f"representative-{one.pk}": one for one in representatives}
        self.looks: dict[str, Look] = {}
        for name, seat in self.seats.items():
            self._add(name, _say_seat(seat), seat.attended)
        for name, one in self.representatives.items():
            self._add(name, _say_representative(one), one.attended)

    def _add(self, name: str, label: str, attended: bool | None) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=CAME,
            required=False,
            widget=forms.RadioSelect,
            initial={True: "yes", False: "no", None: ""}[attended],
        )
        self.looks[name] = Look(label_size="s", is_inline=True, is_small=True)

    @property
    def panel_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.seats]

    @property
    def agency_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.representatives]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.values()):
            raise forms.ValidationError("Say of at least one person whether they came")
        return cleaned

    def get_seats(self) -> dict[int, bool]:
        return self._get({name: seat.pk for name, seat in self.seats.items()})

    def get_representatives(self) -> dict[int, bool]:
        return self._get({name: one.pk for name, one in self.representatives.items()})

    def _get(self, keys: Mapping[str, int]) -> dict[int, bool]:
        return {
            key: self.cleaned_data[name] == "yes" for name, key in keys.items() if self.cleaned_data[name]
        }


def _say_seat(seat: Seat) -> str:
    said = f"{seat.member.name}, {seat.member.get_sector_display()}"
    said += ", chair" if seat.is_chair else ""
    return f"{said} (for {seat.substitute_for.name})" if seat.substitute_for is not None else said


def _say_representative(one: Representative) -> str:
    said = ", ".join(part for part in (one.name, one.job_title) if part)
    return f"{said} (for {one.substitute_for})" if one.substitute_for else said


class RepresentativeForm(forms.Form):
    """Somebody of the agency who came without having been announced."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter their name"})
    job_title = forms.CharField(label="Job title", max_length=200, required=False)
    substitute_for = forms.CharField(label="Who was to come instead?", max_length=200, required=False)
    looks = {"name": Look(width=20), "job_title": Look(width=20), "substitute_for": Look(width=20)}


class StandInForm(forms.Form):
    """Who sat instead of whom."""

    seat = forms.TypedChoiceField(
        label="Who could not come?", coerce=int, error_messages={"required": "Select who could not come"}
    )
    member = forms.TypedChoiceField(
        label="Who sat instead?", coerce=int, error_messages={"required": "Select who sat instead"}
    )

    def __init__(self, data: Any = None, *, seats: Iterable[Seat], stand_ins: Iterable[Substitute]) -> None:
        super().__init__(data)
        self.seats = {seat.pk: seat for seat in seats}
        self.members = {one.member.pk: one.member for one in stand_ins if not one.why}
        choices = {
            "seat": [(seat.pk, _say_seat(seat)) for seat in self.seats.values()],
            "member": [
                (member.pk, f"{member.name}, {member.get_sector_display()}")
                for member in self.members.values()
            ],
        }
        for name, pairs in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Select a person"), *pairs]


class ProposalForm(forms.Form):
    """Another score for one indicator, and why."""

    score = forms.ChoiceField(
        label="What should it be?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select a score", "invalid_choice": "Select a score"},
    )
    justification = TextField(
        "What shows it?",
        "Enter what shows it",
        "What was said or seen in the meeting. It enters the minutes; name no child or family.",
    )

    def __init__(
        self, data: Any = None, *, bank: Questionnaire, effects: Mapping[str, str], leave_out: str = ""
    ) -> None:
        """`effects` say what each choice would change; `leave_out` is what stands already."""
        super().__init__(data)
        words = {str(step["score"]): f"{step['label']} ({step['score']})" for step in bank.scale}
        choices = [(str(score), words[str(score)]) for score in reversed(Score.values)]
        choices.append((SET_ASIDE, "Not applicable"))
        field = self.fields["score"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, label) for value, label in choices if value != leave_out]
        self.looks = {
            "score": Look(label_size="m", item_hints=effects),
            "justification": Look(label_size="m", rows=4),
        }

    def get_score(self) -> int | None:
        return None if self.is_not_applicable else int(self.cleaned_data["score"])

    @property
    def is_not_applicable(self) -> bool:
        return bool(self.cleaned_data["score"] == SET_ASIDE)


class IndicatorField(forms.ModelChoiceField[Indicator]):
    """One of the agency's question bank, by code."""

    def label_from_instance(self, obj: Indicator) -> str:
        return f"{obj.code} {Truncator(obj.text).chars(70)}"


def _make_indicator_field(bank: Questionnaire) -> IndicatorField:
    return IndicatorField(
        label="Indicator",
        queryset=bank.indicators.order_by("position"),
        required=False,
        empty_label="None in particular",
    )


class RecommendationForm(forms.Form):
    """What the panel asks of the agency."""

    text = TextField(
        "What does the panel recommend?",
        "Enter what the panel recommends",
        "The agency answers it by an action or a reasoned refusal. Name no child or family.",
    )
    theme = forms.ModelChoiceField(
        label="Theme",
        queryset=Theme.objects.order_by("position"),
        required=False,
        empty_label="That of the indicator, or none",
    )
    due_on = DatePartsField(label="By when should it be done?", required=False)
    looks = {"text": Look(label_size="s", rows=3), "due_on": Look(label_size="s")}

    def __init__(self, data: Any = None, *, bank: Questionnaire | None = None, **kwargs: Any) -> None:
        """Without a bank it only rewords, what the page showed as `seen`: indicator and theme stay."""
        super().__init__(data, **kwargs)
        if bank is None:
            del self.fields["theme"]
            self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)
            return
        self.fields["indicator"] = _make_indicator_field(bank)
        self.order_fields(("text", "indicator", "theme", "due_on"))

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on is not None and due_on < timezone.localdate():
            raise forms.ValidationError("By when should it be done? The day must be today or later")
        return due_on


class PracticeForm(forms.Form):
    """Something that others may learn from."""

    practice = TextField(
        "What may others learn from?",
        "Enter what others may learn from",
        "The agency says later whether it may be shared.",
    )
    looks = {"practice": Look(label_size="s", rows=3)}

    def __init__(self, data: Any = None, *, bank: Questionnaire) -> None:
        super().__init__(data, prefix="good")
        self.fields["indicator"] = _make_indicator_field(bank)
