"""Asking a partnership's agencies for their returns, and reminding those that have approved none: an officer's acts."""

from __future__ import annotations

import datetime

from django.db import transaction

from accountability.agency_return_emails import put_asked_mails
from accountability.agency_return_writing import NotInThisState
from accountability.models import AgencyReturn, ReturnRequest
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Participation, ParticipationQuerySet, Partnership, User


@transaction.atomic
def ask_for_returns(
    *, partnership: Partnership, year: ReportingYear, due_on: datetime.date, note: str = "", by: User
) -> ReturnRequest:
    """Every agency that takes part sees it in its room, and its leads are told through the outbox."""
    request, is_new = ReturnRequest.objects.get_or_create(
        partnership=partnership,
        begins=year.begins,
        defaults={"due_on": due_on, "note": note, "asked_by": by},
    )
    if not is_new:
        raise NotInThisState(
            f"Somebody was quicker: returns for {year} have been asked for. Nothing was changed."
        )
    put_asked_mails(request, _list_places(partnership), by)
    return request


@transaction.atomic
def remind_of_returns(*, request: ReturnRequest, today: datetime.date, by: User) -> int:
    """The leads of agencies that have approved none; how many e-mails. Twice on a day they get one."""
    done = AgencyReturn.objects.approved().filter(request=request).values("participation")
    late = _list_places(request.partnership).exclude(pk__in=done)
    return len(put_asked_mails(request, late, by, once=f"agency-return:{request.pk}:{today}"))


def _list_places(partnership: Partnership) -> ParticipationQuerySet:
    here = Participation.objects.active().filter(partnership=partnership)
    return here.select_related("organisation", "partnership")
