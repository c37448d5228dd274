"""Verbs of practitioner surveys: switched on for a cycle, opened for an agency, answered, closed.

An answer is added to counts and is then gone. The survey's row is locked meanwhile, so that none is lost, and none is
taken after the moment from which results are told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from s11.organisations.models import User
from s11.web import errors
from surveys.enums import CycleStatus, StaffAnswer
from surveys.models import Cycle, CycleSurvey, Invitee, PractitionerSurvey, SurveyStatement, SurveyTally
from surveys.practitioners import OfferedStatement
from surveys.workflow import lock_cycle

COUNTED = ("yes", "partly", "no", "unknown", "not_mine")


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the survey is over."""


@transaction.atomic
def switch_on_survey(*, cycle: Cycle, statements: Iterable[OfferedStatement], by: User) -> CycleSurvey:
    """With these words, which stay whatever is shipped later. Switched on again before anybody asks, with others."""
    lock_cycle(cycle, CycleStatus.PLANNED, CycleStatus.OPEN)
    _check_nobody_asks(cycle)
    CycleSurvey.objects.filter(cycle=cycle).delete()
    found = CycleSurvey.objects.create(cycle=cycle, switched_on_by=by)
    SurveyStatement.objects.bulk_create(
        SurveyStatement(
            round=found, variant=variant, code=one.code, text=one.text, key=indicator.key, position=position
        )
        for position, one in enumerate(statements)
        for variant, indicator in one.indicators.items()
    )
    return found


@transaction.atomic
def switch_off_survey(*, cycle: Cycle, by: User) -> None:
    lock_cycle(cycle, CycleStatus.PLANNED, CycleStatus.OPEN)
    _check_nobody_asks(cycle)
    CycleSurvey.objects.filter(cycle=cycle).delete()


def _check_nobody_asks(cycle: Cycle) -> None:
    if PractitionerSurvey.objects.filter(invitee__cycle=cycle).exists():
        raise NotInThisState("An agency has opened its survey by now, so what is asked stays as it is.")


@transaction.atomic
def open_surveys(*, cycle: Cycle, invitees: Iterable[int], closes_on: datetime.date, by: User) -> int:
    """One for each of these invitees that has none, is not exempt and has something to ask; how many."""
    lock_cycle(cycle, CycleStatus.OPEN)
    statements: dict[str, list[SurveyStatement]] = {}
    for one in SurveyStatement.objects.filter(round__cycle=cycle):
        statements.setdefault(one.variant, []).append(one)
    wanted = Invitee.objects.not_exempt().filter(
        cycle=cycle, pk__in=list(invitees), cycle_questionnaire__variant__in=statements
    )
    new = wanted.filter(practitioner_survey=None).select_related("cycle_questionnaire").order_by("pk")
    asking = list(new)
    surveys = PractitionerSurvey.objects.bulk_create(
        PractitionerSurvey(invitee=one, closes_on=closes_on, opened_by=by) for one in asking
    )
    SurveyTally.objects.bulk_create(
        SurveyTally(survey=survey, statement=statement)
        for survey, invitee in zip(surveys, asking, strict=True)
        for statement in statements[invitee.cycle_questionnaire.variant]
    )
    return len(surveys)


@transaction.atomic
def open_survey(*, invitee: Invitee, closes_on: datetime.date, by: User) -> None:
    if not open_surveys(cycle=invitee.cycle, invitees=[invitee.pk], closes_on=closes_on, by=by):
        raise NotInThisState(
            "The survey was opened already, or there is nothing to ask. This page shows it as it is."
        )


@transaction.atomic
def answer_survey(*, survey: PractitionerSurvey, given: Mapping[int, StaffAnswer]) -> None:
    """One person's answers, by statement. Of what belongs together nothing is kept: each adds one to a count."""
    current = _lock(survey)
    if current.is_over:
        raise NotInThisState("The survey is over by now. Your answers were not counted.")
    tallies = list(current.tallies.all())
    if not given.keys() <= {tally.statement_id for tally in tallies} or not given:
        raise ValueError("Answers are to the statements of this survey, and at least one.")
    for tally in tallies:
        answer = given.get(tally.statement_id)
        if answer is not None:
            setattr(tally, answer, getattr(tally, answer) + 1)
    # All rows, changed or not: which ones a database wrote last would tell what the last person left out.
    SurveyTally.objects.bulk_update(tallies, COUNTED)
    PractitionerSurvey.objects.filter(pk=current.pk).update(responses=F("responses") + 1)


@transaction.atomic
def close_survey(*, survey: PractitionerSurvey, by: User) -> None:
    """From now on there are results, where at least five answered."""
    current = _lock(survey)
    if current.is_over:
        raise NotInThisState("The survey is over already.")
    current.closed_at, current.closed_by = timezone.now(), by
    current.save(update_fields=["closed_at", "closed_by"])


@transaction.atomic
def move_last_day(*, survey: PractitionerSurvey, closes_on: datetime.date, by: User) -> None:
    """Another last day; one that is over goes on only where nothing has been told."""
    current = _lock(survey)
    if current.is_told:
        raise NotInThisState("The results have been shown by now, so the survey cannot go on.")
    current.closes_on, current.closed_at, current.closed_by = closes_on, None, None
    current.save(update_fields=["closes_on", "closed_at", "closed_by"])


@transaction.atomic
def replace_link(*, survey: PractitionerSurvey, by: User) -> None:
    """What was passed on opens nothing any more; the answers that came by it count."""
    _lock(survey).revoke_link()


def _lock(survey: PractitionerSurvey) -> PractitionerSurvey:
    """As it is now. Without what may be empty: PostgreSQL locks no row that an outer join may leave out."""
    PractitionerSurvey.objects.select_for_update().only("pk").get(pk=survey.pk)
    return PractitionerSurvey.objects.with_place().get(pk=survey.pk)
