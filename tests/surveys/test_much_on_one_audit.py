"""Texts of 20,000 characters, 200 items of evidence and 150 actions on one audit: pages ask the same and stay quick."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from s11.organisations.models import User
from surveys.models import Action, AnswerEvidence, Audit
from surveys.models.answers import COMMENTARY_LENGTH
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import address, make_place

STANDARDS = {f"A{number}": 5 for number in range(1, 5)}
ITEMS, ACTIONS = 200, 150
AGENCY = ["harbour", "anchor"]
# Of the processor's time, so that neighbours on the machine do not count. The page with the most text takes three times
# as long as with one word; what grows with the square of the length would take hundreds of times as long.
MOST_TIMES_AS_LONG = 12
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """What a page took: queries, and seconds of the quickest of a few rounds."""

    queries: int
    seconds: float


def make_small_audit(cast: Cast) -> Audit:
    """Twenty indicators scored 0, 1 or 2, with a word each, two items of evidence and two actions."""
    bank = factories.make_questionnaire(standards=STANDARDS)
    scores = {one.code: number % 3 for number, one in enumerate(bank.indicators.all())}
    audit = factories.make_audit(make_place(cast, bank).cycle, cast.organisation, scores=scores)
    fill(audit, cast, text="Seen.", items=2, actions=2)
    return audit


def fill(audit: Audit, cast: Cast, *, text: str, items: int, actions: int) -> None:
    """The text in each answer; evidence and actions are dealt out among them."""
    audit.answers.update(commentary=text, updated_by=cast.contributor)
    answers = list(audit.answers.order_by("indicator"))
    for number in range(items):
        item = factories.make_evidence(cast.organisation, f"Policy {number} {text[:100]}")
        AnswerEvidence.objects.create(answer=answers[number % len(answers)], evidence=item)
    weak = [answer for answer in answers if answer.score != 2]
    for number in range(actions):
        words: dict[str, Any] = {"what": f"Outcome {number} {text[:3_900]}", "measure": text[:3_900]}
        answer = weak[number % len(weak)]
        factories.make_action(cast.organisation, cast.partnership, answer=answer, **words)


def make_addresses() -> Mapping[str, str]:
    return {
        "task list": address("audit"),
        "standard": address("audit_standard", code="A1"),
        "check": address("audit_check"),
        "reading": address("audit_read"),
        "evidence of an answer": address("audit_evidence", code="A1.1"),
        "history": address("audit_history"),
        "library": reverse("surveys:evidence_list", args=AGENCY),
        "plan": reverse("surveys:actions", args=AGENCY),
        "action": reverse("surveys:action", args=[*AGENCY, Action.objects.order_by("pk").latest("pk").pk]),
        "agency": reverse("agency", args=AGENCY),
        "home": reverse("home"),
    }


def measure(client: Client) -> dict[str, Measured]:
    found = {}
    for name, path in make_addresses().items():
        seconds = []
        for _ in range(ROUNDS):
            with CaptureQueriesContext(connection) as queries:
                begin = time.thread_time()
                response = client.get(path)
                seconds.append(time.thread_time() - begin)
            assert response.status_code == 200, name
        found[name] = Measured(len(queries), min(seconds))
    return found


LONG = ("Each term the governors read what children say, and what was done about it. " * 300)[
    :COMMENTARY_LENGTH
]


@pytest.mark.parametrize("text", [LONG, "x" * COMMENTARY_LENGTH], ids=["sentences", "one long word"])
def test_pages_with_much_on_them_stay_quick(cast: Cast, sign_in: Callable[[User], Client], text: str) -> None:
    client = sign_in(cast.lead)
    audit = make_small_audit(cast)
    few = measure(client)
    fill(audit, cast, text=text, items=ITEMS - 2, actions=ACTIONS - 2)
    much = measure(client)
    assert {name: one.queries for name, one in much.items() if one.queries > few[name].queries} == {}
    times = {name: round(one.seconds / few[name].seconds, 1) for name, one in much.items()}
    assert {name: ratio for name, ratio in times.items() if ratio > MOST_TIMES_AS_LONG} == {}
