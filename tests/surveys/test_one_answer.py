"""One answer saved by its page: its version, a colleague's meanwhile, who may, and how few queries it takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys.enums import AuditStatus, CycleKind, CycleStatus
from surveys.models import AnswerChange, Audit, Cycle, CycleQuestionnaire, Indicator
from surveys.workflow import AnswerInput, save_answers
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import (
    PLAIN_REASON,
    Said,
    address,
    make_draft,
    make_place,
    make_submitted,
    save_by_script,
    send,
)

HERE = address("audit_answer", code="A1", indicator="A1.1")


@grounded
def audit(cast: Cast) -> Audit:
    return make_draft(cast)


@pytest.fixture
def lead(cast: Cast, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(cast.lead)


def post(client: Client, posted: Mapping[str, str], url: str = HERE, **headers: str) -> Said:
    return save_by_script(client, url, posted, **headers)


def version_in(fragment: str) -> str:
    found = re.search(r'name="A1\.1-version" value="(\d+)" id="A1\.1-version" hx-swap-oob="true"', fragment)
    assert found
    return found[1]


def answer_now(audit: Audit, code: str = "A1.1") -> tuple[int | None, str, str]:
    answer = audit.answers.get(indicator__code=code)
    return answer.score, answer.not_applicable_reason, answer.commentary


def change_by(user: User, audit: Audit, score: int, commentary: str, *, seen: int = 0) -> None:
    indicator = audit.questionnaire.indicators.get(code="A1.1")
    save_answers(audit=audit, entered=[AnswerInput(indicator, score, "", commentary, seen)], by=user)


# Saving


def test_one_answer_is_saved_and_the_page_told_its_version_and_count(audit: Audit, lead: Client) -> None:
    status, outcome, fragment = post(lead, send(A1_1=("2", "Checked")))
    assert (status, outcome) == (200, "saved")
    assert re.search(r"Saved \d\d:\d\d\.", fragment)
    assert "1 of 2 answered, saved" in fragment
    assert version_in(fragment) == "1"
    assert answer_now(audit) == (2, "", "Checked")
    # The text area that is being typed in is never part of it.
    assert "<textarea" not in fragment
    _, _, fragment = post(lead, send(A1_1=("2", "Checked again", 1)))
    assert version_in(fragment) == "2"
    assert list(AnswerChange.objects.values_list("commentary_after", flat=True)) == [
        "Checked",
        "Checked again",
    ]


def test_a_commentary_alone_is_saved_and_is_no_answer(audit: Audit, lead: Client) -> None:
    _, outcome, fragment = post(lead, send(A1_1=("", "Begun")))
    assert outcome == "saved"
    assert "0 of 2 answered, saved" in fragment


def test_the_count_holds_the_others(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, {"A1.2": 2, "A2.1": 1})
    assert "2 of 2 answered" in post(lead, send(A1_1=("0", "")))[2]
    # Cleared again
    assert "1 of 2 answered" in post(lead, send(A1_1=("", "", 1)))[2]
    assert answer_now(audit) == (None, "", "")


def test_a_carried_over_answer_that_is_changed_counts(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, {"A1.1": 1, "A1.2": 1})
    audit.answers.update(confirmed=False)
    assert "1 of 2 answered" in post(lead, send(A1_1=("2", "", 1)))[2]
    assert audit.answers.get(indicator__code="A1.2").confirmed is False


def test_a_score_that_asks_for_an_action_says_so_at_once(audit: Audit, lead: Client) -> None:
    asked = '<div id="A1.1-action" hx-swap-oob="true">'
    fragment = post(lead, send(A1_1=("0", "")))[2]
    assert asked in fragment
    assert "asks for an action" in fragment
    assert asked not in post(lead, send(A1_1=("0", "Words", 1)))[2]
    fragment = post(lead, send(A1_1=("2", "Words", 2)))[2]
    assert asked in fragment
    assert "asks for an action" not in fragment


def test_what_is_the_same_is_saved_already(audit: Audit, cast: Cast, lead: Client) -> None:
    """The answer to a request that was cut off, and sent again."""
    change_by(cast.lead, audit, 2, "Checked")
    _, outcome, fragment = post(lead, send(A1_1=("2", "Checked", 0)))
    assert (outcome, version_in(fragment)) == ("saved", "1")
    assert AnswerChange.objects.count() == 1


def test_nothing_entered_is_nothing_saved(audit: Audit, lead: Client) -> None:
    _, outcome, fragment = post(lead, send(A1_1=("", "")))
    assert (outcome, version_in(fragment)) == ("saved", "0")
    assert not audit.answers.exists()


def test_not_applicable_waits_for_its_reason(audit: Audit, lead: Client) -> None:
    status, outcome, fragment = post(lead, send(A1_1=("NA", "Typed before")))
    assert (status, outcome) == (422, "choosing")
    assert "Choose a reason to save this." in fragment
    assert "error" not in fragment
    assert not audit.answers.exists()
    assert post(lead, send(A1_1=("NA", "Typed before", 0, PLAIN_REASON)))[1] == "saved"
    assert answer_now(audit) == (None, PLAIN_REASON, "Typed before")


@pytest.mark.parametrize(
    ("posted", "message"),
    [
        (
            send(A1_1=("1", "x" * 20_001)),
            "A1.1: the text must be 20,000 characters or fewer; yours has 20,001, so shorten it",
        ),
        (send(A1_1=("3", "")), "A1.1: choose one of the answers shown"),
        (send(A1_1=("1", "")) | {"A1.1-version": "x"}, "Version: "),
        ({"A1.1-score": "1"}, "Version: "),
        (send(A1_1=("NA", "x" * 20_001)), "A1.1: select why it does not apply"),
    ],
)
def test_what_is_wrong_is_said_and_not_saved(
    audit: Audit, lead: Client, posted: dict[str, str], message: str
) -> None:
    status, outcome, fragment = post(lead, posted)
    assert (status, outcome) == (422, "wrong")
    assert f"Not saved. {message}" in fragment
    assert not audit.answers.exists()


# Two people


def test_a_stale_save_overwrites_nothing_and_shows_theirs(audit: Audit, cast: Cast, lead: Client) -> None:
    post(lead, send(A1_1=("1", "First")))
    change_by(cast.contributor, audit, 2, "First", seen=1)
    status, outcome, fragment = post(lead, send(A1_1=("1", "Mine", 1)))
    assert (status, outcome) == (409, "conflict")
    # They changed another field than this person did: it is a choice all the same.
    assert "contributor@anchor.example changed the score on" in fragment
    assert "Achieved (2)" in fragment
    assert 'data-version="2"' in fragment
    assert "-version" not in fragment.replace("data-version", "")
    assert answer_now(audit) == (2, "", "First")
    # Chosen with their version in hand, mine stands.
    assert post(lead, send(A1_1=("1", "Mine", 2)))[1] == "saved"
    assert answer_now(audit) == (1, "", "Mine")


def test_the_panel_names_all_that_changed_and_holds_theirs_for_the_script(
    audit: Audit, cast: Cast, lead: Client
) -> None:
    change_by(cast.contributor, audit, 0, "It's <b>bold</b>")
    fragment = post(lead, send(A1_1=("1", "Mine")))[2]
    assert "changed the score and the commentary on" in fragment
    assert "&lt;b&gt;bold" in fragment
    assert "<b>" not in fragment
    assert r'"A1.1-commentary": "It\u0027s \u003cb\u003ebold\u003c/b\u003e"' in fragment


def test_going_back_to_what_one_saw_does_not_hide_theirs(audit: Audit, cast: Cast, lead: Client) -> None:
    change_by(cast.lead, audit, 1, "First")
    change_by(cast.contributor, audit, 2, "Second", seen=1)
    assert post(lead, send(A1_1=("1", "First", 1)))[:2] == (409, "conflict")
    assert answer_now(audit) == (2, "", "Second")


# Who may


@pytest.mark.parametrize("person", ["signatory", "viewer"])
def test_who_only_reads_is_told(
    audit: Audit, cast: Cast, sign_in: Callable[[User], Client], person: str
) -> None:
    client = sign_in(cast.people[person])
    status, outcome, fragment = post(client, send(A1_1=("1", "Mine")))
    assert (status, outcome) == (403, "refused")
    assert "Your role lets you read this audit, not change it." in fragment
    assert client.get(HERE).status_code == 403
    assert not audit.answers.exists()


@pytest.mark.parametrize("person", ["stranger", "outsider", "administrator"])
def test_a_stranger_finds_nothing(
    audit: Audit, cast: Cast, sign_in: Callable[[User], Client], person: str
) -> None:
    client = sign_in(cast.people[person])
    assert post(client, send(A1_1=("1", "Mine")))[:2] == (404, "")
    assert client.get(HERE).status_code == 404
    assert not audit.answers.exists()


def test_a_closed_cycle_takes_nothing(audit: Audit, lead: Client) -> None:
    Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    status, outcome, fragment = post(lead, send(A1_1=("1", "Mine")))
    assert (status, outcome) == (403, "refused")
    assert "Audit 2026 is closed, so nothing can change." in fragment
    assert not audit.answers.exists()


def test_a_submission_in_the_same_moment_is_told(
    audit: Audit, lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.views.one_answer.check_can_answer", lambda roles, audit: None)
    Audit.objects.filter(pk=audit.pk).update(status=AuditStatus.AWAITING_SIGN_OFF)
    assert post(lead, send(A1_1=("1", "Mine")))[1] == "refused"
    assert not audit.answers.exists()


def test_what_a_return_left_locked_stays(cast: Cast, lead: Client) -> None:
    audit = make_submitted(cast)
    factories.make_correction(audit, "A1.2")
    assert post(lead, send(A1_1=("1", "Mine", 1)))[:2] == (403, "refused")
    assert answer_now(audit)[0] == 2


def test_what_is_assigned_to_others_stays(
    audit: Audit, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    audit.assignments.create(user=cast.lead, standard=audit.questionnaire.standards.get(code="A1"))
    status, _, fragment = post(sign_in(cast.contributor), send(A1_1=("1", "Mine")))
    assert status == 403
    assert "A1.1 is not assigned to you." in fragment
    assert not audit.answers.exists()


@pytest.mark.parametrize(
    ("code", "indicator"), [("A1", "A2.1"), ("A1", "A9.9"), ("A9", "A1.1"), ("a1", "A1.1")]
)
def test_an_unknown_indicator_is_not_found(audit: Audit, lead: Client, code: str, indicator: str) -> None:
    url = address("audit_answer", code=code, indicator=indicator)
    assert post(lead, send(A1_1=("1", "Mine")), url)[0] == 404


def test_a_standard_that_a_topic_does_not_hold_is_not_found(cast: Cast, lead: Client) -> None:
    invitee = make_place(cast, kind=CycleKind.TOPIC)
    pinned = CycleQuestionnaire.objects.get()
    pinned.standards.set(pinned.questionnaire.standards.filter(code="A2"))
    audit = factories.make_audit(invitee.cycle, cast.organisation)
    assert post(lead, send(A1_1=("1", "Mine")))[0] == 404
    assert not audit.answers.exists()


def test_an_indicator_that_the_profile_has_ruled_out_meanwhile_is_saved_all_the_same(
    audit: Audit, lead: Client
) -> None:
    Indicator.objects.filter(code="A1.1").update(applies_if={"P1": "12"})
    audit.profile_answers.create(question=audit.questionnaire.profile_questions.get(), value="13")
    _, outcome, fragment = post(lead, send(A1_1=("0", "Typed before")))
    assert (outcome, answer_now(audit)) == ("saved", (0, "", "Typed before"))
    assert "0 of 1 answered" in fragment


# Sessions and tokens


def test_a_session_that_has_ended_is_told_in_a_word(audit: Audit, client: Client) -> None:
    assert post(client, send(A1_1=("1", "Mine"))) == (401, "signed-out", "")
    response = client.get(HERE, headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["X-Outcome"]) == (401, "signed-out")
    assert "Location" not in response.headers


def test_the_words_of_one_person_are_not_saved_as_another_s(audit: Audit, cast: Cast, lead: Client) -> None:
    stranger = {"X_Person": str(cast.contributor.pk)}
    assert post(lead, send(A1_1=("1", "Mine")), **stranger) == (401, "somebody-else", "")
    assert not audit.answers.exists()
    assert post(lead, send(A1_1=("1", "Mine")), X_Person=str(cast.lead.pk))[1] == "saved"


def test_a_page_from_before_signing_in_again_asks_for_a_new_token(audit: Audit, cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    assert post(strict, send(A1_1=("1", "Mine"))) == (403, "stale-page", "")
    response = strict.get(HERE, headers={"HX-Request": "true"})
    assert response.headers["X-Outcome"] == "ready"
    posted = send(A1_1=("1", "Mine")) | {"csrfmiddlewaretoken": response.text}
    assert post(strict, posted)[:2] == (200, "saved")


# Speed


@pytest.mark.parametrize("size", [10, 80])
@pytest.mark.parametrize(("person", "queries"), [("lead", 12), ("contributor", 12)])
def test_one_save_takes_as_few_queries_whatever_the_size(
    cast: Cast,
    sign_in: Callable[[User], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
    *,
    size: int,
    person: str,
    queries: int,
) -> None:
    """Two of them are of the transaction around it; also for whoever may have only a part of the work."""
    bank = factories.make_questionnaire(standards={"A1": size})
    invitee = make_place(cast, bank)
    audit = factories.make_audit(invitee.cycle, cast.organisation, scores=2)
    client = sign_in(cast.people[person])
    with django_assert_num_queries(queries):
        assert post(client, send(A1_1=("2", "x" * 20_000, 1)))[1] == "saved"
    assert answer_now(audit)[2] == "x" * 20_000
    # One more for the action that a new score asks for.
    with django_assert_num_queries(queries + 1):
        assert "asks for an action" in post(client, send(A1_1=("0", "Words", 2)))[2]


@pytest.mark.parametrize(("person", "queries"), [("lead", 13), ("contributor", 13)])
def test_the_first_save_of_an_answer_takes_as_few(
    audit: Audit,
    cast: Cast,
    sign_in: Callable[[User], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
    *,
    person: str,
    queries: int,
) -> None:
    audit.assignments.create(user=cast.contributor, standard=audit.questionnaire.standards.get(code="A1"))
    client = sign_in(cast.people[person])
    with django_assert_num_queries(queries):
        assert "asks for an action" in post(client, send(A1_1=("1", "Words")))[2]


def test_a_save_asks_nothing_anew_for_each_indicator_of_its_standard(cast: Cast, lead: Client) -> None:
    """The answers are joined to the indicators: questions within the question took a fifth of the time of a save."""
    make_draft(cast, {"A1.1": 1, "A1.2": 1})
    with CaptureQueriesContext(connection) as asked:
        assert post(lead, send(A1_1=("2", "", 1)))[1] == "saved"
    (indicators,) = [one["sql"] for one in asked if 'FROM "surveys_indicator"' in one["sql"]]
    assert 'JOIN "surveys_answer"' in indicators
    assert "(SELECT" not in indicators


def test_how_many_are_left_to_confirm_is_told_with_each_save(cast: Cast, lead: Client) -> None:
    audit = make_draft(cast, {"A1.1": 1, "A1.2": 1, "A2.1": 1})
    audit.answers.update(confirmed=False)
    box = r'<div id="to-confirm" hx-swap-oob="true">(.*?)</div>\s*(?:<div|$)'
    fragment = post(lead, send(A1_1=("2", "", 1)))[2]
    assert "1 answer brought forward, to confirm." in re.findall(box, fragment, re.DOTALL)[0]
    fragment = post(lead, send(A1_2=("2", "", 1)), address("audit_answer", code="A1", indicator="A1.2"))[2]
    assert "brought forward" not in fragment
