"""Making a token of a data feed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from s11.organisations.feed_permissions import check_has_room
from s11.organisations.forms.fields import LineField
from s11.organisations.models import FeedToken, Partnership, User
from s11.organisations.models.feed_tokens import LONGEST_NAME
from s11.web.errors import reason_why_not

YEAR: Final = 365
# In days, none longer than two years.
LASTS: Final = ((91, "Three months"), (YEAR, "One year"), (2 * YEAR, "Two years"))


class FeedTokenForm(forms.Form):
    """Which partnership is asked only of who works for several."""

    partnership = forms.ModelChoiceField(
        Partnership.objects.none(),
        label="Partnership whose data it reads",
        widget=forms.RadioSelect,
        empty_label=None,
    )
    name = LineField(
        label="Which program reads by it",
        max_length=LONGEST_NAME,
        help_text="And where it runs, such as ‘Power BI at the office’. You and the administrators see it.",
    )
    days = forms.TypedChoiceField(
        label="How long it lasts", choices=LASTS, coerce=int, initial=YEAR, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: User, partnerships: Sequence[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.only = user, partnerships[0] if len(partnerships) == 1 else None
        field = self.fields["partnership"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Partnership.objects.filter(pk__in=[one.pk for one in partnerships]).order_by("name")
        if self.only is not None:
            del self.fields["partnership"]

    @property
    def partnership_chosen(self) -> Partnership | None:
        return self.only or self.cleaned_data.get("partnership")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        partnership, name = self.partnership_chosen, cleaned.get("name")
        if partnership is None:
            return cleaned
        if reason := reason_why_not(check_has_room, self.user, partnership):
            self.add_error(None, reason)
        elif FeedToken.objects.filter(user=self.user, partnership=partnership, name=name).exists():
            self.add_error("name", "You have a token of this name. End that first, or choose another name")
        return cleaned
