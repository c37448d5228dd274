"""Answers from a file: drafts set, submissions frozen as a person's would be, one event an audit."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation
from surveys.enums import AuditEventKind, AuditStatus, CycleKind, Scope
from surveys.imports.answer_checks import check_answers
from surveys.imports.audit_rows import Roll
from surveys.imports.csv_files import CsvFile
from surveys.models import (
    Answer,
    AnswerChange,
    Audit,
    AuditEvent,
    Cycle,
    Indicator,
    ProfileAnswer,
    Scorecard,
)
from surveys.progress import get_progress
from surveys.workflow import freeze_answers
from tests import factories
from tests.ground import grounded
from tests.surveys.import_files import (
    AT,
    get_answers,
    make_answers,
    make_import_cycle,
    refuse,
    rows,
    run,
)

pytestmark = pytest.mark.django_db
COMMAND = "import_answers"
REASON = "It does not do this"
DRAFT_QUERIES = 26
SUBMISSION_QUERIES = 27
CHANGE_QUERIES = 27


@grounded
def cycle(db: None) -> Cycle:
    return make_import_cycle()


@grounded
def anchor(cycle: Cycle) -> Organisation:
    return Organisation.objects.get(name="Anchor")


# Submissions --------------------------------------------------------------------------------------------------


def test_a_submission(tmp_path: Path, cycle: Cycle, anchor: Organisation) -> None:
    path = make_answers(tmp_path, *rows()[:3], f"Anchor,{AT},A2.2,NA,{REASON},We never did.")
    assert run(COMMAND, path, cycle="2026") == (
        "4 answers of 1 audit: 1 submitted, 0 drafts; 4 new, 0 changed, 0 as before.\n"
    )
    audit = Audit.objects.get()
    assert (audit.organisation, audit.cycle, audit.status) == (anchor, cycle, AuditStatus.SUBMITTED)
    assert (audit.submission, audit.submitted_by) == (1, None)
    assert audit.submitted_at == audit.first_submitted_at == datetime.datetime.fromisoformat(AT)
    assert get_answers() == {
        "A1.1": (2, "", ""),
        "A1.2": (1, "", ""),
        "A2.1": (0, "", ""),
        "A2.2": (None, REASON, "We never did."),
    }
    assert list(
        Answer.objects.values_list("submitted_score", "submitted_not_applicable", "confirmed", "version")
    ) == [
        (2, False, True, 1),
        (1, False, True, 1),
        (0, False, True, 1),
        (None, True, True, 1),
    ]
    assert not AnswerChange.objects.exists()


def test_it_is_frozen_as_a_persons_submission_is(tmp_path: Path, cycle: Cycle, anchor: Organisation) -> None:
    run(COMMAND, make_answers(tmp_path, *rows(), *rows("Cove", scores="0 2 1 1")), cycle="2026")
    columns = (
        "scope",
        "standard",
        "theme",
        "series",
        "submission",
        "n",
        "sum",
        "zeros",
        "not_applicable",
        "grade",
    )
    for audit in Audit.objects.all():
        imported = sorted(audit.scorecards.values_list(*columns), key=str)
        answers = list(audit.answers.values_list("submitted_score", "submitted_not_applicable"))
        audit.scorecards.all().delete()
        audit.answers.update(submitted_score=None)
        freeze_answers(audit, [item for standard in get_progress(audit).standards for item in standard.items])
        assert imported == sorted(audit.scorecards.values_list(*columns), key=str)
        assert answers == list(audit.answers.values_list("submitted_score", "submitted_not_applicable"))
    whole = Scorecard.objects.get(audit__invitee__organisation=anchor, scope=Scope.WHOLE)
    assert (whole.n, whole.sum, whole.zeros, whole.grade) == (4, 5, 1, 1)


def test_scores_alone_suffice(tmp_path: Path, cycle: Cycle) -> None:
    """No profile, no notes where a reason asks for them."""
    notes = "Another reason (explain it in the notes)"
    path = make_answers(tmp_path, *rows()[:3], f"Anchor,{AT},A2.2,NA,{notes},")
    run(COMMAND, path, cycle="2026")
    assert not ProfileAnswer.objects.exists()
    assert Audit.objects.get().status == AuditStatus.SUBMITTED


def test_rows_may_stand_in_any_order_and_batches_of_any_size(
    tmp_path: Path, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.imports.answers.ROWS_AT_ONCE", 3)
    monkeypatch.setattr("surveys.imports.answers.AUDITS_AT_ONCE", 1)
    mixed = [row for pair in zip(rows(), rows("Cove", "", "0 2 1 1"), strict=True) for row in pair]
    path = make_answers(tmp_path, *reversed(mixed), "Beacon,,E1.2,1,,")
    assert "9 answers of 3 audits: 1 submitted, 2 drafts; 9 new" in run(COMMAND, path, cycle="2026")
    assert [score for score, _, _ in get_answers("Anchor").values()] == [2, 1, 0, 2]
    assert [score for score, _, _ in get_answers("Cove").values()] == [0, 2, 1, 1]
    assert AuditEvent.objects.count() == 3
    assert Scorecard.objects.filter(scope=Scope.WHOLE).count() == 1


def test_an_applicable_indicator_is_one_that_has_a_row(tmp_path: Path, cycle: Cycle) -> None:
    Indicator.objects.filter(code__in=("A2.1", "A2.2")).update(applies_if={"P1": "12"})
    path = make_answers(tmp_path, *rows()[:3], *rows("Cove"))
    run(COMMAND, path, cycle="2026")
    sizes = Scorecard.objects.filter(scope=Scope.WHOLE).values_list("audit__invitee__organisation__name", "n")
    assert dict(sizes) == {"Anchor": 3, "Cove": 4}


def test_what_was_not_in_force_when_the_cycle_opened_is_not_asked(tmp_path: Path, cycle: Cycle) -> None:
    """The day on which it opens is known only when the earliest submission is: here the last row has it."""
    Indicator.objects.filter(code="A2.2").update(in_force=datetime.date(2025, 12, 31))
    Indicator.objects.filter(code="A2.1").update(in_force=datetime.date(2025, 12, 31), is_prepare=True)
    early = rows("Cove", "2025-12-30T09:00")
    path = make_answers(tmp_path, *rows()[:3], *early[:3])
    run(COMMAND, path, cycle="2026")
    assert set(Scorecard.objects.filter(scope=Scope.WHOLE).values_list("n", flat=True)) == {3}
    cycle.refresh_from_db()
    assert cycle.opens_on == datetime.date(2025, 12, 30)


def test_a_row_that_the_cycle_does_not_ask_is_refused(tmp_path: Path, cycle: Cycle) -> None:
    Cycle.objects.update(kind=CycleKind.CORE)
    path = make_answers(tmp_path, *rows()[:2])
    said = refuse(COMMAND, path, cycle="2026")
    assert 'line 3, indicator: 2026 does not ask A1.2 of "Anchor"; remove the row' in said
    run(COMMAND, make_answers(tmp_path, *rows()[:1]), cycle="2026")
    assert Scorecard.objects.get(scope=Scope.WHOLE).n == 1


# Moments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-01T12:00:00+00:00", "2026-05-01T12:00:00+00:00"),
        ("2026-05-01T12:00:00Z", "2026-05-01T12:00:00+00:00"),
        ("2026-05-01T12:00:00", "2026-05-01T11:00:00+00:00"),
        ("2026-02-01T12:00", "2026-02-01T12:00:00+00:00"),
        ("2026-05-01 12:00", "2026-05-01T11:00:00+00:00"),
        ("2026-05-01T12:00:00.250+05:30", "2026-05-01T06:30:00.250+00:00"),
        ("20260501T120000Z", "2026-05-01T12:00:00+00:00"),
        # That hour came twice: the first of them.
        ("2025-10-26T01:30", "2025-10-26T00:30:00+00:00"),
        ("2025-10-26T01:30+00:00", "2025-10-26T01:30:00+00:00"),
    ],
)
def test_when_it_was_submitted(tmp_path: Path, cycle: Cycle, text: str, moment: str) -> None:
    run(COMMAND, make_answers(tmp_path, *rows(at=text)), cycle="2026")
    assert Audit.objects.get().submitted_at == datetime.datetime.fromisoformat(moment)


def test_rows_of_one_audit_may_write_the_same_moment_differently(tmp_path: Path, cycle: Cycle) -> None:
    first, *others = rows()
    path = make_answers(tmp_path, first.replace(AT, "2026-05-01T13:00"), *others)
    run(COMMAND, path, cycle="2026")
    assert Audit.objects.get().submission == 1


@pytest.mark.parametrize(
    ("at", "opens_on"),
    [
        ("2025-12-31T23:59", datetime.date(2025, 12, 31)),
        ("2026-01-01T00:00", datetime.date(2026, 1, 1)),
        # Still the last day of May in UTC, the first of June in England.
        ("2025-05-31T23:30:00+00:00", datetime.date(2025, 6, 1)),
    ],
)
def test_an_earlier_submission_moves_the_opening_day_back(
    tmp_path: Path, cycle: Cycle, at: str, opens_on: datetime.date
) -> None:
    beacon = [f"Beacon,{AT},E1.1,1,,", f"Beacon,{AT},E1.2,2,,"]
    path = make_answers(tmp_path, *rows("Cove"), *rows(at=at), *beacon)
    said = run(COMMAND, path, cycle="2026")
    assert (f"2026 opens on {opens_on} now" in said) == (opens_on < cycle.opens_on)
    cycle.refresh_from_db()
    assert cycle.opens_on == opens_on


def test_a_submission_in_the_future_is_pointed_out(tmp_path: Path, cycle: Cycle) -> None:
    said = run(COMMAND, make_answers(tmp_path, *rows(at="2062-05-01T12:00")), cycle="2026")
    assert "1 submission in the future: check the file's submitted_at." in said


# Which organisation -------------------------------------------------------------------------------------------


def test_it_is_found_by_urn_or_by_what_it_is_called_here(tmp_path: Path, cycle: Cycle) -> None:
    elsewhere = factories.make_partnership("Moorland", slug="moorland")
    stranger = factories.make_organisation("Anchor", partnership=elsewhere)
    bank = cycle.cycle_questionnaires.get(variant=Variant.STANDARD).questionnaire
    their_cycle = factories.make_cycle(elsewhere, questionnaires=(bank,))
    factories.make_invitee(their_cycle, stranger)
    cycle.partnership.participations.filter(organisation__name="Cove").update(local_name="The Cove")
    path = make_answers(
        tmp_path,
        "111111,,E1.1,2,,",
        "Beacon,,E1.2,1,,",
        "The Cove,,A1.1,0,,",
        "Cove,,A1.2,1,,",
        "Anchor,,A1.1,2,,",
    )
    run(COMMAND, path, cycle="2026")
    assert get_answers("Beacon") == {"E1.1": (2, "", ""), "E1.2": (1, "", "")}
    assert get_answers("Cove") == {"A1.1": (0, "", ""), "A1.2": (1, "", "")}
    assert Audit.objects.filter(invitee__organisation=stranger).count() == 0


def test_two_of_one_name_need_their_urn(tmp_path: Path, cycle: Cycle) -> None:
    other = factories.make_organisation(
        "Beacon", partnership=cycle.partnership, variant=Variant.SCHOOL, urn="222222"
    )
    factories.make_invitee(cycle, other)
    said = refuse(COMMAND, make_answers(tmp_path, "Beacon,,E1.1,2,,"), cycle="2026")
    assert (
        'line 2, organisation: several organisations are called "Beacon"; write the URN of the one you mean'
        in said
    )
    run(COMMAND, make_answers(tmp_path, "222222,,E1.1,2,,"), cycle="2026")
    assert Audit.objects.get().organisation == other


# The trail, and its size ---------------------------------------------------------------------------------------


def test_each_audit_has_one_event_with_the_files_fingerprint(tmp_path: Path, cycle: Cycle) -> None:
    path = make_answers(tmp_path, *rows(), "Cove,,A1.1,1,,")
    run(COMMAND, path, cycle="2026")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    events = AuditEvent.objects.order_by("audit__invitee__organisation__name")
    assert [(event.audit.organisation.name, event.kind, event.by) for event in events] == [
        ("Anchor", AuditEventKind.IMPORTED, None),
        ("Cove", AuditEventKind.IMPORTED, None),
    ]
    assert {event.detail for event in events} == {f'From "answers.csv", SHA-256 {sha256}'}


def count_queries(path: Path) -> int:
    with CaptureQueriesContext(connection) as queries:
        run(COMMAND, path, cycle="2026")
    return len(queries)


def test_queries_do_not_grow_with_drafts(tmp_path: Path, cycle: Cycle) -> None:
    assert count_queries(make_answers(tmp_path, "Anchor,,A1.1,1,,")) == DRAFT_QUERIES
    assert count_queries(make_answers(tmp_path, *rows("Cove", ""), "Beacon,,E1.1,1,,")) == DRAFT_QUERIES


def test_queries_do_not_grow_with_submissions(tmp_path: Path, cycle: Cycle) -> None:
    beacon = [f"Beacon,{AT},E1.1,1,,", f"Beacon,{AT},E1.2,2,,"]
    assert count_queries(make_answers(tmp_path, *beacon)) == SUBMISSION_QUERIES
    assert count_queries(make_answers(tmp_path, *rows(), *rows("Cove"))) == SUBMISSION_QUERIES


def test_queries_do_not_grow_with_changes(tmp_path: Path, cycle: Cycle) -> None:
    run(COMMAND, make_answers(tmp_path, *rows("Anchor", ""), *rows("Cove", "")), cycle="2026")
    assert count_queries(make_answers(tmp_path, "Anchor,,A1.1,1,,")) == CHANGE_QUERIES
    changed = [*rows("Anchor", "", "0 0 1 1"), *rows("Cove", "", "0 0 1 1")]
    assert count_queries(make_answers(tmp_path, *changed)) == CHANGE_QUERIES


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_answers(tmp_path, *rows())

    def rewrite(*args: object) -> None:
        make_answers(tmp_path, *reversed(rows()))

    monkeypatch.setattr("surveys.imports.answers._Writer._write_audits", rewrite)
    assert "was changed while it was read: import it again" in refuse(COMMAND, path, cycle="2026")


# Locks --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_the_file_is_looked_through(
    tmp_path: Path, cycle: Cycle, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = []

    def check(file: CsvFile, roll: Roll) -> None:
        locked.append(connection.in_atomic_block)
        check_answers(file, roll)

    monkeypatch.setattr("surveys.imports.answers.check_answers", check)
    run(COMMAND, make_answers(tmp_path, *rows(), *rows("Cove", "")), cycle="2026")
    assert locked == [False]
    assert get_answers("Cove")["A1.1"] == (2, "", "")


def test_what_changed_since_the_file_was_looked_through_is_seen(
    tmp_path: Path, cycle: Cycle, anchor: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []

    def check(file: CsvFile, roll: Roll) -> None:
        check_answers(file, roll)
        checked.append(roll.state)
        anchor.invitees.update(exempt_reason="Closed for repairs")

    monkeypatch.setattr("surveys.imports.answers.check_answers", check)
    with pytest.raises(CommandError, match=r"\"Anchor\" is exempt from 2026"):
        run(COMMAND, make_answers(tmp_path, *rows()), cycle="2026")
    assert len(checked) == 1
    assert not Audit.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Organisation.objects.filter(name="Anchor").update(urn="222222"),
        lambda: Answer.objects.filter(indicator__code="A1.1").update(score=0),
        lambda: Audit.objects.update(submission=2),
        lambda: Cycle.objects.update(opens_on="2026-02-02"),
    ],
)
def test_a_roll_has_the_same_state_while_nothing_changes(
    tmp_path: Path, cycle: Cycle, change: Callable[[], object]
) -> None:
    run(COMMAND, make_answers(tmp_path, *rows(at="")), cycle="2026")
    before = Roll(Cycle.objects.get()).state
    assert Roll(Cycle.objects.get()).state == before
    change()
    assert Roll(Cycle.objects.get()).state != before
