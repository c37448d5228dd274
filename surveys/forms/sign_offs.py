"""Forms around a submission: the signatory's statement or note, and an officer's return for correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from s11.web.forms import Look
from s11.web.languages import say_later
from surveys.models import Audit, Indicator
from surveys.queries import AskedStandard

STATEMENT_LENGTH = 5_000


def make_statement(audit: Audit) -> str:
    """What a signatory signs unless they say it otherwise. In English: it is kept, and goes to others by e-mail."""
    return (
        f"I have read this audit. To the best of my knowledge it is a true account of how {audit.organisation} keeps "
        "children safe, and I will see that the actions in it are carried out."
    )


class StatementForm(forms.Form):
    """Signing off."""

    statement = forms.CharField(
        label=say_later("Your statement"),
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea,
        help_text=say_later("Say it in your own words if you want to."),
        error_messages={"required": say_later("Enter your statement")},
    )
    has_read = forms.BooleanField(
        label=say_later("I have read the answers"),
        error_messages={"required": say_later("Select that you have read the answers, once you have")},
    )
    looks = {"statement": Look(label_size="s", rows=4)}


class NoteForm(forms.Form):
    """Sending back."""

    note = forms.CharField(
        label=say_later("What must change first?"),
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea,
        help_text=say_later("Your lead gets it by e-mail."),
        error_messages={"required": say_later("Enter what must change before you sign")},
    )
    looks = {"note": Look(label_size="s", rows=4)}


class ReturnForm(forms.Form):
    """Which answers are open again, and why. One field a standard, so that the page groups them."""

    reason = forms.CharField(
        label="What is to be corrected?",
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea,
        help_text="The agency sees it on its task list and beside each answer that you open.",
        error_messages={"required": "Enter what is to be corrected"},
    )
    marks_optional = False

    def __init__(self, *args: Any, standards: Sequence[AskedStandard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looks = {"reason": Look(label_size="m", rows=4)}
        self.indicators: dict[str, Indicator] = {}
        for asked in standards:
            name = f"standard-{asked.standard.code}"
            self.looks[name] = Look(label_size="s", is_small=True)
            self.indicators |= {item.indicator.code: item.indicator for item in asked.items}
            self.fields[name] = forms.MultipleChoiceField(
                label=f"{asked.standard.code} {asked.standard.title}",
                choices=[
                    (item.indicator.code, f"{item.indicator.code} {item.indicator.text}")
                    for item in asked.items
                ],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean(self) -> dict[str, Any]:
        """`chosen`: the indicators."""
        cleaned = super().clean() or self.cleaned_data
        names = [name for name in self.fields if name != "reason"]
        codes = [code for name in names for code in cleaned.get(name, ())]
        cleaned["chosen"] = [self.indicators[code] for code in codes]
        if not codes and names and not any(name in self.errors for name in names):
            self.add_error(names[0], "Select at least one answer to be corrected")
        return cleaned
