"""Choosing an audit in another partnership to start from, and which answers to send to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from s11.web.forms import Look
from surveys.comparison import Elsewhere
from surveys.enums import AuditStatus
from surveys.models import Audit
from surveys.sending import Chosen

TOKEN = re.compile(r"([^\s:]{1,20}):([0-9]{1,9}):([0-9]{1,9})")
HERE = "here"


class StartForm(forms.Form):
    """Where a new audit starts from; asked only of an organisation that has an audit in another partnership."""

    source = forms.ChoiceField(
        label="Where do you want to start from?",
        help_text="Answers come along with their reasons, words and evidence, each for you to confirm. Read them "
        "first: they were written for others. Facts about your organisation and actions stay where they are.",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose where to start from",
            "invalid_choice": "Choose one of these: the one you chose cannot be started from any more",
        },
    )
    looks = {"source": Look(label_size="m")}

    def __init__(self, *args: Any, sources: Sequence[Elsewhere], last: Audit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_choice = {str(one.audit.pk): one.audit for one in sources}
        here = f"Our own audits here, the last being {last.cycle}" if last else "An empty audit"
        there = [(str(one.audit.pk), f"{one.name} ({_count(one)})") for one in sources]
        self.fields["source"].choices = [(HERE, here), *there]  # type: ignore[attr-defined]
        self.fields["source"].initial = HERE

    @property
    def elsewhere(self) -> Audit | None:
        return self.by_choice.get(self.cleaned_data["source"])


def _count(one: Elsewhere) -> str:
    status = AuditStatus(one.audit.status).label.lower()
    return f"{status}, {one.answered} answered"


class SendForm(forms.Form):
    """Check boxes of one page; each says which versions of the two answers it showed."""

    NOTHING = "Choose at least one answer to send"
    send = forms.MultipleChoiceField(error_messages={"required": NOTHING})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        # What a page showed may not be so any more: that is told answer by answer, not refused.
        given = data.getlist("send") if data is not None else []
        self.fields["send"].choices = [(one, one) for one in given if TOKEN.fullmatch(one)]  # type: ignore[attr-defined]

    def clean_send(self) -> list[Chosen]:
        found = [TOKEN.fullmatch(one) for one in dict.fromkeys(self.cleaned_data["send"])]
        return [Chosen(one[1], int(one[2]), int(one[3])) for one in found if one]
