"""Practitioner surveys for tests: a cycle in which staff are asked, and an agency's survey with answers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils import timezone

from s11.organisations.models import User
from surveys.enums import StaffAnswer
from surveys.models import Cycle, CycleSurvey, Invitee, PractitionerSurvey, SurveyStatement
from surveys.surveying import answer_survey, open_survey

# Of the small bank: the first is critical.
KEYS = ("key-a1-1", "key-a1-2", "key-a2-1")
YES, PARTLY, NO = StaffAnswer.YES, StaffAnswer.PARTLY, StaffAnswer.NO
UNKNOWN, NOT_MINE = StaffAnswer.UNKNOWN, StaffAnswer.NOT_MINE
Given = Sequence[StaffAnswer | None]


def make_cycle_survey(cycle: Cycle, *, by: User, keys: Sequence[str] = KEYS) -> CycleSurvey:
    """S1, S2 and so on, each beside one indicator of every variant of the cycle."""
    found = CycleSurvey.objects.create(cycle=cycle, switched_on_by=by)
    SurveyStatement.objects.bulk_create(
        SurveyStatement(
            round=found, variant=variant, code=f"S{number}", text=f"I know {key}.", key=key, position=number
        )
        for variant in cycle.cycle_questionnaires.values_list("variant", flat=True)
        for number, key in enumerate(keys, start=1)
    )
    return found


def make_survey(
    invitee: Invitee, *, by: User, people: Sequence[Given] = (), closes_on: datetime.date | None = None
) -> PractitionerSurvey:
    """Open for a fortnight; each of the people answers S1, S2 and so on in turn, None leaves one out."""
    day = closes_on or timezone.localdate() + datetime.timedelta(days=14)
    open_survey(invitee=invitee, closes_on=day, by=by)
    survey = PractitionerSurvey.objects.with_place().get(invitee=invitee)
    for given in people:
        give(survey, given)
    return survey


def give(survey: PractitionerSurvey, given: Given) -> None:
    statements = survey.tallies.order_by("statement__position").values_list("statement", flat=True)
    answer_survey(
        survey=survey,
        given={pk: answer for pk, answer in zip(statements, given, strict=False) if answer is not None},
    )


def add_answers(survey: PractitionerSurvey, people: int, given: Given) -> None:
    """So many people who all say the same, at once: for sizes that would take too long one by one."""
    for tally, answer in zip(survey.tallies.order_by("statement__position"), given, strict=False):
        if answer is not None:
            setattr(tally, answer, getattr(tally, answer) + people)
            tally.save()
    survey.refresh_from_db(fields=["responses"])
    survey.responses += people
    survey.save(update_fields=["responses"])
