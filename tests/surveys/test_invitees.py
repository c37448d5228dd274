"""Who is invited to a cycle: the list with progress, inviting more, and what is agreed with one of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, Participation, User
from s11.web.fields import form_errors
from surveys.cycle_plans import (
    change_exemption,
    change_extension,
    change_obligation,
    invite_to_cycle,
    remove_invitee,
)
from surveys.enums import AuditStatus, CycleKind, CycleStatus, EscalationStep, Obligation
from surveys.forms.invitees import ExtensionForm
from surveys.invitees import InviteeRow, InviteeState, get_invitees, make_rows
from surveys.models import Cycle, Escalation, Invitee, ProfileAnswer, ProfileQuestion
from surveys.progress import get_progress
from surveys.workflow import NotInThisState, close_cycle
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

CYCLE = "/p/harbour/desk/cycles/2026/"
ANCHOR = f"{CYCLE}invitees/anchor/"
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
SignIn = Callable[[User], Client]


def text(response: Any) -> str:
    return str(response.content.decode())


def parts(name: str, day: datetime.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@grounded
def invitee(cast: Cast, cycle: Cycle) -> Invitee:
    return factories.make_invitee(cycle, cast.organisation)


def get_row(cycle: Cycle, organisation: Organisation) -> InviteeRow:
    (row,) = make_rows(cycle, get_invitees(cycle).filter(organisation=organisation))
    return row


# --- how far they have come ---


def test_each_state(cast: Cast, cycle: Cycle) -> None:
    def make(name: str) -> Organisation:
        organisation = factories.make_organisation(name, partnership=cast.partnership)
        factories.make_member(f"{name}@example.org", organisation=organisation)
        return organisation

    factories.make_invitee(cycle, factories.make_organisation("Invited", partnership=cast.partnership))
    factories.make_invitee(cycle, make("Registered"))
    factories.make_audit(cycle, make("Opened"))
    factories.make_audit(cycle, make("Started"), scores={"A1.1": 0})
    factories.make_audit(cycle, make("Submitted"), scores=2, status=AuditStatus.SUBMITTED)
    factories.make_audit(cycle, make("Returned"), scores=2, status=AuditStatus.RETURNED)
    exempt = factories.make_audit(cycle, make("Exempt"), scores=2, status=AuditStatus.SUBMITTED).invitee
    exempt.exempt_reason = "Closed for repairs"
    exempt.save()

    rows = {row.name: (row.state, row.word, row.progress) for row in make_rows(cycle, get_invitees(cycle))}
    assert rows == {
        "Exempt": (InviteeState.EXEMPT, "Exempt", "4 of 4 answered"),
        "Invited": (InviteeState.INVITED, "Invited", "Not started"),
        "Opened": (InviteeState.REGISTERED, "Registered", "0 of 4 answered"),
        "Registered": (InviteeState.REGISTERED, "Registered", "Not started"),
        "Returned": (InviteeState.SUBMITTED, "Returned", "4 of 4 answered"),
        "Started": (InviteeState.STARTED, "Started", "1 of 4 answered"),
        "Submitted": (InviteeState.SUBMITTED, "Submitted", "4 of 4 answered"),
    }


def test_in_a_plan_nobody_has_been_asked(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    Cycle.objects.update(status=CycleStatus.PLANNED)
    cycle.refresh_from_db()
    factories.make_invitee(cycle, cast.organisation)
    exempt = factories.make_invitee(cycle, cast.other_organisation)
    exempt.exempt_reason = "Closed for repairs"
    exempt.save()

    words = {row.name: row.word for row in make_rows(cycle, get_invitees(cycle))}
    assert words == {"Anchor Trust": "Planned", "Beacon Homes": "Exempt"}
    client = sign_in(cast.publisher)
    assert "1 exempt" in text(client.get(CYCLE))
    assert ">Registered<" not in text(client.get(ANCHOR))


def test_who_registers_after_the_close_is_not_registered(cast: Cast, cycle: Cycle) -> None:
    organisation = factories.make_organisation("Late", partnership=cast.partnership)
    factories.make_invitee(cycle, organisation)
    close_cycle(cycle=cycle, by=cast.administrator)
    factories.make_member("late@example.org", organisation=organisation)

    assert get_row(cycle, organisation).state == InviteeState.INVITED


@pytest.mark.parametrize("kind", CycleKind)
@pytest.mark.parametrize("profile", [None, {"P1": "3"}, {"P1": "4"}, {"P1": ""}])
def test_progress_is_what_the_agency_sees(
    cast: Cast, kind: CycleKind, profile: dict[str, str] | None
) -> None:
    questionnaire = factories.make_questionnaire()
    questionnaire.indicators.filter(code="A1.2").update(applies_if={"P1": "3"})
    questionnaire.indicators.filter(code="A2.1").update(in_force=TODAY + 90 * DAY)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(questionnaire,), kind=kind)
    cycle.cycle_questionnaires.get().standards.set(questionnaire.standards.filter(code="A1"))
    audit = factories.make_audit(cycle, cast.organisation, scores={"A1.1": 1, "A1.2": 2, "A2.2": "Not ours"})
    for code, value in (profile or {}).items():
        question = ProfileQuestion.objects.get(code=code)
        ProfileAnswer.objects.create(audit=audit, question=question, value=value)
    row, progress = get_row(cycle, cast.organisation), get_progress(audit)

    assert (row.answered, row.asked) == (progress.answered, progress.asked)
    assert progress.asked > 0


def test_the_list_shows_progress_and_never_an_answer(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores={"A1.1": 0})
    audit.answers.update(commentary="Between ourselves")
    for officer in (cast.administrator, cast.quality_officer, cast.scrutineer, cast.publisher):
        client = sign_in(officer)
        for page in (CYCLE, ANCHOR):
            shown = text(client.get(page))
            assert "1 of 4" in shown
            assert "Between ourselves" not in shown
            assert "/read/" not in shown


def test_a_submitted_audit_is_a_link_for_its_readers(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    link = "/p/harbour/o/anchor/audits/2026/read/"

    for page in (CYCLE, ANCHOR):
        assert link in text(sign_in(cast.scrutineer).get(page))
        assert link not in text(sign_in(cast.publisher).get(page))


def test_who_may_not_change_it_reads_what_an_administrator_can(
    cast: Cast, invitee: Invitee, sign_in: SignIn
) -> None:
    sentence = "More time, exemption, removal: Only an administrator of Harbour can do this."
    assert sentence in text(sign_in(cast.quality_officer).get(ANCHOR))
    assert sentence not in text(sign_in(cast.administrator).get(ANCHOR))


def test_search_and_filters(cast: Cast, cycle: Cycle, invitee: Invitee, sign_in: SignIn) -> None:
    Participation.objects.filter(organisation=cast.other_organisation).update(local_name="The lighthouse")
    factories.make_audit(cycle, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED)
    client = sign_in(cast.administrator)

    def shown(query: str) -> tuple[bool, bool]:
        page = text(client.get(f"{CYCLE}?{query}"))
        return "Anchor Trust" in page, "The lighthouse" in page

    assert shown("") == (True, True)
    assert shown("search=LIGHT") == (False, True)
    assert shown("search=beacon") == (False, True)
    assert shown("state=registered") == (True, False)
    assert shown("state=submitted&variant=standard") == (False, True)
    assert shown("search=nobody") == (False, False)
    assert "No invited organisation fits" in text(client.get(f"{CYCLE}?search=nobody"))
    assert shown("state=nonsense&page=x") == (True, True)


@pytest.mark.parametrize("number", [1, 3])
def test_list_queries(
    cast: Cast,
    cycle: Cycle,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for index in range(number):
        started = factories.make_organisation(f"Started {index}", partnership=cast.partnership)
        factories.make_audit(cycle, started, scores={"A1.1": 2})
        done = factories.make_organisation(f"Submitted {index}", partnership=cast.partnership)
        factories.make_audit(cycle, done, scores=1, status=AuditStatus.SUBMITTED)
    client = sign_in(cast.administrator)
    with django_assert_num_queries(18):
        client.get(CYCLE)


# --- inviting ---


def test_inviting_some_and_all(cast: Cast, cycle: Cycle, invitee: Invitee, sign_in: SignIn) -> None:
    optional = factories.make_organisation("Cabin", partnership=cast.partnership, is_statutory=False)
    factories.make_organisation("Clinic", partnership=cast.partnership, variant=Variant.HEALTH)
    factories.make_organisation("Elsewhere", partnership=cast.elsewhere)
    client = sign_in(cast.administrator)
    page = text(client.get(f"{CYCLE}invite/"))
    assert [name in page for name in ("Beacon Homes", "Cabin", "Anchor Trust", "Clinic", "Elsewhere")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    chosen = Participation.objects.get(organisation=optional)
    client.post(f"{CYCLE}invite/", {"organisations": [chosen.pk]})
    assert cycle.invitees.get(organisation=optional).obligation == Obligation.MAY
    client.post(f"{CYCLE}invite/", {"all": "1"})

    assert cycle.invitees.get(organisation=cast.other_organisation).obligation == Obligation.MUST
    assert cycle.invitees.count() == 3
    assert "is invited" in text(client.get(f"{CYCLE}invite/"))


def test_inviting_all_takes_only_those_that_were_found(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    sign_in(cast.administrator).post(f"{CYCLE}invite/?search=anchor", {"all": "1"})

    assert [invitee.organisation for invitee in cycle.invitees.all()] == [cast.organisation]


def test_inviting_nobody_or_a_stranger_is_told(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    stranger = factories.make_organisation("Elsewhere", partnership=cast.elsewhere)
    client = sign_in(cast.administrator)

    assert "Select the organisations to invite" in text(client.post(f"{CYCLE}invite/", {"some": "1"}))
    pk = Participation.objects.get(organisation=stranger).pk
    assert "Select one of the choices" in text(client.post(f"{CYCLE}invite/", {"organisations": [pk]}))
    assert not cycle.invitees.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_invite_queries(
    cast: Cast,
    cycle: Cycle,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    Participation.objects.all().delete()
    for index in range(number):
        factories.make_organisation(f"Organisation {index}", partnership=cast.partnership)
    client = sign_in(cast.administrator)
    with django_assert_num_queries(6):
        client.get(f"{CYCLE}invite/")
    with django_assert_num_queries(17):
        client.post(f"{CYCLE}invite/", {"all": "1"})


def test_the_trail_names_who_was_invited(cast: Cast, cycle: Cycle) -> None:
    invite_to_cycle(cycle=cycle, invited={cast.organisation: Obligation.MUST}, by=cast.administrator)

    entry = LogEntry.objects.get_for_object(cycle).latest("timestamp")
    assert entry.changes_dict["invitees"]["objects"] == ["Anchor Trust"]
    assert entry.actor == cast.administrator


def test_inviting_twice_keeps_the_first(cast: Cast, cycle: Cycle, invitee: Invitee) -> None:
    invite_to_cycle(cycle=cycle, invited={cast.organisation: Obligation.MAY}, by=cast.administrator)

    assert cycle.invitees.get() == invitee
    assert cycle.invitees.get().obligation == Obligation.MUST


def test_inviting_to_a_cycle_that_was_closed_meanwhile(cast: Cast, cycle: Cycle) -> None:
    close_cycle(cycle=Cycle.objects.get(), by=cast.administrator)
    with pytest.raises(NotInThisState, match="is closed by now"):
        invite_to_cycle(cycle=cycle, invited={cast.organisation: Obligation.MUST}, by=cast.administrator)


# --- one of them ---


def test_must_or_may(cast: Cast, invitee: Invitee, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    response = client.post(f"{ANCHOR}obligation/", {"obligation": "may"})

    assert response.headers["Location"] == ANCHOR
    invitee.refresh_from_db()
    assert invitee.obligation == Obligation.MAY
    assert "Select one of the choices" in text(client.post(f"{ANCHOR}obligation/", {"obligation": "x"}))


def test_extension_and_back(cast: Cast, cycle: Cycle, invitee: Invitee, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    until = cycle.closes_on + 7 * DAY
    client.post(f"{ANCHOR}extension/", parts("extended_to", until) | {"extension_reason": "New lead"})
    invitee.refresh_from_db()
    assert (invitee.due_on, invitee.extension_reason) == (until, "New lead")
    assert "extended: New lead" in text(client.get(ANCHOR))
    assert "Extended" in text(client.get(CYCLE))
    client.post(f"{ANCHOR}extension/undo/")

    invitee.refresh_from_db()
    assert (invitee.extended_to, invitee.extension_reason) == (None, "")


@pytest.mark.parametrize(
    ("closes_in", "extended_in", "reason", "sentence"),
    [
        (5, 5, "A reason", "Last day must be after the closing day"),
        (-5, -1, "A reason", "Last day must be today or in the future"),
        (5, 9, " ", "Enter the reason"),
    ],
)
def test_an_extension_that_extends_nothing_is_told(
    invitee: Invitee, *, closes_in: int, extended_in: int, reason: str, sentence: str
) -> None:
    invitee.cycle.closes_on = TODAY + closes_in * DAY
    data = parts("extended_to", TODAY + extended_in * DAY) | {"extension_reason": reason}
    form = ExtensionForm(data, instance=invitee)

    assert [sentence in error["text"] for error in form_errors(form)] == [True]


def test_exemption_and_back(cast: Cast, invitee: Invitee, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    assert "Enter an answer to ‘Why is it exempt?’" in text(
        client.post(f"{ANCHOR}exemption/", {"exempt_reason": ""})
    )
    client.post(f"{ANCHOR}exemption/", {"exempt_reason": "Closed for repairs"})
    invitee.refresh_from_db()
    assert invitee.is_exempt
    assert "Closed for repairs" in text(client.get(ANCHOR))
    client.post(f"{ANCHOR}exemption/undo/")

    invitee.refresh_from_db()
    assert not invitee.is_exempt


def test_two_changes_at_once_keep_both(cast: Cast, invitee: Invitee, sign_in: SignIn) -> None:
    """Each writes its own columns, however old the page was."""
    client = sign_in(cast.administrator)
    client.post(f"{ANCHOR}exemption/", {"exempt_reason": "Closed for repairs"})
    client.post(f"{ANCHOR}obligation/", {"obligation": "may"})

    invitee.refresh_from_db()
    assert (invitee.exempt_reason, invitee.obligation) == ("Closed for repairs", Obligation.MAY)
    trail = LogEntry.objects.get_for_object(invitee).filter(action=LogEntry.Action.UPDATE)
    assert {name for entry in trail for name in entry.changes_dict} == {"exempt_reason", "obligation"}


@pytest.mark.parametrize(("what", "verb"), [("extension", "needs no more time"), ("exemption", "cannot be")])
def test_what_was_submitted_is_neither_extended_nor_exempt(
    cast: Cast, cycle: Cycle, sign_in: SignIn, what: str, verb: str
) -> None:
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    client = sign_in(cast.administrator)
    refused = client.get(f"{ANCHOR}{what}/")

    assert refused.status_code == 403
    assert f"Anchor Trust has submitted its audit, so it {verb}" in text(refused)
    assert verb in text(client.get(ANCHOR))


def test_an_exemption_is_taken_back_after_a_submission_too(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    invitee = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED).invitee
    invitee.exempt_reason = "By mistake"
    invitee.save()
    sign_in(cast.administrator).post(f"{ANCHOR}exemption/undo/")

    invitee.refresh_from_db()
    assert not invitee.is_exempt


def test_removing(cast: Cast, cycle: Cycle, invitee: Invitee, sign_in: SignIn) -> None:
    response = sign_in(cast.administrator).post(f"{ANCHOR}remove/", follow=True)

    assert "Anchor Trust is no longer invited" in text(response)
    assert not cycle.invitees.exists()
    assert LogEntry.objects.filter(action=LogEntry.Action.DELETE, object_id=invitee.pk).exists()


def test_an_audit_is_never_removed(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    invitee = factories.make_audit(cycle, cast.organisation).invitee
    client = sign_in(cast.administrator)
    sentence = "Anchor Trust has opened its audit, so it cannot be removed. Make it exempt instead."

    assert sentence in text(client.get(ANCHOR))
    assert sentence in text(client.post(f"{ANCHOR}remove/"))
    with pytest.raises(NotInThisState, match="has opened its audit by now"):
        remove_invitee(invitee=invitee, by=cast.administrator)


def test_who_was_chased_on_record_is_never_removed(
    cast: Cast, invitee: Invitee, cycle: Cycle, sign_in: SignIn
) -> None:
    Escalation.objects.create(invitee=invitee, step=EscalationStep.CALL, by=cast.administrator)
    client = sign_in(cast.administrator)
    sentence = (
        "Anchor Trust has been chased by letter or call, which stays on record, so it cannot be removed."
    )
    assert sentence in text(client.get(ANCHOR))
    assert sentence in text(client.post(f"{ANCHOR}remove/"))
    with pytest.raises(NotInThisState, match="chased"):
        remove_invitee(invitee=invitee, by=cast.administrator)


def test_unknown_addresses_are_not_found(cast: Cast, invitee: Invitee, cycle: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)

    assert client.get(f"{ANCHOR}nonsense/").status_code == 404
    assert client.post(f"{ANCHOR}obligation/undo/").status_code == 404
    assert client.get(f"{CYCLE}invitees/beacon/").status_code == 404
    assert client.get(f"{ANCHOR}remove/").status_code == 405


def test_planned_cycles_show_no_progress(cast: Cast, cycle: Cycle, invitee: Invitee, sign_in: SignIn) -> None:
    Cycle.objects.update(status=CycleStatus.PLANNED)
    page = text(sign_in(cast.administrator).get(CYCLE))

    assert "Anchor Trust" in page
    assert "Answered" not in page


# --- somebody was quicker ---


def test_agreements_are_judged_by_what_is_so_now(cast: Cast, cycle: Cycle) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    before = Invitee.objects.get(pk=audit.invitee_id)
    by = cast.administrator
    with pytest.raises(NotInThisState, match="so its last day was not changed"):
        change_extension(invitee=before, extended_to=TODAY + 60 * DAY, extension_reason="Late", by=by)
    with pytest.raises(NotInThisState, match="so it was not made exempt"):
        change_exemption(invitee=before, exempt_reason="Repairs", by=by)
    close_cycle(cycle=cycle, by=by)
    with pytest.raises(NotInThisState, match="is closed by now, so nothing was changed"):
        change_obligation(invitee=before, obligation=Obligation.MAY, by=by)
    before.refresh_from_db()
    assert (before.extended_to, before.exempt_reason, before.obligation) == (None, "", Obligation.MUST)


def test_nothing_is_agreed_with_who_is_no_longer_invited(cast: Cast, invitee: Invitee) -> None:
    gone = Invitee.objects.get(pk=invitee.pk)
    remove_invitee(invitee=invitee, by=cast.administrator)
    with pytest.raises(NotInThisState, match="no longer invited"):
        change_obligation(invitee=gone, obligation=Obligation.MAY, by=cast.administrator)
