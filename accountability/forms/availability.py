"""When somebody can come, a half day at a time; and a panel member's declaration of interests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from accountability.availability import Declared, HalfDay
from accountability.availability_grid import get_coming_days, get_open_days
from accountability.enums import AvailabilityAnswer, Half, InterestKind
from accountability.models import Availability, MeetingDay, PanelMember
from accountability.queries import get_organisations, is_released
from accountability.slots import list_halves
from s11.organisations.forms.fields import LineField
from s11.organisations.models import Organisation
from s11.web.forms import Look
from surveys.date_warnings import say_day

NONE, SOME = "none", "some"
MORE = 3  # empty lines for interests


@dataclass(frozen=True, slots=True)
class DayFields:
    """One date of the form, with a field for each of its halves."""

    date: str
    fields: tuple[forms.BoundField, ...]


class HalvesForm(forms.Form):
    """A choice for each half of each day in which a meeting can begin."""

    must_answer = True

    def __init__(
        self, data: Any = None, *, days: Sequence[MeetingDay], given: Sequence[Availability], note: str = ""
    ) -> None:
        super().__init__(data)
        self.looks: dict[str, Look] = {}
        self.halves: dict[str, HalfDay] = {}
        self.days = days
        answers = {(one.day_id, one.half): one.answer for one in given}
        for day in days:
            self._add_day(day, answers)
        self.fields["note"] = LineField(
            label="Anything the organisers should know",
            max_length=500,
            required=False,
            initial=note,
            help_text="Such as ‘from 10:00 only’. Nothing about health is needed.",
        )

    def _add_day(self, day: MeetingDay, answers: dict[HalfDay, str]) -> None:
        slots = day.list_slots()
        for half in list_halves(slots):
            within = [slot for slot in slots if slot.half == half]
            key = f"day-{day.pk}-{half}"
            label = Half(half).label
            self.halves[key] = (day.pk, half)
            self.fields[key] = forms.ChoiceField(
                label=f"{label}, {within[0].start:%H:%M} to {within[-1].end:%H:%M}",
                choices=AvailabilityAnswer.choices
                if self.must_answer
                else [*AvailabilityAnswer.choices, ("", "Not answered")],
                widget=forms.RadioSelect,
                required=self.must_answer,
                initial=answers.get((day.pk, half), ""),
                error_messages={
                    "required": f"Select whether you can come on {say_day(day.date)} in the {label.lower()}"
                },
            )
            self.looks[key] = Look(label_size="s")

    def list_days(self) -> list[DayFields]:
        return [
            DayFields(
                say_day(day.date),
                tuple(self[key] for key, (pk, _) in self.halves.items() if pk == day.pk),
            )
            for day in self.days
        ]

    def get_halves(self) -> dict[HalfDay, AvailabilityAnswer | None]:
        return {
            half: AvailabilityAnswer(self.cleaned_data[key]) if self.cleaned_data[key] else None
            for key, half in self.halves.items()
        }


class OnBehalfForm(HalvesForm):
    """An officer enters what they were told, however little that is."""

    must_answer = False


class MemberAnswerForm(HalvesForm):
    """A member's own answer, with their interests; without them where a timetable has gone out that relies on those."""

    def __init__(
        self,
        data: Any = None,
        *,
        member: PanelMember,
        days: Sequence[MeetingDay],
        asks_interests: bool = True,
    ) -> None:
        super().__init__(data, days=days, given=list(member.availabilities.all()), note=member.note)
        self.asks_interests = asks_interests
        if asks_interests:
            self._add_interests(member)

    def _add_interests(self, member: PanelMember) -> None:
        held = list(member.interests.select_related("organisation"))
        is_declared = member.declared_at is not None
        self.fields["interests"] = forms.ChoiceField(
            label="Have you an interest in any agency?",
            choices=[(NONE, "I have no interest in any agency"), (SOME, "I have an interest in those below")],
            widget=forms.RadioSelect,
            initial=(SOME if held else NONE) if is_declared or held else "",
            error_messages={"required": "Select whether you have an interest in any agency"},
        )
        self.looks["interests"] = Look(label_size="m")
        # Which interests the page shows: those it did not know of are not taken out by it.
        self.fields["shown"] = forms.CharField(
            widget=forms.HiddenInput,
            required=False,
            initial=",".join(str(one.organisation_id) for one in held),
        )
        organisations = get_organisations(member.panel.cycle.partnership)
        if member.organisation_id is not None:
            organisations = organisations.exclude(pk=member.organisation_id)
        # Read once: each line offers the same. One that takes part no more stays where it was declared.
        self.known = {str(one.pk): one for one in (*organisations, *(one.organisation for one in held))}
        choices = [("", "Choose…"), *((key, str(one)) for key, one in self.known.items())]
        self.lines = range(max(len(held), len((self["shown"].value() or "").split(","))) + MORE)
        for number in self.lines:
            self._add_line(number, held[number] if number < len(held) else None, choices)

    def _add_line(self, number: int, held: Any, choices: list[tuple[str, str]]) -> None:
        key = f"interest-{number}"
        self.fields[f"{key}-organisation"] = forms.ChoiceField(
            label=f"Agency {number + 1}",
            choices=choices,
            required=False,
            initial=str(held.organisation_id) if held else "",
        )
        self.fields[f"{key}-kind"] = forms.ChoiceField(
            label=f"Your interest in agency {number + 1}",
            choices=[("", "Choose…"), *InterestKind.choices],
            required=False,
            initial=held.kind if held else "",
        )
        self.fields[f"{key}-note"] = LineField(
            label=f"Note on agency {number + 1}",
            max_length=500,
            required=False,
            initial=held.note if held else "",
        )

    marks_optional = False

    def list_interests(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [
            (self[f"interest-{n}-organisation"], self[f"interest-{n}-kind"], self[f"interest-{n}-note"])
            for n in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        return self._clean_interests(cleaned) if self.asks_interests else cleaned

    def _clean_interests(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        chosen: list[str] = []
        for number in self.lines:
            key = f"interest-{number}"
            organisation = cleaned.get(f"{key}-organisation", "")
            if organisation and organisation in chosen:
                self.add_error(f"{key}-organisation", f"{self.known[organisation]} stands here twice")
            if organisation and not cleaned.get(f"{key}-kind"):
                self.add_error(f"{key}-kind", f"Select what your interest in {self.known[organisation]} is")
            if cleaned.get(f"{key}-kind") and not organisation:
                self.add_error(f"{key}-organisation", "Select the agency in which you have the interest")
            chosen += [organisation] if organisation else []
        if cleaned.get("interests") == SOME and not chosen and not self.errors:
            self.add_error("interest-0-organisation", "Select the agency in which you have an interest")
        if cleaned.get("interests") == NONE and chosen:
            self.add_error(
                "interests", "You have chosen agencies below: say that you have an interest, or take them out"
            )
        return cleaned

    def get_shown(self) -> set[int]:
        """The organisations in which the page showed an interest."""
        if not self.asks_interests:
            return set()
        return {int(one) for one in self.cleaned_data["shown"].split(",") if one.isascii() and one.isdigit()}

    def get_declared(self) -> list[Declared] | None:
        """Their interests whole; None where they were not asked for."""
        if not self.asks_interests:
            return None
        found = []
        for number in self.lines:
            organisation: Organisation | None = self.known.get(
                self.cleaned_data[f"interest-{number}-organisation"]
            )
            if organisation is not None:
                kind = InterestKind(self.cleaned_data[f"interest-{number}-kind"])
                found.append(Declared(organisation, kind, self.cleaned_data[f"interest-{number}-note"]))
        return found


def make_member_form(data: Any, member: PanelMember) -> MemberAnswerForm:
    """Of the days that are still theirs to answer; to read where there are none, of all that are to come."""
    days = get_open_days(member)
    if not days or not is_released(member):
        return MemberAnswerForm(data, member=member, days=days or get_coming_days(member.panel))
    return MemberAnswerForm(data, member=member, days=days, asks_interests=False)
