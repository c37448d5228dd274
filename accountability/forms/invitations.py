"""Who comes for an agency, and who sits in place of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accountability.models import PanelMember, Representative
from accountability.representing import MOST, Named, make_seen
from accountability.substitutes import Substitute
from s11.organisations.forms.fields import LineField
from s11.web.forms import Look

COLUMNS = ("name", "job_title", "email", "substitute_for")


class RepresentativesForm(forms.Form):
    """A line a person; an emptied line is somebody who does not come."""

    # Each line's name is needed as soon as anything stands in it; the labels say what never is.
    marks_optional = False

    def __init__(self, data: Any = None, *, held: Sequence[Representative]) -> None:
        super().__init__(data)
        self.held = list(held)[:MOST]
        self.looks: dict[str, Look] = {}
        self.fields["seen"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=make_seen(self.held)
        )
        for number in range(1, MOST + 1):
            row = self.held[number - 1] if number <= len(self.held) else None
            self._add_line(number, row)

    def _add_line(self, number: int, row: Representative | None) -> None:
        initial = {column: getattr(row, column) if row else "" for column in COLUMNS}
        self.fields[f"name-{number}"] = LineField(
            label="Name", max_length=200, required=False, initial=initial["name"]
        )
        self.fields[f"job_title-{number}"] = LineField(
            label="Job title (optional)", max_length=200, required=False, initial=initial["job_title"]
        )
        self.fields[f"email-{number}"] = forms.EmailField(
            label="E-mail address (optional)",
            max_length=254,
            required=False,
            initial=initial["email"],
            help_text="They get an invitation with the time, the place and a calendar entry.",
            error_messages={"invalid": "Enter an e-mail address such as name@example.org"},
        )
        self.fields[f"substitute_for-{number}"] = LineField(
            label="In place of (optional)", max_length=200, required=False, initial=initial["substitute_for"]
        )
        for column in COLUMNS:
            self.looks[f"{column}-{number}"] = Look(label_size="s")

    def list_lines(self) -> list[tuple[int, bool, list[forms.BoundField]]]:
        """Each line's number, whether somebody stands in it, and its fields."""
        return [
            (
                number,
                number <= len(self.held) or any(self[f"{column}-{number}"].value() for column in COLUMNS),
                [self[f"{column}-{number}"] for column in COLUMNS],
            )
            for number in range(1, MOST + 1)
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        seen: dict[str, int] = {}
        for number in range(1, MOST + 1):
            values = {column: data.get(f"{column}-{number}", "") for column in COLUMNS}
            if any(values.values()) and not values["name"]:
                self.add_error(f"name-{number}", f"Enter the name of person {number}")
            email = values["email"].lower()
            if email and email in seen:
                self.add_error(
                    f"email-{number}", f"Person {seen[email]} has this address: enter another or none"
                )
            if email:
                seen.setdefault(email, number)
        if not self.errors and not self.list_people():
            self.add_error("name-1", "Enter the name of somebody who comes")
        return data

    def ask_again(self, why: str) -> None:
        """What was typed stays, beside what a colleague saved meanwhile; saved again it holds."""
        self.data = {key: self.data[key] for key in self.data} | {"seen": make_seen(self.held)}
        self.add_error(None, why)

    def list_people(self) -> list[Named]:
        found = []
        for number in range(1, MOST + 1):
            values = {column: self.cleaned_data.get(f"{column}-{number}", "") for column in COLUMNS}
            if values["name"]:
                pk = self.held[number - 1].pk if number <= len(self.held) else None
                found.append(Named(**values, pk=pk))
        return found


class ReplaceForm(forms.Form):
    """One of those who can take the seat."""

    member = forms.ChoiceField(
        label="Who sits instead?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who sits instead", "invalid_choice": "Select who sits instead"},
    )
    has_confirmed = forms.BooleanField(label="They have confirmed that they can come", required=False)

    def __init__(self, data: Any = None, *, substitutes: Sequence[Substitute]) -> None:
        super().__init__(data)
        self.possible = {str(one.member.pk): one for one in substitutes if not one.why}
        member = self.fields["member"]
        assert isinstance(member, forms.ChoiceField)
        member.choices = [(key, str(one.member)) for key, one in self.possible.items()]
        hints = {key: say_of(one) for key, one in self.possible.items()}
        self.looks = {"member": Look(label_size="m", is_small=True, item_hints=hints)}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = self.possible.get(data.get("member", ""))
        if chosen is not None and chosen.needs_word and not data.get("has_confirmed"):
            self.add_error(
                "has_confirmed",
                f"{chosen.member} {chosen.needs_word}: ask them, then tick this",
            )
        return data

    def get_member(self) -> PanelMember:
        return self.possible[self.cleaned_data["member"]].member


def say_of(one: Substitute) -> str:
    free = one.needs_word[:1].upper() + one.needs_word[1:] or "Said that they are free then"
    chair = ", may chair" if one.member.may_chair else ""
    return f"{free}. {one.member.get_sector_display()}{chair}."
