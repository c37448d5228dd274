"""Forms of a group's pages: which of its sites to show, what to answer and where, and the answer itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from s11.web.forms import Look
from surveys.forms.answers import AnswerForm
from surveys.forms.filters import FilterForm
from surveys.forms.indicators import IndicatorsForm
from surveys.group_sites import ALL, OPEN
from surveys.many_sites import Words
from surveys.models import Cycle, Indicator, Invitee, Questionnaire
from surveys.queries import AskedStandard

STATUSES = (
    ("", "All"),
    ("not_submitted", "Not submitted"),
    ("overdue", "Overdue"),
    ("submitted", "Submitted"),
)
# What one page can hold and one request should write.
MOST_ANSWERS = 600


class SitesForm(FilterForm):
    """What cannot be understood filters nothing."""

    search = forms.CharField(label="Site", max_length=200, required=False)
    cycle = forms.ChoiceField(required=False)
    status = forms.ChoiceField(choices=STATUSES, required=False)
    marks_optional = False

    def __init__(self, *args: Any, cycles: Sequence[Cycle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cycle = self.fields["cycle"]
        assert isinstance(cycle, forms.ChoiceField)
        cycle.choices = [
            (OPEN, "Open cycles"),
            (ALL, "All cycles"),
            *((str(one.pk), f"{one.title}, {one.partnership}") for one in cycles),
        ]


class SiteActionsForm(FilterForm):
    """What cannot be understood filters nothing."""

    search = forms.CharField(label="Site", max_length=200, required=False)
    show = forms.ChoiceField(
        label="Status", choices=[("", "Not finished"), ("overdue", "Overdue"), ("all", "All")], required=False
    )
    marks_optional = False


class ChooseForm(IndicatorsForm):
    """Which indicators, folded away by standard, and which sites; those that cannot be answered for are not offered."""

    sites = forms.MultipleChoiceField(
        label="Which sites?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one site"},
    )
    marks_optional = False

    def __init__(
        self, *args: Any, held: Sequence[AskedStandard], invitees: Sequence[Invitee], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.looks = {"sites": Look(label_size="m", is_small=True)}
        sites = self.fields["sites"]
        assert isinstance(sites, forms.MultipleChoiceField)
        sites.choices = [(str(one.pk), one.organisation.name) for one in invitees]
        sites.initial = [str(one.pk) for one in invitees]
        self.add_indicators(held)

    @property
    def codes(self) -> list[str]:
        return [indicator.code for indicator in self.indicators_chosen]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.codes:
            raise ValidationError("Select at least one indicator")
        count = len(self.codes) * len(cleaned.get("sites", []))
        if count > MOST_ANSWERS:
            raise ValidationError(
                f"That is {count:,} answers at once. Choose fewer indicators or sites: at most {MOST_ANSWERS} answers"
            )
        return cleaned


class GroupAnswerForm(AnswerForm):
    """One indicator's answer for many sites. It has no version: each site's own is in the preview."""

    def __init__(
        self, indicator: Indicator, questionnaire: Questionnaire, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(indicator, questionnaire, data)
        del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("score") and not cleaned.get("reason"):
            self.add_error("score", f"{self.indicator.code}: select the answer for your sites")
        return cleaned

    @property
    def words(self) -> Words:
        """What was entered; for a valid form only."""
        reason, score = self.cleaned_data["reason"], self.cleaned_data["score"]
        return Words(None if reason or not score else int(score), reason, self.cleaned_data["commentary"])

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Names and values, to carry it from page to page."""
        return [(field.html_name, str(field.value() or "")) for field in self if field.value()]
