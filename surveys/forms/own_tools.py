"""The form of an organisation's own national audit, returned in place of answers."""

from __future__ import annotations

from django import forms

from s11.web.forms import Look
from surveys.forms.evidence import OneFileForm


class OwnToolForm(OneFileForm):
    """What it is called, and the file."""

    title = forms.CharField(
        label="What is it called?",
        max_length=200,
        help_text="Such as ‘National ambulance safeguarding self-assessment 2026’.",
        error_messages={"required": "Enter what your audit is called"},
    )
    field_order = ("title", "file")
    looks = {"title": Look(label_size="s"), "file": Look(label_size="s")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        self.fields["file"].label = "The completed audit"
        self.fields["file"].error_messages["required"] = "Choose the file"
