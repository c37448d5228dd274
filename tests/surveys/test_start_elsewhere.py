"""Starting an audit from the organisation's audit in another partnership, and what its officers never learn of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Membership, User
from surveys.comparison import list_audits_elsewhere, list_sources
from surveys.earlier import get_submitted_audits
from surveys.enums import AuditEventKind, AuditStatus, CycleStatus
from surveys.models import Answer, AnswerEvidence, Audit, Cycle, Invitee
from surveys.progress import get_progress
from surveys.workflow import open_audit, save_answers, submit_audit
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.surveys.audit_pages import PLAIN_REASON, address, enter, summary_of
from tests.surveys.elsewheres import SECRETS, make_audit_there, make_place_here, values
from tests.surveys.last_years import make_last_audit

# What can be started from


@pytest.mark.parametrize(
    "status", [AuditStatus.DRAFT, AuditStatus.SUBMITTED, AuditStatus.RETURNED, AuditStatus.AWAITING_SIGN_OFF]
)
def test_an_audit_in_whatever_state_is_offered_to_every_member(cast: Cast, status: AuditStatus) -> None:
    is_waiting = status == AuditStatus.AWAITING_SIGN_OFF
    there = make_audit_there(cast, status=AuditStatus.DRAFT if is_waiting else status)
    Audit.objects.filter(pk=there.pk).update(status=status)
    place = make_place_here(cast)
    for person in (cast.lead, cast.contributor, cast.signatory, cast.viewer):
        (one,) = list_sources(person, place)
        assert (one.audit, one.answered) == (there, 4)
        assert one.name == "Upland check, Moorland"


def test_nobody_else_is_offered_it(cast: Cast) -> None:
    make_audit_there(cast)
    place = make_place_here(cast)
    members = {cast.lead, cast.contributor, cast.signatory, cast.viewer}
    for person in cast.people.values():
        assert bool(list_audits_elsewhere(person, place)) == (person in members), person
    Membership.objects.filter(user=cast.lead).update(ended_at=timezone.now())
    assert not list_audits_elsewhere(cast.lead, place)


def test_a_namesake_or_site_is_another_organisation(cast: Cast) -> None:
    there = make_audit_there(cast)
    namesake = factories.make_organisation("Anchor Trust", slug="anchor-2", partnership=cast.elsewhere)
    namesake.parent = cast.organisation
    namesake.save()
    factories.make_audit(there.cycle, namesake, scores=0)
    place = make_place_here(cast)
    assert [one.audit for one in list_audits_elsewhere(cast.lead, place)] == [there]


def test_one_without_answers_or_of_a_later_time_is_no_source(cast: Cast) -> None:
    there = make_audit_there(cast)
    place = make_place_here(cast)
    Answer.objects.filter(audit=there).update(confirmed=False)
    assert list_sources(cast.lead, place) == []
    assert len(list_audits_elsewhere(cast.lead, place)) == 1
    Answer.objects.filter(audit=there).update(confirmed=True)
    assert len(list_sources(cast.lead, place)) == 1
    cycle = there.cycle
    cycle.opens_on = cycle.closes_on = place.cycle.closes_on + datetime.timedelta(days=1)
    cycle.save()
    assert list_sources(cast.lead, place) == []


# What comes along


def test_it_starts_from_what_stands_there_to_be_confirmed(cast: Cast) -> None:
    there = make_audit_there(cast, scores={"A1.1": 2, "A1.2": 0, "A2.1": PLAIN_REASON})
    Answer.objects.filter(audit=there, indicator__code="A1.2").update(confirmed=False)
    audit = open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    assert values(audit) == {
        "A1.1": (2, "Words there on A1.1", False),
        "A2.1": (None, "Words there on A2.1", False),
    }
    assert audit.answers.get(indicator__code="A2.1").not_applicable_reason == PLAIN_REASON
    assert get_progress(audit).answered == 0
    assert audit.carried_from is None, "its grades and facts stay where they were given"


def test_it_goes_before_what_was_submitted_here_which_fills_the_rest(cast: Cast) -> None:
    make_last_audit(cast)
    there = make_audit_there(cast, scores={"A1.1": 0})
    audit = open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    assert {code: score for code, (score, _, _) in values(audit).items()} == {
        "A1.1": 0,
        "A1.2": 0,
        "A2.1": None,
        "A2.2": 1,
    }
    kinds = dict(audit.events.values_list("kind", "detail"))
    assert kinds[AuditEventKind.CARRIED_OVER] == "3 of 4 answers from Audit 2025, to confirm"
    assert kinds[AuditEventKind.STARTED_FROM_ELSEWHERE] == "1 answer, to confirm"


def test_without_a_choice_nothing_comes_from_elsewhere(cast: Cast) -> None:
    make_audit_there(cast, status=AuditStatus.SUBMITTED)
    place = make_place_here(cast)
    assert get_submitted_audits(place) == []
    assert values(open_audit(invitee=place, by=cast.lead)) == {}


def test_evidence_comes_along_and_actions_and_facts_do_not(cast: Cast) -> None:
    there = make_audit_there(cast)
    answer = there.answers.get(indicator__code="A1.1")
    item = factories.make_evidence(cast.organisation)
    answer.evidence_links.create(evidence=item, added_by=cast.contributor)
    Answer.objects.filter(pk=answer.pk).update(no_action_reason="Not now")
    there.profile_answers.create(question=there.questionnaire.profile_questions.get(), value="77")
    audit = open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    link = AnswerEvidence.objects.get(answer__audit=audit)
    assert (link.evidence, link.answer.indicator.code) == (item, "A1.1")
    assert (link.added_by, link.added_at) == (cast.lead, audit.created_at), "not when it was added there"
    assert not audit.profile_answers.exists()
    assert set(audit.answers.values_list("no_action_reason", flat=True)) == {""}


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bank = factories.make_questionnaire(edition="2026-27", standards={"A1": size})
    there = make_audit_there(cast, bank)
    place = make_place_here(cast, bank)
    place = Invitee.objects.select_related("organisation", "cycle__partnership").get(pk=place.pk)
    with transaction.atomic(), django_assert_num_queries(17):
        open_audit(invitee=place, by=cast.lead, elsewhere=there)


# The start page


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def test_the_start_page_asks_where_to_start_from(cast: Cast, lead: Client) -> None:
    make_last_audit(cast)
    there = make_audit_there(cast)
    make_place_here(cast)
    page = lead.get(address("audit")).text
    assert "Our own audits here, the last being Audit 2025" in page
    assert "Upland check, Moorland (draft, 4 answered)" in page
    response = lead.post(address("audit_start"), {"source": there.pk}, follow=True)
    assert "0 of 4 answered, 4 to confirm" in response.text
    card = lead.get(address("audit_standard", code="A1")).text
    assert '<p class="app-note__title">Upland check, Moorland</p>' in card
    assert "Words there on A1.1" in card
    together = lead.get(address("standard_confirm", code="A1")).text
    assert "brought forward from Upland check, Moorland." in together


def test_it_can_start_from_here_all_the_same(cast: Cast, lead: Client) -> None:
    make_audit_there(cast)
    make_place_here(cast)
    page = lead.get(address("audit")).text
    assert "An empty audit" in page
    lead.post(address("audit_start"), {"source": "here"})
    assert not Answer.objects.filter(audit__invitee__cycle__slug="2026").exists()


def test_without_another_partnership_there_is_no_question(cast: Cast, lead: Client) -> None:
    make_last_audit(cast)
    make_place_here(cast)
    page = lead.get(address("audit")).text
    assert "start from" not in page
    assert "elsewhere" not in page
    response = lead.post(address("audit_start"), follow=True)
    assert "4 to confirm" in response.text
    assert "elsewhere" not in response.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose where to start from"),
        ({"source": "999999"}, "Choose one of these: the one you chose cannot be started from any more"),
    ],
)
def test_a_choice_must_be_made(cast: Cast, lead: Client, data: dict[str, str], sentence: str) -> None:
    make_audit_there(cast)
    make_place_here(cast)
    page = lead.post(address("audit_start"), data).text
    assert [text for _, text in summary_of(page)] == [sentence]
    assert not Audit.objects.filter(invitee__cycle__slug="2026").exists()


def test_another_organisations_audit_cannot_be_started_from(cast: Cast, lead: Client) -> None:
    there = make_audit_there(cast)
    theirs = factories.make_audit(there.cycle, cast.other_organisation, scores=0)
    make_place_here(cast)
    page = lead.post(address("audit_start"), {"source": theirs.pk}).text
    assert "cannot be started from" in page
    assert not Audit.objects.filter(invitee__cycle__slug="2026").exists()


def test_who_was_slower_than_a_colleague_is_told(cast: Cast, lead: Client) -> None:
    there = make_audit_there(cast)
    open_audit(invitee=make_place_here(cast), by=cast.contributor)
    response = lead.post(address("audit_start"), {"source": there.pk}, follow=True)
    assert "somebody has started this one already" in response.text
    assert not Answer.objects.filter(audit__invitee__cycle__slug="2026").exists()


def test_who_may_start_from_elsewhere(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    there = make_audit_there(cast)
    make_place_here(cast)
    found = {}
    for person, user in cast.people.items():
        client = sign_in(user)
        with taken_back():
            status = client.post(address("audit_start"), {"source": there.pk}).status_code
            found[person] = (status, Audit.objects.filter(invitee__cycle__slug="2026").exists())
    assert found == {
        **dict.fromkeys(cast.people, (404, False)),
        **dict.fromkeys(("signatory", "viewer"), (403, False)),
        **dict.fromkeys(("lead", "contributor"), (302, True)),
    }


def test_what_moved_on_there_is_shown_as_it_was(cast: Cast, lead: Client) -> None:
    there = make_audit_there(cast)
    audit = open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    answer = there.answers.select_related("indicator").get(indicator__code="A1.1")
    change = answer.change_to(score=0, reason="", commentary="Moved on", by=cast.lead, at=timezone.now())
    answer.save()
    change.save()
    page = lead.get(address("audit_standard", code="A1")).text
    assert "Moved on" not in page
    assert values(audit)["A1.1"] == (2, "Words there on A1.1", False)


# What officers never learn


def get_officer_pages(client: Client, audit: Audit) -> dict[str, str]:
    """Everything about the audit that an officer of its partnership can open."""
    names = ("audit_read", "audit_history", "audit_on")
    day = timezone.localdate()
    on = f"?on_day={day.day}&on_month={day.month}&on_year={day.year}"
    pages = {name: address(name) for name in names} | {"on a day": address("audit_on") + on}
    pages["cycle"] = f"/p/harbour/desk/cycles/{audit.cycle.slug}/"
    pages["desk"] = "/p/harbour/desk/"
    pages["report"] = f"/p/harbour/desk/reports/{audit.cycle.slug}/"
    found = {}
    for name, url in pages.items():
        response = client.get(url)
        assert response.status_code == 200, name
        found[name] = response.text
    return found


@pytest.mark.parametrize("person", ["administrator", "quality_officer", "scrutineer"])
def test_officers_here_never_learn_of_the_audit_elsewhere(
    cast: Cast, sign_in: Callable[[User], Client], person: str
) -> None:
    make_last_audit(cast)
    there = make_audit_there(cast, scores={"A1.1": 2, "A1.2": 2})
    item = factories.make_evidence(cast.organisation)
    there.answers.first().evidence_links.create(evidence=item)  # type: ignore[union-attr]
    audit = open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    for answer in audit.answers.select_related("indicator"):
        change = answer.change_to(score=1, reason="", commentary="Ours", by=cast.lead, at=timezone.now())
        answer.save()
        change.save()
    audit.profile_answers.create(question=audit.questionnaire.profile_questions.get(), value="12")
    submit_audit(audit=audit, by=cast.lead)
    own = sign_in(cast.lead).get(address("audit_history")).text
    assert "Started from the audit elsewhere: 2 answers, to confirm" in own
    for name, page in get_officer_pages(sign_in(cast.people[person]), audit).items():
        for secret in (*SECRETS, "elsewhere", "Words there"):
            assert secret not in page, (name, secret)


def test_the_other_partnerships_officers_see_nothing_of_this_one(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    there = make_audit_there(cast, status=AuditStatus.SUBMITTED)
    open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    Cycle.objects.filter(pk=there.cycle.pk).update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    client = sign_in(cast.outsider)
    for name in ("audit_read", "audit_history"):
        page = client.get(f"/p/moorland/o/anchor/audits/upland/{name.removeprefix('audit_')}/")
        assert page.status_code == 200
        assert "Harbour" not in page.text
        assert "elsewhere" not in page.text


def test_the_trail_begins_with_what_was_confirmed_here(cast: Cast, lead: Client) -> None:
    """The words there may never have been submitted to anybody, so no row of this audit keeps them."""
    there = make_audit_there(cast)
    audit = open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    entered = enter(audit, "A1.1", 1, commentary="Ours", seen=1)
    assert save_answers(audit=audit, entered=[entered], by=cast.lead) == []
    (change,) = audit.answers.get(indicator__code="A1.1").changes.all()
    assert (change.score_before, change.commentary_before) == (None, "")
    assert (change.version, change.score_after, change.commentary_after) == (2, 1, "Ours")
    again = enter(audit, "A1.1", 0, commentary="Changed", seen=2)
    assert save_answers(audit=audit, entered=[again], by=cast.lead) == []
    last = audit.answers.get(indicator__code="A1.1").changes.last()
    assert last is not None
    assert (last.score_before, last.commentary_before) == (1, "Ours")


def test_who_left_it_as_it_was_brought_sees_no_conflict(cast: Cast) -> None:
    """A colleague confirmed it with other words meanwhile; whoever changed it themselves is shown both."""
    there = make_audit_there(cast)
    audit = open_audit(invitee=make_place_here(cast), by=cast.lead, elsewhere=there)
    theirs = enter(audit, "A1.1", 1, commentary="Ours", seen=1)
    assert save_answers(audit=audit, entered=[theirs], by=cast.contributor) == []
    untouched = enter(audit, "A1.1", 2, commentary="Words there on A1.1", seen=1)
    assert save_answers(audit=audit, entered=[untouched], by=cast.lead) == []
    changed = enter(audit, "A1.1", 0, commentary="Mine", seen=1)
    assert len(save_answers(audit=audit, entered=[changed], by=cast.lead)) == 1
    assert values(audit)["A1.1"] == (1, "Ours", True)
