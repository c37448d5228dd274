"""Forms of a report: what it is about, its words, and what is said when it goes on or back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accountability.enums import Licence
from accountability.forms.meeting import TextField
from s11.web.forms import Look
from surveys.enums import Series
from surveys.models import Cycle

TEXT_LENGTH, REASON_LENGTH, SHORT_LENGTH = 50_000, 2_000, 1_000


class CoverForm(forms.Form):
    """Title and licence: what changes while it is a draft."""

    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="The public reads it first.",
        error_messages={"required": "Enter a title"},
    )
    licence = forms.ChoiceField(
        label="Under which licence may others use it?",
        choices=Licence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a licence"},
    )
    looks: dict[str, Look] = {}


class NewReportForm(CoverForm):
    """The cycle that it is about, and whose scores it shows."""

    cycle = forms.ChoiceField(
        label="Which cycle is it about?",
        help_text="Cycles that are closed; another one’s figures would still change.",
        error_messages={"required": "Choose a cycle"},
    )
    beside = forms.MultipleChoiceField(
        label="Which other cycles does it report on too?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    series = forms.ChoiceField(
        label="Whose scores?",
        choices=Series.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose scores"},
    )
    looks = {
        "series": Look(
            item_hints={
                Series.SELF.value: "What each organisation scored itself. Every submitted audit has it.",
                Series.MODERATED.value: "Only audits whose moderation is closed.",
                Series.PANEL.value: "Only audits whose minutes are final.",
            }
        )
    }
    field_order = ("cycle", "beside", "series", "title", "licence")

    def __init__(self, data: Any = None, *, cycles: Sequence[Cycle], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.cycles = {cycle.slug: cycle for cycle in cycles}
        offered = [(cycle.slug, str(cycle)) for cycle in cycles]
        for name in ("cycle", "beside"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Choose a cycle"), *offered] if name == "cycle" else offered
        if len(offered) < 2:
            del self.fields["beside"]

    @property
    def chosen(self) -> list[Cycle]:
        """The one it is about first, then the others, the newest first; each once."""
        first = self.cleaned_data["cycle"]
        others = [
            slug for slug in self.cycles if slug in self.cleaned_data.get("beside", ()) and slug != first
        ]
        return [self.cycles[slug] for slug in (first, *others)]


class SectionForm(forms.Form):
    """An officer's words for one section."""

    text = TextField("What the report says", most=TEXT_LENGTH)
    version = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    marks_optional = False
    looks = {"text": Look(rows=14)}


class CommentForm(forms.Form):
    text = TextField("What do you want to say about this section?", "Enter your comment", most=5_000)
    looks = {"text": Look(rows=4)}


class SendForm(forms.Form):
    """A word to those who will read it."""

    note = TextField("A note to those who review it", most=SHORT_LENGTH)
    looks = {"note": Look(rows=3)}


class ReturnForm(forms.Form):
    reason = TextField(
        "What is to be done?",
        "Enter what is to be done",
        help_text="Its author is sent it.",
        most=REASON_LENGTH,
    )
    looks = {"reason": Look(rows=5)}


class ErratumForm(forms.Form):
    erratum = TextField(
        "What is wrong, and what is right?",
        "Enter what is wrong and what is right",
        help_text="The public reads it on both versions, once the new one is published.",
        most=REASON_LENGTH,
    )
    looks = {"erratum": Look(rows=4)}


class WithdrawForm(forms.Form):
    reason = TextField(
        "Why can it no longer be read?",
        "Enter why it can no longer be read",
        help_text="The public reads it in the report’s place. Name nobody.",
        most=SHORT_LENGTH,
    )
    looks = {"reason": Look(rows=4)}
