"""Last year's answers on this year's pages: confirmed one by one, changed, or together with an honest reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import Participation, User
from surveys.enums import ActionOrigin, AuditEventKind
from surveys.models import Action, Answer, Audit, Indicator
from surveys.workflow import open_audit
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import PLAIN_REASON, address, field, send, summary_of, text_in
from tests.surveys.last_years import make_last_audit, make_new_place, open_new

WORDS = "Last year’s words on {}".format
HONEST = "I read all of them with the deputy head on Monday."


@grounded
def audit(cast: Cast) -> Audit:
    make_last_audit(cast)
    return open_new(cast)


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def page_of(code: str = "A1") -> str:
    return address("audit_standard", code=code)


def as_shown() -> dict[str, str]:
    """What the browser sends of A1 when nobody has touched it."""
    return send(A1_1=(2, WORDS("A1.1"), 1, ""), A1_2=(0, WORDS("A1.2"), 1, ""))


def state(audit: Audit) -> dict[str, tuple[int | None, str, bool]]:
    rows = audit.answers.values_list("indicator__code", "score", "commentary", "confirmed")
    return {code: (score, words, confirmed) for code, score, words, confirmed in rows if code[:2] == "A1"}


# The cards


def test_a_card_shows_last_years_answer_and_asks_to_confirm_it(audit: Audit, lead: Client) -> None:
    page = lead.get(page_of()).text
    card = page.partition('id="A1.1"')[2].partition("</section>")[0]
    assert "Audit 2025" in card
    assert "By contributor@anchor.example" in card
    assert 'name="go" value="confirm:A1.1"' in card
    assert "checked" in field(page, "A1.1-score-3")
    assert text_in(page, "A1.1-commentary") == WORDS("A1.1")
    assert "2 answers brought forward, to confirm." in page
    assert "0 of 2 answered, nothing saved yet" in page
    assert "Beacon’s own words" not in page
    assert "since then" not in page
    assert "New this year" not in page


def test_what_the_bank_changed_since_is_said(cast: Cast, lead: Client) -> None:
    make_last_audit(cast)
    bank = factories.make_questionnaire(edition="2026-27")
    bank.indicators.filter(code="A1.1").update(
        text="Statement, put otherwise", descriptor_2="All, and checked.", is_critical=False
    )
    bank.indicators.filter(code="A1.2").update(key="never-asked-before")
    open_new(cast, bank)
    page = lead.get(page_of()).text
    assert "3 changes since then: The statement, What a 2 looks like, Critical" in page
    assert "<dt>Then</dt><dd>All.</dd>" in page
    assert page.count("New this year") == 1


def test_saving_the_page_as_it_was_shown_confirms_nothing(audit: Audit, lead: Client) -> None:
    assert lead.post(page_of(), as_shown() | {"go": "stay"}).status_code == 302
    assert state(audit) == {"A1.1": (2, WORDS("A1.1"), False), "A1.2": (0, WORDS("A1.2"), False)}


def test_one_is_confirmed_and_what_else_was_typed_is_kept(audit: Audit, lead: Client, cast: Cast) -> None:
    posted = as_shown() | {"A1.2-commentary": "Typed meanwhile", "go": "confirm:A1.1"}
    response = lead.post(page_of(), posted)
    assert response.headers["Location"] == f"{page_of()}#A1.1"
    assert state(audit) == {"A1.1": (2, WORDS("A1.1"), True), "A1.2": (0, "Typed meanwhile", True)}
    change = audit.answers.get(indicator__code="A1.1").changes.get()
    assert (change.score_before, change.score_after, change.by) == (2, 2, cast.lead)
    page = lead.get(page_of()).text
    assert "confirm:A1.1" not in page
    assert "Answered by lead@anchor.example" in page
    assert "Audit 2025" in page, "last year's answer stays beside it"


def test_changed_and_saved_is_confirmed(audit: Audit, lead: Client) -> None:
    lead.post(page_of(), as_shown() | {"A1.1-score": "1"})
    assert state(audit)["A1.1"] == (1, WORDS("A1.1"), True)
    assert state(audit)["A1.2"][2] is False


def test_a_colleague_who_changed_it_meanwhile_is_not_overwritten(
    audit: Audit, lead: Client, cast: Cast
) -> None:
    Answer.objects.filter(audit=audit, indicator__code="A1.1").update(
        score=0, commentary="Theirs", confirmed=True, version=2, updated_by=cast.contributor
    )
    page = lead.post(page_of(), as_shown() | {"go": "confirm:A1.1"}).text
    assert state(audit)["A1.1"] == (0, "Theirs", True)
    assert "contributor@anchor.example changed this answer" in page


def test_there_must_be_something_to_confirm(cast: Cast, lead: Client) -> None:
    make_last_audit(cast, scores={"A1.1": PLAIN_REASON, "A1.2": 2, "A2.1": 2, "A2.2": 2})
    bank = factories.make_questionnaire(edition="2026-27")
    bank.indicators.filter(code="A1.1").update(may_be_not_applicable=False)
    audit = open_new(cast, bank)
    page = lead.get(page_of()).text
    assert "confirm:A1.1" not in page
    assert "This reason is not offered here any more" in page
    posted = send(A1_1=("", WORDS("A1.1"), 1, "")) | {"go": "confirm:A1.1"}
    refused = lead.post(page_of(), posted).text
    assert [text for _, text in summary_of(refused)] == [
        "A1.1: choose an answer, for there is none to confirm"
    ]
    assert state(audit)["A1.1"][2] is False


def test_unfinished_actions_stand_beside_the_new_answer(cast: Cast, lead: Client) -> None:
    last = make_last_audit(cast)
    participation = Participation.objects.get(partnership=cast.partnership, organisation=cast.organisation)
    born = last.answers.get(indicator__code="A1.2")
    for what, status, percent in (("Train everybody", "in_progress", 40), ("Write a policy", "done", 100)):
        Action.objects.create(
            participation=participation,
            origin=ActionOrigin.SCORE,
            answer=born,
            what=what,
            measure="A register",
            owner="Head",
            due_on="2026-12-01",
            first_due_on="2026-12-01",
            status=status,
            percent=percent,
        )
    open_new(cast)
    page = lead.get(page_of()).text
    assert page.count("Train everybody") == 1
    assert "Write a policy" not in page


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, lead: Client, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_last_audit(cast, factories.make_questionnaire(edition="2025-26", standards={"A1": size}), scores=2)
    open_new(cast, factories.make_questionnaire(edition="2026-27", standards={"A1": size}))
    with django_assert_num_queries(STANDARD_QUERIES):
        lead.get(page_of())
    with django_assert_num_queries(LIST_QUERIES):
        lead.get(address("audit"))


STANDARD_QUERIES = 17
LIST_QUERIES = 18


# The task list


def test_what_is_new_is_found_from_this_audits_own_answers(audit: Audit, lead: Client) -> None:
    """Asked from the earlier audits, the database would read every answer of the partnership for each page."""
    with CaptureQueriesContext(connection) as asked:
        lead.get(page_of())
    assert [one["sql"] for one in asked if 'LEFT OUTER JOIN "surveys_answer"' in one["sql"]] == []


def test_the_task_list_says_what_is_to_confirm_and_last_years_grade(audit: Audit, lead: Client) -> None:
    page = lead.get(address("audit")).text
    assert "0 of 4 answered, 4 to confirm" in page
    assert "0 of 2 answered, 2 to confirm. Grade 1 in Audit 2025" in page
    assert page.count("To confirm</strong>") == 2


def test_another_variants_grades_are_not_shown(cast: Cast, lead: Client) -> None:
    audit = open_audit(invitee=make_new_place(cast), by=cast.lead)
    make_last_audit(cast)
    other = Audit.objects.get(invitee__cycle__slug="2025", invitee__organisation=cast.organisation)
    Audit.objects.filter(pk=audit.pk).update(carried_from=other)
    assert "Grade 1 in Audit 2025" in lead.get(address("audit")).text
    pinned = other.invitee.cycle_questionnaire
    type(pinned).objects.filter(pk=pinned.pk).update(variant="health")
    assert "in Audit 2025" not in lead.get(address("audit")).text


def test_what_is_no_longer_asked_is_listed(cast: Cast, lead: Client) -> None:
    make_last_audit(cast)
    bank = factories.make_questionnaire(edition="2026-27")
    Indicator.objects.filter(questionnaire=bank, code="A2.2").update(key="another")
    open_new(cast, bank)
    page = lead.get(address("audit")).text
    assert "1 answer of Audit 2025 is no longer asked for: A2.2 Statement A2.2" in page


# Facts


def test_last_years_facts_are_shown_and_not_filled_in(cast: Cast, lead: Client) -> None:
    last = make_last_audit(cast)
    theirs = Audit.objects.get(invitee__cycle=last.cycle, invitee__organisation=cast.other_organisation)
    question = last.questionnaire.profile_questions.get()
    last.profile_answers.create(question=question, value="14")
    theirs.profile_answers.create(question=question, value="99")
    audit = open_new(cast)
    page = lead.get(address("audit_profile")).text
    assert "In Audit 2025: 14" in page
    # The form's token is made of random letters and digits, and may well hold a 99.
    assert "99" not in re.sub(r"\b\w{64}\b", "", page.partition("<form")[2])
    assert "value" not in field(page, "P1")
    assert not audit.profile_answers.exists()
    lead.post(address("audit_profile"), {"P1": "", "P1-seen": "", "go": "stay"})
    assert not audit.profile_answers.exclude(value="").exists()


def test_last_years_facts_are_those_that_were_submitted(cast: Cast, lead: Client) -> None:
    last = make_last_audit(cast)
    question = last.questionnaire.profile_questions.get()
    fact = last.profile_answers.create(question=question, value="15", version=2)
    # As after a recall: what was changed since has not been submitted.
    fact.changes.create(version=2, value_before="14", value_after="15", at=timezone.now())
    open_new(cast)
    page = lead.get(address("audit_profile")).text
    assert "In Audit 2025: 14" in page
    assert "In Audit 2025: 15" not in page


# Together


def test_a_standard_is_confirmed_together_with_a_reason(audit: Audit, lead: Client, cast: Cast) -> None:
    url = address("standard_confirm", code="A1")
    page = lead.get(url).text
    assert "Confirm 2 answers to A1 Standard A1" in page
    assert WORDS("A1.1") in page
    response = lead.post(url, {"reason": HONEST}, follow=True)
    assert "2 answers to A1 confirmed." in response.text
    assert {confirmed for _, _, confirmed in state(audit).values()} == {True}
    event = audit.events.get(kind=AuditEventKind.CONFIRMED_IN_BULK)
    assert (event.by, event.detail) == (cast.lead, f"A1, 2 answers: {HONEST}")
    assert audit.answers.filter(indicator__code__startswith="A2", confirmed=True).count() == 0
    assert [one.version for one in audit.answers.filter(confirmed=True)] == [2, 2]
    assert all(one.changes.get().by == cast.lead for one in audit.answers.filter(confirmed=True))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Enter how you know that these answers still hold"),
        ("They do", "Your reason must have at least 20 characters"),
        ("x" * 401, "Your reason must be 400 characters or fewer; this has 401"),
    ],
)
def test_without_an_honest_reason_nothing_is_confirmed(
    audit: Audit, lead: Client, reason: str, sentence: str
) -> None:
    page = lead.post(address("standard_confirm", code="A1"), {"reason": reason}).text
    assert [text for _, text in summary_of(page)] == [sentence]
    assert reason in page
    assert {confirmed for _, _, confirmed in state(audit).values()} == {False}


def test_where_nothing_is_left_it_leads_back(audit: Audit, lead: Client) -> None:
    audit.answers.update(confirmed=True)
    response = lead.post(address("standard_confirm", code="A1"), {"reason": HONEST}, follow=True)
    assert "Nothing of A1 is left to confirm." in response.text
    assert not audit.events.filter(kind=AuditEventKind.CONFIRMED_IN_BULK).exists()


def test_colleagues_who_only_read_confirm_nothing(
    audit: Audit, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    for person, status in (
        (cast.viewer, 403),
        (cast.signatory, 403),
        (cast.stranger, 404),
        (cast.administrator, 404),
    ):
        client = sign_in(person)
        assert client.post(address("standard_confirm", code="A1"), {"reason": HONEST}).status_code == status
    assert {confirmed for _, _, confirmed in state(audit).values()} == {False}


def test_an_answer_that_is_given_to_somebody_else_is_left_alone(
    audit: Audit, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    mine = audit.questionnaire.indicators.get(code="A1.2")
    audit.assignments.create(user=cast.contributor, indicator=mine)
    client = sign_in(cast.contributor)
    client.post(address("standard_confirm", code="A1"), {"reason": HONEST})
    assert {code: row[2] for code, row in state(audit).items()} == {"A1.1": False, "A1.2": True}


def test_the_page_of_all_answers_says_what_nobody_has_confirmed(audit: Audit, lead: Client) -> None:
    page = lead.get(address("audit_read")).text
    assert page.count("brought forward and not confirmed") == 4
    assert "No indicator is scored 0." in page, "an unconfirmed 0 is no answer"
