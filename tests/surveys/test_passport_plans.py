"""What a passport would do: which of its actions are in the plan already, and whose passport it is."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from surveys.models import Action, Audit
from surveys.passport_plans import make_plan
from surveys.passports import Passport, PassportAction, Source
from surveys.reach import EVERYTHING
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import make_draft

TODAY = datetime.date(2027, 3, 4)
LATER = datetime.date(2027, 5, 4)
SOURCE = Source("P", "Anchor Trust", "C", "B", "2027-03-04T10:00:00+00:00")


def act(what: str = "All are seen", **more: Any) -> PassportAction:
    more.setdefault("first_due_on", TODAY)
    return PassportAction(id="a1", what=what, measure="M", owner="Lead", **{"due_on": TODAY, **more})


def own(cast: Cast, what: str = "All are seen", **more: Any) -> Action:
    more.setdefault("first_due_on", TODAY)
    return factories.make_action(cast.organisation, cast.partnership, what=what, **{"due_on": TODAY, **more})


def are_there(audit: Audit, *actions: PassportAction) -> list[bool]:
    plan = make_plan(audit, Passport(SOURCE, actions=actions), EVERYTHING, {})
    return [line.is_there for line in plan.actions]


def make_topic_beside(cast: Cast) -> tuple[Audit, Audit]:
    """The audit of the year, and one that asks nothing of what that asks."""
    yearly = make_draft(cast, {"A1.1": 0})
    bank = factories.make_questionnaire(standards={"T1": 1}, edition="Topic")
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), slug="topic")
    return yearly, factories.make_audit(cycle, cast.organisation)


def test_an_action_of_another_audit_of_one_s_own_is_there_already(cast: Cast) -> None:
    yearly, topic = make_topic_beside(cast)
    own(cast, answer=yearly.answers.get(), due_on=LATER)
    assert are_there(topic, act(answer="key-a1-1")) == [True]
    # Once for each that is in the plan.
    assert are_there(topic, act(answer="key-a1-1"), act(answer="key-a1-1")) == [True, False]


def test_the_same_words_about_another_indicator_are_another_action(cast: Cast) -> None:
    yearly, topic = make_topic_beside(cast)
    own(cast, answer=yearly.answers.get())
    assert are_there(topic, act(answer="key-a1-2")) == [False]


@pytest.mark.parametrize(
    ("due", "first", "expected"),
    [(TODAY, TODAY, True), (LATER, TODAY, True), (LATER, LATER, False)],
    ids=["as it was", "put off", "another day"],
)
def test_where_one_names_no_indicator_the_day_decides(
    cast: Cast, due: datetime.date, first: datetime.date, expected: bool
) -> None:
    audit = make_draft(cast)
    own(cast, "All  are\nseen", due_on=due, first_due_on=first)
    assert are_there(audit, act(answer="key-a1-1")) == [expected]


def test_the_same_indicator_is_met_before_one_without(cast: Cast) -> None:
    audit = make_draft(cast, {"A1.1": 0})
    own(cast, answer=audit.answers.get())
    assert are_there(audit, act(), act(answer="key-a1-1")) == [False, True]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("Anchor  trust", ""),
        ("Elsewhere", "Elsewhere"),
        ("", "an organisation that it does not name"),
    ],
)
def test_another_organisation_s_is_told_apart(cast: Cast, named: str, expected: str) -> None:
    source = Source("P", named, "C", "B", "")
    assert make_plan(make_draft(cast), Passport(source), EVERYTHING, {}).of_another == expected
