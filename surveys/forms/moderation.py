"""Forms of moderation: a standard's scores, a question and its reply, the queue's filter, and the sample's rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms

from s11.web.forms import Look
from surveys.enums import Score
from surveys.forms.filters import CycleFilterForm
from surveys.models import Answer, Moderation, Questionnaire
from surveys.moderated import Look as Looked
from surveys.moderation_queue import QUERIED, SAMPLE, ModerationState
from surveys.sampling import RULES

AGREES, SET_ASIDE = "agrees", "na"
REASON_LENGTH = 20_000
QUESTION_LENGTH = 5_000


@dataclass(frozen=True, slots=True)
class Entered:
    """What a moderator said of one answer, and the version that their page showed."""

    answer: Answer
    seen: int
    choice: str
    reason: str

    @property
    def score(self) -> int | None:
        return int(self.choice) if self.choice not in (AGREES, SET_ASIDE) else None

    @property
    def is_not_applicable(self) -> bool:
        return self.choice == SET_ASIDE


def make_choice(row: Moderation | None) -> str:
    """What a row says, as the form's choice."""
    if row is None:
        return ""
    if row.is_not_applicable:
        return SET_ASIDE
    return AGREES if row.score is None else str(row.score)


class ModerationForm(forms.Form):
    """All answers of one standard: a score, a reason, and which version was seen of each."""

    marks_optional = False

    def __init__(self, *args: Any, looks: Iterable[Looked], bank: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looked = {look.item.indicator.code: look for look in looks}
        self.looks: dict[str, Look] = {}
        words = {step["score"]: f"{step['label']} ({step['score']})" for step in bank.scale}
        for code, look in self.looked.items():
            self._add(code, look, words)

    def _add(self, code: str, look: Looked, words: dict[int, str]) -> None:
        answer, newest = look.item.answer, look.newest
        assert answer is not None  # a look is at an answer
        own = "Not applicable" if answer.submitted_not_applicable else words[answer.submitted_score or 0]
        choices = [(AGREES, f"Agree with the agency: {own}")]
        choices += [(str(score), words[score]) for score in Score.values if score != answer.submitted_score]
        if not answer.submitted_not_applicable:
            choices.append((SET_ASIDE, "Not applicable"))
        self.fields[f"{code}-score"] = forms.ChoiceField(
            label=f"Your score for {code}",
            choices=choices,
            widget=forms.RadioSelect,
            required=False,
            initial=make_choice(newest),
        )
        self.fields[f"{code}-reason"] = forms.CharField(
            label=f"Reason for {code}",
            widget=forms.Textarea,
            required=False,
            max_length=REASON_LENGTH,
            help_text="Needed where you differ. The agency reads it once the moderation is closed.",
            initial=newest.reason if newest else "",
        )
        self.fields[f"{code}-seen"] = forms.IntegerField(
            widget=forms.HiddenInput, min_value=0, initial=newest.version if newest else 0
        )
        self.looks[f"{code}-score"] = Look(label_size="s", is_small=True)
        self.looks[f"{code}-reason"] = Look(rows=3)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for code in self.looked:
            choice, reason = cleaned.get(f"{code}-score", ""), cleaned.get(f"{code}-reason", "")
            if choice not in ("", AGREES) and not reason and f"{code}-reason" not in self.errors:
                self.add_error(f"{code}-reason", f"Enter why you differ from the agency on {code}")
            if reason and not choice and f"{code}-score" not in self.errors:
                self.add_error(f"{code}-score", f"Select your score for {code}")
        return cleaned

    def get_changed(self) -> list[Entered]:
        """What differs from the version that the page showed."""
        found = []
        for code, look in self.looked.items():
            choice, seen = self.cleaned_data[f"{code}-score"], self.cleaned_data[f"{code}-seen"]
            shown = look.get_version(seen)
            reason = "\n".join(self.cleaned_data[f"{code}-reason"].splitlines())
            is_as_shown = choice == make_choice(shown) and reason == (shown.reason if shown else "")
            if choice and not is_as_shown and look.item.answer is not None:
                found.append(Entered(look.item.answer, seen, choice, reason))
        return found


class QuestionForm(forms.Form):
    """Asking the agency."""

    question = forms.CharField(
        label="What do you want to know?",
        max_length=QUESTION_LENGTH,
        widget=forms.Textarea,
        help_text="The agency’s leads get it by e-mail. Name no child or family.",
        error_messages={"required": "Enter your question"},
    )
    looks = {"question": Look(label_size="m", rows=5)}


class ReplyForm(forms.Form):
    """The agency's reply."""

    reply = forms.CharField(
        label="Your reply",
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
        help_text="Name no child or family. It cannot be changed once it is sent.",
        error_messages={"required": "Enter your reply"},
    )
    looks = {"reply": Look(label_size="m", rows=8)}


class ReopenForm(forms.Form):
    """Why moderated scores are open again."""

    reason = forms.CharField(
        label="Why is the moderation opened again?",
        max_length=500,
        widget=forms.Textarea,
        help_text="It stands in the audit’s history.",
        error_messages={"required": "Enter why it is opened again"},
    )
    looks = {"reason": Look(label_size="m", rows=3)}


class QueueFilterForm(CycleFilterForm):
    """By name, variant and how far the moderation has come. What cannot be understood filters nothing."""

    search = forms.CharField(label="Name", max_length=200, required=False)
    variant = forms.ChoiceField(required=False)
    state = forms.ChoiceField(
        label="Moderation",
        choices=[
            ("", "All"),
            *ModerationState.choices,
            (SAMPLE, "In the sample"),
            (QUERIED, "With an open question"),
        ],
        required=False,
    )
    marks_optional = False


RULE_WORDS = {
    "random": ("At random", "Each audit is as likely as any other."),
    "by_variant": ("At random within variants", "Each variant in proportion, and at least once."),
    "by_risk": ("The riskiest", "The head of the queue; the seed decides between equals."),
}


class SampleForm(forms.Form):
    """How the sample is drawn."""

    rule = forms.ChoiceField(
        label="How are audits chosen?",
        choices=[(rule, RULE_WORDS[rule][0]) for rule in RULES],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how audits are chosen"},
    )
    size = forms.IntegerField(
        label="How many audits?",
        min_value=1,
        max_value=2_000,
        error_messages={"required": "Enter how many audits"},
    )
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=2_000_000_000,
        help_text="Any whole number. The same rule, size and seed draw the same audits again.",
        error_messages={"required": "Enter a seed"},
    )
    looks = {
        "rule": Look(label_size="m", item_hints={rule: hint for rule, (_, hint) in RULE_WORDS.items()}),
        "size": Look(label_size="m", width=4),
        "seed": Look(label_size="m", width=10),
    }
