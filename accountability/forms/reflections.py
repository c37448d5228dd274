"""Forms of the reflective questions: a practitioner's answers, and what officers make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from accountability.forms.meeting import TextField, make_version_field
from accountability.forms.multi_agency import check_names_nobody
from accountability.identifying.finding import (
    Found,
    find_in_work,
    list_doubtful,
    list_refused,
    make_digest,
)
from accountability.models import ReflectionAnswer
from accountability.multi_agency_enums import ReflectiveQuestion
from s11.web.forms import Look
from s11.web.text import list_words
from surveys.forms.practitioners import make_once

ANSWER_LENGTH: Final = 2_000
# More are no themes but the answer again.
MOST_THEMES: Final = 5
THEME_LENGTH: Final = 60
SURE: Final = "These words point to nobody"


class ReflectionForm(forms.Form):
    """One practitioner's answers. Any question can be left out, but not all; what identifies somebody is not taken."""

    # Made anew for each page that is opened, and known to nobody else: of a button pressed twice one post counts.
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = make_once()
        for question in ReflectiveQuestion:
            self.fields[question] = TextField(str(question.label), most=ANSWER_LENGTH)
        self.looks = dict.fromkeys(ReflectiveQuestion.values, Look(label_size="s", rows=4))
        # Words that may be names, found when it was sent: the page asks about them.
        self.doubtful: tuple[Found, ...] = ()

    @property
    def given(self) -> dict[ReflectiveQuestion, str]:
        return {
            question: self.cleaned_data[question]
            for question in ReflectiveQuestion
            if self.cleaned_data.get(question, "").strip()
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.given:
            self.add_error(ReflectiveQuestion.WENT_WELL, "Answer at least one question")
        doubtful: dict[ReflectiveQuestion, list[Found]] = {}
        for question, text in self.given.items():
            found = find_in_work(text)
            for one in list_refused(found):
                self.add_error(question, one.refusal)
            doubtful[question] = list_doubtful(found)
        self.doubtful = tuple(dict.fromkeys(one for found in doubtful.values() for one in found))
        if self.doubtful and not self.is_sure:
            self._ask_about(doubtful)
        return cleaned

    def _ask_about(self, doubtful: dict[ReflectiveQuestion, list[Found]]) -> None:
        for question, found in doubtful.items():
            if found:
                said = list_words([f"‘{one.words}’ may be {one.kind}" for one in found])
                self.add_error(question, f"{said}. Take it out, or say below that it points to nobody")

    @property
    def sure(self) -> str:
        """What the box is to send: a yes to these very words."""
        return make_digest(self.doubtful)

    @property
    def is_sure(self) -> bool:
        return self.data.get("sure") == self.sure


@dataclass(frozen=True, slots=True)
class LabelsRow:
    """One answer on the page. `theirs` are the themes that somebody else has given it meanwhile, None if nobody has."""

    answer: ReflectionAnswer
    field: Any
    seen: Any
    theirs: Sequence[str] | None


class LabelsForm(forms.Form):
    """The themes of the answers on one page, each answer's as words with commas between, and those that were seen."""

    marks_optional = False

    def __init__(
        self,
        *args: Any,
        answers: Sequence[ReflectionAnswer],
        overtaken: Mapping[int, Sequence[str]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.answers = {f"answer-{one.pk}": one for one in answers}
        self.overtaken = overtaken or {}
        self.looks = {}
        for number, (name, answer) in enumerate(self.answers.items(), start=1):
            self.looks[name] = Look(label_size="s")
            given = ", ".join(theme.name for theme in answer.themes.all())
            self.fields[name] = forms.CharField(
                label=f"Themes of answer {number}",
                initial=given,
                required=False,
                max_length=(THEME_LENGTH + 2) * MOST_THEMES,
            )
            self.fields[f"{name}-seen"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=given
            )

    @property
    def rows(self) -> list[LabelsRow]:
        return [
            LabelsRow(answer, self[name], self[f"{name}-seen"], self.overtaken.get(answer.pk))
            for name, answer in self.answers.items()
        ]

    @property
    def themes(self) -> dict[int, list[str]]:
        return self._split("")

    @property
    def seen(self) -> dict[int, list[str]]:
        """Those that the page showed."""
        return self._split("-seen")

    def _split(self, what: str) -> dict[int, list[str]]:
        return {
            answer.pk: split_themes(self.cleaned_data[f"{name}{what}"])
            for name, answer in self.answers.items()
        }

    def renew(
        self, answers: Sequence[ReflectionAnswer], overtaken: Mapping[int, Sequence[str]]
    ) -> LabelsForm:
        """Over the answers as they are now: what was typed stays with those that could not be saved."""
        typed = {name: self.data.get(name) for name, one in self.answers.items() if one.pk in overtaken}
        return LabelsForm(answers=answers, overtaken=overtaken, initial=typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.answers:
            themes = split_themes(cleaned.get(name, ""))
            label = self.fields[name].label
            if len(themes) > MOST_THEMES:
                self.add_error(name, f"{label} must be {MOST_THEMES} or fewer")
            elif any(len(theme) > THEME_LENGTH for theme in themes):
                self.add_error(name, f"{label} must each be {THEME_LENGTH} characters or fewer")
            elif any(list_refused(find_in_work(theme)) for theme in themes):
                self.add_error(name, f"{label} must name nobody")
        return cleaned


def split_themes(typed: str) -> list[str]:
    """Each once, whatever its letters."""
    found: dict[str, str] = {}
    for name in typed.split(","):
        words = " ".join(name.split())
        if words:
            found.setdefault(words.lower(), words)
    return list(found.values())


class SummaryForm(forms.Form):
    """What the answers to one question come to."""

    text = TextField(
        "Summary",
        help_text=(
            "In your own words: a sentence of somebody’s can give its writer away. It stands under the audit’s key "
            "messages, and the annual report takes it over."
        ),
        most=ANSWER_LENGTH,
    )
    version = make_version_field(required=False)
    marks_optional = False
    looks = {"text": Look(label_size="s", rows=5)}

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        check_names_nobody(text, "Summary")
        return text
