"""The form of one indicator: score or not applicable with a reason, and commentary.

One page holds a form for each indicator of a standard, told apart by the indicator's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from s11.web.forms import Look
from s11.web.languages import say, say_later, show_bank, show_named
from surveys.models import Answer, Indicator, Questionnaire
from surveys.models.answers import COMMENTARY_LENGTH
from surveys.workflow import AnswerInput

# A guide, not a limit: what fits on half a screen and is still read by a panel.
COMMENTARY_WORDS = 150
NOT_APPLICABLE = "NA"


class LinesField(forms.CharField):
    """Text of several lines, kept as it was typed, but for the line ends that browsers disagree about."""

    widget = forms.Textarea

    def __init__(self, *, code: str, length: int = COMMENTARY_LENGTH, **kwargs: Any) -> None:
        super().__init__(strip=False, required=False, **kwargs)
        self.code = code
        self.length = length

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.length:
            raise ValidationError(
                say(
                    "{code}: the text must be {most} characters or fewer; yours has {n}, so shorten it",
                    code=self.code,
                    most=f"{self.length:,}",
                    n=f"{len(value):,}",
                )
            )


def get_confirmed_code(posted: Mapping[str, Any]) -> str:
    """The indicator whose ‘confirm’ was pressed: `go=confirm:A1.1`; nothing for any other button."""
    verb, _, code = str(posted.get("go", "")).partition(":")
    return code if verb == "confirm" else ""


class AnswerForm(forms.Form):
    """Everything may be left empty while the audit is a draft; what is missing is listed before it is submitted."""

    score = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=say_later("Why does it not apply?"), required=False, widget=forms.RadioSelect, choices=()
    )
    version = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)

    marks_optional = False

    def __init__(
        self,
        indicator: Indicator,
        questionnaire: Questionnaire,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, prefix=indicator.code, auto_id="%s", **kwargs)
        self.indicator = indicator
        labels = [
            (str(step["score"]), f"{show_bank(step['label'])} ({step['score']})")
            for step in questionnaire.scale
        ]
        may_be_set_aside = indicator.may_be_not_applicable
        score, reason = self.fields["score"], self.fields["reason"]
        assert isinstance(score, forms.ChoiceField)
        assert isinstance(reason, forms.ChoiceField)
        score.choices = [*labels, (NOT_APPLICABLE, say("Not applicable"))] if may_be_set_aside else labels
        score.label = show_named(indicator.code, indicator.text)
        score.error_messages["invalid_choice"] = say(
            "{code}: choose one of the answers shown", code=indicator.code
        )
        reason.choices = [(text, show_bank(text)) for text in questionnaire.not_applicable_reasons]
        reason.error_messages["invalid_choice"] = say(
            "{code}: choose one of the reasons shown", code=indicator.code
        )
        self.fields["commentary"] = LinesField(
            label=say("Commentary on {code}", code=indicator.code), code=indicator.code
        )

    @cached_property
    def looks(self) -> dict[str, Look]:
        """Only where it is shown: saving one answer reads none of these texts."""
        indicator = self.indicator
        return {
            "score": Look(
                label_size="s",
                item_hints={
                    str(number): show_bank(text) for number, text in enumerate(indicator.descriptors)
                },
                reveals={NOT_APPLICABLE: "reason"} if indicator.may_be_not_applicable else {},
                divider_before=NOT_APPLICABLE,
            ),
            "reason": Look(is_small=True),
            "commentary": Look(words=COMMENTARY_WORDS, rows=4),
        }

    @property
    def is_on_page(self) -> bool:
        """Whether the page that was sent held this indicator: if not, nothing there is an answer to it."""
        return self.add_prefix("version") in self.data

    @property
    def confirms(self) -> bool:
        """Whether the button was pressed that confirms this carried-over answer."""
        return get_confirmed_code(self.data) == self.indicator.code

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "score" in self.errors or "reason" in self.errors:
            return cleaned
        # Without scripts the reasons are always in sight: who chooses only one of them means it.
        is_set_aside = cleaned.get("score") == NOT_APPLICABLE or (
            not cleaned.get("score") and bool(cleaned.get("reason")) and self.indicator.may_be_not_applicable
        )
        if not is_set_aside:
            # A reason that was chosen first and then hidden by a score is still sent.
            cleaned["reason"] = ""
        elif not cleaned.get("reason"):
            self.add_error("reason", say("{code}: select why it does not apply", code=self.indicator.code))
        if self.confirms and not cleaned.get("score") and not cleaned.get("reason"):
            self.add_error(
                "score",
                say("{code}: choose an answer, for there is none to confirm", code=self.indicator.code),
            )
        return cleaned

    def make_input(self) -> AnswerInput:
        """What was entered; for a valid form only."""
        reason = self.cleaned_data["reason"]
        score = self.cleaned_data["score"]
        return AnswerInput(
            indicator=self.indicator,
            score=None if reason or not score else int(score),
            not_applicable_reason=reason,
            commentary=self.cleaned_data["commentary"],
            seen_version=self.cleaned_data["version"],
            confirms=self.confirms,
        )


def make_initial(answer: Answer | None) -> dict[str, Any]:
    """What the page shows before anything is typed."""
    if answer is None:
        return {"version": 0}
    score = "" if answer.score is None else str(answer.score)
    return {
        "score": NOT_APPLICABLE if answer.is_not_applicable else score,
        "reason": answer.not_applicable_reason,
        "commentary": answer.commentary,
        "version": answer.version,
    }


def make_answer_forms(
    questionnaire: Questionnaire, indicators: Iterable[Indicator], data: Mapping[str, Any]
) -> list[AnswerForm]:
    """The forms that a page sent, in the order of the page."""
    bound = [AnswerForm(indicator, questionnaire, data) for indicator in indicators]
    return [form for form in bound if form.is_on_page]
