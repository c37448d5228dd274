"""Concerns of a cycle and offers of support: whose figures, who may do what, what each is told, and how pages grow."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Contact, Participation, User
from surveys.concern_facts import get_judged
from surveys.enums import (
    SUPPORT_MOVES,
    AuditStatus,
    CycleKind,
    MessageKind,
    Series,
    SupportOutcome,
    SupportStatus,
)
from surveys.models import Audit, Cycle, Message, SupportOffer
from surveys.moderating import close_series, moderate_answer
from surveys.outbox import send_due
from surveys.support import Wanted, get_concern_rows
from surveys.supporting import (
    NotInThisState,
    answer_offer,
    close_offer,
    make_offers,
    take_offer_on,
)
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.offers import make_offer

SignIn = Callable[[User], Client]
DESK = {"partnership": "harbour"}
IN_CYCLE = {**DESK, "cycle": "2026"}
ROOM = {**DESK, "organisation": "anchor"}


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


def make_earlier(cast: Cast, **columns: Any) -> Cycle:
    before = timezone.localdate() - datetime.timedelta(days=300)
    bank = factories.make_questionnaire(edition="2025-26")
    return factories.make_cycle(
        cast.partnership, slug="2025", questionnaires=(bank,), opens_on=before, closes_on=before, **columns
    )


def submit(cycle: Cycle, cast: Cast, scores: Mapping[str, int | str | None] | int) -> Audit:
    return factories.make_audit(cycle, cast.organisation, scores=scores, status=AuditStatus.SUBMITTED)


def address(name: str, **more: Any) -> str:
    return reverse(f"surveys:{name}", kwargs=more)


def offer_support(cycle: Cycle, cast: Cast, *audits: Audit) -> SupportOffer:
    make_offers(
        cycle=cycle,
        audits=[audit.pk for audit in audits],
        message="We can train your staff.",
        owner=cast.quality_officer,
        by=cast.quality_officer,
    )
    return SupportOffer.objects.latest("pk")


# Whose figures, and beside what ---------------------------------------------------------------------------------------


def words(cycle: Cycle, **wanted: str) -> list[str]:
    return [concern.words for row in get_concern_rows(cycle, Wanted(**wanted)) for concern in row.concerns]


def test_each_sort_of_concern_from_rows(cycle: Cycle, cast: Cast) -> None:
    submit(make_earlier(cast), cast, {"A1.1": 1, "A1.2": 1, "A2.1": 2, "A2.2": 2})
    submit(cycle, cast, {"A1.1": 0, "A1.2": 1, "A2.1": 2, "A2.2": "It does not do this"})
    assert words(cycle) == [
        "Critical indicator at 0: A1.1",
        "The whole audit is at grade 1 (mean 1.00)",
        "Standard below grade 2: A1 Standard A1 (grade 1)",
        "Standard below grade 2 in the audit before too: A1 Standard A1 (before: grade 1)",
        "2 indicators at 0 or 1 in the audit before too: A1.1 (0, before: 1), A1.2 (1, before: 1)",
    ]


def test_no_cause_no_row(cycle: Cycle, cast: Cast) -> None:
    submit(make_earlier(cast), cast, 0)
    submit(cycle, cast, 2)
    factories.make_audit(cycle, cast.other_organisation, scores=0)
    assert words(cycle) == []


def test_moderated_scores_count_once_they_are_final_and_never_before(cycle: Cycle, cast: Cast) -> None:
    audit = submit(cycle, cast, 2)
    for answer in audit.answers.select_related("audit__invitee__cycle"):
        moderate_answer(answer=answer, seen=0, score=1, reason="Old.", by=cast.quality_officer)
    assert words(cycle) == []
    close_series(audit=audit, by=cast.quality_officer)
    [row] = get_concern_rows(cycle)
    assert row.series == Series.MODERATED
    assert row.whose == "As moderated"
    assert row.concerns[0].words == "The whole audit is at grade 1 (mean 1.00)"
    close_series(audit=audit, by=cast.quality_officer, series=Series.PANEL)
    assert get_judged(cycle)[audit.pk].series == Series.PANEL


def test_the_audit_before_speaks_in_its_own_series(cycle: Cycle, cast: Cast) -> None:
    earlier = submit(make_earlier(cast), cast, 2)
    answer = earlier.answers.select_related("audit__invitee__cycle").get(indicator__code="A2.1")
    moderate_answer(answer=answer, seen=0, score=0, reason="Nothing there.", by=cast.quality_officer)
    close_series(audit=earlier, by=cast.quality_officer)
    submit(cycle, cast, {"A1.1": 2, "A1.2": 2, "A2.1": 1, "A2.2": 2})
    assert words(cycle) == ["Indicator at 0 or 1 in the audit before too: A2.1 (1, before: 0)"]


def test_a_topic_between_is_no_audit_before(cycle: Cycle, cast: Cast) -> None:
    submit(make_earlier(cast, kind=CycleKind.TOPIC), cast, 0)
    submit(cycle, cast, 0)
    assert not any("before" in one for one in words(cycle))


def test_an_indicator_that_moved_is_known_by_its_key(cycle: Cycle, cast: Cast) -> None:
    """A1 now holds what was A2: its grade before is that of the indicators which stand there now."""
    earlier = make_earlier(cast)
    bank = earlier.cycle_questionnaires.get().questionnaire
    for code, key in (("A1.1", "key-a2-1"), ("A1.2", "key-a2-2"), ("A2.1", "key-a1-1"), ("A2.2", "key-a1-2")):
        bank.indicators.filter(code=code).update(key=f"{key}-new")
    for one in bank.indicators.all():
        one.key = one.key.removesuffix("-new")
        one.save()
    submit(earlier, cast, {"A1.1": 2, "A1.2": 2, "A2.1": 0, "A2.2": 0})
    submit(cycle, cast, {"A1.1": 1, "A1.2": 1, "A2.1": 1, "A2.2": 1})
    assert words(cycle)[2] == (
        "Standard below grade 2 in the audit before too: A1 Standard A1 (before: grade 0)"
    )


def test_who_no_longer_takes_part_or_is_exempt_is_not_listed(cycle: Cycle, cast: Cast) -> None:
    audit = submit(cycle, cast, 0)
    assert words(cycle)
    audit.invitee.exempt_reason = "Closed."
    audit.invitee.save()
    assert words(cycle) == []
    audit.invitee.exempt_reason = ""
    audit.invitee.save()
    Participation.objects.filter(organisation=cast.organisation).update(is_active=False)
    assert words(cycle) == []


def test_the_list_is_narrowed(cycle: Cycle, cast: Cast) -> None:
    submit(cycle, cast, 1)
    factories.make_audit(cycle, cast.other_organisation, scores=0, status=AuditStatus.SUBMITTED)
    offer_support(cycle, cast, Audit.objects.get(invitee__organisation=cast.organisation))

    def names(**wanted: str) -> list[str]:
        return [row.name for row in get_concern_rows(cycle, Wanted(**wanted))]

    assert names() == ["Beacon Homes", "Anchor Trust"]
    assert names(search=" anchor") == ["Anchor Trust"]
    assert names(kind="critical_zero") == ["Beacon Homes"]
    assert names(offer="none") == ["Beacon Homes"]
    assert names(offer="open") == ["Anchor Trust"]
    assert names(offer="closed") == names(variant="school") == []


# Who may do what ------------------------------------------------------------------------------------------------------

NOBODY, FORBIDDEN = (404,) * 6, (403,) * 6
# The offers, the concerns, choosing, making, one offer, its next step.
MAY = {
    **dict.fromkeys(("lead", "contributor", "signatory", "viewer", "stranger", "outsider"), NOBODY),
    **dict.fromkeys(("panel_member", "panel_chair", "publisher"), FORBIDDEN),
    "scrutineer": (200, 200, 403, 403, 200, 403),
    **dict.fromkeys(("quality_officer", "administrator"), (200, 200, 200, 302, 200, 302)),
}


def test_who_may_do_what_on_the_desk(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    audit = submit(cycle, cast, 1)
    other = factories.make_audit(cycle, cast.other_organisation, scores=1, status=AuditStatus.SUBMITTED)
    offer = make_offer(other, cast.quality_officer)
    owner = str(cast.quality_officer.pk)
    new, one = address("support_offer_new", **IN_CYCLE), address("support_offer", **DESK, offer=offer.pk)
    found = {}
    for person in MAY:
        client = sign_in(cast.people[person])
        with taken_back():
            done = found[person] = (
                client.get(address("support", **DESK)).status_code,
                client.get(address("support_concerns", **IN_CYCLE)).status_code,
                client.get(new, {"audit": audit.pk}).status_code,
                client.post(new, {"audit": audit.pk, "message": "Help.", "owner": owner}).status_code,
                client.get(one).status_code,
                client.post(one, {"status": "meeting", "text": "On Monday.", "owner": owner}).status_code,
            )
            assert SupportOffer.objects.count() == (2 if done[3] == 302 else 1), person
            met = SupportOffer.objects.filter(status=SupportStatus.MEETING)
            assert met.exists() == (done[5] == 302), person
    assert found == MAY


STATES = ("open", "closed")
AGENCY = {
    "lead": (200, 302, 200, 302),
    **dict.fromkeys(("contributor", "signatory", "viewer"), (200, 403, 200, 403)),
}


def test_who_reads_and_answers_an_offer_at_the_agency(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    audit = submit(cycle, cast, 1)
    found: dict[str, tuple[int, ...]] = dict.fromkeys(MAY, ())
    answered = []
    for status in (SupportStatus.CONTACTED, SupportStatus.CLOSED):
        SupportOffer.objects.all().update(status=SupportStatus.CLOSED, outcome=SupportOutcome.RESOLVED)
        offer = make_offer(audit, cast.quality_officer, status=status)
        page = address("feedback_support", **ROOM, offer=offer.pk)
        for person in MAY:
            client = sign_in(cast.people[person])
            with taken_back():
                found[person] += (
                    client.get(page).status_code,
                    client.post(page, {"answer": "accepted"}).status_code,
                )
                offer.refresh_from_db()
                if offer.answer:
                    answered.append((person, status, offer.answer))
    assert found == {person: AGENCY.get(person, (404,) * 4) for person in MAY}
    assert answered == [("lead", SupportStatus.CONTACTED, "accepted")]


def test_another_agency_s_and_another_partnership_s_offers_are_not_found(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    offer = make_offer(submit(cycle, cast, 1), cast.quality_officer)
    beacon = {"partnership": "harbour", "organisation": "beacon", "offer": offer.pk}
    assert sign_in(cast.stranger).get(address("feedback_support", **beacon)).status_code == 404
    cast.organisation.participations.create(partnership=cast.elsewhere)
    there = {"partnership": "moorland", "organisation": "anchor", "offer": offer.pk}
    assert sign_in(cast.lead).get(address("feedback_support", **there)).status_code == 404
    client = sign_in(cast.outsider)
    assert client.get(address("support_offer", partnership="moorland", offer=offer.pk)).status_code == 404
    assert "Anchor" not in client.get(address("support", partnership="moorland")).content.decode()
    assert client.get(address("support_concerns", partnership="moorland", cycle="2026")).status_code == 404


# Making offers --------------------------------------------------------------------------------------------------------


def test_an_offer_keeps_its_reasons_and_tells_every_lead(cycle: Cycle, cast: Cast) -> None:
    audit = submit(cycle, cast, 1)
    factories.make_member("second@anchor.example", organisation=cast.organisation)
    offer = offer_support(cycle, cast, audit)
    assert [one.kind for one in offer.concerns.all()] == ["overall", "standard"]
    assert [(one.status, one.by) for one in offer.notes.all()] == [("contacted", cast.quality_officer)]
    sent = Message.objects.filter(kind=MessageKind.SUPPORT).order_by("pk")
    assert [one.email for one in sent] == ["lead@anchor.example", "second@anchor.example"]
    send_due(timezone.now())
    said = mail.outbox[0]
    assert said.subject == "Harbour offers Anchor Trust support: say whether you want it"
    body = str(said.body)
    assert "- The whole audit is at grade 1 (mean 1.00)\n" in body
    assert "By the scores that you gave yourselves" in body
    assert "We can train your staff." in body
    link = f"/p/harbour/o/anchor/feedback/support/{offer.pk}/"
    assert body.count("http") == body.count(link) == 1
    assert "quality_officer@harbour.example" in body
    assert "\n\n\n" not in body


def test_where_there_is_no_lead_a_contact_is_asked_to_write_back(cycle: Cycle, cast: Cast) -> None:
    audit = submit(cycle, cast, 1)
    cast.organisation.memberships.filter(role=MembershipRole.LEAD).update(ended_at=timezone.now())
    place = cast.organisation.participations.get()
    contact = Contact.objects.create(
        participation=place, kind="deputy", name="Dee", email="deputy@anchor.example"
    )
    offer_support(cycle, cast, audit)
    message = Message.objects.get(kind=MessageKind.SUPPORT)
    assert (message.contact, message.user) == (contact, None)
    assert "write to quality_officer@harbour.example, quality_officer@harbour.example" in message.body
    assert "http" not in message.body


def test_whom_nobody_can_be_reached_at_is_said(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    audit = submit(cycle, cast, 1)
    cast.organisation.memberships.update(ended_at=timezone.now())
    client = sign_in(cast.quality_officer)
    data = {"audit": audit.pk, "message": "Help.", "owner": cast.quality_officer.pk}
    response = client.post(address("support_offer_new", **IN_CYCLE), data, follow=True)
    assert "1 agency of these has nobody who gets e-mail" in response.content.decode()


def test_one_open_offer_an_agency_and_cycle(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    audit = submit(cycle, cast, 1)
    offer = offer_support(cycle, cast, audit)
    with pytest.raises(NotInThisState, match="open offer by now"):
        offer_support(cycle, cast, audit)
    close_offer(offer=offer, outcome="resolved", text="", by=cast.quality_officer)
    offer_support(cycle, cast, audit)
    assert SupportOffer.objects.count() == 2


def test_to_all_that_the_filter_found(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    submit(cycle, cast, 1)
    factories.make_audit(cycle, cast.other_organisation, scores=0, status=AuditStatus.SUBMITTED)
    client, new = sign_in(cast.quality_officer), address("support_offer_new", **IN_CYCLE)
    text = client.get(new, {"all": "1"}).content.decode()
    assert "Offer support to 2 agencies" in text
    text = client.get(new, {"all": "1", "kind": "critical_zero"}).content.decode()
    assert "Offer support to Beacon Homes" in text
    [key] = re.findall(r'name="audit" value="(\d+)"', text)
    client.post(new, {"audit": key, "message": "Help.", "owner": cast.administrator.pk})
    assert SupportOffer.objects.get().invitee.organisation == cast.other_organisation


def test_an_audit_of_another_partnership_is_offered_nothing(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    cast.organisation.participations.create(partnership=cast.elsewhere)
    bank = factories.make_questionnaire(edition="2024-25")
    there = submit(factories.make_cycle(cast.elsewhere, questionnaires=(bank,)), cast, 0)
    response = sign_in(cast.quality_officer).get(
        address("support_offer_new", **IN_CYCLE), {"audit": there.pk}
    )
    assert response.status_code == 302
    with pytest.raises(NotInThisState):
        offer_support(cycle, cast, there)


@pytest.mark.parametrize("wrong", [{"message": ""}, {"owner": ""}, {"owner": "0"}])
def test_what_is_missing_is_said_and_nothing_is_made(
    cycle: Cycle, cast: Cast, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    audit = submit(cycle, cast, 1)
    data = {"audit": audit.pk, "message": "Help.", "owner": str(cast.administrator.pk)} | wrong
    response = sign_in(cast.quality_officer).post(address("support_offer_new", **IN_CYCLE), data)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not SupportOffer.objects.exists()


# Following them -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", SupportStatus)
@pytest.mark.parametrize("after", SupportStatus)
def test_only_the_moves_of_the_table(
    cycle: Cycle, cast: Cast, before: SupportStatus, after: SupportStatus
) -> None:
    offer = make_offer(submit(cycle, cast, 1), cast.quality_officer, status=before)
    notes, by = offer.notes.count(), cast.quality_officer

    def move() -> None:
        if after == SupportStatus.CLOSED:
            close_offer(offer=offer, outcome="supported", text="", by=by)
        else:
            take_offer_on(offer=offer, status=after, text="", owner=by, by=by)

    if (before, after) in SUPPORT_MOVES:
        move()
    else:
        with pytest.raises(NotInThisState):
            move()
    offer.refresh_from_db()
    is_moved = (before, after) in SUPPORT_MOVES
    assert offer.status == (after if is_moved else before)
    assert offer.notes.count() == notes + is_moved


def test_each_step_is_kept_and_handed_over(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    offer = make_offer(submit(cycle, cast, 1), cast.quality_officer)
    client, page = sign_in(cast.quality_officer), address("support_offer", **DESK, offer=offer.pk)
    owner = str(cast.quality_officer.pk)
    client.post(page, {"status": "", "text": "They are on holiday.", "owner": owner})
    client.post(page, {"status": "training_offered", "text": "", "owner": str(cast.administrator.pk)})
    response = client.post(page, {"status": "closed", "text": "", "owner": owner})
    assert "Select what came of it" in response.content.decode()
    response = client.post(page, {"status": "", "text": " ", "owner": str(cast.administrator.pk)})
    assert "Enter a note, or select what is next" in response.content.decode()
    data = {"status": "closed", "outcome": "supported", "text": "Trained in May.", "owner": owner}
    text = client.post(page, data, follow=True).content.decode()
    for said in ("They are on holiday.", "Training offered", "Trained in May.", "Support was given"):
        assert said in text
    assert "This offer is closed, so it stays as it is." in text
    assert 'name="status"' not in text
    offer.refresh_from_db()
    assert (offer.owner, offer.outcome) == (cast.administrator, "supported")
    assert client.post(page, data).status_code == 403


def test_the_agency_answers_changes_its_mind_and_the_officer_hears(
    cycle: Cycle, cast: Cast, sign_in: SignIn
) -> None:
    offer = make_offer(submit(cycle, cast, 1), cast.quality_officer)
    offer.notes.create(text="Their head is new.", by=cast.quality_officer)
    client, page = sign_in(cast.lead), address("feedback_support", **ROOM, offer=offer.pk)
    assert page in client.get(address("feedback", **ROOM)).content.decode()
    text = client.get(page).content.decode()
    assert "The whole audit is at grade 1" in text
    assert "Their head is new." not in text
    text = client.post(page, {"answer": "declined"}, follow=True).content.decode()
    assert "You have declined the offer." in text
    assert "Decline the offer" not in text
    client.post(page, {"answer": "accepted"})
    client.post(page, {"answer": "perhaps"})
    with pytest.raises(NotInThisState, match="has accepted this offer already"):
        answer_offer(offer=offer, answer="accepted", by=cast.lead)
    offer.refresh_from_db()
    assert (offer.answer, offer.answered_by) == ("accepted", cast.lead)
    assert [one.answer for one in offer.notes.all()] == ["", "", "declined", "accepted"]
    told = Message.objects.filter(email=cast.quality_officer.email).order_by("pk")
    assert [one.subject.partition(" your offer")[0] for one in told] == [
        "Anchor Trust has declined",
        "Anchor Trust has accepted",
    ]
    assert f"/p/harbour/desk/support/offers/{offer.pk}/" in told[1].body


def test_an_officer_who_has_gone_is_not_written_to(cycle: Cycle, cast: Cast) -> None:
    offer = make_offer(submit(cycle, cast, 1), cast.quality_officer)
    cast.quality_officer.offices.update(ended_at=timezone.now())
    answer_offer(offer=offer, answer="accepted", by=cast.lead)
    assert not Message.objects.exists()


def test_offers_are_narrowed(cycle: Cycle, cast: Cast, sign_in: SignIn) -> None:
    make_offer(submit(cycle, cast, 1), cast.quality_officer, status=SupportStatus.CLOSED)
    other = factories.make_audit(cycle, cast.other_organisation, scores=1, status=AuditStatus.SUBMITTED)
    answer_offer(
        offer=make_offer(other, cast.administrator, status=SupportStatus.MEETING),
        answer="accepted",
        by=cast.stranger,
    )
    client = sign_in(cast.scrutineer)

    def names(**query: Any) -> list[str]:
        text = client.get(address("support", **DESK), query).content.decode()
        return re.findall(r'support/offers/\d+/">([^<]+)</a>', text)

    assert names() == names(status="open") == names(status="nonsense") == ["Beacon Homes"]
    assert names(status="closed") == ["Anchor Trust"]
    assert names(status="all") == ["Beacon Homes", "Anchor Trust"]
    assert names(status="all", search="anch") == ["Anchor Trust"]
    assert names(answer="accepted") == names(status="meeting") == ["Beacon Homes"]
    assert names(status="all", answer="unanswered") == ["Anchor Trust"]
    assert names(status="all", owner=cast.quality_officer.pk) == ["Anchor Trust"]


# How they grow --------------------------------------------------------------------------------------------------------


def fill(cycle: Cycle, cast: Cast, number: int) -> None:
    earlier = make_earlier(cast)
    for place in range(number):
        organisation = factories.make_organisation(
            f"Agency {place}", slug=f"agency-{place}", partnership=cast.partnership
        )
        factories.make_audit(earlier, organisation, scores=1, status=AuditStatus.SUBMITTED)
        audit = factories.make_audit(cycle, organisation, scores=0, status=AuditStatus.SUBMITTED)
        make_offer(audit, cast.quality_officer)


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_three_agencies_as_for_one(
    cycle: Cycle, cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Any
) -> None:
    fill(cycle, cast, number)
    client = sign_in(cast.scrutineer)
    for name, place, queries in (("support", DESK, 8), ("support_concerns", IN_CYCLE, 12)):
        with django_assert_num_queries(queries):
            text = client.get(address(name, **place)).content.decode()
        assert text.count("Agency ") >= number


@pytest.mark.parametrize("number", [1, 3])
def test_an_offer_s_own_pages_do_not_grow_with_its_history(
    cycle: Cycle, cast: Cast, sign_in: SignIn, number: int, django_assert_num_queries: Any
) -> None:
    offer = make_offer(submit(cycle, cast, 1), cast.quality_officer)
    for place in range(number):
        offer.notes.create(status=SupportStatus.MEETING, text=f"Note {place}", by=cast.quality_officer)
    client = sign_in(cast.quality_officer)
    with django_assert_num_queries(7):
        client.get(address("support_offer", **DESK, offer=offer.pk))
    client = sign_in(cast.lead)
    with django_assert_num_queries(7):
        client.get(address("feedback_support", **ROOM, offer=offer.pk))
