"""Two people at the same moment, on a database where two can really write: the second waits, and is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from s11.organisations import workflow
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Invitation, Membership, Organisation, Partnership, User
from s11.web.errors import NotInThisState
from tests import factories
from tests.organisations.invitations import make_invitation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Tests on SQLite share one connection in memory; there the write lock of the whole file keeps the promise.
    pytest.mark.skipif(
        not connection.features.test_db_allows_multiple_connections,
        reason="needs a database that two connections can write to",
    ),
]


@pytest.fixture
def partnership() -> Partnership:
    return factories.make_partnership("Harbour", slug="harbour")


@pytest.fixture
def organisation(partnership: Partnership) -> Organisation:
    return factories.make_organisation("Anchor Trust", slug="anchor", partnership=partnership)


def run_together(*acts: Callable[[], object]) -> list[str]:
    """Each act in a thread and on a connection of its own, all let go at once; what each was told, or nothing."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait(timeout=10)
            act()
        except NotInThisState as late:
            return str(late)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def get_fresh(membership: Membership) -> Membership:
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def test_two_first_people_accept_and_only_one_starts_at_once(
    partnership: Partnership, organisation: Organisation
) -> None:
    officer = factories.make_officer("officer@harbour.example", partnership=partnership)
    invitations = [
        make_invitation(
            email=f"{name}@anchor.example",
            role=MembershipRole.LEAD,
            organisation=organisation,
            partnership=partnership,
            by=officer,
        )[0]
        for name in "ab"
    ]

    def accept(invitation: Invitation) -> Callable[[], object]:
        return lambda: workflow.accept_invitation(invitation=invitation)

    assert run_together(*map(accept, invitations)) == ["", ""]
    assert Membership.objects.active().count() == 1
    assert Membership.objects.requested().count() == 1


def test_one_invitation_is_accepted_once(partnership: Partnership, organisation: Organisation) -> None:
    lead = factories.make_member("lead@anchor.example", organisation=organisation)
    invitation, _ = make_invitation(
        email="a@anchor.example", role=MembershipRole.VIEWER, organisation=organisation, by=lead
    )
    copies = [Invitation.objects.get(pk=invitation.pk) for _ in range(2)]
    said = run_together(*[lambda one=one: workflow.accept_invitation(invitation=one) for one in copies])
    assert sorted(bool(sentence) for sentence in said) == [False, True]
    assert Membership.objects.filter(user__email="a@anchor.example").count() == 1


def test_two_leads_end_each_other_and_one_stays(partnership: Partnership, organisation: Organisation) -> None:
    people: list[User] = [
        factories.make_member(f"{name}@anchor.example", organisation=organisation) for name in "ab"
    ]
    first, second = (get_fresh(person.memberships.get()) for person in people)
    said = run_together(
        lambda: workflow.end_membership(membership=first, by=people[1]),
        lambda: workflow.end_membership(membership=second, by=people[0]),
    )
    assert sorted(bool(sentence) for sentence in said) == [False, True]
    assert Membership.objects.active().count() == 1


def test_one_accepts_what_another_refuses(partnership: Partnership, organisation: Organisation) -> None:
    lead = factories.make_member("lead@anchor.example", organisation=organisation)
    request = Membership.objects.create(
        user=factories.make_user("asks@anchor.example"),
        organisation=organisation,
        role=MembershipRole.VIEWER,
    )
    accepted, refused = get_fresh(request), get_fresh(request)
    said = run_together(
        lambda: workflow.accept_request(membership=accepted, by=lead),
        lambda: workflow.refuse_request(membership=refused, by=lead),
    )
    request.refresh_from_db()
    assert request.is_active is (said[0] == "")
    assert (request.ended_at is not None) is (said[1] == "")
    assert sorted(bool(sentence) for sentence in said) == [False, True]
