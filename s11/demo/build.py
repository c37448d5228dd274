"""Builds the demonstration, all of it or nothing."""

from __future__ import annotations

import datetime
import random

from django.db import transaction

from s11.demo import content
from s11.demo.access import make_access_checks
from s11.demo.actions import make_action_plans
from s11.demo.agency_returns import make_agency_returns
from s11.demo.audits import at, fill_cycle, make_cycle, make_years
from s11.demo.courses import make_courses
from s11.demo.elsewhere import send_to_fellside
from s11.demo.evidence import make_evidence
from s11.demo.feedback import make_feedback
from s11.demo.feeds import make_feed_tokens
from s11.demo.followed import follow_agreed
from s11.demo.groups import make_group
from s11.demo.held import get_people, make_held_meetings
from s11.demo.jobs import make_jobs
from s11.demo.mail import make_mail
from s11.demo.meetings import make_panel
from s11.demo.moderation import make_moderation
from s11.demo.multi_agency import make_multi_agency_audits
from s11.demo.outcomes import make_outcomes
from s11.demo.packs import make_packs
from s11.demo.people import make_logins, make_organisations, make_partnerships
from s11.demo.pipeline import make_pipeline
from s11.demo.practitioners import make_practitioner_surveys
from s11.demo.privacy import make_privacy
from s11.demo.published import make_reports
from s11.demo.registers import make_register
from s11.demo.registration import make_applications
from s11.demo.removed import make_removed
from s11.demo.retention import make_retention
from s11.demo.signed import make_sign_offs
from s11.demo.support import make_support
from s11.demo.timetable import make_timetable
from s11.demo.topic import make_topic
from s11.demo.voices import make_voices
from s11.organisations.models import Partnership

SEED = 11


def is_built() -> bool:
    return Partnership.objects.filter(slug__in=[one.slug for one in content.PARTNERSHIPS]).exists()


@transaction.atomic
def build_demo(today: datetime.date) -> None:
    """Two partnerships, two years. Question banks must have been loaded. The same rows on every run of the same day."""
    chance = random.Random(SEED)  # noqa: S311  made-up data, not a secret
    years = make_years(today)
    partnerships = make_partnerships()
    organisations = make_organisations(chance, partnerships)
    make_logins(partnerships, organisations, at(years[0].opens_on - datetime.timedelta(days=30), 9))
    for year in years:
        for partnership in partnerships.values():
            fill_cycle(chance, make_cycle(partnership, year), year, today)
    send_to_fellside()
    for partnership in partnerships.values():
        make_evidence(partnership, today)
        make_action_plans(partnership, today)
        make_sign_offs(partnership, today)
    for partnership in partnerships.values():
        make_moderation(partnership, today)
        make_support(partnership, today)
        make_access_checks(partnership, today)
    make_topic(partnerships[content.HARBOURSIDE], today)
    make_feed_tokens(partnerships[content.HARBOURSIDE], today)
    make_group(partnerships[content.HARBOURSIDE], organisations, today)
    make_mail(partnerships[content.HARBOURSIDE], today)
    make_applications(partnerships[content.HARBOURSIDE], today)
    make_pipeline(partnerships[content.HARBOURSIDE], today)
    panel = make_panel(partnerships[content.HARBOURSIDE], today)
    make_last_meetings(partnerships[content.HARBOURSIDE], today)
    make_timetable(panel, today)
    make_practitioner_surveys(panel, today)
    make_packs(panel, today)
    make_rest_of_year(partnerships[content.HARBOURSIDE], today)
    make_what_is_told(partnerships[content.HARBOURSIDE], today)
    make_jobs(partnerships[content.HARBOURSIDE])
    make_register(partnerships[content.HARBOURSIDE], today)
    make_what_goes(partnerships[content.HARBOURSIDE], today)


def make_last_meetings(partnership: Partnership, today: datetime.date) -> None:
    """Before this year's are planned: whom to call, and each pack, rests on what came of them."""
    people = get_people(partnership)
    meetings = make_held_meetings(partnership, today)
    make_outcomes(meetings, people)
    follow_agreed(meetings, people, today)


def make_rest_of_year(partnership: Partnership, today: datetime.date) -> None:
    """What a partnership keeps beside its audits, and its annual report tells of."""
    make_courses(partnership)
    make_multi_agency_audits(partnership, today)
    make_agency_returns(partnership, today)
    make_voices(partnership, today)


def make_what_is_told(partnership: Partnership, today: datetime.date) -> None:
    """To the public, and back to agencies."""
    make_reports(partnership, today)
    make_feedback(partnership)


def make_what_goes(partnership: Partnership, today: datetime.date) -> None:
    """Records whose time is over, what somebody removed, and names of people who have left."""
    make_retention(partnership, today)
    make_removed(partnership, today)
    make_privacy(partnership, today)
