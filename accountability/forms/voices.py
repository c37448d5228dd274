"""Forms of what children and families said: an entry, consent to quote it, and narrowing an officer's list."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from django import forms
from django.utils import timezone

from accountability.forms.meeting import TextField, make_version_field
from accountability.identifying.finding import (
    Found,
    Kind,
    find_in_voice,
    list_doubtful,
    list_refused,
    make_digest,
)
from accountability.models import Voice
from accountability.reporting_years import ReportingYear
from accountability.voice_enums import ConsentGiver, VoiceGroup, VoiceSource
from accountability.voice_recording import TEXTS, VoiceInput
from s11.web.date_fields import DatePartsField
from s11.web.forms import Look
from surveys.forms.filters import FilterForm
from surveys.models import Theme

CHANGED, NOT_YET = "changed", "not_yet"
TEXT_LENGTH, QUOTATION_LENGTH = 2_000, 1_000
NAME_NOBODY: Final = "Name nobody, no school and no exact day, and leave out ages and small numbers."
# What to do about what was found: it follows the words.
ADVICE: Final = {
    Kind.EMAIL: "is an e-mail address. Take it out.",
    Kind.INTERNET: "is an address on the internet. Take it out.",
    Kind.BIRTH: "is a day of birth. Take it out.",
    Kind.PHONE: "looks like a telephone number. Take it out.",
    Kind.NHS_NUMBER: "looks like an NHS number. Take it out.",
    Kind.TEN_FIGURES: "looks like an NHS or telephone number. Take it out.",
    Kind.INSURANCE: "looks like a National Insurance number. Take it out.",
    Kind.POSTCODE: "looks like a postcode. Take it out.",
    Kind.ADDRESS: "looks like somebody’s address. Take it out.",
    Kind.FEW: "counts fewer than five people, who may be recognised. Leave the number out: say ‘some’.",
    Kind.CASE: "looks like the number of a case, a pupil or a record. Take it out.",
    Kind.NUMBER: "looks like the number of a case, a pupil or a record. Take it out.",
    Kind.DATE: "is a day on which something happened. Say the month, or the time of year.",
    Kind.AGE: "is somebody’s age. Say ‘of primary-school age’, or leave it out.",
    Kind.PLACE: "names a school or another place. Say ‘their school’.",
    Kind.PERSON: "names somebody. Say who they are to the child, not their name.",
    Kind.INITIALS: "looks like somebody’s initials. Take them out.",
    Kind.NAME: "looks like a name. Take it out, or say who it is in general: ‘her brother’, ‘a teacher’.",
}


class VoiceForm(forms.Form):
    """One entry. What could say who somebody is has to go, or a person says that nobody can be recognised by it."""

    heard = forms.ChoiceField(
        label="When did you hear it?",
        help_text="The month is enough: the day could say who it was.",
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), "Select the month in which you heard it"
        ),
    )
    group = forms.ChoiceField(
        label="Who said it?",
        choices=VoiceGroup.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who said it"},
    )
    source = forms.ChoiceField(
        label="How did you hear it?",
        choices=VoiceSource.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how you heard it"},
    )
    told = TextField("What did they tell you?", "Enter what they told you", NAME_NOBODY, most=TEXT_LENGTH)
    outcome = forms.ChoiceField(
        label="What changed because of it?",
        choices=((CHANGED, "Something changed"), (NOT_YET, "Nothing yet")),
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether something changed"},
    )
    changed = TextField(
        "What changed", help_text="For children and families, not on paper.", most=TEXT_LENGTH
    )
    why_not = TextField(
        "Why not yet", help_text="What stands in the way, and what comes next.", most=TEXT_LENGTH
    )
    theme = forms.ModelChoiceField(
        label="Theme of the audit (optional)",
        queryset=Theme.objects.all(),
        required=False,
        empty_label="None in particular",
    )
    quotation = TextField(
        "In their own words (optional)",
        help_text=(
            "A sentence or two. Nobody outside your agency and the officers who read audits sees it, and no report "
            "quotes it, until you record that they agreed."
        ),
        most=QUOTATION_LENGTH,
    )
    nobody = forms.BooleanField(
        label="I have looked at each of these: nobody can be recognised by them", required=False
    )
    version = make_version_field(required=False)
    marks_optional = False
    looks = {
        "told": Look(rows=4),
        "outcome": Look(reveals={CHANGED: "changed", NOT_YET: "why_not"}),
        "changed": Look(rows=3),
        "why_not": Look(rows=3),
        "quotation": Look(rows=3),
    }

    def __init__(
        self,
        *args: Any,
        get_known: Callable[[], Collection[str]],
        today: datetime.date,
        voice: Voice | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"initial": make_initial(voice)} | kwargs)
        self._get_known = get_known
        heard = self.fields["heard"]
        assert isinstance(heard, forms.ChoiceField)
        heard.choices = list_months(today, voice.heard_on if voice else today)
        self.doubtful: list[Found] = []
        if voice is not None and voice.cleared_by_id is not None and not self.is_bound:
            self._find({name: getattr(voice, name) for name in TEXTS})

    def _find(self, texts: Mapping[str, str]) -> dict[str, tuple[Found, ...]]:
        """What each text holds; of all together, what a person may clear."""
        known = self._get_known()
        found = {name: find_in_voice(text, known) for name, text in texts.items()}
        self.doubtful = [one for some in found.values() for one in list_doubtful(some)]
        return found

    @property
    def questions(self) -> list[str]:
        """What the page asks about before somebody says that nobody can be recognised."""
        return [advise(one) for one in self.doubtful]

    @property
    def mark(self) -> str:
        """Of what was found: ticking the box clears what stood above it, and nothing that is typed afterwards."""
        return make_digest(self.doubtful)

    @property
    def is_cleared(self) -> bool:
        return bool(self.cleaned_data.get("nobody")) and self.data.get("looked_at") == self.mark

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        outcome = cleaned.get("outcome")
        # What was typed under the answer that was not chosen is not part of it.
        if outcome == CHANGED:
            cleaned["why_not"] = ""
        elif outcome == NOT_YET:
            cleaned["changed"] = ""
        if outcome == CHANGED and not cleaned.get("changed") and "changed" not in self.errors:
            self.add_error("changed", "Enter what changed")
        if outcome == NOT_YET and not cleaned.get("why_not") and "why_not" not in self.errors:
            self.add_error("why_not", "Enter why nothing has changed yet")
        self._look_for_people(cleaned)
        return cleaned

    def _look_for_people(self, cleaned: dict[str, Any]) -> None:
        found = self._find({name: cleaned.get(name) or "" for name in TEXTS})
        is_cleared = self.is_cleared
        for name, some in found.items():
            for one in list_refused(some) if is_cleared else some:
                self.add_error(name, advise(one).rstrip("."))

    @property
    def entered(self) -> VoiceInput:
        data = self.cleaned_data
        return VoiceInput(
            heard_on=datetime.date.fromisoformat(f"{data['heard']}-01"),
            group=VoiceGroup(data["group"]),
            source=VoiceSource(data["source"]),
            told=data["told"],
            changed=data["changed"],
            why_not=data["why_not"],
            theme=data["theme"],
            quotation=data["quotation"],
            is_cleared=bool(self.doubtful) and self.is_cleared,
        )


def advise(found: Found) -> str:
    return f"‘{found.words}’ {ADVICE[found.kind]}"


def make_initial(voice: Voice | None) -> dict[str, Any]:
    if voice is None:
        return {"version": 0}
    kept = {name: getattr(voice, name) for name in (*TEXTS, "group", "source", "theme", "version")}
    return kept | {
        "heard": f"{voice.heard_on:%Y-%m}",
        "outcome": CHANGED if voice.changed else NOT_YET,
        "nobody": voice.cleared_by_id is not None,
    }


def list_months(today: datetime.date, own: datetime.date) -> list[tuple[str, str]]:
    """This month and those before it, back to the first of the reporting year before; and an older entry's own."""
    month, first = today.replace(day=1), min(ReportingYear.of(today).before.first_day, own.replace(day=1))
    months = []
    while month >= first:
        months.append((f"{month:%Y-%m}", f"{month:%B %Y}"))
        month = (month - datetime.timedelta(days=1)).replace(day=1)
    return months


class ConsentForm(forms.Form):
    """Who agreed that the words may be quoted, and when."""

    giver = forms.ChoiceField(
        label="Who agreed?",
        choices=ConsentGiver.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who agreed"},
    )
    consented_on = DatePartsField(
        label="Date of consent", error_messages={"required": "Enter the day on which they agreed"}
    )
    understood = forms.BooleanField(
        label=(
            "They know that the words may be published with nothing but the group that they belong to, that they can "
            "take their consent back at any time, and that what is published by then stays"
        ),
        error_messages={"required": "Tell them first: without that it is no consent"},
    )
    version = make_version_field()
    looks = {
        "giver": Look(
            item_hints={
                ConsentGiver.PERSON.value: "Who is old enough to decide about it alone.",
                ConsentGiver.GROUP.value: "Each of the group agreed to these words.",
            }
        )
    }

    def clean_consented_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["consented_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Date of consent must be today or in the past")
        return day


class VoiceFilterForm(FilterForm):
    """Which entries of a year: by theme, by who said it, and those that are chosen."""

    theme = forms.ChoiceField(required=False)
    group = forms.ChoiceField(label="Who said it", choices=[("", "All"), *VoiceGroup.choices], required=False)
    chosen = forms.ChoiceField(
        label="Annual report", choices=[("", "All"), ("yes", "Chosen for it")], required=False
    )
    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theme = self.fields["theme"]
        assert isinstance(theme, forms.ChoiceField)
        theme.choices = [("", "All"), *((one.code, str(one)) for one in Theme.objects.all())]
