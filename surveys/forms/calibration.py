"""Forms of a calibration: how the sample is drawn and who scores it, and one answer's score."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from s11.organisations.models import User
from s11.web.forms import Look
from surveys.calibrating import RULES
from surveys.calibration_permissions import FEWEST
from surveys.calibrations import Sight
from surveys.enums import Score
from surveys.forms.actions import ProseField
from surveys.forms.support import make_choices

SET_ASIDE = "na"
MOST, MOST_SCORERS = 100, 6
RULE_WORDS = {
    "random": ("At random", "Each answer is as likely as any other."),
    "by_variant": ("At random within variants", "Each variant in proportion, and at least once."),
    "by_score": (
        "At random within the agencies’ scores",
        "0, 1, 2 and not applicable in proportion, and each at least once: where nearly all is scored 2.",
    ),
}


class CalibrationForm(forms.Form):
    """How the sample is drawn, and who scores it."""

    rule = forms.ChoiceField(
        label="How are answers chosen?",
        choices=[(rule, RULE_WORDS[rule][0]) for rule in RULES],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how answers are chosen"},
    )
    size = forms.IntegerField(
        label="How many answers?",
        min_value=1,
        max_value=MOST,
        help_text="Twenty take each person about an hour.",
        error_messages={"required": "Enter how many answers"},
    )
    seed = forms.IntegerField(
        label="Seed",
        min_value=0,
        max_value=2_000_000_000,
        help_text="Any whole number. The same rule, size and seed draw the same answers again.",
        error_messages={"required": "Enter a seed"},
    )
    scorers = forms.MultipleChoiceField(
        label="Who scores them?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Two or more, each alone.",
        error_messages={"required": "Select two people or more"},
    )
    looks = {
        "rule": Look(label_size="m", item_hints={rule: hint for rule, (_, hint) in RULE_WORDS.items()}),
        "size": Look(label_size="m", width=4),
        "seed": Look(label_size="m", width=10),
        "scorers": Look(label_size="m"),
    }

    def __init__(self, *args: Any, officers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officers = {str(person.pk): person for person in officers}
        scorers = self.fields["scorers"]
        assert isinstance(scorers, forms.MultipleChoiceField)
        scorers.choices = make_choices(self.officers.values())

    def clean_scorers(self) -> list[User]:
        chosen = [self.officers[pk] for pk in dict.fromkeys(self.cleaned_data["scorers"])]
        if not FEWEST <= len(chosen) <= MOST_SCORERS:
            raise forms.ValidationError(f"Select between two and {MOST_SCORERS} people")
        return chosen


class ItemForm(forms.Form):
    """One answer's score, and why."""

    marks_optional = False
    score = forms.ChoiceField(
        label="Your score",
        widget=forms.RadioSelect,
        error_messages={"required": "Select your score"},
    )
    reason = ProseField(
        "Why?", help_text="For when you talk it over. The others read it once all have finished."
    )

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        score = self.fields["score"]
        assert isinstance(score, forms.ChoiceField)
        labels = {step["score"]: f"{step['label']} ({step['score']})" for step in sight.bank.scale}
        score.choices = [*((str(one), labels[one]) for one in Score.values), (SET_ASIDE, "Not applicable")]
        if sight.own is not None:
            score.initial = SET_ASIDE if sight.own.score is None else str(sight.own.score)
            self.fields["reason"].initial = sight.own.reason
        one = sight.indicator
        means = dict(enumerate((one.descriptor_0, one.descriptor_1, one.descriptor_2)))
        hints = {str(step["score"]): means[step["score"]] or step["description"] for step in sight.bank.scale}
        self.looks = {
            "score": Look(label_size="m", item_hints=hints, divider_before=SET_ASIDE),
            "reason": Look(label_size="s", rows=4),
        }

    @property
    def said(self) -> int | None:
        """None is not applicable."""
        score = str(self.cleaned_data["score"])
        return None if score == SET_ASIDE else int(score)
