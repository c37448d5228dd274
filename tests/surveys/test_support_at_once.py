"""Two officers, an officer and a lead, and one scorer in two windows, in the very same moment: the second is told.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from s11.organisations.models import User
from s11.web.errors import NotInThisState
from surveys.calibrating import draw_calibration, finish_scoring, score_item
from surveys.enums import AuditStatus, MessageKind
from surveys.models import Audit, Message, SupportOffer
from surveys.supporting import answer_offer, close_offer, make_offers
from tests import factories
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile
from tests.surveys.offers import make_offer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)


def hear(act: Callable[[], object]) -> tuple[Callable[[], None], list[str]]:
    """The act, and where what it was told instead goes."""
    told: list[str] = []

    def run() -> None:
        try:
            act()
        except NotInThisState as late:
            told.append(str(late))

    return run, told


def test_two_officers_make_one_offer(audit: Audit, cast: Cast) -> None:
    def make(by: User) -> None:
        make_offers(cycle=audit.cycle, audits=[audit.pk], message="Help.", owner=by, by=by)

    second, told = hear(lambda: make(cast.administrator))
    meanwhile(lambda: make(cast.quality_officer), second)
    assert ["open offer by now" in one for one in told] == [True]
    assert SupportOffer.objects.get().made_by == cast.quality_officer
    assert Message.objects.filter(kind=MessageKind.SUPPORT).count() == 1


def test_nobody_answers_what_is_being_closed(audit: Audit, cast: Cast) -> None:
    offer = make_offer(audit, cast.quality_officer)
    second, told = hear(lambda: answer_offer(offer=offer, answer="accepted", by=cast.lead))
    meanwhile(lambda: close_offer(offer=offer, outcome="resolved", text="", by=cast.quality_officer), second)
    assert told == ["The offer is closed by now. Nothing was changed."]
    offer.refresh_from_db()
    assert offer.answer == ""


def test_nobody_scores_after_they_have_finished(audit: Audit, cast: Cast) -> None:
    people = [cast.administrator, cast.quality_officer]
    calibration = draw_calibration(
        cycle=audit.cycle, rule="random", size=1, seed=1, scorers=people, by=cast.administrator
    )
    item, scorer = calibration.items.get(), calibration.scorers.get(user=cast.administrator)
    score_item(item=item, scorer=scorer, score=1, reason="")
    second, told = hear(lambda: score_item(item=item, scorer=scorer, score=2, reason=""))
    meanwhile(lambda: finish_scoring(scorer=scorer), second)
    assert ["You have finished" in one for one in told] == [True]
    assert item.scores.get().score == 1
