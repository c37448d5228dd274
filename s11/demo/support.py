"""The demonstration's support: offers after last year's audit, and two samples that moderators scored alone."""

from __future__ import annotations

import datetime

from s11.demo import content
from s11.demo.audits import at
from s11.demo.moments import writing_at
from s11.demo.people import make_lead
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Partnership, User
from surveys.calibrating import draw_calibration, finish_scoring, score_item
from surveys.calibrations import get_readable
from surveys.enums import CycleKind, CycleStatus, MessageKind, MessageStatus, SupportAnswer, SupportStatus
from surveys.models import (
    Calibration,
    CalibrationScore,
    CalibrationScorer,
    Cycle,
    Message,
    SupportNote,
    SupportOffer,
)
from surveys.support import ConcernRow, get_concern_rows
from surveys.supporting import answer_offer, close_offer, make_offers, take_offer_on

HOMES = (content.HOME_ORGANISATION, content.FELLSIDE_HOME_ORGANISATION)
MESSAGE = (
    "We would like to help. We can look at these answers with you, and there is a place for two of your staff on our "
    "training in the spring. If you accept, I will call you within ten working days."
)
DRAWN = 12


def make_support(partnership: Partnership, today: datetime.date) -> None:
    officer, administrator = (
        User.objects.get(offices__partnership=partnership, offices__role=role)
        for role in (OfficerRole.QUALITY_OFFICER, OfficerRole.ADMINISTRATOR)
    )
    full = partnership.cycles.filter(kind=CycleKind.FULL)
    last = full.filter(status=CycleStatus.CLOSED).latest("closes_on")
    make_some_offers(last, officer)
    calibrate(last, [administrator, officer], last.closes_on + datetime.timedelta(days=14))
    begin(full.get(status=CycleStatus.OPEN), [administrator, officer], today)


def make_some_offers(cycle: Cycle, officer: User) -> None:
    """The home organisation's, so that whoever signs in there finds it, and three others, each at another step."""
    rows = get_concern_rows(cycle)
    home = [row for row in rows if row.audit.organisation.name in HOMES]
    chosen = [*home, *(row for row in rows if row not in home)][:4]
    for place, row in enumerate(chosen):
        offer = make_offer(cycle, row, officer, at(cycle.closes_on + datetime.timedelta(days=30 + place), 11))
        take_on(offer, officer, place)
        set_dates(offer)


def make_offer(cycle: Cycle, row: ConcernRow, officer: User, moment: datetime.datetime) -> SupportOffer:
    """Its e-mails have gone: nothing of the demonstration waits to be sent to anybody."""
    with writing_at(moment):
        make_offers(cycle=cycle, audits=[row.audit.pk], message=MESSAGE, owner=officer, by=officer)
    offer = SupportOffer.objects.select_related("owner").get(invitee=row.audit.invitee)
    offer.made_at = moment
    offer.save()
    return offer


def take_on(offer: SupportOffer, officer: User, place: int) -> None:
    """A step every four days."""
    lead = make_lead(offer.invitee.organisation, offer.made_at)
    answered, taken_on, closed = (offer.made_at + datetime.timedelta(days=days) for days in (4, 8, 12))
    if place == 0:
        return
    with writing_at(answered):
        answer_offer(
            offer=offer, answer=SupportAnswer.ACCEPTED if place < 3 else SupportAnswer.DECLINED, by=lead
        )
    if place < 3:
        with writing_at(taken_on):
            take_offer_on(
                offer=offer,
                status=SupportStatus.TRAINING_OFFERED,
                text="Two places on the spring training; the lead chooses who goes.",
                owner=officer,
                by=officer,
            )
    if place == 2:
        text = "Both went, and the plan was gone through with them afterwards."
        with writing_at(closed):
            close_offer(offer=offer, outcome="supported", text=text, by=officer)


def set_dates(offer: SupportOffer) -> None:
    """As its notes say; what was mailed went at once."""
    for note in SupportNote.objects.filter(offer=offer).exclude(answer=""):
        SupportOffer.objects.filter(pk=offer.pk).update(answered_at=note.at)
    Message.objects.filter(kind=MessageKind.SUPPORT, invitee=offer.invitee).update(
        status=MessageStatus.SENT, created_at=offer.made_at, due_at=offer.made_at, sent_at=offer.made_at
    )


def calibrate(cycle: Cycle, people: list[User], day: datetime.date) -> None:
    """Both have finished: mostly of one mind, and not on every fourth answer."""
    calibration = draw(cycle, people, at(day, 9, 20))
    first, second = calibration.scorers.select_related("user")
    for item in get_readable(calibration).select_related("answer"):
        own = item.answer.submitted_score
        other = own if item.position % 4 or own is None else (own + 1) % 3
        score_item(item=item, scorer=first, score=own, reason="What is written fits the score.")
        score_item(
            item=item,
            scorer=second,
            score=other,
            reason="" if own == other else "A plan, and nothing yet that shows it is followed.",
        )
    for scorer in (first, second):
        finish_scoring(scorer=scorer)
    moment = calibration.at + datetime.timedelta(days=3)
    CalibrationScorer.objects.filter(calibration=calibration).update(finished_at=moment)
    CalibrationScore.objects.filter(item__calibration=calibration).update(at=moment)


def begin(cycle: Cycle, people: list[User], today: datetime.date) -> None:
    """Drawn yesterday, and nobody has begun: a newcomer can."""
    draw(cycle, people, at(today - datetime.timedelta(days=1), 16, 10))


def draw(cycle: Cycle, people: list[User], moment: datetime.datetime) -> Calibration:
    calibration = draw_calibration(
        cycle=cycle, rule="by_score", size=DRAWN, seed=cycle.closes_on.year, scorers=people, by=people[0]
    )
    calibration.at = moment
    calibration.save()
    return calibration
