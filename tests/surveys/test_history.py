"""An audit's trail: who changed what, for whom; and the audit as it stood on a day."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Protocol

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys.enums import ActionOrigin, AuditEventKind, AuditStatus, EvidenceKind
from surveys.evidence_links import link_evidence, unlink_evidence
from surveys.models import Action, Answer, AnswerChange, AnswerEvidence, Audit, AuditEvent, Cycle, Evidence
from surveys.past import get_past_reading
from surveys.workflow import AnswerInput, save_answers, submit_audit
from tests.conftest import Cast
from tests.surveys.audit_pages import address, bring_to, make_complete, make_draft
from tests.surveys.last_years import make_last_audit, open_new


class Clock(Protocol):
    """What a journey in time gives; its own class has no public name."""

    def move_to(self, destination: datetime.datetime) -> None: ...


NOW = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.documents.render_audit_copy", lambda audit, submission: b"%PDF-1.7")


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def days_ago(clock: Clock, days: int) -> None:
    clock.move_to(NOW - datetime.timedelta(days=days))


def save(audit: Audit, by: User, code: str, score: int | None, words: str = "", *, seen: int) -> None:
    indicator = audit.questionnaire.indicators.get(code=code)
    assert not save_answers(audit=audit, entered=[AnswerInput(indicator, score, "", words, seen)], by=by)


@pytest.fixture
def changed(cast: Cast, clock: Clock) -> Audit:
    """A1.1 written five days ago and changed three days ago by somebody else; A2.1 yesterday."""
    days_ago(clock, 9)
    audit = make_draft(cast)
    days_ago(clock, 5)
    save(audit, cast.contributor, "A1.1", 0, "First words", seen=0)
    days_ago(clock, 3)
    save(audit, cast.lead, "A1.1", 2, "Second words", seen=1)
    days_ago(clock, 1)
    save(audit, cast.contributor, "A2.1", 1, seen=0)
    clock.move_to(NOW)
    return audit


def on(days: int) -> dict[str, str]:
    day = (NOW - datetime.timedelta(days=days)).date()
    return {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year)}


def get(client: Client, name: str = "audit_history", **query: str) -> str:
    response = client.get(address(name), query)
    assert response.status_code == 200
    return response.text


def entries_of(page: str) -> str:
    return page.partition('role="search"')[2].partition("</form>")[2]


# The trail


def test_it_says_who_changed_what_from_what_to_what(
    changed: Audit, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    page = get(sign_in(cast.viewer))
    assert "3 entries" in page
    entries = entries_of(page)
    days = [entries.index(f"{day} November 2026</h2>") for day in (19, 17, 15)]
    assert days == sorted(days), "newest first"
    row = entries.partition("17 November 2026")[2].partition("</li>")[0]
    assert "No progress (0)" in row
    assert "<strong>Achieved (2)</strong>" in row
    assert "First words" in row
    assert "Second words" in row
    assert cast.lead.email in row
    assert "Beacon" not in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"part": "A1"}, {"A1.1"}),
        ({"part": "A2"}, {"A2.1"}),
        ({"part": "A1.2"}, set()),
        ({"part": "A1.1"}, {"A1.1"}),
        ({"part": "A9"}, {"A1.1", "A2.1"}),  # unknown: everything
        ({"person": "lead"}, {"A1.1"}),
        ({"person": "contributor", "part": "A2"}, {"A2.1"}),
        ({"person": "99999999"}, {"A1.1", "A2.1"}),
    ],
)
def test_filtered_by_standard_indicator_and_person(
    changed: Audit, cast: Cast, sign_in: Callable[[User], Client], query: dict[str, str], shown: set[str]
) -> None:
    if query.get("person") in cast.people:
        query = query | {"person": str(cast.people[query["person"]].pk)}
    entries = entries_of(get(sign_in(cast.lead), **query))
    assert {code for code in ("A1.1", "A1.2", "A2.1") if f"{code}</span>" in entries} == shown
    assert ("Nothing here fits" in entries) == (not shown)


def test_what_came_along_is_told_once_and_a_confirmation_is_one(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    make_last_audit(cast)
    audit = open_new(cast)
    answer = audit.answers.get(indicator__code="A1.1")
    again = AnswerInput(answer.indicator, 2, "", answer.commentary, 1, confirms=True)
    save_answers(audit=audit, entered=[again], by=cast.contributor)
    page = get(sign_in(cast.lead))
    assert "Carried over: 4 of 4 answers from Audit 2025, to confirm" in page
    assert "Confirmed as brought forward: Achieved (2)" in page
    assert "3 entries" in page


def test_evidence_and_events_stand_there_too(
    changed: Audit, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    item = Evidence.objects.create(
        organisation=cast.organisation, kind=EvidenceKind.REFERENCE, title="Training register"
    )
    item.versions.create(number=1, reference="Shelf 3")
    AnswerEvidence.objects.create(
        answer=changed.answers.get(indicator__code="A1.1"), evidence=item, added_by=cast.lead
    )
    AuditEvent.objects.create(audit=changed, kind=AuditEventKind.RECALLED, by=cast.lead)
    client = sign_in(cast.lead)
    assert "Evidence added: Training register" in get(client, part="A1")
    assert "Recalled" in entries_of(get(client))
    assert "Recalled" not in entries_of(get(client, part="A1"))


def test_evidence_taken_off_stands_there_too(
    changed: Audit, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    item = Evidence.objects.create(
        organisation=cast.organisation, kind=EvidenceKind.REFERENCE, title="Training register"
    )
    item.versions.create(number=1, reference="Shelf 3")
    indicator = changed.questionnaire.indicators.get(code="A1.1")
    link_evidence(audit=changed, indicator=indicator, items=[item.pk], by=cast.lead)
    unlink_evidence(audit=changed, link=AnswerEvidence.objects.get(), by=cast.contributor)
    page = get(sign_in(cast.viewer), part="A1.1")
    assert page.count("Evidence added: Training register") == 1
    assert page.count("Evidence taken off: Training register") == 1
    assert "Evidence" not in entries_of(get(sign_in(cast.viewer), part="A2"))
    assert "taken off" not in entries_of(get(sign_in(cast.viewer), person=str(cast.lead.pk)))


def test_officers_are_not_told_of_evidence_that_was_never_submitted(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    audit = make_complete(cast)
    items = [
        Evidence.objects.create(organisation=cast.organisation, kind=EvidenceKind.REFERENCE, title=title)
        for title in ("Staff file", "Policy")
    ]
    indicator = audit.questionnaire.indicators.get(code="A1.1")
    for item in items:
        item.versions.create(number=1, reference="Shelf 3")
        link_evidence(audit=audit, indicator=indicator, items=[item.pk], by=cast.lead)
    unlink_evidence(audit=audit, link=AnswerEvidence.objects.get(evidence=items[0]), by=cast.lead)
    submit_audit(audit=audit, by=cast.lead)
    page = get(sign_in(cast.quality_officer))
    assert "Evidence added: Policy" in page
    assert "Staff file" not in page
    assert "Evidence taken off: Staff file" in get(sign_in(cast.lead))


def test_reports_on_earlier_years_actions_stand_in_this_year_s_history(
    cast: Cast, clock: Clock, sign_in: Callable[[User], Client]
) -> None:
    days_ago(clock, 400)
    last = make_last_audit(cast, years=0)
    participation = cast.organisation.participations.get(partnership=cast.partnership)
    action = Action.objects.create(
        participation=participation,
        origin=ActionOrigin.SCORE,
        answer=last.answers.get(indicator__code="A1.1"),
        what="A named lead in each school",
        measure="The list is complete",
        owner="The trust’s lead",
        due_on=NOW.date(),
        first_due_on=NOW.date(),
        created_by=cast.lead,
    )
    report(action, cast.lead, "Before this year")
    days_ago(clock, 9)
    open_new(cast)
    days_ago(clock, 3)
    report(action, cast.contributor, "Two are left")
    clock.move_to(NOW)
    page = get(sign_in(cast.viewer))
    assert "Action from Audit 2025 in progress, 50%: A named lead in each school – Two are left" in page
    assert "Before this year" not in page
    assert "Two are left" in get(sign_in(cast.viewer), part="A1.1")
    assert "Two are left" not in get(sign_in(cast.viewer), part="A2")
    # Under an audit that is newer still, what was reported then stands there.
    assert "Two are left" in sign_in(cast.viewer).get(last_history()).text


def report(action: Action, by: User, text: str) -> None:
    action.updates.create(
        text=text,
        status_before="not_started",
        status_after="in_progress",
        percent_before=0,
        percent_after=50,
        due_before=action.due_on,
        due_after=action.due_on,
        by=by,
        at=timezone.now(),
    )


def last_history() -> str:
    return address("audit_history").replace("/2026/", "/2025/")


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast,
    sign_in: Callable[[User], Client],
    size: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    audit = make_draft(cast, 2)
    for answer in audit.answers.all()[:size]:
        AnswerChange.objects.create(answer=answer, version=2, score_before=1, score_after=2, by=cast.lead)
    client = sign_in(cast.lead)
    with django_assert_num_queries(HISTORY_QUERIES):
        get(client)
    with django_assert_num_queries(DAY_QUERIES):
        get(client, "audit_on", **on_today())


HISTORY_QUERIES = 12
DAY_QUERIES = 15


def on_today() -> dict[str, str]:
    day = timezone.localdate()
    return {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year)}


def test_fifty_a_page(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    audit = make_draft(cast, {"A1.1": 2})
    answer = audit.answers.get()
    AnswerChange.objects.bulk_create(
        AnswerChange(answer=answer, version=number, score_before=1, score_after=2) for number in range(2, 57)
    )
    client = sign_in(cast.lead)
    assert entries_of(get(client, part="A1.1")).count("Achieved (2)</strong>") == 50
    second = get(client, part="A1.1", page="2")
    assert entries_of(second).count("Achieved (2)</strong>") == 5
    assert "part=A1.1&amp;page=1" in second


# For whom

READING = {
    "lead": (404, 200, 200, 200, 200),
    "stranger": (404, 404, 404, 404, 404),
    "administrator": (404, 403, 403, 200, 200),
    "publisher": (404, 403, 403, 403, 403),
    "outsider": (404, 404, 404, 404, 404),
}
READERS = {
    **dict.fromkeys(("lead", "contributor", "signatory", "viewer"), READING["lead"]),
    **dict.fromkeys(("administrator", "quality_officer", "scrutineer"), READING["administrator"]),
    **dict.fromkeys(("panel_member", "panel_chair", "publisher"), READING["publisher"]),
    "stranger": READING["stranger"],
    "outsider": READING["outsider"],
}
STATES = ("not started", "draft", "awaiting sign-off", "submitted", "returned")


@pytest.mark.parametrize("state", STATES)
def test_who_reads_the_history(cast: Cast, sign_in: Callable[[User], Client], state: str) -> None:
    bring_to(cast, state)
    assert set(cast.people) == set(READERS)
    found = {}
    for name, person in cast.people.items():
        client = sign_in(person)
        statuses = {client.get(address(page)).status_code for page in ("audit_history", "audit_on")}
        assert len(statuses) == 1
        found[name] = statuses.pop()
    assert found == {name: statuses[STATES.index(state)] for name, statuses in READERS.items()}


def test_officers_read_what_led_to_the_submission_and_nothing_since(
    cast: Cast, clock: Clock, sign_in: Callable[[User], Client]
) -> None:
    days_ago(clock, 5)
    audit = make_complete(cast)
    Cycle.objects.update(asks_sign_off=False)
    audit = Audit.objects.get(pk=audit.pk)
    save(audit, cast.lead, "A1.1", 1, "As submitted", seen=1)
    submit_audit(audit=audit, by=cast.lead)
    days_ago(clock, 3)
    Audit.objects.filter(pk=audit.pk).update(status=AuditStatus.RETURNED)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.RETURNED, by=cast.quality_officer)
    answer = audit.answers.get(indicator__code="A1.1")
    AnswerChange.objects.create(
        answer=answer,
        version=3,
        score_before=1,
        score_after=0,
        commentary_before="As submitted",
        commentary_after="Being corrected",
        by=cast.lead,
    )
    Answer.objects.filter(pk=answer.pk).update(score=0, commentary="Being corrected", version=3)
    clock.move_to(NOW)
    theirs, own = get(sign_in(cast.quality_officer)), get(sign_in(cast.lead))
    assert "Being corrected" in own
    assert "Being corrected" not in theirs
    for page in (theirs, own):
        assert "As submitted" in page
        assert "Submitted" in entries_of(page)
        assert "Returned for correction" in entries_of(page)
    assert "up to submission 1" in theirs
    officer = sign_in(cast.quality_officer)
    assert "As submitted" in get(officer, "audit_on", **on(1))
    assert "There was nothing to read yet" in get(officer, "audit_on", **on(6))
    assert "Being corrected" in get(sign_in(cast.lead), "audit_on", **on(1))


# As it stood


@pytest.mark.parametrize(
    ("days", "then"),
    [
        (8, ({}, None)),
        (5, ({"A1.1": 0}, "First words")),
        (4, ({"A1.1": 0}, "First words")),
        (3, ({"A1.1": 2}, "Second words")),
        (0, ({"A1.1": 2, "A2.1": 1}, "Second words")),
    ],
)
def test_as_it_stood_at_the_end_of_a_day(
    changed: Audit,
    cast: Cast,
    sign_in: Callable[[User], Client],
    days: int,
    then: tuple[dict[str, int], str | None],
) -> None:
    scores, words = then
    reading = get_past_reading(changed, NOW - datetime.timedelta(days=days) + datetime.timedelta(hours=6))
    found = {
        item.indicator.code: item.answer.score
        for standard in reading.standards
        for item in standard.asked.items
        if item.answer
    }
    assert found == scores
    page = get(sign_in(cast.lead), "audit_on", **on(days))
    assert f"{len(scores)} of 4 answered" in page
    for text in ("First words", "Second words"):
        assert (text in page) == (text == words)


def test_a_carried_over_answer_was_not_confirmed_before_it_was(cast: Cast, clock: Clock) -> None:
    make_last_audit(cast)
    days_ago(clock, 5)
    audit = open_new(cast)
    answer = audit.answers.get(indicator__code="A1.1")
    days_ago(clock, 2)
    entered = AnswerInput(answer.indicator, 2, "", answer.commentary, 1, confirms=True)
    save_answers(audit=audit, entered=[entered], by=cast.lead)
    clock.move_to(NOW)
    before, after = (get_past_reading(audit, NOW - datetime.timedelta(days=days)) for days in (3, 1))
    assert (before.answered, after.answered) == (0, 1)
    assert before.whole.tally.n == 0


def test_an_imported_answer_that_was_changed_since_is_dated_by_its_import(cast: Cast, clock: Clock) -> None:
    days_ago(clock, 9)
    audit = make_draft(cast)
    days_ago(clock, 5)
    AuditEvent.objects.create(audit=audit, kind=AuditEventKind.IMPORTED)
    Answer.objects.create(audit=audit, indicator=audit.questionnaire.indicators.get(code="A1.1"), score=0)
    days_ago(clock, 2)
    save(audit, cast.lead, "A1.1", 2, seen=1)
    clock.move_to(NOW)
    totals = [get_past_reading(audit, NOW - datetime.timedelta(days=days)).whole.tally for days in (6, 4, 1)]
    assert [(tally.n, tally.total) for tally in totals] == [(0, 0), (1, 0), (1, 2)]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"on_day": "31", "on_month": "2", "on_year": "2026"}, "must be a real date"),
        ({"on_day": "1", "on_month": "1", "on_year": "2199"}, "The day must be today or in the past"),
        ({"on_day": "", "on_month": "", "on_year": ""}, "Enter the day whose end you want to see"),
    ],
)
def test_a_day_that_cannot_be_shown(
    changed: Audit, cast: Cast, sign_in: Callable[[User], Client], query: dict[str, str], sentence: str
) -> None:
    page = get(sign_in(cast.lead), "audit_on", **query)
    assert sentence in page
    assert "so far" not in page


def test_before_the_audit_was_opened_there_is_nothing(
    changed: Audit, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    assert "There was nothing to read yet" in get(sign_in(cast.lead), "audit_on", **on(12))


def test_winding_back_leaves_the_rows_as_they_are(changed: Audit) -> None:
    before = list(Answer.objects.order_by("pk").values())
    get_past_reading(changed, NOW - datetime.timedelta(days=4))
    assert list(Answer.objects.order_by("pk").values()) == before
