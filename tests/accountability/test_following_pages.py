"""The pages of what was agreed: an agency answers, an officer decides and verifies, everybody else keeps out."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from accountability.dashboard import get_cycles
from accountability.enums import ResponseDecision
from accountability.models import GoodPractice, Interest, Meeting, PanelMember, Recommendation
from accountability.recommending import NotInThisState
from s11.organisations.models import User
from surveys.enums import ActionOutcome
from surveys.models import Action, Message
from tests import factories
from tests.accountability.factories import make_meeting, make_officer_member, make_panel
from tests.accountability.followed import ENTERED, agree_on_action, finish, follow, verify
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
AGENCY = {"partnership": "harbour", "organisation": "anchor", "cycle": "round"}
ROUND = {"partnership": "harbour", "cycle": "round"}
ACTION = {
    "what": ENTERED.what,
    "measure": ENTERED.measure,
    "owner": ENTERED.owner,
    "due_on_day": "30",
    "due_on_month": "6",
    "due_on_year": "2100",
    "priority": "high",
    "version": "0",
    "go": "anyway",
}


@grounded
def meeting(cast: Cast) -> Meeting:
    cycle = factories.make_cycle(
        cast.partnership, slug="round", questionnaires=(factories.make_questionnaire(),)
    )
    meeting = make_meeting(make_panel(cycle), cast.organisation)
    follow(meeting, cast.administrator, recommendations=2)
    return meeting


@grounded
def asked(meeting: Meeting) -> Recommendation:
    return meeting.recommendations.get(number=1)


def at(name: str, **more: Any) -> str:
    return reverse(f"accountability:{name}", kwargs={**AGENCY, **more})


def test_from_a_recommendation_to_verified_proof(asked: Recommendation, cast: Cast, sign_in: SignIn) -> None:
    lead = sign_in(cast.lead)
    assert b"0 of 2 recommendations answered" in lead.get(at("agency_recommendations")).content
    assert b"Answer with an action" in lead.get(at("agency_recommendation", number=1)).content
    assert lead.post(at("recommendation_action", number=1), ACTION).status_code == 302
    asked.refresh_from_db()
    assert asked.action is not None

    officer = sign_in(cast.quality_officer)
    page = officer.get(reverse("accountability:progress_list", kwargs=ROUND) + "?state=decide").content
    assert b"Anchor Trust, 1" in page
    back = {"decision": "returned", "note": "Who counts it?"}
    assert officer.post(at("followed_decide", number=1), {"decision": "returned"}).status_code == 200
    assert officer.post(at("followed_decide", number=1), back).status_code == 302

    lead = sign_in(cast.lead)
    assert b"Who counts it?" in lead.get(at("agency_recommendation", number=1)).content
    again = {**ACTION, "measure": "The HR team counts monthly."}
    assert lead.post(at("recommendation_action", number=1), again).status_code == 302

    officer = sign_in(cast.quality_officer)
    assert officer.post(at("followed_decide", number=1), {"decision": "accepted"}).status_code == 302
    finish(asked.action, cast.lead)
    shown = {"outcome": "partly", "shown": "90 of 100 in the register."}
    assert b"Did it work?" in officer.get(at("followed", number=1)).content
    assert officer.post(at("followed_verify", number=1), shown).status_code == 302
    assert asked.action.verifications.get().outcome == ActionOutcome.PARTLY
    after = officer.get(at("followed", number=1)).content.decode()
    assert after.count("Answered by an action") == 2
    assert "It worked in part" in after

    mine = sign_in(cast.viewer).get(reverse("surveys:action", args=["harbour", "anchor", asked.action.pk]))
    assert b"It worked in part" in mine.content
    assert b"90 of 100 in the register." in mine.content


def test_a_refusal_needs_its_reason(asked: Recommendation, cast: Cast, sign_in: SignIn) -> None:
    lead = sign_in(cast.contributor)
    assert b"Say why you will not act on it" in lead.post(at("recommendation_refuse", number=1)).content
    reason = {"reason": "We have no volunteers."}
    assert lead.post(at("recommendation_refuse", number=1), reason).status_code == 302
    asked.refresh_from_db()
    assert asked.refusal == "We have no volunteers."
    assert lead.get(at("recommendation_refuse", number=1)).status_code == 403
    late = lead.post(at("recommendation_action", number=1), ACTION)
    assert late.status_code == 403
    assert ENTERED.measure in late.content.decode()


def test_good_practice_is_shared_only_with_a_yes(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    practice = GoodPractice.objects.get()
    lead = sign_in(cast.lead)
    for said, expected in (("yes", True), ("no", False), ("nonsense", False)):
        lead.post(at("practice_shared", practice=practice.pk), {"may": said})
        practice.refresh_from_db()
        assert practice.may_be_shared is expected
    assert b"What you do well" in lead.get(at("agency_recommendations")).content


def test_nothing_is_seen_before_the_letter(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    other = make_meeting(meeting.panel, cast.other_organisation)
    follow(other, cast.administrator, is_sent=False)
    stranger = sign_in(cast.stranger)
    own = {**AGENCY, "organisation": "beacon"}
    assert stranger.get(reverse("accountability:agency_recommendations", kwargs=own)).status_code == 404
    kwargs = {**own, "number": 1}
    officer = sign_in(cast.administrator)
    assert officer.get(reverse("accountability:followed", kwargs=kwargs)).status_code == 404
    assert (
        b"1 recommendation more waits"
        in officer.get(reverse("accountability:progress", kwargs=ROUND)).content
    )


# Person × page: 200 where they may, 403 with a reason, 404 to strangers.
AGENCY_READS = {
    "lead": 200, "contributor": 200, "signatory": 200, "viewer": 200, "stranger": 404, "outsider": 404,
    "administrator": 404, "quality_officer": 404, "panel_member": 404, "panel_chair": 404, "scrutineer": 404,
    "publisher": 404,
}  # fmt: skip
AGENCY_WRITES = {**AGENCY_READS, "signatory": 403, "viewer": 403}
OFFICERS_READ = {
    "lead": 404, "contributor": 404, "signatory": 404, "viewer": 404, "stranger": 404, "outsider": 404,
    "administrator": 200, "quality_officer": 200, "panel_member": 403, "panel_chair": 403, "scrutineer": 200,
    "publisher": 403,
}  # fmt: skip
OFFICERS_WRITE = {**OFFICERS_READ, "scrutineer": 403}


@pytest.mark.parametrize(
    ("name", "method", "data", "expected"),
    [
        ("agency_recommendations", "get", {}, AGENCY_READS),
        ("agency_recommendation", "get", {}, AGENCY_READS),
        ("recommendation_action", "get", {}, AGENCY_WRITES),
        ("recommendation_refuse", "get", {}, AGENCY_WRITES),
        ("recommendation_action", "post", {}, AGENCY_WRITES),
        ("recommendation_refuse", "post", {}, AGENCY_WRITES),
        ("followed", "get", {}, OFFICERS_READ),
        ("progress", "get", {}, OFFICERS_READ),
        ("progress_list", "get", {}, OFFICERS_READ),
        ("late_letter", "get", {}, OFFICERS_WRITE),
    ],
)
def test_who_may(  # noqa: PLR0917  one row of the table, and what pytest gives
    name: str,
    method: str,
    data: dict[str, str],
    expected: dict[str, int],
    asked: Recommendation,
    cast: Cast,
    client: Client,
) -> None:
    kwargs = dict(ROUND if name.startswith("progress") else AGENCY)
    if name not in ("progress", "progress_list", "agency_recommendations", "late_letter"):
        kwargs["number"] = "1"
    for role, person in cast.people.items():
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        got = getattr(client, method)(reverse(f"accountability:{name}", kwargs=kwargs), data).status_code
        assert (role, got) == (role, expected[role])


def test_officers_decide_and_verify_others_do_not(asked: Recommendation, cast: Cast, client: Client) -> None:
    action = agree_on_action(asked, cast.lead, cast.quality_officer)
    finish(action, cast.lead)
    second = asked.meeting.recommendations.get(number=2)
    agree_on_action(second, cast.lead, cast.quality_officer)
    Recommendation.objects.filter(pk=second.pk).update(decision="", decided_by=None, decided_at=None)
    for role, person in cast.people.items():
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for name, number in (("followed_verify", 1), ("followed_decide", 2)):
            got = client.post(at(name, number=number)).status_code
            assert (role, name, got) == (role, name, OFFICERS_WRITE[role])
    assert not action.verifications.exists()


def test_an_interest_closes_it_and_leaves_it_out_of_the_list(
    asked: Recommendation, cast: Cast, sign_in: SignIn
) -> None:
    member: PanelMember = make_officer_member(asked.meeting.panel, cast.quality_officer)
    Interest.objects.create(member=member, organisation=cast.organisation, kind="governs", note="A trustee.")
    officer = sign_in(cast.quality_officer)

    assert officer.get(at("followed", number=1)).status_code == 403
    assert officer.post(at("followed_decide", number=1), {"decision": "accepted"}).status_code == 403
    page = officer.get(reverse("accountability:progress_list", kwargs=ROUND)).content
    assert b"2 more are of an agency with which you have a conflict" in page
    assert asked.text.encode() not in page
    table = officer.get(reverse("accountability:progress_list", kwargs=ROUND) + "?format=csv").content
    assert asked.text.encode() not in table


def test_another_partnership_never_sees_an_action(asked: Recommendation, cast: Cast) -> None:
    action = agree_on_action(asked, cast.lead, cast.quality_officer)
    assert Action.objects.visible_to(cast.outsider).count() == 0
    for person in (cast.administrator, cast.quality_officer, cast.scrutineer):
        assert Action.objects.visible_to(person).get() == action


@pytest.mark.parametrize("rows", [1, 3, 200])
def test_queries_do_not_grow(
    rows: int, cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle = factories.make_cycle(
        cast.partnership, slug="round", questionnaires=(factories.make_questionnaire(),)
    )
    meeting = make_meeting(make_panel(cycle), cast.organisation)
    follow(meeting, cast.administrator, recommendations=rows)
    first = meeting.recommendations.get(number=1)
    action = agree_on_action(first, cast.lead, cast.quality_officer)
    finish(action, cast.lead)
    verify(action, cast.quality_officer)
    officer = sign_in(cast.administrator)
    with django_assert_num_queries(10):
        assert officer.get(reverse("accountability:progress", kwargs=ROUND)).status_code == 200
    with django_assert_num_queries(10):
        assert officer.get(reverse("accountability:progress_list", kwargs=ROUND)).status_code == 200
    lead = sign_in(cast.lead)
    with django_assert_num_queries(9):
        assert lead.get(at("agency_recommendations")).status_code == 200


def test_each_number_leads_to_as_many_rows(asked: Recommendation, cast: Cast, sign_in: SignIn) -> None:
    action = agree_on_action(asked, cast.lead, cast.quality_officer)
    finish(action, cast.lead)
    verify(action, cast.quality_officer)
    officer = sign_in(cast.scrutineer)
    page = officer.get(reverse("accountability:progress", kwargs=ROUND)).content.decode()
    assert "1 of 2 (50%)" in page
    address = reverse("accountability:progress_list", kwargs=ROUND)
    for query, count in (
        ("state=verified", 1), ("state=unanswered", 1), ("state=all", 2), ("state=overdue", 0),
        ("agency=anchor", 2), ("agency=beacon", 0), ("theme=T1", 2), ("theme=none", 0), ("state=rubbish", 2),
    ):  # fmt: skip
        lines = officer.get(f"{address}?{query}&format=csv").content.decode("utf-8-sig").splitlines()
        assert (query, len(lines) - 1) == (query, count)
    assert "Worked" in officer.get(f"{address}?state=verified").content.decode()


def test_a_later_day_than_the_panel_asked_is_flagged(
    asked: Recommendation, cast: Cast, sign_in: SignIn
) -> None:
    Recommendation.objects.filter(pk=asked.pk).update(due_on=datetime.date(2099, 1, 31))
    lead = sign_in(cast.lead)
    assert "done by 31 January 2099" in lead.get(at("recommendation_action", number=1)).content.decode()
    lead.post(at("recommendation_action", number=1), ACTION)
    page = sign_in(cast.quality_officer).get(at("followed", number=1)).content.decode()
    assert "Later than the panel asked" in page


def test_only_what_worked_is_proof(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    for asked, outcome in zip(meeting.recommendations.all(), ("partly", "failed"), strict=True):
        action = agree_on_action(asked, cast.lead, cast.quality_officer)
        finish(action, cast.lead)
        verify(action, cast.quality_officer, ActionOutcome(outcome))
    officer = sign_in(cast.scrutineer)
    page = officer.get(reverse("accountability:progress", kwargs=ROUND)).content.decode()
    assert "0 of 2 recommendations are verified to have worked" in page
    assert "1 worked in part, 1 did not work" in page
    assert [line.verified for line in get_cycles(cast.partnership)] == [0]
    address = reverse("accountability:progress_list", kwargs=ROUND)
    for state, count in (("verified", 0), ("partly", 1), ("failed", 1), ("done", 1)):
        lines = officer.get(f"{address}?state={state}&format=csv").content.decode("utf-8-sig").splitlines()
        assert (state, len(lines) - 1) == (state, count)


def test_what_did_not_work_goes_back(asked: Recommendation, cast: Cast, sign_in: SignIn) -> None:
    tried = agree_on_action(asked, cast.lead, cast.quality_officer)
    finish(tried, cast.lead)
    officer = sign_in(cast.quality_officer)
    shown = {"outcome": "failed", "shown": "Seven of twelve knew nothing."}
    assert officer.post(at("followed_verify", number=1), shown).status_code == 302

    [message] = Message.objects.all()
    assert (message.user, message.subject[:31]) == (cast.lead, "Answer recommendation 1 again b")
    assert "with another action, or a changed one, by" in message.body
    assert at("agency_recommendation", number=1) in message.body
    lead = sign_in(cast.lead)
    assert "Answer 2 recommendations of the panel" in lead.get(reverse("home")).content.decode()
    page = lead.get(at("agency_recommendation", number=1)).content.decode()
    assert "Your action did not work" in page
    assert "Answer with another action" in page
    assert "It did not work. Seven of twelve knew nothing." in page, "the history says so"

    assert tried.what in lead.get(at("recommendation_action", number=1)).content.decode()
    assert lead.post(at("recommendation_action", number=1), ACTION).status_code == 302
    asked.refresh_from_db()
    tried.refresh_from_db()
    assert asked.action != tried
    assert (asked.decision, tried.status) == ("", "done"), "the plan keeps what was tried"


def test_a_later_look_takes_back_that_it_did_not_work(
    asked: Recommendation, cast: Cast, sign_in: SignIn
) -> None:
    action = agree_on_action(asked, cast.lead, cast.quality_officer)
    finish(action, cast.lead)
    verify(action, cast.quality_officer, ActionOutcome.FAILED)
    with pytest.raises(NotInThisState, match="already"):
        verify(action, cast.quality_officer, ActionOutcome.FAILED)
    officer = sign_in(cast.quality_officer)
    assert b"It looks different now" in officer.get(at("followed", number=1)).content
    shown = {"outcome": "worked", "shown": "The other five were counted wrongly."}
    assert officer.post(at("followed_verify", number=1), shown).status_code == 302
    asked.refresh_from_db()
    assert (asked.decision, asked.has_failed) == (ResponseDecision.ACCEPTED, False)
    assert [one.kind for one in asked.events.all()] == ["action", "accepted", "returned", "accepted"]


def test_two_officers_at_once(asked: Recommendation, cast: Cast, sign_in: SignIn) -> None:
    agree_on_action(asked, cast.lead, cast.quality_officer)
    officer = sign_in(cast.administrator)
    assert officer.post(at("followed_decide", number=1), {"decision": "accepted"}).status_code == 403
    asked.refresh_from_db()
    assert asked.decision == ResponseDecision.ACCEPTED
