"""Who changed what when: roles, organisations and participations leave a trail by themselves."""

from __future__ import annotations

from collections.abc import Callable

from auditlog.models import LogEntry
from django.db.models import Model
from django.test import Client

from s11.organisations import workflow
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Invitation, Membership, Officer, Organisation, Participation, User
from tests import factories
from tests.conftest import Cast

SignIn = Callable[[User], Client]


def get_changes(row: Model) -> list[tuple[int, User | None, set[str]]]:
    """(created or updated, by whom, which columns), oldest first."""
    entries = LogEntry.objects.get_for_object(row).order_by("pk")
    return [(entry.action, entry.actor, set(entry.changes_dict)) for entry in entries]


def test_the_name_of_an_organisation(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.lead).post("/p/harbour/o/anchor/details/", {"name": "Anchor House"})
    *_, (action, actor, columns) = get_changes(cast.organisation)
    assert (action, actor, columns) == (LogEntry.Action.UPDATE, cast.lead, {"name"})
    entry = LogEntry.objects.get_for_object(cast.organisation).latest("pk")
    assert entry.changes_dict["name"] == ["Anchor Trust", "Anchor House"]


def test_an_organisation_that_is_added_and_its_participation(cast: Cast, sign_in: SignIn) -> None:
    entered = {"name": "Cove", "variant": "school", "is_statutory": "no"}
    sign_in(cast.administrator).post("/p/harbour/desk/organisations/add/", entered)
    added = Organisation.objects.get(name="Cove")
    for row in (added, added.participations.get()):
        assert get_changes(row)[0][:2] == (LogEntry.Action.CREATE, cast.administrator)


def test_what_a_partnership_holds(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.quality_officer).post(
        "/p/harbour/desk/organisations/anchor/facts/", {"local_name": "The Anchor", "is_statutory": "on"}
    )
    participation = Participation.objects.get(organisation=cast.organisation)
    assert get_changes(participation)[-1] == (
        LogEntry.Action.UPDATE,
        cast.quality_officer,
        {"local_name", "is_active"},
    )


def test_roles_given_changed_and_ended(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    client.post(f"/p/harbour/o/anchor/people/{cast.viewer.pk}/roles/", {"roles": ["signatory"]})
    given = cast.viewer.memberships.get(role=MembershipRole.SIGNATORY)
    ended = cast.viewer.memberships.get(role=MembershipRole.VIEWER)
    assert get_changes(given)[0][:2] == (LogEntry.Action.CREATE, cast.lead)
    assert get_changes(ended)[-1] == (LogEntry.Action.UPDATE, cast.lead, {"ended_at", "ended_by"})


def test_a_request_and_who_said_yes(cast: Cast, sign_in: SignIn) -> None:
    quiet = factories.make_organisation("Quiet", slug="quiet", partnership=cast.partnership)
    request = Membership.objects.create(
        user=factories.make_user("asks@quiet.example"), organisation=quiet, role=MembershipRole.LEAD
    )
    sign_in(cast.administrator).post(f"/p/harbour/desk/organisations/quiet/requests/{request.pk}/approve/")
    assert get_changes(request.approvals.get())[0][:2] == (LogEntry.Action.CREATE, cast.administrator)
    assert get_changes(request)[-1] == (LogEntry.Action.UPDATE, cast.administrator, {"started_at"})


def test_an_office_and_the_settings(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    office = Officer.objects.get(user=cast.publisher)
    client.post(f"/p/harbour/desk/people/{office.pk}/end/")
    assert get_changes(office)[-1] == (
        LogEntry.Action.UPDATE,
        cast.administrator,
        {"ended_at", "ended_by"},
    )
    client.post("/p/harbour/desk/settings/", {"name": "Harbour", "colour": "#1d5f6e"})
    assert get_changes(cast.partnership)[-1] == (LogEntry.Action.UPDATE, cast.administrator, {"colour"})


def test_the_trail_holds_no_secret(cast: Cast) -> None:
    workflow.invite(
        email="new@anchor.example", role=MembershipRole.VIEWER, organisation=cast.organisation, by=cast.lead
    )
    invitation = Invitation.objects.get()
    for entry in LogEntry.objects.all():
        assert "token_hash" not in entry.changes_dict
        assert "password" not in entry.changes_dict
        assert invitation.token_hash not in str(entry.changes)
