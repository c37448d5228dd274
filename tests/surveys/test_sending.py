"""Sending chosen answers to the audit elsewhere: what is written there, who may, and what officers never learn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Membership, User
from surveys.comparison import get_comparison
from surveys.elsewhere import Outcome
from surveys.enums import AuditStatus, CycleStatus
from surveys.models import Answer, Audit, Cycle
from surveys.reach import EVERYTHING, get_reach
from surveys.sending import Chosen, Sent, send_answers
from surveys.workflow import NotInThisState, submit_audit
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.surveys.audit_pages import PLAIN_REASON, address, summary_of
from tests.surveys.elsewheres import (
    SECRETS,
    at,
    get_bank,
    make_audit_there,
    make_both,
    make_place_here,
    values,
)


def send(cast: Cast, here: Audit, there: Audit, *codes: str) -> Sent:
    """As the page shows them now."""
    rows = {row.code: row for row in get_comparison(here, there).all_rows}
    chosen = [Chosen(code, *map(int, rows[code].token.split(":")[1:])) for code in codes]
    return send_answers(here=here, there=there, chosen=chosen, by=cast.lead, reach=EVERYTHING)


# The comparison


def test_the_two_are_compared_key_by_key(cast: Cast) -> None:
    here, there = make_both(
        cast,
        here={"A1.1": 2, "A1.2": 2, "A2.1": 0},
        there={"A1.1": 2, "A1.2": 1, "A2.2": PLAIN_REASON},
    )
    Answer.objects.filter(audit=there).update(commentary="")
    found = get_comparison(here, there)
    assert {row.code: row.outcome for row in found.all_rows} == {
        "A1.1": Outcome.SAME,
        "A1.2": Outcome.DIFFERENT,
        "A2.1": Outcome.ONLY_HERE,
        "A2.2": Outcome.ONLY_THERE,
    }
    assert [row.code for row in found.sendable] == ["A1.2", "A2.1"]
    assert [row.code for row in found.new] == ["A2.1"]
    assert found.words == (
        "Both ask 4 indicators. 1 answer the same, 1 different, 1 only here, 1 only there."
    )


def test_keys_are_matched_whatever_the_codes_and_what_one_alone_asks_is_counted(cast: Cast) -> None:
    bank = factories.make_questionnaire(edition="2025-26", standards={"B1": 3})
    for code, key in (("B1.1", "key-a1-2"), ("B1.2", "only-there")):
        bank.indicators.filter(code=code).update(key=key)
    bank.indicators.filter(code="B1.1").update(descriptor_2="More than that.")
    place = make_place_here(cast)
    here = factories.make_audit(place.cycle, cast.organisation, scores=1)
    there = make_audit_there(cast, bank, scores=2)
    found = get_comparison(here, there)
    (row,) = found.all_rows
    assert (row.code, row.there.indicator.code) == ("A1.2", "B1.1")
    assert [change.what for change in row.changes] == ["The statement", "What a 2 looks like", "Critical"]
    assert found.words.endswith("Asked 3 only here and 2 only there.")


# Sending


def test_what_is_sent_stands_there_as_if_typed_by_the_sender(cast: Cast) -> None:
    here, there = make_both(cast, here={"A1.1": 1, "A1.2": 0, "A2.1": PLAIN_REASON})
    here.answers.filter(indicator__code="A1.1").update(commentary="Our words")
    untouched = values(here)
    sent = send(cast, here, there, "A1.1", "A2.1")
    assert sent == Sent(("A1.1", "A2.1"), ())
    assert values(there)["A1.1"] == (1, "Our words", True)
    assert values(there)["A1.2"] == (2, "Words there on A1.2", True)
    answer = there.answers.get(indicator__code="A2.1")
    assert (answer.not_applicable_reason, answer.updated_by) == (PLAIN_REASON, cast.lead)
    change = there.answers.get(indicator__code="A1.1").changes.get()
    assert (change.by, change.version, change.score_before, change.score_after) == (cast.lead, 2, 2, 1)
    assert change.sent_from == here.answers.get(indicator__code="A1.1")
    assert values(here) == untouched
    assert send_answers(here=here, there=there, chosen=[], by=cast.lead, reach=EVERYTHING) == Sent((), ())


def test_sending_confirms_what_waited_there(cast: Cast) -> None:
    here, there = make_both(cast)
    there.answers.update(confirmed=False)
    send(cast, here, there, "A1.1")
    assert [confirmed for _, _, confirmed in values(there).values()] == [True, False, False, False]


@pytest.mark.parametrize("changed", ["here", "there"])
def test_what_was_changed_since_is_left_alone(cast: Cast, changed: str) -> None:
    here, there = make_both(cast)
    rows = {row.code: row for row in get_comparison(here, there).all_rows}
    audit = here if changed == "here" else there
    answer = audit.answers.get(indicator__code="A1.1")
    change = answer.change_to(score=0, reason="", commentary="New", by=cast.contributor, at=timezone.now())
    answer.save()
    change.save()
    before = values(there)
    chosen = [Chosen(code, *map(int, rows[code].token.split(":")[1:])) for code in ("A1.1", "A1.2")]
    sent = send_answers(here=here, there=there, chosen=chosen, by=cast.lead, reach=EVERYTHING)
    assert sent == Sent(("A1.2",), ("A1.1",))
    assert values(there)["A1.1"] == before["A1.1"]


@pytest.mark.parametrize(
    "chosen",
    [Chosen("A1.1", 0, 1), Chosen("A1.1", 1, 0), Chosen("A9.9", 1, 1), Chosen("A1.2", 1, 1)],
    ids=["seen here", "seen there", "unknown", "the same"],
)
def test_nothing_else_can_be_sent(cast: Cast, chosen: Chosen) -> None:
    here, there = make_both(cast, here={"A1.1": 1, "A1.2": 2})
    Answer.objects.update(commentary="")
    before = values(there)
    sent = send_answers(here=here, there=there, chosen=[chosen], by=cast.lead, reach=EVERYTHING)
    assert sent == Sent((), (chosen.code,))
    assert values(there) == before


@pytest.mark.parametrize("status", [AuditStatus.SUBMITTED, AuditStatus.AWAITING_SIGN_OFF])
def test_what_is_locked_there_takes_nothing(cast: Cast, status: AuditStatus) -> None:
    here, there = make_both(cast)
    if status == AuditStatus.SUBMITTED:
        there.profile_answers.create(question=there.questionnaire.profile_questions.get(), value="12")
        submit_audit(audit=there, by=cast.lead)
    else:
        factories.make_sign_off(there)
    before = values(there)
    with pytest.raises(NotInThisState, match="nothing was saved"):
        send(cast, here, there, "A1.1")
    assert values(there) == before


def test_a_closed_cycle_there_takes_nothing(cast: Cast) -> None:
    here, there = make_both(cast)
    Cycle.objects.filter(pk=there.cycle.pk).update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    with pytest.raises(NotInThisState):
        send(cast, here, there, "A1.1")


def test_evidence_goes_along_once_and_what_is_there_stays(cast: Cast) -> None:
    here, there = make_both(cast)
    ours, both, gone, theirs, taken_off = (
        factories.make_evidence(cast.organisation, title)
        for title in ("Ours", "Both", "Gone", "Theirs", "Taken off there")
    )
    source = here.answers.get(indicator__code="A1.1")
    target = there.answers.get(indicator__code="A1.1")
    for item in (ours, both, gone, taken_off):
        source.evidence_links.create(evidence=item, added_by=cast.contributor)
    gone.removed_at = timezone.now()
    gone.save()
    for item in (both, theirs):
        target.evidence_links.create(evidence=item, added_by=cast.contributor)
    target.evidence_links.create(evidence=taken_off, removed_at=timezone.now())
    send(cast, here, there, "A1.1")
    links = {link.evidence.title: link for link in target.evidence_links.current().select_related("evidence")}
    assert set(links) == {"Ours", "Both", "Theirs", "Taken off there"}
    assert links["Ours"].added_by == cast.lead
    assert links["Both"].added_by == cast.contributor
    assert source.evidence_links.count() == 4
    put_on = target.evidence_changes.values_list("evidence__title", "is_put_on", "by")
    assert sorted(put_on) == [("Ours", True, cast.lead.pk), ("Taken off there", True, cast.lead.pk)]


# Who may


WRITABLE_STATES = ("draft", "returned")
STATES = (*WRITABLE_STATES, "submitted", "awaiting sign-off", "closed", "exempt")


def bring_there_to(there: Audit, state: str) -> None:
    match state:
        case "submitted" | "returned":
            there.profile_answers.create(question=there.questionnaire.profile_questions.get(), value="12")
            submit_audit(audit=there, by=there.answers.first().updated_by)  # type: ignore[union-attr, arg-type]
            if state == "returned":
                factories.make_correction(there, "A1.1")
        case "awaiting sign-off":
            factories.make_sign_off(there)
        case "closed":
            Cycle.objects.filter(pk=there.cycle.pk).update(
                status=CycleStatus.CLOSED, closed_at=timezone.now()
            )
        case "exempt":
            there.invitee.exempt_reason = "It closes."
            there.invitee.save()


# The page, sending, whether it can be chosen there, whether it says that one cannot, and whether the answer came.
SENDS = (200, 302, True, False, True)
READS = (200, 403, False, True, False)
NOT_EVEN_TOLD = (404, 404, False, False, False)


@pytest.mark.parametrize("state", STATES)
def test_who_may_send(cast: Cast, sign_in: Callable[[User], Client], state: str) -> None:
    """Members who write, where the audit there can be written; nobody else is even told that there is one."""
    here, there = make_both(cast)
    bring_there_to(there, state)
    url = at(here, "audit_compared", other=there.pk)
    found = {}
    for person, user in cast.people.items():
        client = sign_in(user)
        with taken_back():
            page, posted = client.get(url), client.post(url, {"send": "A1.1:1:1"})
            found[person] = (
                page.status_code,
                posted.status_code,
                "Send the chosen answers" in page.text,
                "You cannot send answers there." in page.text,
                values(there)["A1.1"][0] == 1,
            )
    writers = dict.fromkeys(("lead", "contributor"), SENDS if state in WRITABLE_STATES else READS)
    readers = dict.fromkeys(("signatory", "viewer"), READS)
    assert found == dict.fromkeys(cast.people, NOT_EVEN_TOLD) | writers | readers


def test_who_has_left_sees_nothing(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    here, there = make_both(cast)
    Membership.objects.filter(user=cast.contributor).update(ended_at=timezone.now())
    client = sign_in(cast.contributor)
    assert client.get(at(here, "audit_elsewhere")).status_code == 404
    assert client.get(at(here, "audit_compared", other=there.pk)).status_code == 404


@pytest.mark.parametrize(
    ("assigned_here", "assigned_there", "sendable"),
    [
        ((), (), {"A1.1", "A1.2", "A2.1", "A2.2"}),
        (("A1.1",), (), {"A1.1", "A1.2", "A2.1", "A2.2"}),
        ((), ("A1.1",), {"A1.1"}),
        (("A1.2",), ("A1.1",), {"A1.1"}),
    ],
    ids=["nothing assigned", "here only", "there only", "other parts"],
)
def test_assignments_there_decide_and_those_here_do_not(
    cast: Cast,
    sign_in: Callable[[User], Client],
    assigned_here: tuple[str, ...],
    assigned_there: tuple[str, ...],
    sendable: set[str],
) -> None:
    """To send is to read here and to write there."""
    here, there = make_both(cast)
    for audit, codes in ((here, assigned_here), (there, assigned_there)):
        for code in codes:
            indicator = audit.questionnaire.indicators.get(code=code)
            audit.assignments.create(user=cast.contributor, indicator=indicator)
    reach = get_reach(there, cast.contributor, frozenset({MembershipRole.CONTRIBUTOR}))
    assert {row.code for row in get_comparison(here, there, reach).sendable} == sendable
    client = sign_in(cast.contributor)
    page = client.get(at(here, "audit_compared", other=there.pk)).text
    assert page.count('name="send"') == len(sendable)
    tokens = [f"{code}:1:1" for code in ("A1.1", "A1.2", "A2.1", "A2.2")]
    client.post(at(here, "audit_compared", other=there.pk), {"send": tokens})
    assert {code for code, (score, _, _) in values(there).items() if score == 1} == sendable


def test_what_a_return_left_locked_stays(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    here, there = make_both(cast)
    bring_there_to(there, "returned")
    client = sign_in(cast.lead)
    page = client.get(at(here, "audit_compared", other=there.pk)).text
    assert page.count('name="send"') == 1
    assert "A1.2 stays as it was submitted" in page
    client.post(at(here, "audit_compared", other=there.pk), {"send": ["A1.1:1:1", "A1.2:1:1"]})
    assert [score for score, _, _ in values(there).values()] == [1, 2, 2, 2]


def test_another_organisations_audit_is_404(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    here, there = make_both(cast)
    theirs = factories.make_audit(there.cycle, cast.other_organisation, scores=0)
    same_place = factories.make_audit(
        factories.make_cycle(cast.partnership, slug="other", questionnaires=(get_bank(),)),
        cast.organisation,
        scores=0,
    )
    client = sign_in(cast.lead)
    for other in (theirs.pk, same_place.pk, here.pk, 999_999):
        assert client.get(at(here, "audit_compared", other=other)).status_code == 404
        assert client.post(at(here, "audit_compared", other=other), {"send": "A1.1:1:1"}).status_code == 404


# The page


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def test_the_task_list_leads_there_only_where_there_is_one(cast: Cast, lead: Client) -> None:
    place = make_place_here(cast)
    here = factories.make_audit(place.cycle, cast.organisation, scores=1)
    assert "elsewhere" not in lead.get(address("audit")).text
    assert "has started no audit in another partnership" in lead.get(at(here, "audit_elsewhere")).text
    there = make_audit_there(cast)
    assert at(here, "audit_elsewhere") in lead.get(address("audit")).text
    response = lead.get(at(here, "audit_elsewhere"))
    assert response.headers["Location"] == at(here, "audit_compared", other=there.pk)


def test_both_answers_stand_side_by_side_with_when_each_changed(cast: Cast, lead: Client) -> None:
    here, there = make_both(cast, here={"A1.1": 1})
    here.answers.update(commentary="Ours <b>", updated_by=cast.lead)
    page = lead.get(at(here, "audit_compared", other=there.pk)).text
    assert "Here: Harbour" in page
    assert "There: Moorland" in page
    assert "Ours &lt;b&gt;" in page
    assert "Words there on A1.1" in page
    assert f"Changed by {cast.lead}, " in page
    assert f"Changed by {cast.contributor}, " in page


@pytest.mark.parametrize(
    ("choose", "ticked"), [("", set()), ("all", {"A1.1", "A1.2"}), ("unanswered", {"A1.2"})]
)
def test_many_can_be_chosen_at_once(cast: Cast, lead: Client, choose: str, ticked: set[str]) -> None:
    here, there = make_both(cast, here={"A1.1": 1, "A1.2": 1}, there={"A1.1": 2})
    page = lead.get(at(here, "audit_compared", other=there.pk) + f"?choose={choose}").text
    found = {code for code in ("A1.1", "A1.2") if f'value="{code}:1:{int(code == "A1.1")}" checked' in page}
    assert found == ticked


def test_what_was_sent_and_what_was_not_is_said(cast: Cast, lead: Client) -> None:
    here, there = make_both(cast)
    url = at(here, "audit_compared", other=there.pk)
    response = lead.post(url, {"send": ["A1.1:1:1", "A1.2:1:7"]}, follow=True)
    assert "1 answer sent to Upland check, Moorland." in response.text
    assert "A1.2 was not sent, because somebody has changed an answer" in response.text


@pytest.mark.parametrize("data", [{}, {"send": "nonsense"}, {"send": ["A1.1:1:1", "A1.2:x:1"]}])
def test_nothing_chosen_is_said(cast: Cast, lead: Client, data: Mapping[str, str]) -> None:
    here, there = make_both(cast)
    page = lead.post(at(here, "audit_compared", other=there.pk), data)
    assert page.status_code == 200
    assert len(summary_of(page.text)) == 1
    assert values(there)["A1.1"][0] == 2


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, lead: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bank = factories.make_questionnaire(edition="2026-27", standards={"A1": size})
    here, there = make_both(cast)
    for audit in (here, there):
        audit.answers.update(updated_by=cast.lead)
    assert bank.indicators.count() == size
    lead.get(at(here, "audit_compared", other=there.pk))
    with django_assert_num_queries(15):
        lead.get(at(here, "audit_compared", other=there.pk))


# What officers never learn


@pytest.mark.parametrize("person", ["administrator", "quality_officer", "scrutineer"])
def test_officers_read_a_sent_answer_as_the_senders_own(
    cast: Cast, sign_in: Callable[[User], Client], person: str
) -> None:
    here, there = make_both(cast)
    send(cast, there, here, "A1.1")
    here.profile_answers.create(question=here.questionnaire.profile_questions.get(), value="12")
    submit_audit(audit=here, by=cast.lead)
    own = sign_in(cast.lead).get(address("audit_history")).text
    assert "Sent from Upland check, Moorland" in own
    client = sign_in(cast.people[person])
    for name in ("audit_read", "audit_history"):
        page = client.get(address(name)).text
        assert "Words there on A1.1" in page, "it was submitted here"
        assert "Sent from" not in page
        for secret in SECRETS:
            assert secret not in page


def test_in_the_history_officers_cannot_tell_a_sent_answer_from_a_typed_one(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    """Typed and sent within one sitting is one line to them, as if all had been typed; to members it is two."""
    here, there = make_both(cast)
    answer = here.answers.get(indicator__code="A1.1")
    typed = answer.change_to(score=0, reason="", commentary="Typed", by=cast.lead, at=timezone.now())
    answer.save()
    typed.save()
    send(cast, there, here, "A1.1")
    here.profile_answers.create(question=here.questionnaire.profile_questions.get(), value="12")
    submit_audit(audit=here, by=cast.lead)
    url = address("audit_history") + "?part=A1.1"
    assert "2 entries" in sign_in(cast.lead).get(url).text
    assert "1 entry" in sign_in(cast.quality_officer).get(url).text
