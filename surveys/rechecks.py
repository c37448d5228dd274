"""Looking again outside any cycle: a small record that somebody did, what they saw, and when."""

from __future__ import annotations

from django.db import transaction

from s11.organisations.models import User
from surveys.due_again import Due, DueAnswer, NewDuty
from surveys.models import Recheck


@transaction.atomic
def record_recheck(*, due: Due, thing: DueAnswer | NewDuty, note: str, by: User) -> Recheck:
    """What was submitted stays as it is; from now on its months are counted from this look."""
    return Recheck.objects.create(
        participation=due.participation,
        key=thing.indicator.key,
        code=thing.indicator.code,
        text=thing.indicator.text,
        answer=thing.answer,
        note=note,
        by=by,
    )
