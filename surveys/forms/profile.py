"""The form of an audit's profile: one field a question of the bank, by its kind. Answers are kept as text."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from s11.web.date_fields import PARTS, DateInputs, DatePartsField
from s11.web.forms import Look
from s11.web.languages import say, show_bank
from surveys.enums import ProfileKind
from surveys.forms.answers import LinesField
from surveys.models import ProfileQuestion
from surveys.progress import AskedQuestion

TEXT_LENGTH = 2_000
# Beyond this it is a telephone number or a slip of the finger, and no count of people.
LARGEST_NUMBER = 999_999_999
NEVER_PUBLISHED = "Never published."


class CountField(forms.CharField):
    """A whole number, however people write it: ‘1,200’ and ‘1 200’ are 1200."""

    def __init__(self, *, code: str, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.code = code

    def clean(self, value: Any) -> str:
        digits = "".join(super().clean(value).replace(",", "").split())
        if not digits:
            return ""
        if not (digits.isascii() and digits.isdigit()):
            raise ValidationError(
                say(
                    "{code}: enter a whole number in digits, such as 12, or 0 if there are none",
                    code=self.code,
                )
            )
        # Not by int(), which refuses thousands of digits, even if all of them are 0.
        digits = digits.lstrip("0") or "0"
        if len(digits) > len(str(LARGEST_NUMBER)):
            raise ValidationError(
                say("{code}: enter a number up to {most}", code=self.code, most=f"{LARGEST_NUMBER:,}")
            )
        return digits


class FactDateField(DatePartsField):
    """A date whose message names the question by its code: the whole question would not fit into a sentence."""

    def __init__(self, *, code: str, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.code = code

    def error(self, sentence: str, wrong: Any) -> ValidationError:
        return ValidationError(
            say("{code}: the date {problem}", code=self.code, problem=sentence),
            code="date_parts",
            params={"wrong": wrong},
        )


def make_field(question: ProfileQuestion) -> tuple[forms.Field, Look]:
    """The field for a question, and how it looks."""
    label = f"{question.code} {show_bank(question.text)}"
    if not question.is_required:
        label = say("{label} (optional)", label=label)
    shared = {"label": label, "help_text": make_hint(question)}
    match ProfileKind(question.kind):
        case ProfileKind.NUMBER:
            number = forms.TextInput(attrs={"inputmode": "numeric"})
            return CountField(code=question.code, widget=number, **shared), Look(label_size="s", width=10)
        case ProfileKind.DATE:
            return FactDateField(code=question.code, **shared), Look(label_size="s")
        case ProfileKind.YES_NO | ProfileKind.CHOICE:
            return make_choice_field(question, label), Look(
                label_size="s", is_inline=question.kind == ProfileKind.YES_NO and question.is_required
            )
        case ProfileKind.TEXT:
            return LinesField(code=question.code, length=TEXT_LENGTH, **shared), Look(label_size="s", rows=2)


def make_choice_field(question: ProfileQuestion, label: str) -> forms.ChoiceField:
    answers = [("yes", say("Yes")), ("no", say("No"))]
    if question.kind == ProfileKind.CHOICE:
        answers = [(str(choice), show_bank(str(choice))) for choice in question.choices]
    if not question.is_required:
        # Radios cannot be unchosen: an answer that may be missing needs a way back.
        answers.append(("", say("No answer")))
    field = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, choices=answers, label=label, help_text=make_hint(question)
    )
    field.error_messages["invalid_choice"] = say(
        "{code}: choose one of the answers shown", code=question.code
    )
    return field


def make_hint(question: ProfileQuestion) -> str:
    """The bank's own words, and what becomes of a person's name where they do not say it already."""
    is_said = NEVER_PUBLISHED.lower() in question.hint.lower()
    hint = show_bank(question.hint)
    return f"{hint} {say(NEVER_PUBLISHED)}".strip() if question.is_personal and not is_said else hint


class ProfileForm(forms.Form):
    """Required questions may be left empty while the audit is a draft. Wrong ones do not stop the others' saving."""

    marks_optional = False

    def __init__(
        self,
        asked: Iterable[AskedQuestion],
        data: Mapping[str, Any] | None = None,
        *,
        hints: Iterable[Mapping[str, str]] = (),
    ) -> None:
        self.questions = {one.question.code: one.question for one in asked}
        self.shown = {one.question.code: one.value for one in asked}
        initial = {code: to_initial(self.questions[code], value) for code, value in self.shown.items()}
        super().__init__(data, auto_id="%s", initial=initial)
        self.looks = {}
        for code, question in self.questions.items():
            self.fields[code], self.looks[code] = make_field(question)
            # What the last audit said, to be typed again where it still holds, and what the answer decides.
            said = (str(self.fields[code].help_text), *(hint.get(code, "") for hint in hints))
            self.fields[code].help_text = " ".join(one for one in said if one)

    def get_values(self) -> dict[ProfileQuestion, str]:
        """What was entered rightly, as it is kept. A question that the page did not hold is left out."""
        return {
            question: to_text(self.cleaned_data[code])
            for code, question in self.questions.items()
            if code in self.cleaned_data and make_seen_name(code) in self.data
        }

    def get_seen(self) -> dict[ProfileQuestion, str]:
        """What the page showed before anything was typed: what somebody else has changed since is known by it."""
        return {
            question: str(self.data.get(make_seen_name(code), "")).replace("\r\n", "\n")
            for code, question in self.questions.items()
        }


def make_seen_name(code: str) -> str:
    """Of the hidden field that says what the page showed."""
    return f"{code}-seen"


def to_initial(question: ProfileQuestion, value: str) -> str | datetime.date:
    if question.kind != ProfileKind.DATE or not value:
        return value
    return datetime.date.fromisoformat(value)


def to_inputs(question: ProfileQuestion, value: str) -> dict[str, str]:
    """What the page's inputs hold for it, by their names: a date has three."""
    if question.kind != ProfileKind.DATE:
        return {question.code: value}
    day = datetime.date.fromisoformat(value) if value else None
    return {
        f"{question.code}_{part}": str(typed)
        for part, typed in zip(PARTS, DateInputs().decompress(day), strict=True)
    }


def to_text(value: object) -> str:
    """As ProfileAnswer keeps it: digits, ISO 8601, yes or no, a choice's own words."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
