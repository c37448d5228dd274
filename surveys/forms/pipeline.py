"""Forms of the pipeline: its filter, which is also what a saved view holds, and a view's name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, Partnership, User
from surveys.enums import Obligation
from surveys.models import SavedView
from surveys.pipeline import PipelineState, Sort, Wanted

SEARCH_LENGTH = 60


class PipelineForm(forms.Form):
    """What cannot be understood filters nothing; the rest does."""

    search = forms.CharField(label="Name or identifier", max_length=SEARCH_LENGTH, required=False)
    state = forms.ChoiceField(choices=[("", "All"), *PipelineState.choices], required=False)
    variant = forms.ChoiceField(choices=[("", "All"), *Variant.choices], required=False)
    obligation = forms.ChoiceField(
        label="Takes part", choices=[("", "All"), *Obligation.choices], required=False
    )
    statutory = forms.ChoiceField(
        choices=[("", "All"), ("yes", "Statutory"), ("no", "Not statutory")], required=False
    )
    group = forms.ChoiceField(required=False)
    sort = forms.ChoiceField(label="Sorted by", choices=Sort.choices, required=False)
    marks_optional = False

    def __init__(self, *args: Any, groups: Iterable[Organisation] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(group.slug, group.name) for group in groups]
        if not names:
            del self.fields["group"]
            return
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "All"), *names]

    def get_chosen(self) -> dict[str, str]:
        """What was understood and says something."""
        self.is_valid()
        plain = {"", Sort.NAME.value}
        return {name: value for name, value in self.cleaned_data.items() if value not in plain}

    def get_wanted(self) -> Wanted:
        return Wanted(**self.get_chosen())

    def make_query(self) -> str:
        """The address's query, written anew from what was understood: never what somebody sent."""
        return urlencode(self.get_chosen())

    def describe(self) -> str:
        """‘Started, health, sorted by last change’; ‘Everybody’ where nothing is chosen."""
        chosen = self.get_chosen()
        words = [f"‘{chosen['search']}’"] if "search" in chosen else []
        for name in ("state", "variant", "obligation", "statutory", "group"):
            if name in chosen:
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                words.append(dict(field.choices)[chosen[name]])  # type: ignore[arg-type]
        if "sort" in chosen:
            words.append(f"sorted by {Sort(chosen['sort']).label.lower()}")
        return ", ".join(words) or "Everybody"


class SaveViewForm(forms.Form):
    """A name of which the person has no other view here."""

    name = forms.CharField(
        label="Name of this view", max_length=60, help_text="Only you see it, such as ‘Schools that stalled’."
    )

    def __init__(self, *args: Any, user: User, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mine = SavedView.objects.filter(user=user, partnership=partnership)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.mine.filter(name__iexact=name).exists():
            raise forms.ValidationError(
                "You have a view of this name already; choose another, or delete that one"
            )
        return name
