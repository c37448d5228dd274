"""The demonstration's voices: what children and families told some of Harbourside's agencies. Made up, all of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from accountability.models import Voice, VoiceChoice
from accountability.reporting_years import ReportingYear
from accountability.voice_enums import ConsentGiver, VoiceGroup, VoiceSource
from accountability.voice_recording import (
    VoiceInput,
    choose_voice,
    record_consent,
    record_voice,
    withdraw_consent,
)
from s11.demo import content
from s11.demo.audits import at
from s11.demo.moments import writing_at
from s11.demo.people import make_lead
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Participation, Partnership, User
from surveys.freshness import add_months
from surveys.models import Theme


@dataclass(frozen=True, slots=True)
class DemoVoice:
    """`year` 0 is the reporting year that runs, 1 the one before; `month` counts from April."""

    agency: str
    year: int
    month: int
    group: VoiceGroup
    source: VoiceSource
    theme: str
    told: str
    changed: str = ""
    why_not: str = ""
    quotation: str = ""
    giver: ConsentGiver | None = None
    is_withdrawn: bool = False
    is_chosen: bool = False


VOICES: Final = (
    DemoVoice(
        content.HOME_ORGANISATION,
        1,
        7,
        VoiceGroup.CHILDREN,
        VoiceSource.SURVEY,
        "T3",
        "They did not know whom to tell when a message on a phone frightened them.",
        "Every class chose the adults whom it would tell, and their pictures hang beside the door. In the next survey "
        "most children could say whom they would go to.",
        quotation="I know now that telling is not being in trouble.",
        giver=ConsentGiver.CARER,
        is_chosen=True,
    ),
    DemoVoice(
        content.HOME_ORGANISATION,
        0,
        1,
        VoiceGroup.PARENTS,
        VoiceSource.CONVERSATION,
        "T5",
        "They had to tell their story again to each service that came.",
        why_not="We have agreed to write one shared plan with the family. The form for it is not ready yet.",
    ),
    DemoVoice(
        content.HOME_ORGANISATION,
        0,
        2,
        VoiceGroup.CHILDREN,
        VoiceSource.GROUP,
        "",
        "The quiet room was locked whenever somebody needed it.",
        "The room stays open at every break, and an adult whom the children chose sits nearby.",
        quotation="It helps that nobody asks why you are there.",
    ),
    DemoVoice(
        "Open Door Young Carers",
        1,
        3,
        VoiceGroup.YOUNG_PEOPLE,
        VoiceSource.GROUP,
        "T3",
        "Meetings about their family were held in school hours and without them.",
        "Meetings are held after school, and young people say beforehand what they want talked about.",
        quotation="They asked me first, and then they did it.",
        giver=ConsentGiver.PERSON,
        is_chosen=True,
    ),
    DemoVoice(
        "Harbourside Council Children's Services",
        1,
        5,
        VoiceGroup.CARE_EXPERIENCED,
        VoiceSource.ADVOCATE,
        "T3",
        "Moves were told to them on the day, often by somebody whom they did not know.",
        "Nobody is moved any more without a visit beforehand, and the worker whom they know tells them.",
        quotation="Tell us early, tell us why, and let us say goodbye.",
        giver=ConsentGiver.GROUP,
        is_chosen=True,
    ),
    DemoVoice(
        "Anchor House",
        1,
        8,
        VoiceGroup.CARE_EXPERIENCED,
        VoiceSource.CONVERSATION,
        "T9",
        "They were searched in front of others when they came home late.",
        why_not="We talk with the police about what happens when somebody comes back. There is no agreement yet.",
        is_chosen=True,
    ),
    DemoVoice(
        "Harbour Academy",
        1,
        9,
        VoiceGroup.YOUNG_PEOPLE,
        VoiceSource.SURVEY,
        "T7",
        "They thought that nothing follows when they report how others talk about them.",
        "Whoever reports something hears within a week what was done, and the whole school reads each term how many "
        "reports there were.",
        quotation="You said it and something happened.",
        giver=ConsentGiver.PERSON,
        is_withdrawn=True,
        is_chosen=True,
    ),
    DemoVoice(
        "Seabank College",
        1,
        10,
        VoiceGroup.PARENTS,
        VoiceSource.COMPLAINT,
        "T4",
        "Letters about support used words that nobody explained.",
        "Parents rewrote the letters with us, and one number answers questions about them.",
    ),
)


def make_voices(partnership: Partnership, today: datetime.date) -> None:
    officer = User.objects.filter(
        offices__partnership=partnership, offices__role=OfficerRole.QUALITY_OFFICER
    ).earliest("pk")
    themes = {theme.code: theme for theme in Theme.objects.all()}
    names = {one.agency for one in VOICES}
    places = {
        place.organisation.name: place
        for place in partnership.participations.filter(organisation__name__in=names).select_related(
            "organisation", "partnership"
        )
    }
    for one in VOICES:
        make_voice(one, places[one.agency], themes.get(one.theme), officer, today)


def make_voice(
    one: DemoVoice, place: Participation, theme: Theme | None, officer: User, today: datetime.date
) -> None:
    this_year = ReportingYear.of(today)
    year = this_year.before if one.year else this_year
    heard_on = min(add_months(year.first_day, one.month), today.replace(day=1))
    moment = at(min(heard_on + datetime.timedelta(days=24), today), 11)
    lead = make_lead(place.organisation, moment)
    entered = VoiceInput(
        heard_on=heard_on,
        group=one.group,
        source=one.source,
        told=one.told,
        changed=one.changed,
        why_not=one.why_not,
        theme=theme,
        quotation=one.quotation,
    )
    voice = record_voice(participation=place, entered=entered, by=lead)
    with writing_at(moment):
        if one.giver is not None:
            agreed_on = moment.date()
            record_consent(voice=voice, giver=one.giver, consented_on=agreed_on, seen_version=1, by=lead)
        if one.is_withdrawn:
            withdraw_consent(voice=voice, by=lead)
    if one.is_chosen:
        choose_voice(voice=voice, seen_version=1, by=officer)
    Voice.objects.filter(pk=voice.pk).update(added_at=moment, changed_at=moment)
    VoiceChoice.objects.filter(voice=voice).update(at=min(moment + datetime.timedelta(days=14), at(today, 8)))
