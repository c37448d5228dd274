"""Two moderators, and a moderator and a lead, in the very same moment: the second is told, and nothing is lost.

Needs a server that serves both at once; SQLite's tests hold one connection in memory, and its writers queue anyway.
"""

from __future__ import annotations

import pytest
from django.db import connection

from s11.organisations.models import User
from surveys.enums import AuditStatus
from surveys.models import Answer, Audit, Clarification, Moderation
from surveys.moderating import Overtaken, ask_agency, close_series, moderate_answer, reply_to_question
from surveys.workflow import NotInThisState, recall_audit
from tests import factories
from tests.conftest import Cast
from tests.surveys.at_once import meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _needs_a_server(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once need PostgreSQL")


@pytest.fixture
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)


def get_answer() -> Answer:
    return Answer.objects.select_related("audit__invitee__cycle").get(indicator__code="A1.1")


def moderate(by: User, score: int) -> None:
    moderate_answer(answer=get_answer(), seen=0, score=score, reason="Seen.", by=by)


def test_the_second_of_two_moderators_is_shown_the_first(audit: Audit, cast: Cast) -> None:
    told = []

    def second() -> None:
        try:
            moderate(cast.administrator, 0)
        except Overtaken as late:
            told.append(late.row.by)

    meanwhile(lambda: moderate(cast.quality_officer, 1), second)
    assert told == [cast.quality_officer]
    assert Moderation.objects.get().score == 1


def test_nobody_scores_what_is_being_closed(audit: Audit, cast: Cast) -> None:
    told = []

    def second() -> None:
        try:
            moderate(cast.administrator, 0)
        except Exception as late:  # noqa: BLE001  which one is asserted below
            told.append(str(late))

    meanwhile(lambda: close_series(audit=Audit.objects.get(pk=audit.pk), by=cast.quality_officer), second)
    assert ["final by now" in one for one in told] == [True]
    assert not Moderation.objects.exists()


def test_nobody_recalls_what_is_being_moderated(audit: Audit, cast: Cast) -> None:
    told = []

    def second() -> None:
        try:
            recall_audit(audit=Audit.objects.get(pk=audit.pk), by=cast.lead)
        except NotInThisState as late:
            told.append(str(late))

    meanwhile(lambda: moderate(cast.quality_officer, 1), second)
    assert len(told) == 1
    audit.refresh_from_db()
    assert audit.status == AuditStatus.SUBMITTED


def test_of_two_replies_the_second_is_told(audit: Audit, cast: Cast) -> None:
    question = ask_agency(answer=get_answer(), question="Who?", by=cast.quality_officer)
    told = []

    def reply(words: str, by: User) -> None:
        found = Clarification.objects.select_related("answer__audit__invitee__cycle").get(pk=question.pk)
        reply_to_question(clarification=found, reply=words, by=by)

    def second() -> None:
        try:
            reply("No.", cast.contributor)
        except Exception as late:  # noqa: BLE001  which one is asserted below
            told.append(str(late))

    meanwhile(lambda: reply("Yes.", cast.lead), second)
    assert ["has replied meanwhile" in one for one in told] == [True]
    question.refresh_from_db()
    assert question.reply == "Yes."
