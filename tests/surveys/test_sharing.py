"""Sharing the work: who may answer what, who is told, and each person's own list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client, TestCase
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web.errors import reason_why_not
from surveys.enums import CycleKind
from surveys.models import Assignment, Audit, Indicator, SignOff, Standard
from surveys.permissions import check_can_answer_indicator
from surveys.reach import get_reach
from surveys.sharing import assign
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import address, make_draft, send
from tests.trails import lifted

SignIn = Callable[[User], Client]


def give(audit: Audit, user: User, *codes: str, by: User) -> None:
    standards = Standard.objects.filter(questionnaire=audit.questionnaire, code__in=codes)
    indicators = Indicator.objects.filter(questionnaire=audit.questionnaire, code__in=codes)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assign(audit=audit, user=user, standards=list(standards), indicators=list(indicators), by=by)


ALL = {"A1.1", "A1.2", "A2.1", "A2.2"}


@pytest.mark.parametrize(
    ("given", "lead", "contributor", "colleague"),
    [
        ({}, ALL, ALL, ALL),
        ({"contributor": ("A1",)}, ALL, {"A1.1", "A1.2"}, set()),
        ({"contributor": ("A2.1",)}, ALL, {"A2.1"}, set()),
        ({"contributor": ("A1", "A2.1")}, ALL, {"A1.1", "A1.2", "A2.1"}, set()),
        (
            {"contributor": ("A1",), "colleague": ("A1", "A2.2")},
            ALL,
            {"A1.1", "A1.2"},
            {"A1.1", "A1.2", "A2.2"},
        ),
        ({"lead": ("A1",)}, ALL, set(), set()),
        # Somebody who has left has nothing, so nothing is assigned.
        ({"gone": ("A1",)}, ALL, ALL, ALL),
    ],
)
def test_who_may_answer_what(
    cast: Cast,
    given: dict[str, tuple[str, ...]],
    lead: set[str],
    contributor: set[str],
    colleague: set[str],
) -> None:
    audit = make_draft(cast)
    people = {
        "lead": cast.lead,
        "contributor": cast.contributor,
        "colleague": factories.make_member(
            "colleague@anchor.example", organisation=cast.organisation, role=MembershipRole.CONTRIBUTOR
        ),
        "gone": cast.stranger,
    }
    for name, codes in given.items():
        give(audit, people[name], *codes, by=cast.lead)
    found = {}
    for name in ("lead", "contributor", "colleague"):
        roles = frozenset({MembershipRole.LEAD if name == "lead" else MembershipRole.CONTRIBUTOR})
        reach = get_reach(audit, people[name], roles)
        found[name] = {
            indicator.code
            for indicator in audit.questionnaire.indicators.all()
            if not reason_why_not(check_can_answer_indicator, reach, indicator)
        }
    assert found == {"lead": lead, "contributor": contributor, "colleague": colleague}


def test_one_mail_a_save_with_what_is_new(cast: Cast) -> None:
    audit = make_draft(cast)
    give(audit, cast.contributor, "A1", "A2.1", by=cast.lead)
    assert [message.to for message in mail.outbox] == [["contributor@anchor.example"]]
    assert "- A1 Standard A1" in mail.outbox[0].body
    assert "- A2.1 Statement A2.1" in mail.outbox[0].body
    mail.outbox.clear()
    # Taken away, and what they have still: nothing is new.
    give(audit, cast.contributor, "A2.1", by=cast.lead)
    assert mail.outbox == []
    assert [str(one.part) for one in Assignment.objects.all()] == ["A2.1 Statement A2.1"]
    give(audit, cast.contributor, "A2.1", "A2.2", by=cast.lead)
    assert "A2.1" not in mail.outbox[0].body
    # Whoever gives it to themselves needs no mail.
    give(audit, cast.lead, "A1", by=cast.lead)
    assert len(mail.outbox) == 1


def test_an_indicator_of_a_whole_standard_is_not_said_twice(cast: Cast) -> None:
    audit = make_draft(cast)
    give(audit, cast.contributor, "A1", "A1.1", by=cast.lead)
    assert [str(one.part) for one in Assignment.objects.all()] == ["A1 Standard A1"]


def test_the_lead_assigns_and_everybody_sees_it(cast: Cast, sign_in: SignIn) -> None:
    make_draft(cast, {"A1.1": 2})
    lead = sign_in(cast.lead)
    page = lead.get(address("audit_sharing")).text
    assert "Nothing is assigned yet" in page
    person = address("audit_sharing_person", person=cast.contributor.pk)
    assert "Single indicators" in lead.get(person).text
    lead.post(person, {"standards": ["A1"], "indicators-A2": ["A2.2"]})
    page = lead.get(address("audit_sharing")).text
    assert "A1, A2.2" in page
    assert "1 of 3 answered" in page
    assert "contributor@anchor.example has this" in lead.get(address("audit")).text
    assert lead.get(address("audit_sharing_person", person=cast.viewer.pk)).status_code == 404
    viewer = sign_in(cast.viewer).get(address("audit_sharing")).text
    assert "A1, A2.2" in viewer
    assert "Only a lead can share the work out." in viewer


def test_a_contributor_answers_only_their_own(cast: Cast, sign_in: SignIn) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    give(audit, cast.contributor, "A2.1", by=cast.lead)
    client = sign_in(cast.contributor)
    tasks = client.get(address("audit")).text
    assert "You have 1 indicator to answer: 0 answered." in tasks
    assert "You have A2.1" in tasks
    mine = client.get(f"{address('audit')}?mine").text
    assert "A2 Standard A2" in mine
    assert "A1 Standard A1" not in mine
    page = client.get(address("audit_standard", code="A2")).text
    assert 'name="A2.1-score"' in page
    assert 'name="A2.2-score"' not in page
    assert "A2.2 is not assigned to you." in page
    refused = client.post(
        address("audit_standard", code="A2"), send(A2_2=("2", "Words typed before it was shared", 0))
    )
    assert refused.status_code == 403
    assert "Words typed before it was shared" in refused.text
    assert client.post(address("audit_standard", code="A2"), send(A2_1=("2", "", 0))).status_code == 302
    assert set(audit.answers.values_list("indicator__code", flat=True)) == {"A1.1", "A2.1"}


def test_what_waits_stands_on_the_home_page(cast: Cast, sign_in: SignIn) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    give(audit, cast.contributor, "A1", by=cast.lead)
    home = sign_in(cast.contributor).get("/home/").text
    assert "Answer A1 of Audit 2026 for Anchor Trust: 1 of 2 indicators answered" in home
    assert f"{address('audit')}?mine" in home
    audit.answers.create(indicator=audit.questionnaire.indicators.get(code="A1.2"), score=0)
    assert "Answer A1" not in sign_in(cast.contributor).get("/home/").text
    factories.make_sign_off(audit)
    assert "Sign off Audit 2026 of Anchor Trust" in sign_in(cast.signatory).get("/home/").text
    assert "Sign off" not in sign_in(cast.lead).get("/home/").text
    with lifted(SignOff):
        audit.sign_offs.all().delete()
    factories.make_sign_off(audit, signed_by=cast.signatory)
    assert "Submit Audit 2026 of Anchor Trust: it is signed off" in sign_in(cast.lead).get("/home/").text
    assert "Sign off" not in sign_in(cast.signatory).get("/home/").text


@pytest.mark.parametrize("size", [1, 3])
def test_the_queries_of_the_home_page_do_not_grow(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    bank = factories.make_questionnaire()
    for number in range(size):
        cycle = factories.make_cycle(
            cast.partnership, slug=f"c{number}", questionnaires=(bank,), kind=CycleKind.TOPIC
        )
        audit = factories.make_audit(cycle, cast.organisation)
        audit.invitee.cycle_questionnaire.standards.set(bank.standards.all())
        for user in (cast.contributor, cast.lead):
            give(audit, user, "A1", by=cast.lead)
    client = sign_in(cast.contributor)
    client.get("/home/")
    with django_assert_num_queries(24):
        page = client.get("/home/").text
    assert page.count("Answer A1 of") == size


@pytest.mark.parametrize("size", [1, 3])
def test_the_queries_of_the_sharing_page_do_not_grow(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    audit = make_draft(cast)
    for number in range(size):
        user = factories.make_member(
            f"c{number}@anchor.example", organisation=cast.organisation, role=MembershipRole.CONTRIBUTOR
        )
        give(audit, user, "A1", "A2.1", by=cast.lead)
    client = sign_in(cast.lead)
    client.get(address("audit_sharing"))
    with django_assert_num_queries(13):
        client.get(address("audit_sharing"))
