"""Forms for bringing in a passport: the zip, and what becomes of one's own answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from s11.web.forms import Look
from s11.web.text import plural
from surveys.evidence_limits import MEGABYTE
from surveys.passport_archives import LARGEST_PASSPORT
from surveys.passport_plans import Mode, Plan


class PassportForm(forms.Form):
    """The zip as it was downloaded. `too_large` says that it was not received."""

    file = forms.FileField(
        label="The zip",
        help_text="The ‘zip of everything’ of an audit, as it was downloaded, "
        f"up to {LARGEST_PASSPORT // MEGABYTE} MB.",
        allow_empty_file=True,  # it is refused in our own words
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"required": "Choose the zip"},
    )

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not is_too_large
        self.looks = {"file": Look(label_size="s")}


class DecisionForm(forms.Form):
    """Whether one's own answers are replaced. `seen` is the comparison that the page showed."""

    mode = forms.ChoiceField(
        label="What should happen to your own answers?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what should happen to your own answers"},
    )
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, plan: Plan, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"seen": plan.fingerprint})
        differ = len(plan.different)
        labels = {
            Mode.EMPTY: "Bring in only what is empty here",
            Mode.REPLACE: f"Replace mine where they differ ({plural(differ, 'answer')})",
        }
        offered = [mode for mode in Mode if mode == Mode.EMPTY or differ]
        field = self.fields["mode"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(mode.value, labels[mode]) for mode in offered]
        if not differ:
            self.initial["mode"] = Mode.EMPTY.value
        hints = {mode.value: _say_count(plan, mode) for mode in offered}
        self.looks = {"mode": Look(label_size="m", item_hints=hints)}

    @property
    def chosen(self) -> Mode:
        return Mode(self.cleaned_data["mode"])


def _say_count(plan: Plan, mode: Mode) -> str:
    answers, evidence, actions = plan.count(mode)
    said = f"{plural(answers, 'answer')}, {plural(evidence, 'new item')} of evidence, {plural(actions, 'action')}"
    return said if mode == Mode.REPLACE else f"{said}; yours stay as they are"
