"""Forms of support: narrowing concerns and offers, the words of an offer, and the next step with one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from s11.organisations.models import User
from s11.web.forms import Look
from surveys.enums import ConcernKind, SupportAnswer, SupportOutcome, SupportStatus
from surveys.forms.actions import ProseField
from surveys.forms.filters import CycleFilterForm, FilterForm
from surveys.models import SupportOffer
from surveys.support import OPEN, UNANSWERED, OfferState, Wanted
from surveys.supporting import get_next_statuses


class ConcernFilterForm(CycleFilterForm):
    """Which concerns: by name, variant, what it is and what was offered."""

    search = forms.CharField(label="Name", max_length=200, required=False)
    variant = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(label="Concern", choices=[("", "All"), *ConcernKind.choices], required=False)
    offer = forms.ChoiceField(label="Offer", choices=[("", "All"), *OfferState.choices], required=False)
    marks_optional = False

    @property
    def wanted(self) -> Wanted:
        return Wanted(**self.get_filters())


def make_choices(people: Iterable[User]) -> list[tuple[str, str]]:
    return [(str(person.pk), str(person)) for person in people]


class OfferFilterForm(FilterForm):
    """Which offers. Without a wish the open ones are shown."""

    search = forms.CharField(label="Name", max_length=200, required=False)
    status = forms.ChoiceField(
        label="Status",
        choices=[(OPEN, "All that are open"), *SupportStatus.choices, ("all", "All")],
        required=False,
        initial=OPEN,
    )
    answer = forms.ChoiceField(
        label="The agency’s answer",
        choices=[("", "All"), (UNANSWERED, "None yet"), *SupportAnswer.choices],
        required=False,
    )
    owner = forms.ChoiceField(label="Who sees to it", required=False)
    marks_optional = False

    def __init__(self, *args: Any, officers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = [("", "All"), *make_choices(officers)]

    def get_filters(self) -> dict[str, str]:
        found = super().get_filters()
        status = found.get("status") or OPEN
        return {**found, "status": "" if status == "all" else status}

    @property
    def narrows(self) -> bool:
        """Whether anything else than the open ones was asked for."""
        found = self.get_filters()
        return found.pop("status") != OPEN or any(found.values())


MESSAGE = (
    "We would like to help. We can look at the answers with you, offer training for your staff, or put you in touch "
    "with an agency that does this well. If you accept, I will call you within ten working days."
)


class OfferForm(forms.Form):
    """What is offered, and who sees to it."""

    message = ProseField(
        "What do you offer?",
        "Enter what you offer",
        "The agency reads it in the e-mail and in its rooms, after the concerns. Name no child or family.",
    )
    owner = forms.ChoiceField(
        label="Who sees to it?",
        help_text="Their name and address stand in the e-mail, and they hear the answer.",
    )
    looks = {"message": Look(label_size="m", rows=6), "owner": Look(label_size="m")}

    def __init__(self, *args: Any, officers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officers = {str(person.pk): person for person in officers}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = make_choices(self.officers.values())

    def clean_owner(self) -> User:
        return self.officers[str(self.cleaned_data["owner"])]


class FollowForm(forms.Form):
    """The next step with an offer, a note, who sees to it, or its end."""

    status = forms.ChoiceField(label="What is next?", widget=forms.RadioSelect, required=False)
    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=[("", "Select one"), *SupportOutcome.choices],
        required=False,
    )
    text = ProseField("Note", help_text="Officers alone read it. Name no child or family.")
    owner = forms.ChoiceField(label="Who sees to it")
    marks_optional = False
    looks = {
        "status": Look(label_size="s", reveals={SupportStatus.CLOSED.value: "outcome"}),
        "text": Look(label_size="s", rows=4),
        "owner": Look(label_size="s"),
    }

    def __init__(self, *args: Any, offer: SupportOffer, officers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        # Whoever has it may be no officer any more: it stays theirs until somebody else is chosen.
        self.officers = {str(person.pk): person for person in (*officers, offer.owner)}
        status, owner = self.fields["status"], self.fields["owner"]
        assert isinstance(status, forms.ChoiceField)
        assert isinstance(owner, forms.ChoiceField)
        steps = [(one.value, one.label) for one in get_next_statuses(offer.status)]
        status.choices = [("", f"It stays at ‘{offer.get_status_display()}’"), *steps]
        status.initial = ""
        owner.choices = make_choices(self.officers.values())
        owner.initial = str(offer.owner.pk)

    @property
    def closes(self) -> bool:
        return self.cleaned_data.get("status") == SupportStatus.CLOSED

    def clean_owner(self) -> User:
        return self.officers[str(self.cleaned_data["owner"])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.closes and not cleaned.get("outcome"):
            self.add_error("outcome", "Select what came of it")
        is_same = cleaned.get("owner") == self.offer.owner
        if not (cleaned.get("status") or cleaned.get("text", "").strip()) and is_same:
            self.add_error("text", "Enter a note, or select what is next")
        return cleaned
