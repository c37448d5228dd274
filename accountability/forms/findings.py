"""Forms of findings and of the boxes of posters."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Final

from django import forms

from accountability.forms.meeting import TextField, make_version_field
from accountability.poster_numbers import NOT_SAID, PublicNumbers
from accountability.writing_findings import FindingInput
from s11.web.forms import Look
from s11.web.text import list_words
from surveys.models import Theme

TEXT_LENGTH, BOX_LENGTH = 5_000, 1_500
SAID_OWN: Final = (
    "The report does not say {}. If it is about scores, write what the report says. If it is about something else, "
    "such as priorities or steps, tick the box below."
)


class FindingForm(forms.Form):
    """What was found, why it matters, what happens next."""

    title = forms.CharField(
        label="The finding in one line",
        max_length=200,
        help_text="Such as ‘Most schools do not test what staff remember of their training’.",
        error_messages={"required": "Enter the finding in one line"},
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(),
        label="Themes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one theme"},
    )
    found = TextField("What was found", "Enter what was found", most=TEXT_LENGTH)
    why_it_matters = TextField("Why it matters", help_text="To a child, not to an audit.", most=TEXT_LENGTH)
    next_steps = TextField("What happens next", most=TEXT_LENGTH)
    version = make_version_field(required=False)
    looks = {"found": Look(rows=5), "why_it_matters": Look(rows=4), "next_steps": Look(rows=4)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["themes"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.label_from_instance = lambda theme: theme.title  # type: ignore[assignment]

    @property
    def entered(self) -> FindingInput:
        data = self.cleaned_data
        return FindingInput(
            title=data["title"],
            found=data["found"],
            why_it_matters=data["why_it_matters"],
            next_steps=data["next_steps"],
            themes=list(data["themes"]),
        )


class NumbersForm(forms.Form):
    """Which public numbers stand behind a finding."""

    paths = forms.MultipleChoiceField(
        label="Numbers behind this finding",
        help_text="The first one stands large on a poster.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["paths"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


class OwnNumbers(forms.Form):
    """Words for a poster: a number that its report does not say is confirmed to tell of nobody's scores, or changed."""

    own = forms.BooleanField(required=False)
    # Where such a number may stand, and where the page says so.
    checked: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, numbers: PublicNumbers, confirmed: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers, self.confirmed = numbers, confirmed
        self.own_numbers: list[str] = []

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        words = [data.get(name) or "" for name in self.checked]
        self.own_numbers = [one for one in self.numbers.find_unknown(*words) if one not in self.confirmed]
        if self.own_numbers:
            named = list_words([f"‘{one}’" for one in self.own_numbers])
            tells = "tells" if len(self.own_numbers) == 1 else "tell"
            # The field was bound before it was known what to ask.
            asked = self["own"]
            asked.label = f"{named} {tells} of nobody’s scores"
            asked.help_text = "Your name is kept with it, and the publisher reads it beforehand."
            if not data.get("own"):
                raise forms.ValidationError({self.checked[-1]: SAID_OWN.format(named)})
        return data


class TitleForm(OwnNumbers):
    title = forms.CharField(
        label="Title", max_length=200, error_messages={"required": "Enter the poster’s title"}
    )
    # The title that was changed: somebody else may have changed it meanwhile.
    seen = forms.CharField(max_length=200, widget=forms.HiddenInput)
    checked = ("title",)


class BoxForm(OwnNumbers):
    """One box: few words, one figure."""

    heading = forms.CharField(
        label="Heading", max_length=120, error_messages={"required": "Enter a heading for the box"}
    )
    figure = forms.CharField(
        label="One figure",
        max_length=60,
        required=False,
        help_text="Only a number that the report says, such as ‘10 of 11 (91%)’.",
    )
    text = TextField("Text", help_text="Three or four sentences are read; more are not.", most=BOX_LENGTH)
    version = make_version_field()
    looks = {"text": Look(rows=6)}
    checked = ("heading", "text")

    def clean_figure(self) -> str:
        figure: str = self.cleaned_data["figure"]
        if not self.numbers.says(figure):
            raise forms.ValidationError(NOT_SAID)
        return figure


class SeenForm(forms.Form):
    """Which version of a poster was read by whoever publishes it, or throws it away."""

    version = forms.IntegerField(min_value=1, max_value=2_000_000_000)
