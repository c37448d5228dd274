"""Forms of what the board is given: a paper's words, which training was commissioned, and of which year it tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accountability.enums import BoardPaperKind
from accountability.forms.meeting import TextField, make_version_field
from accountability.reporting_years import ReportingYear
from s11.web.dates import date
from s11.web.forms import Look

TRAINING_LENGTH = 5_000
# With the words of a hundred agencies: what is drafted must be possible to save.
PAPER_LENGTH = 500_000


class BoardPaperForm(forms.Form):
    """A paper's text; for the chapter also what no figure knows."""

    training = TextField(
        "Which training has been commissioned?",
        help_text="For whom, on what, from when. It stands in the chapter under ‘Training commissioned’.",
        most=TRAINING_LENGTH,
    )
    text = TextField("What the paper says", most=PAPER_LENGTH)
    version = make_version_field()
    marks_optional = False
    looks = {"training": Look(rows=4), "text": Look(rows=24)}

    def __init__(self, *args: Any, kind: BoardPaperKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != BoardPaperKind.CHAPTER:
            del self.fields["training"]


class ChapterYearForm(forms.Form):
    """The year that the annual report tells of."""

    year = forms.ChoiceField(
        label="Year of the annual report",
        help_text="What organisations reported and what children said in it comes into the chapter.",
        error_messages={"required": "Choose a year", "invalid_choice": "Choose one of the years"},
    )
    marks_optional = False
    looks = {"year": Look(label_size="s")}

    def __init__(self, *args: Any, years: Iterable[ReportingYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.slug, f"{date(one.first_day)} to {date(one.last_day)}") for one in years]

    @property
    def chosen(self) -> ReportingYear | None:
        return ReportingYear.from_slug(self.cleaned_data["year"])
