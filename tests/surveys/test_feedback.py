"""The agency's room of questions and moderated scores: who reads, who replies, and when scores are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from s11.organisations.models import User
from surveys.enums import AuditStatus
from surveys.models import Answer, Audit, Clarification
from surveys.moderating import (
    ask_agency,
    close_question,
    close_series,
    moderate_answer,
    reopen_moderation,
    reply_to_question,
)
from surveys.sign_offs import return_audit
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
ROOM = {"partnership": "harbour", "organisation": "anchor"}
STATES = ("open", "replied", "settled", "returned")
# Reading the room and the question, then replying. A late reply is shown to be copied: 409.
WRITES = {"open": (200, 200, 302), "returned": (200, 200, 302)} | dict.fromkeys(
    ("replied", "settled"), (200, 200, 409)
)
READS = {"open": (200, 200, 403), "returned": (200, 200, 403)} | dict.fromkeys(
    ("replied", "settled"), (200, 200, 409)
)
NOBODY = dict.fromkeys(STATES, (404, 404, 404))
MAY = {
    **dict.fromkeys(("lead", "contributor"), WRITES),
    **dict.fromkeys(("signatory", "viewer"), READS),
    **dict.fromkeys(("stranger", "outsider", "administrator", "quality_officer", "scrutineer"), NOBODY),
    **dict.fromkeys(("panel_member", "panel_chair", "publisher"), NOBODY),
}


@grounded
def audit(cast: Cast) -> Audit:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)


def get_answer(audit: Audit, code: str = "A1.1") -> Answer:
    return Answer.objects.select_related("audit__invitee__cycle").get(audit=audit, indicator__code=code)


def ask(audit: Audit, cast: Cast, code: str = "A1.1") -> Clarification:
    return ask_agency(answer=get_answer(audit, code), question="Who saw it?", by=cast.quality_officer)


def address(name: str, **more: Any) -> str:
    return reverse(f"surveys:{name}", kwargs={**ROOM, **more})


@pytest.mark.parametrize("state", STATES)
def test_who_reads_and_who_replies(audit: Audit, cast: Cast, sign_in: SignIn, state: str) -> None:
    question = ask(audit, cast)
    if state == "replied":
        reply_to_question(clarification=question, reply="The board.", by=cast.lead)
    if state == "settled":
        close_question(clarification=question, accepted=None, by=cast.quality_officer)
    if state == "returned":
        return_audit(audit=audit, indicators=[], reason="Say more.", by=cast.quality_officer)
    page = address("feedback_question", question=question.pk)
    found = {}
    for person in MAY:
        client = sign_in(cast.people[person])
        with taken_back():
            found[person] = (
                client.get(address("feedback")).status_code,
                client.get(page).status_code,
                client.post(page, {"reply": "The board, in May, and again in June."}).status_code,
            )
    assert found == {person: codes[state] for person, codes in MAY.items()}


def test_a_late_reply_is_shown_to_be_copied(audit: Audit, cast: Cast, sign_in: SignIn) -> None:
    question = ask(audit, cast)
    reply_to_question(clarification=question, reply="The board.", by=cast.contributor)
    page = address("feedback_question", question=question.pk)
    response = sign_in(cast.lead).post(page, {"reply": "No, it was the committee, in June."})
    assert "No, it was the committee, in June." in response.content.decode()
    question.refresh_from_db()
    assert question.reply == "The board."


def test_scores_are_shown_once_they_are_final_and_not_before(
    audit: Audit, cast: Cast, sign_in: SignIn
) -> None:
    moderate_answer(
        answer=get_answer(audit), seen=0, score=0, reason="There is no policy.", by=cast.quality_officer
    )
    client = sign_in(cast.viewer)
    page = address("feedback_audit", cycle="2026")
    assert client.get(page).status_code == 404
    assert "no policy" not in client.get(address("feedback")).content.decode()
    close_series(audit=audit, by=cast.quality_officer)
    text = client.get(page).content.decode()
    assert "There is no policy." in text
    assert "No progress (0)" in text
    assert page in client.get(address("feedback")).content.decode()
    reopen_moderation(audit=audit, by=cast.administrator, reason="Late reply.")
    assert client.get(page).status_code == 404


def test_another_partnership_s_questions_stand_in_its_own_room(
    audit: Audit, cast: Cast, sign_in: SignIn
) -> None:
    cast.organisation.participations.create(partnership=cast.elsewhere)
    question = ask(audit, cast)
    there = {"partnership": "moorland", "organisation": "anchor"}
    client = sign_in(cast.lead)
    assert "Who saw it?" not in client.get(reverse("surveys:feedback", kwargs=there)).content.decode()
    page = reverse("surveys:feedback_question", kwargs={**there, "question": question.pk})
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_three_questions_as_for_one(
    audit: Audit, cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Any
) -> None:
    for code in ("A1.1", "A1.2", "A2.1")[:number]:
        ask(audit, cast, code)
    client = sign_in(cast.viewer)
    with django_assert_num_queries(QUERIES):
        assert client.get(address("feedback")).status_code == 200


QUERIES = 9
