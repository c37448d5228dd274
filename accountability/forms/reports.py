"""Forms of a report: what it is about, its words, and what is said when it goes on or back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django import forms

from accountability.enums import Licence
from accountability.forms.meeting import TextField, make_version_field
from accountability.models import Report
from accountability.report_cycles import list_comparable, say_later, say_without_scores
from accountability.reports import name_versions
from s11.web.forms import Look
from surveys.enums import Series
from surveys.models import Cycle

TEXT_LENGTH, REASON_LENGTH, SHORT_LENGTH = 50_000, 2_000, 1_000
THIS, WHOLE = "version", "report"
SERIES_HINTS: Final = {
    Series.SELF: "What each organisation scored itself. Every submitted audit has it.",
    Series.MODERATED: "Only audits whose moderation is closed.",
    Series.PANEL: "Only audits whose minutes are final.",
}


class StepForm(forms.Form):
    """A step of a report. It carries what its page showed (reports.get_step), so that a stale one undoes nothing."""

    seen = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)
    looks: dict[str, Look] = {}

    def show_again(self, why: str, seen: int) -> None:
        """With what was typed and why it was not taken; sent once more, it answers what this page shows."""
        self.add_error(None, why)
        self.data = {**{name: self.data.get(name) for name in self.data}, "seen": str(seen)}


class TitleForm(forms.Form):
    """Title and licence: what stands on the cover."""

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


class CoverForm(StepForm, TitleForm):
    """They change while it is a draft."""


class NewReportForm(TitleForm):
    """The cycle that it is about, and whose scores it shows."""

    cycle = forms.ChoiceField(
        label="Which cycle is it about?",
        help_text="Cycles that are closed; another one’s figures would still change.",
        error_messages={"required": "Choose a cycle"},
    )
    beside = forms.MultipleChoiceField(
        label="Which earlier cycles does it report on too?",
        help_text="Each is compared with the one above, year on year.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    series = forms.ChoiceField(
        label="Whose scores?",
        choices=Series.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose scores"},
    )
    field_order = ("cycle", "beside", "series", "title", "licence")

    def __init__(
        self,
        data: Any = None,
        *,
        cycles: Sequence[Cycle],
        scored: Mapping[Series, Collection[int]],
        **kwargs: Any,
    ) -> None:
        """`scored`: by series the ids of the cycles that have such scores."""
        super().__init__(data, **kwargs)
        self.cycles, self.scored = {cycle.slug: cycle for cycle in cycles}, scored
        offered = {"cycle": [("", "Choose a cycle"), *list_choices(cycles)]}
        offered["beside"] = list_choices(list_comparable(cycles))
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if not offered["beside"]:
            del self.fields["beside"]
        hints = {
            series.value: hint if self.scored[series] else f"{hint} No closed cycle has any yet."
            for series, hint in SERIES_HINTS.items()
        }
        self.looks = {"series": Look(item_hints=hints)}

    def clean(self) -> dict[str, Any]:
        """What would show ‘0 of 0’, or a year on year that runs backwards, is not begun."""
        cleaned = super().clean() or self.cleaned_data
        if "cycle" not in cleaned or "series" not in cleaned or "beside" in self.errors:
            return cleaned
        if why := say_later(self.chosen):
            self.add_error("beside", why)
        series = Series(cleaned["series"])
        if why := say_without_scores(self.chosen, series, self.scored[series]):
            self.add_error("series", why)
        return cleaned

    @property
    def chosen(self) -> list[Cycle]:
        """The one it is about first, then the others, the newest first; each once."""
        first = self.cleaned_data["cycle"]
        others = [
            slug for slug in self.cycles if slug in self.cleaned_data.get("beside", ()) and slug != first
        ]
        return [self.cycles[slug] for slug in (first, *others)]


def list_choices(cycles: Sequence[Cycle]) -> list[tuple[str, str]]:
    return [(cycle.slug, str(cycle)) for cycle in cycles]


class SectionForm(forms.Form):
    """An officer's words for one section."""

    text = TextField("What the report says", most=TEXT_LENGTH)
    version = make_version_field()
    marks_optional = False
    looks = {"text": Look(rows=14)}


class CommentForm(forms.Form):
    text = TextField("What do you want to say about this section?", "Enter your comment", most=5_000)
    looks = {"text": Look(rows=4)}


class SendForm(StepForm):
    """A word to those who will read it."""

    note = TextField("A note to those who review it", most=SHORT_LENGTH)
    looks = {"note": Look(rows=3)}


class ReturnForm(StepForm):
    reason = TextField(
        "What is to be done?",
        "Enter what is to be done",
        help_text="Its author is sent it.",
        most=REASON_LENGTH,
    )
    looks = {"reason": Look(rows=5)}


class ErratumForm(StepForm):
    erratum = TextField(
        "What is wrong, and what is right?",
        "Enter what is wrong and what is right",
        help_text="The public reads it on both versions, once the new one is published.",
        most=REASON_LENGTH,
    )
    looks = {"erratum": Look(rows=4)}


class ChangeErratumForm(ErratumForm):
    """One of several may be taken out again."""

    def __init__(self, *args: Any, may_go: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_go:
            self.fields["erratum"].required = False
            self.fields["erratum"].help_text = "Empty it, and it is taken out."


class WithdrawForm(StepForm):
    """`readable`: the versions that the public reads at this moment, of which `report` is one."""

    scope = forms.ChoiceField(
        label="What is withdrawn?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is withdrawn"},
    )
    reason = TextField(
        "Why can it no longer be read?",
        "Enter why it can no longer be read",
        help_text="The public reads it in the report’s place. Name nobody.",
        most=SHORT_LENGTH,
    )
    looks = {"reason": Look(rows=4)}

    def __init__(self, *args: Any, report: Report, readable: Sequence[Report], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [one for one in readable if one.pk != report.pk]
        if not others:
            del self.fields["scope"]
            return
        scope = self.fields["scope"]
        assert isinstance(scope, forms.ChoiceField)
        scope.choices = [
            (THIS, f"{name_versions([report])} alone"),
            (WHOLE, f"The whole report: {name_versions(readable).lower()}"),
        ]
        hints = {
            THIS: f"{name_versions(others)} {'stays' if len(others) == 1 else 'stay'} public.",
            WHOLE: "Nothing of it stays public.",
        }
        self.looks = {**self.looks, "scope": Look(item_hints=hints)}

    @property
    def is_whole(self) -> bool:
        return bool(self.cleaned_data.get("scope") == WHOLE)
