"""Forms of what the board is given: a paper's words, and which training was commissioned."""

from __future__ import annotations

from typing import Any

from django import forms

from accountability.enums import BoardPaperKind
from accountability.forms.meeting import TextField
from accountability.forms.reports import TEXT_LENGTH
from s11.web.forms import Look

TRAINING_LENGTH = 5_000


class BoardPaperForm(forms.Form):
    """A paper's text; for the chapter also what no figure knows."""

    training = TextField(
        "Which training has been commissioned?",
        help_text="For whom, on what, from when. It stands in the chapter under ‘Training commissioned’.",
        most=TRAINING_LENGTH,
    )
    text = TextField("What the paper says", most=TEXT_LENGTH)
    version = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)
    marks_optional = False
    looks = {"training": Look(rows=4), "text": Look(rows=24)}

    def __init__(self, *args: Any, kind: BoardPaperKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != BoardPaperKind.CHAPTER:
            del self.fields["training"]
