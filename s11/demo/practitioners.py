"""The demonstration's practitioner surveys: one whose results a panel reads, and one that three people answered."""

from __future__ import annotations

import datetime

from accountability.models import Panel
from s11.demo import content
from s11.demo.audits import at
from s11.demo.people import make_lead
from s11.organisations.enums import OfficerRole
from s11.organisations.models import User
from surveys.enums import COUNTED, StaffAnswer
from surveys.models import CycleSurvey, Invitee, PractitionerSurvey
from surveys.practitioners import get_offered
from surveys.surveying import answer_survey, close_survey, open_survey, switch_on_survey

# Of each row one person; its letters are their answers to the statements in turn: yes, partly, no, do not know, not
# my job. What leaders think of most, speaking up, is what staff are least sure of.
SAID = (
    "yyyyyypppynd",
    "yyyypyynnypd",
    "ypyyyypnnyyn",
    "yyyndyyyppdp",
    "ypyyyypnnnyd",
    "yyyymyypndyn",
    "ynyyypypppyd",
    "yyyyyyynnyym",
    "yyypnyppnypn",
    "ypyyydynnydp",
    "yyyyyyyypmyn",
)
LETTERS = {
    "y": StaffAnswer.YES,
    "p": StaffAnswer.PARTLY,
    "n": StaffAnswer.NO,
    "d": StaffAnswer.UNKNOWN,
    "m": StaffAnswer.NOT_MINE,
}
THREE = SAID[:3]


def make_practitioner_surveys(panel: Panel, today: datetime.date) -> None:
    """Before the packs, which ask about what staff say."""
    cycle = panel.cycle
    administrator = User.objects.get(
        offices__partnership=cycle.partnership, offices__role=OfficerRole.ADMINISTRATOR
    )
    switch_on_survey(cycle=cycle, statements=get_offered(cycle), by=administrator)
    CycleSurvey.objects.filter(cycle=cycle).update(switched_on_at=at(cycle.opens_on, 10))
    called = panel.meetings.called().filter(invitee__audit__status__in=COUNTED).order_by("pk")
    told = called.select_related("invitee").first()
    if told is not None:
        survey = make_survey(told.invitee, SAID, today)
        close_survey(survey=survey, by=survey.opened_by)
        PractitionerSurvey.objects.filter(pk=survey.pk).update(
            closed_at=at(today - datetime.timedelta(days=3), 16)
        )
    home = Invitee.objects.filter(cycle=cycle, organisation__name=content.HOME_ORGANISATION).first()
    if home is not None and home.pk != (told.invitee.pk if told else None):
        make_survey(home, THREE, today)


def make_survey(invitee: Invitee, said: tuple[str, ...], today: datetime.date) -> PractitionerSurvey:
    opened_at = at(today - datetime.timedelta(days=17), 11)
    lead = make_lead(invitee.organisation, opened_at)
    open_survey(invitee=invitee, closes_on=today + datetime.timedelta(days=11), by=lead)
    PractitionerSurvey.objects.filter(invitee=invitee).update(opened_at=opened_at)
    survey = PractitionerSurvey.objects.with_place().select_related("opened_by").get(invitee=invitee)
    statements = list(survey.tallies.order_by("statement__position").values_list("statement", flat=True))
    for row in said:
        given = zip(statements, row, strict=False)
        answer_survey(survey=survey, given={pk: LETTERS[letter] for pk, letter in given})
    return survey
