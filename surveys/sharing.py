"""Sharing an audit's work: who is to answer which part of it."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from s11.organisations.models import User
from surveys import emails
from surveys.enums import WRITABLE
from surveys.models import Assignment, Audit, Indicator, Standard
from surveys.workflow import lock_audit


@transaction.atomic
def assign(
    *,
    audit: Audit,
    user: User,
    standards: Collection[Standard],
    indicators: Collection[Indicator],
    by: User,
) -> None:
    """From now on the person has these and nothing else; what is new they are told in one e-mail.

    A single indicator of a standard that they have as a whole is left out.
    """
    lock_audit(audit, *WRITABLE)
    wholes = {standard.pk for standard in standards}
    indicators = [one for one in indicators if one.standard_id not in wholes]
    rows = audit.assignments.filter(user=user)
    had = set(rows.values_list("standard", "indicator"))
    wanted: dict[tuple[int | None, int | None], Standard | Indicator] = {
        **{(standard.pk, None): standard for standard in standards},
        **{(None, indicator.pk): indicator for indicator in indicators},
    }
    for standard_id, indicator_id in had - wanted.keys():
        rows.filter(standard=standard_id, indicator=indicator_id).delete()
    new = [key for key in wanted if key not in had]
    Assignment.objects.bulk_create(
        Assignment(audit=audit, user=user, standard_id=standard, indicator_id=indicator, by=by)
        for standard, indicator in new
    )
    if new and user != by:
        what = [str(wanted[key]) for key in new]
        transaction.on_commit(lambda: emails.send_assigned(audit, user, what, by), robust=True)
