"""The action plan: its pages, its verbs, who may do what, and what is asked of a score of 0 or 1."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from s11.organisations.enums import MembershipRole
from s11.organisations.models import Participation
from s11.web.errors import reason_why_not
from surveys.action_plans import get_plans, get_unplanned
from surveys.actions import (
    ActionInput,
    ProgressInput,
    add_action,
    change_action,
    get_next_statuses,
    give_no_action_reason,
    report_progress,
)
from surveys.enums import ACTION_MOVES, ActionOrigin, ActionPriority, ActionStatus, AuditStatus, CycleStatus
from surveys.models import Action, AnswerChange, Audit, Cycle, Document, Evidence
from surveys.permissions import check_can_change_action, check_can_plan_actions, check_can_report_progress
from surveys.queries import get_asked_standards, get_audit_or_404
from surveys.reading import get_reading
from surveys.workflow import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import address, make_draft, make_submitted

SignIn = Callable[..., Client]
TODAY = timezone.localdate()
SOON = TODAY + datetime.timedelta(days=60)
GOOD = {
    "what": "Every child is seen alone within three days",
    "measure": "Nine of ten files show it",
    "owner": "Deputy lead",
    "owner_user": "",
    "due_on_day": str(SOON.day),
    "due_on_month": str(SOON.month),
    "due_on_year": str(SOON.year),
    "priority": "high",
    "version": "0",
}


def url(name: str, **more: Any) -> str:
    return reverse(f"surveys:{name}", kwargs={"partnership": "harbour", "organisation": "anchor", **more})


def place(cast: Cast) -> Participation:
    return cast.organisation.participations.get()


def make_action(cast: Cast, **columns: Any) -> Action:
    return factories.make_action(cast.organisation, cast.partnership, **columns)


def make_input(**changes: Any) -> ActionInput:
    given: dict[str, Any] = {
        "what": "Every child is seen within three days",
        "measure": "Nine of ten files show it",
        "owner": "Deputy lead",
        "owner_user": None,
        "starts_on": None,
        "due_on": SOON,
        "priority": ActionPriority.MEDIUM,
    }
    return ActionInput(**given | changes)


# Adding ---------------------------------------------------------------------------------------------------------------


def test_a_good_action_is_added_at_once(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.contributor).post(url("action_add"), GOOD)
    action = Action.objects.get()
    assert response["Location"] == url("action", action=action.pk)
    assert (action.origin, action.answer, action.first_due_on) == (ActionOrigin.FREE, None, SOON)
    assert action.participation == place(cast)
    assert action.created_by == cast.contributor
    assert action.updates.get().text == "Added."


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("what", "Say what will be different"),
        ("measure", "Say how you will know"),
        ("owner", "Enter the person or post"),
        ("due_on_day", "must include a day"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_rest_is_kept(
    cast: Cast, sign_in: SignIn, field: str, sentence: str
) -> None:
    page = sign_in(cast.lead).post(url("action_add"), GOOD | {field: ""}).content.decode()
    assert sentence in page
    assert not Action.objects.exists()
    for name in ("what", "measure", "owner"):
        assert name == field or GOOD[name] in page


def test_no_date_at_all_cannot_be_saved_whatever_is_pressed(cast: Cast, sign_in: SignIn) -> None:
    dateless = GOOD | {"due_on_day": "", "due_on_month": "", "due_on_year": "", "go": "anyway"}
    page = sign_in(cast.lead).post(url("action_add"), dateless).content.decode()
    assert "Enter the date by which it will be done" in page
    assert not Action.objects.exists()


def test_advice_comes_first_and_is_then_a_choice(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    weak = GOOD | {"what": "Review the safeguarding policy"}
    page = client.post(url("action_add"), weak).content.decode()
    assert "is a task" in page
    assert re.search(r'<textarea[^>]*id="what"[^>]*aria-describedby="[^"]*what-advice', page)
    assert "Save all the same" in page
    assert "Review the safeguarding policy" in page
    assert not Action.objects.exists()
    client.post(url("action_add"), weak | {"go": "anyway"})
    assert Action.objects.get().what == "Review the safeguarding policy"


def test_only_what_changes_gets_advice_again(cast: Cast, sign_in: SignIn) -> None:
    action = make_action(cast, what="Ongoing")
    later = action.due_on + datetime.timedelta(days=30)
    client = sign_in(cast.lead)
    sent = GOOD | {
        "what": "Ongoing",
        "version": "1",
        "due_on_day": str(later.day),
        "due_on_month": str(later.month),
        "due_on_year": str(later.year),
    }
    assert (
        "Say why the due date changes"
        in client.post(url("action_change", action=action.pk), sent).content.decode()
    )
    client.post(url("action_change", action=action.pk), sent | {"reason": "The course is in June"})
    first = action.due_on
    action.refresh_from_db()
    assert (action.due_on, action.first_due_on, action.version) == (later, first, 2)
    page = client.get(url("action", action=action.pk)).content.decode()
    assert "The course is in June" in page
    assert "first " in page


def test_an_account_that_is_chosen_is_the_owner(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.lead).post(url("action_add"), GOOD | {"owner": "", "owner_user": cast.viewer.pk})
    action = Action.objects.get()
    assert (action.owner_user, action.owner) == (cast.viewer, str(cast.viewer))


def test_a_stranger_is_nobodys_owner(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.lead).post(url("action_add"), GOOD | {"owner_user": cast.stranger.pk})
    assert not Action.objects.exists()


# Two at once ----------------------------------------------------------------------------------------------------------


def test_a_stale_change_overwrites_nothing_and_shows_both(cast: Cast, sign_in: SignIn) -> None:
    action = make_action(cast)
    change_action(
        action=action, entered=make_input(what="Theirs: no child waits"), seen_version=1, by=cast.contributor
    )
    mine = GOOD | {"what": "Mine: every child is heard", "version": "1", "reason": "A better aim"}
    client = sign_in(cast.lead)
    page = client.post(url("action_change", action=action.pk), mine).content.decode()
    action.refresh_from_db()
    assert action.what == "Theirs: no child waits"
    assert "Theirs: no child waits" in page
    assert "Mine: every child is heard" in page
    assert str(cast.contributor) in page
    assert 'name="version" value="2"' in page
    client.post(url("action_change", action=action.pk), mine | {"version": "2"})
    action.refresh_from_db()
    assert action.what == "Mine: every child is heard"


def test_a_stale_report_overwrites_nothing(cast: Cast, sign_in: SignIn) -> None:
    action = make_action(cast)
    report_progress(
        action=action,
        entered=ProgressInput("Begun", ActionStatus.IN_PROGRESS, 40, ""),
        seen_version=1,
        by=cast.contributor,
    )
    sent = {"text": "Nothing yet", "status": "in_progress", "percent": "10", "impact": "", "version": "1"}
    page = sign_in(cast.lead).post(url("action_update", action=action.pk), sent).content.decode()
    action.refresh_from_db()
    assert action.percent == 40
    assert action.updates.count() == 1
    assert "Nothing yet" in page
    assert "40%" in page


def test_the_same_change_twice_is_no_conflict(cast: Cast) -> None:
    action = make_action(cast)
    for _ in range(2):
        assert (
            change_action(action=action, entered=make_input(owner="Head"), seen_version=1, by=cast.lead)
            is None
        )
    assert action.updates.count() == 1


# Reports --------------------------------------------------------------------------------------------------------------


def send_report(client: Client, action: Action, **fields: str) -> str:
    sent = {"text": "", "status": action.status, "percent": str(action.percent), "impact": "", "version": "1"}
    return client.post(url("action_update", action=action.pk), sent | fields).content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "done"}, "Say what has changed for children"),
        ({"status": "done", "percent": "80", "impact": "Heard."}, "‘Done’ is 100%"),
        ({"status": "dropped"}, "Say why the action is dropped"),
        ({"percent": "101"}, "Percent done must be 100 or less"),
        ({"percent": "some"}, "Percent done must be"),
        ({"text": "x" * 4_001}, "must be 4000 characters or fewer"),
        ({"percent": "5"}, "‘Not started’ is 0%"),
        ({}, "Say what has happened"),
        ({"status": "verified"}, "Choose one of the statuses shown"),
    ],
)
def test_a_report_that_says_too_little(
    cast: Cast, sign_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    action = make_action(cast)
    assert sentence in send_report(sign_in(cast.lead), action, **fields)
    action.refresh_from_db()
    assert (action.status, action.version) == (ActionStatus.NOT_STARTED, 1)


def test_done_is_all_of_it_and_says_what_changed(cast: Cast, sign_in: SignIn) -> None:
    action = make_action(cast, status=ActionStatus.IN_PROGRESS, percent=60)
    send_report(sign_in(cast.lead), action, status="done", impact="Two children had help the same week.")
    action.refresh_from_db()
    assert (action.status, action.percent) == (ActionStatus.DONE, 100)
    update = action.updates.get()
    assert (update.status_before, update.status_after) == ("in_progress", "done")
    assert (update.percent_before, update.percent_after) == (60, 100)


def test_evidence_of_its_own_library_shows_it_too(cast: Cast, sign_in: SignIn) -> None:
    action = make_action(cast, status=ActionStatus.IN_PROGRESS)
    own = Evidence.objects.create(organisation=cast.organisation, kind="reference", title="Own log")
    own.versions.create(number=1, reference="Shelf 3")
    other = Evidence.objects.create(
        organisation=cast.other_organisation, kind="reference", title="Beacon log"
    )
    client = sign_in(cast.lead)
    page = client.get(url("action_update", action=action.pk)).content.decode()
    assert "Own log" in page
    assert "Beacon log" not in page
    send_report(client, action, status="done", evidence=str(other.pk))
    assert not action.evidence.exists()
    send_report(client, action, status="done", evidence=str(own.pk))
    action.refresh_from_db()
    assert (list(action.evidence.all()), action.status) == ([own], ActionStatus.DONE)


@pytest.mark.parametrize("before", ActionStatus)
@pytest.mark.parametrize("after", ActionStatus)
def test_only_the_moves_of_the_table(cast: Cast, before: ActionStatus, after: ActionStatus) -> None:
    percent = {ActionStatus.DONE: 100}
    action = make_action(cast, status=before, percent=percent.get(before, 0))
    entered = ProgressInput("Said", after, percent.get(after, 0), "It helped")
    if before == after or (before, after) in ACTION_MOVES:
        assert report_progress(action=action, entered=entered, seen_version=1, by=cast.lead) is None
        assert Action.objects.get().status == after
    else:
        with pytest.raises(NotInThisState):
            report_progress(action=action, entered=entered, seen_version=1, by=cast.lead)
        assert Action.objects.get().status == before


def test_each_status_leads_somewhere_by_a_verb_that_exists() -> None:
    assert {verb for verbs in ACTION_MOVES.values() for verb in verbs} == {report_progress.__name__}
    assert all(len(get_next_statuses(status)) > 1 for status in ActionStatus)


# The list -------------------------------------------------------------------------------------------------------------


def test_what_is_overdue_stands_first_and_what_is_finished_last(cast: Cast, sign_in: SignIn) -> None:
    for what, days, status in (
        ("Zero", 5, "done"),
        ("Alpha", 90, "not_started"),
        ("Beta", -9, "in_progress"),
        ("Gamma", 9, "not_started"),
    ):
        make_action(
            cast,
            what=what,
            due_on=TODAY + datetime.timedelta(days=days),
            status=status,
            percent=100 if status == "done" else 0,
        )
    page = sign_in(cast.viewer).get(url("actions"), {"show": "all"}).content.decode()
    order = [page.index(f">{what}</a>") for what in ("Beta", "Gamma", "Alpha", "Zero")]
    assert order == sorted(order)
    assert "3 not finished, 1 overdue" in page


def test_the_filters(cast: Cast, sign_in: SignIn) -> None:
    make_action(cast, what="Alpha", owner="Head", due_on=TODAY - datetime.timedelta(days=1))
    make_action(cast, what="Beta", owner="Mo", owner_user=cast.lead, measure="Counted weekly")
    make_action(cast, what="Gamma", owner="Head", status="dropped")
    factories.make_action(cast.other_organisation, cast.partnership, what="Beacon’s")
    client = sign_in(cast.lead)

    def shown(**chosen: str) -> set[str]:
        page = client.get(url("actions"), chosen).content.decode()
        assert "Beacon’s" not in page
        return {what for what in ("Alpha", "Beta", "Gamma") if f">{what}</a>" in page}

    assert shown() == {"Alpha", "Beta"}
    assert shown(show="all") == {"Alpha", "Beta", "Gamma"}
    assert shown(show="overdue") == {"Alpha"}
    assert shown(show="dropped") == {"Gamma"}
    assert shown(owner="mine") == {"Beta"}
    assert shown(owner="Head", show="all") == {"Alpha", "Gamma"}
    assert shown(words="weekly") == {"Beta"}
    assert shown(show="nonsense", owner="nobody") == {"Alpha", "Beta"}


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("more", [2, 149])
def test_the_list_asks_the_database_the_same_for_one_and_for_many(
    cast: Cast, sign_in: SignIn, more: int
) -> None:
    audit = make_draft(cast, 1)
    make_action(cast, answer=audit.answers.all()[0])
    client = sign_in(cast.lead)
    client.get(url("actions"))
    one = count_queries(client, url("actions"))
    for number in range(more):
        make_action(cast, answer=audit.answers.all()[number % 4], owner=f"Post {number}")
    assert count_queries(client, url("actions")) == one == 9


def test_the_standard_and_the_reading_ask_the_same_for_one_and_for_many(cast: Cast, sign_in: SignIn) -> None:
    audit = make_draft(cast, 1)
    make_action(cast, answer=audit.answers.all()[0])
    client = sign_in(cast.lead)
    pages = (address("audit_standard", code="A1"), address("audit_read"))
    for page in pages:
        client.get(page)
    first = [count_queries(client, page) for page in pages]
    for number in range(150):
        make_action(cast, answer=audit.answers.all()[number % 4])
    assert [count_queries(client, page) for page in pages] == first


# From a score ---------------------------------------------------------------------------------------------------------


def test_a_card_asks_for_an_action_and_leads_back_to_itself(cast: Cast, sign_in: SignIn) -> None:
    make_draft(cast, {"A1.1": 0, "A1.2": 2})
    client = sign_in(cast.contributor)
    card = client.get(address("audit_standard", code="A1")).content.decode()
    assert 'value="action:A1.1"' in card
    assert 'value="action:A1.2"' not in card
    posted = {
        "A1.1-score": "0",
        "A1.1-commentary": "Typed just now",
        "A1.1-version": "1",
        "go": "action:A1.1",
    }
    response = client.post(address("audit_standard", code="A1"), posted)
    assert response["Location"] == address("audit_action_add", code="A1.1")
    page = client.get(response["Location"]).content.decode()
    assert "All." in page  # what a 2 looks like
    assert "All.</textarea>" not in page
    response = client.post(response["Location"], GOOD)
    assert response["Location"] == address("audit_standard", code="A1") + "#A1.1"
    action = Action.objects.get()
    assert action.answer is not None
    assert (action.origin, action.answer.indicator.code) == (ActionOrigin.SCORE, "A1.1")
    assert action.answer.commentary == "Typed just now"
    assert GOOD["what"] in client.get(address("audit_standard", code="A1")).content.decode()


@pytest.mark.parametrize("code", ["A1.2", "A2.1"])
def test_a_2_and_no_answer_ask_for_none(cast: Cast, sign_in: SignIn, code: str) -> None:
    make_draft(cast, {"A1.1": 0, "A1.2": 2})
    response = sign_in(cast.lead).post(address("audit_action_add", code=code), GOOD)
    assert response.status_code == 302
    assert not Action.objects.exists()


def test_an_unknown_indicator_is_404(cast: Cast, sign_in: SignIn) -> None:
    make_draft(cast, 0)
    assert sign_in(cast.lead).get(address("audit_action_add", code="Z9")).status_code == 404


def test_the_plan_lives_after_submission_and_close(cast: Cast, sign_in: SignIn) -> None:
    audit = make_submitted(cast, 1)
    Cycle.objects.update(status=CycleStatus.CLOSED, closed_at=timezone.now())
    client = sign_in(cast.lead)
    response = client.post(address("audit_action_add", code="A1.1"), GOOD)
    assert response["Location"] == address("audit_read") + "#A1.1"
    action = Action.objects.get(answer__audit=audit)
    send_report(client, action, status="in_progress", percent="30", text="Begun")
    action.refresh_from_db()
    assert action.percent == 30


def test_a_reason_for_none_is_part_of_the_trail(cast: Cast, sign_in: SignIn) -> None:
    audit = make_draft(cast, 1)
    client = sign_in(cast.lead)
    response = client.post(address("audit_no_action", code="A1.1"), {"reason": "The council does it for us"})
    assert response["Location"] == address("audit_standard", code="A1") + "#A1.1"
    answer = audit.answers.get(indicator__code="A1.1")
    assert (answer.no_action_reason, answer.version, answer.updated_by) == (
        "The council does it for us",
        2,
        cast.lead,
    )
    change = AnswerChange.objects.get()
    assert (change.no_action_before, change.no_action_after, change.score_after) == (
        "",
        answer.no_action_reason,
        1,
    )
    give_no_action_reason(audit=audit, answer=answer, reason=answer.no_action_reason, by=cast.lead)
    assert AnswerChange.objects.count() == 1
    assert "The council does it for us" in client.get(address("audit_standard", code="A1")).content.decode()


def test_no_reason_once_it_is_submitted_and_the_text_is_kept(cast: Cast, sign_in: SignIn) -> None:
    make_submitted(cast, 1)
    text = "A reason that took a while to type"
    response = sign_in(cast.lead).post(address("audit_no_action", code="A1.1"), {"reason": text})
    assert response.status_code == 403
    assert text in response.content.decode()
    assert not AnswerChange.objects.exists()


def test_a_reason_given_after_submission_is_not_what_was_submitted(cast: Cast) -> None:
    audit = make_submitted(cast, 1)
    Audit.objects.update(status=AuditStatus.DRAFT, submitted_at=None, first_submitted_at=None)
    answer = audit.answers.get(indicator__code="A1.1")
    give_no_action_reason(audit=audit, answer=answer, reason="Said later", by=cast.lead)
    plan = get_reading(audit, 1).plans[answer.indicator_id]
    assert (plan.reason, plan.is_missing) == ("", True)
    assert get_reading(audit, None).plans[answer.indicator_id].reason == "Said later"


def test_what_has_neither_action_nor_reason(cast: Cast, django_assert_num_queries: Any) -> None:
    make_draft(cast, {"A1.1": 0, "A1.2": 1, "A2.1": 2, "A2.2": 1})
    audit = get_audit_or_404(cast.lead, "harbour", "anchor", "2026")
    answers = {answer.indicator.code: answer for answer in audit.answers.select_related("indicator")}
    with django_assert_num_queries(5):
        assert [item.indicator.code for item in get_unplanned(audit)] == ["A1.1", "A1.2", "A2.2"]
    action = make_action(cast, answer=answers["A1.1"])
    give_no_action_reason(audit=audit, answer=answers["A1.2"], reason="Not ours", by=cast.lead)
    asked = get_asked_standards(audit)
    with django_assert_num_queries(1):
        assert [item.indicator.code for item in get_unplanned(audit, asked)] == ["A2.2"]
    action.status = ActionStatus.DROPPED
    action.save()
    assert [item.indicator.code for item in get_unplanned(audit)] == ["A1.1", "A2.2"]


@pytest.mark.parametrize(
    "columns", [{"score": 2}, {"score": None, "not_applicable_reason": "It does not do this"}]
)
def test_an_action_outlives_its_score_and_says_so(
    cast: Cast, sign_in: SignIn, columns: dict[str, Any]
) -> None:
    audit = make_draft(cast, 1)
    answer = audit.answers.get(indicator__code="A1.1")
    action = make_action(cast, answer=answer)
    audit.answers.filter(pk=answer.pk).update(**columns)
    client = sign_in(cast.lead)
    assert "is no longer scored 0 or 1" in client.get(url("action", action=action.pk)).content.decode()
    card = client.get(address("audit_standard", code="A1")).content.decode()
    assert "these stay in the plan" in card
    assert "A1.1" not in [item.indicator.code for item in get_unplanned(audit)]


def test_an_unfinished_action_of_a_submitted_audit_goes_on(cast: Cast) -> None:
    last = make_submitted(cast, 1)
    earlier = make_action(cast, answer=last.answers.get(indicator__code="A1.1"))
    bank = last.questionnaire
    cycle = factories.make_cycle(cast.partnership, slug="2027", questionnaires=(bank,))
    audit = factories.make_audit(cycle, cast.organisation, scores=0)
    assert [item.indicator.code for item in get_unplanned(audit)] == ["A1.2", "A2.1", "A2.2"]
    plans = get_plans(audit, get_asked_standards(audit))
    assert [plan.earlier for plan in plans.values()] == [(earlier,), (), (), ()]
    Action.objects.update(status=ActionStatus.DONE, percent=100)
    assert len(get_unplanned(audit)) == 4


# Who may --------------------------------------------------------------------------------------------------------------

WRITERS = {"lead", "contributor"}
MEMBERS = WRITERS | {"signatory", "viewer"}
READERS = {"administrator", "quality_officer", "scrutineer"}


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        ("free", MEMBERS),
        ("draft", MEMBERS),
        ("submitted", MEMBERS | READERS),
        ("returned", MEMBERS | READERS),
        ("panel", MEMBERS | READERS),
    ],
)
def test_who_sees_an_action(cast: Cast, state: str, readers: set[str]) -> None:
    if state in ("free", "panel"):
        make_action(cast, origin=state)
    else:
        audit = make_submitted(cast, 1) if state != "draft" else make_draft(cast, 1)
        if state == "returned":
            Audit.objects.filter(pk=audit.pk).update(status=AuditStatus.RETURNED)
        make_action(cast, answer=audit.answers.all()[0])
    seen = {name for name, person in cast.people.items() if Action.objects.visible_to(person).exists()}
    assert seen == readers


def test_another_partnership_of_the_same_organisation_sees_nothing(cast: Cast, sign_in: SignIn) -> None:
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    audit = make_submitted(cast, 1)
    action = make_action(cast, answer=audit.answers.all()[0], what="Harbour’s own action")
    assert not Action.objects.visible_to(cast.outsider).exists()
    client = sign_in(cast.lead)
    there = {"partnership": "moorland", "organisation": "anchor"}
    assert "Harbour’s own action" not in client.get(reverse("surveys:actions", kwargs=there)).content.decode()
    assert client.get(reverse("surveys:action", kwargs={**there, "action": action.pk})).status_code == 404


@pytest.mark.parametrize(
    ("origin", "owner", "may"),
    [
        (ActionOrigin.FREE, None, {"lead": "acr", "contributor": "acr"}),
        (ActionOrigin.FREE, "viewer", {"lead": "acr", "contributor": "acr", "viewer": "r"}),
        (ActionOrigin.PANEL, "signatory", {"lead": "ar", "contributor": "ar", "signatory": "r"}),
    ],
)
def test_who_may_add_change_and_report(
    cast: Cast, origin: ActionOrigin, owner: str | None, may: dict[str, str]
) -> None:
    action = make_action(cast, origin=origin, owner_user=cast.people[owner] if owner else None)
    found = {}
    for name in ("lead", "contributor", "signatory", "viewer"):
        person, roles = cast.people[name], frozenset({MembershipRole(name)})
        refusals = {
            "a": reason_why_not(check_can_plan_actions, roles),
            "c": reason_why_not(check_can_change_action, roles, action),
            "r": reason_why_not(check_can_report_progress, roles, person, action),
        }
        assert all(sentence.endswith(".") for sentence in refusals.values() if sentence)
        allowed = "".join(letter for letter, sentence in refusals.items() if not sentence)
        found[name] = allowed
    assert {name: letters for name, letters in found.items() if letters} == may


def test_officers_read_the_plan_beside_the_submitted_answer(cast: Cast, sign_in: SignIn) -> None:
    audit = make_submitted(cast, 1)
    make_action(cast, answer=audit.answers.get(indicator__code="A1.1"))
    make_action(cast, what="A free one that is nobody else’s")
    page = sign_in(cast.quality_officer).get(address("audit_read")).content.decode()
    assert "Every child is seen within three days" in page
    assert "A free one" not in page


def test_adding_writes_who_and_when(cast: Cast) -> None:
    action = add_action(participation=place(cast), entered=make_input(), by=cast.lead)
    update = action.updates.get()
    assert (update.by, update.status_before, update.status_after) == (cast.lead, "not_started", "not_started")


def test_the_pdf_is_asked_for_and_kept(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("surveys.documents.render_action_plan", lambda participation: b"%PDF-1.7")
    client = sign_in(cast.viewer)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(url("actions_document_request"))
    document = Document.objects.get()
    assert response["Location"] == url("actions_document", document=document.pk)
    assert document.is_built
    got = client.get(url("actions_document_file", document=document.pk))
    assert b"".join(got) == b"%PDF-1.7"
    assert "anchor-trust-actions-" in got["Content-Disposition"]


# Who lost their role while they typed


@pytest.mark.parametrize("name", ["action_add", "action_change", "action_update", "audit_action_add"])
def test_who_may_no_more_gets_the_form_back_as_it_was_typed(cast: Cast, sign_in: SignIn, name: str) -> None:
    audit = make_draft(cast, {"A1.1": 0})
    action = make_action(cast)
    here = {
        "action_add": url("action_add"),
        "action_change": url("action_change", action=action.pk),
        "action_update": url("action_update", action=action.pk),
        "audit_action_add": address("audit_action_add", code="A1.1"),
    }[name]
    viewer = sign_in(cast.viewer)
    typed = GOOD | {"what": "Typed in vain", "text": "Typed in vain", "reason": "Because", "go": "anyway"}
    response = viewer.post(here, typed)
    assert response.status_code == 403
    assert "Typed in vain</textarea>" in response.text
    assert "There is a problem" in response.text
    assert Action.objects.count() == 1
    assert not action.updates.exists()
    assert audit.answers.get().actions.count() == 0
    # A visit has nothing to lose.
    assert '<form method="post" novalidate' not in viewer.get(here).text
