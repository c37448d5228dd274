"""The pipeline: each state at its edges."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from s11.organisations.enums import ContactKind
from s11.organisations.models import Contact, Organisation, Participation, User
from surveys.enums import AuditStatus, CycleStatus, MessageStatus
from surveys.figures import LONDON
from surveys.models import Action, Answer, Audit, Cycle, EvidenceChange
from surveys.pipeline import PipelineRow, PipelineState, Wanted, count_places, list_rows
from tests import factories
from tests.conftest import Cast
from tests.surveys.pipeline_places import invite, refuse

DAY = datetime.timedelta(days=1)


@pytest.fixture
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


def get_line(cycle: Cycle, organisation: Organisation) -> PipelineRow:
    (line,) = [one for one in list_rows(cycle, Wanted()) if one.row.invitee.organisation == organisation]
    return line


def get_states(cycle: Cycle) -> dict[str, tuple[PipelineState, PipelineState]]:
    return {line.row.name: (line.state, line.stage) for line in list_rows(cycle, Wanted())}


def test_each_state(cast: Cast, cycle: Cycle) -> None:
    invite(cast, cycle, "Invited")
    refuse(invite(cast, cycle, "Refused"))
    invite(cast, cycle, "Registered", has_member=True)
    for name, scores in (("Started", {"A1.1": 0}), ("Stalled", {"A1.1": 0}), ("Opened", None)):
        factories.make_audit(cycle, invite(cast, cycle, name, has_member=True).organisation, scores=scores)
    of_stalled = Answer.objects.filter(audit__invitee__organisation__name="Stalled")
    of_stalled.update(updated_at=timezone.now() - 15 * DAY)
    factories.make_sign_off(
        factories.make_audit(cycle, invite(cast, cycle, "Awaiting").organisation, scores=2)
    )
    for name, status in (("Returned", AuditStatus.RETURNED), ("Submitted", AuditStatus.SUBMITTED)):
        factories.make_audit(cycle, invite(cast, cycle, name).organisation, scores=2, status=status)
    factories.make_own_tool_return(invite(cast, cycle, "Own"))
    exempt = invite(cast, cycle, "Exempt")
    exempt.exempt_reason = "Closed for repairs"
    exempt.save()

    state = PipelineState
    expected = {
        "Invited": state.INVITED,
        "Refused": state.REFUSED,
        "Registered": state.REGISTERED,
        "Opened": state.REGISTERED,
        "Started": state.STARTED,
        "Stalled": state.STALLED,
        "Awaiting": state.AWAITING_SIGN_OFF,
        "Returned": state.RETURNED,
        "Submitted": state.SUBMITTED,
        "Own": state.OWN_TOOL,
        "Exempt": state.EXEMPT,
    }
    assert get_states(cycle) == {name: (one, one) for name, one in expected.items()}
    counts = count_places(cycle)
    assert sum(counts.values()) == len(expected)
    assert (counts[state.REGISTERED], counts[state.OVERDUE], counts[state.SUBMITTED_LATE]) == (2, 0, 0)


@pytest.mark.parametrize(
    ("after", "is_open", "expected"),
    [
        (14 * DAY - datetime.timedelta(seconds=1), True, PipelineState.STARTED),
        (14 * DAY, True, PipelineState.STALLED),
        (14 * DAY, False, PipelineState.STARTED),
    ],
)
def test_it_stalls_when_nothing_changed_for_fourteen_days_of_an_open_cycle(
    cast: Cast, cycle: Cycle, after: datetime.timedelta, is_open: bool, expected: PipelineState
) -> None:
    factories.make_audit(cycle, cast.organisation, scores={"A1.1": 0, "A1.2": 1})
    last = timezone.now()
    Answer.objects.filter(indicator__code="A1.1").update(updated_at=last - 20 * DAY)
    Answer.objects.filter(indicator__code="A1.2").update(updated_at=last)
    if not is_open:
        cycle.status, cycle.closed_at = CycleStatus.CLOSED, timezone.now()
        cycle.save()
    with time_machine.travel(last + after, tick=False):
        assert get_line(cycle, cast.organisation).state == expected


def give_fact(audit: Audit, by: User) -> None:
    audit.profile_answers.create(
        question=audit.questionnaire.profile_questions.get(), value="1", updated_by=by
    )


def put_evidence_on(audit: Audit, by: User) -> None:
    answer = audit.answers.all()[0]
    EvidenceChange.objects.create(
        answer=answer, evidence=factories.make_evidence(audit.organisation), is_put_on=True, by=by
    )


def plan_action(audit: Audit, by: User) -> None:
    factories.make_action(audit.organisation, audit.partnership, answer=audit.answers.all()[0], created_by=by)


def report_on_action(audit: Audit, by: User) -> None:
    plan_action(audit, by)
    Action.objects.update(created_at=timezone.now() - 20 * DAY)
    action = Action.objects.get()
    action.updates.create(
        text="Begun",
        status_before=action.status,
        status_after=action.status,
        percent_before=0,
        percent_after=10,
        due_before=action.due_on,
        due_after=action.due_on,
        by=by,
    )


def assign(audit: Audit, by: User) -> None:
    audit.assignments.create(user=by, standard=audit.questionnaire.standards.all()[0], by=by)


WORK = [give_fact, put_evidence_on, plan_action, report_on_action, assign]


@pytest.mark.parametrize("work", WORK)
def test_any_work_on_the_audit_is_a_change(
    cast: Cast, cycle: Cycle, work: Callable[[Audit, User], None]
) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores={"A1.1": 0})
    other = factories.make_audit(cycle, cast.other_organisation, scores={"A1.1": 0})
    Answer.objects.update(updated_at=timezone.now() - 20 * DAY)
    work(audit, cast.lead)
    found = {line.row.invitee.audit.pk: line for line in list_rows(cycle, Wanted())}
    assert found[audit.pk].state == PipelineState.STARTED
    assert found[other.pk].state == PipelineState.STALLED
    changed_at = found[audit.pk].row.changed_at
    assert changed_at is not None
    assert timezone.now() - changed_at < DAY


def test_one_that_is_signed_says_so(cast: Cast, cycle: Cycle) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores=2)
    waiting = factories.make_audit(cycle, cast.other_organisation, scores=2)
    factories.make_sign_off(audit, signed_by=cast.signatory)
    factories.make_sign_off(waiting)
    lines = list_rows(cycle, Wanted(state="awaiting_sign_off"))
    assert [(line.word, line.row.word) for line in lines] == [
        ("Signed off", "Signed off"),
        ("Awaiting sign-off", "Awaiting sign-off"),
    ]


def test_what_was_brought_forward_is_no_change(cast: Cast, cycle: Cycle) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores={"A1.1": 0, "A1.2": 1})
    audit.answers.filter(indicator__code="A1.1").update(updated_at=timezone.now() - 20 * DAY)
    audit.answers.filter(indicator__code="A1.2").update(confirmed=False)
    assert get_line(cycle, cast.organisation).state == PipelineState.STALLED


@pytest.mark.parametrize("hour", [23, 24])
@pytest.mark.parametrize("extended", [0, 5])
@pytest.mark.parametrize("month", [1, 6])
def test_overdue_begins_when_its_own_last_day_ends_in_england(
    cast: Cast, cycle: Cycle, hour: int, extended: int, month: int
) -> None:
    closes_on = datetime.date(2027, month, 15)
    Cycle.objects.update(closes_on=closes_on)
    cycle.refresh_from_db()
    invitee = factories.make_invitee(cycle, cast.organisation)
    if extended:
        invitee.extended_to, invitee.extension_reason = closes_on + extended * DAY, "Ill"
        invitee.save()
    midnight = datetime.datetime.combine(closes_on + extended * DAY, datetime.time(0), tzinfo=LONDON)
    with time_machine.travel(midnight + datetime.timedelta(hours=hour), tick=False):
        line = get_line(cycle, cast.organisation)
    assert line.due_on == closes_on + extended * DAY
    assert line.state == (PipelineState.OVERDUE if hour == 24 else PipelineState.REGISTERED)
    assert line.stage == PipelineState.REGISTERED


def test_an_extension_never_shortens(cast: Cast, cycle: Cycle) -> None:
    invitee = factories.make_invitee(cycle, cast.organisation)
    invitee.extended_to, invitee.extension_reason = cycle.closes_on - 3 * DAY, "Ill"
    invitee.save()
    assert get_line(cycle, cast.organisation).due_on == cycle.closes_on == invitee.due_on


@pytest.mark.parametrize(
    ("hour", "expected"), [(23, PipelineState.SUBMITTED), (24, PipelineState.SUBMITTED_LATE)]
)
@pytest.mark.parametrize("month", [1, 6])
def test_on_time_and_late(cast: Cast, cycle: Cycle, hour: int, expected: PipelineState, month: int) -> None:
    closes_on = datetime.date(2026, month, 15)
    Cycle.objects.update(closes_on=closes_on, opens_on=closes_on - 9 * DAY)
    cycle.refresh_from_db()
    at = datetime.datetime.combine(closes_on, datetime.time(0), tzinfo=LONDON) + datetime.timedelta(
        hours=hour
    )
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED, submitted_at=at)
    line = get_line(cycle, cast.organisation)
    assert (line.state, line.word) == (expected, "Submitted")
    assert line.note == ("on time" if expected == PipelineState.SUBMITTED else "late")


@pytest.mark.parametrize("status", [CycleStatus.PLANNED, CycleStatus.OPEN, CycleStatus.CLOSED])
def test_of_a_plan_nothing_is_overdue(cast: Cast, cycle: Cycle, status: CycleStatus) -> None:
    factories.make_invitee(cycle, cast.organisation)
    cycle.status, cycle.closes_on = status, timezone.localdate() - DAY
    cycle.closed_at = timezone.now() if status == CycleStatus.CLOSED else None
    cycle.save()
    is_over = get_line(cycle, cast.organisation).state == PipelineState.OVERDUE
    assert is_over == (status != CycleStatus.PLANNED)


def test_refused_mail(cast: Cast, cycle: Cycle) -> None:
    """A mail that came back, or a contact known to be gone; not where somebody has an account or was reached."""
    refuse(invite(cast, cycle, "With member", has_member=True))
    reached = invite(cast, cycle, "Reached since")
    refuse(reached, created_at=timezone.now() - DAY)
    refuse(reached, status=MessageStatus.SENT, sent_at=timezone.now())
    elsewhere = invite(cast, cycle, "Refused elsewhere")
    Participation.objects.create(partnership=cast.elsewhere, organisation=elsewhere.organisation)
    refuse(elsewhere, partnership=cast.elsewhere, cycle=None, invitee=None)
    for name, ended in (("Contact gone", None), ("Contact ended", timezone.now())):
        organisation = invite(cast, cycle, name).organisation
        contact = Contact.objects.create(
            participation=organisation.participations.get(),
            kind=ContactKind.CHIEF_EXECUTIVE,
            name="Chris",
            email="chris@example.org",
            refused_at=timezone.now(),
            ended_at=ended,
        )
        if ended:
            refuse(cycle.invitees.get(organisation=organisation), contact=contact)
    assert {name: state for name, (state, _) in get_states(cycle).items()} == {
        "With member": PipelineState.REGISTERED,
        "Reached since": PipelineState.INVITED,
        "Refused elsewhere": PipelineState.INVITED,
        "Contact gone": PipelineState.REFUSED,
        "Contact ended": PipelineState.INVITED,
    }
