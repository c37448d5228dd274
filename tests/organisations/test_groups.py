"""A group and its sites: asked, offered, accepted, declined, ended; by the two leads alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations.enums import MembershipRole
from s11.organisations.groups import find_by_words, get_group_sites, get_site_groups, get_site_or_404
from s11.organisations.models import GroupAccess, Organisation, User
from s11.organisations.workflow import accept_access, ask_access, decline_access, end_access
from s11.web.errors import NotInThisState
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
SITE = {"partnership": "harbour", "organisation": "anchor"}


@grounded
def group(cast: Cast) -> Organisation:
    """Tideway, in the same partnership; its lead, and a contributor who must see nothing."""
    made = factories.make_organisation("Tideway", slug="tideway", partnership=cast.partnership)
    factories.make_member("lead@tideway.example", organisation=made)
    factories.make_member("contributor@tideway.example", organisation=made, role=MembershipRole.CONTRIBUTOR)
    return made


@grounded
def group_lead(group: Organisation) -> User:
    return User.objects.get(email="lead@tideway.example")


@grounded
def asked(cast: Cast, group: Organisation, group_lead: User) -> GroupAccess:
    return ask_access(site=cast.organisation, group=group, by=group_lead)


def recipients() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


# The verbs ------------------------------------------------------------------------------------------------------------


def test_asked_and_accepted(
    cast: Cast,
    group: Organisation,
    group_lead: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        access = ask_access(site=cast.organisation, group=group, by=group_lead)
    assert recipients() == [cast.lead.email]
    assert mail.outbox[0].subject == "Tideway asks to see the audits of Anchor Trust: accept or decline"
    assert not GroupAccess.objects.of_leader(group_lead).exists()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        accept_access(access=access, by=cast.lead)
    assert recipients() == [group_lead.email]
    assert "has accepted: Tideway sees the audits of Anchor Trust now" in mail.outbox[0].subject
    assert GroupAccess.objects.of_leader(group_lead).get().accepted_by == cast.lead


def test_offered_and_accepted(cast: Cast, group: Organisation, group_lead: User) -> None:
    access = ask_access(site=cast.organisation, group=group, is_offer=True, by=cast.lead)
    assert (access.asker, access.answerer) == (cast.organisation, group)
    assert not GroupAccess.objects.of_leader(group_lead).exists()
    accept_access(access=access, by=group_lead)
    assert GroupAccess.objects.of_leader(group_lead).get().site == cast.organisation


def test_who_is_asked_and_offers_has_accepted(cast: Cast, group: Organisation, asked: GroupAccess) -> None:
    ask_access(site=cast.organisation, group=group, is_offer=True, by=cast.lead)
    asked.refresh_from_db()
    assert asked.is_active
    assert asked.accepted_by == cast.lead
    assert GroupAccess.objects.count() == 1


def test_asking_twice_says_so(cast: Cast, group: Organisation, group_lead: User, asked: GroupAccess) -> None:
    with pytest.raises(NotInThisState, match="Anchor Trust has been asked already"):
        ask_access(site=cast.organisation, group=group, by=group_lead)
    accept_access(access=asked, by=cast.lead)
    with pytest.raises(NotInThisState, match="Tideway sees Anchor Trust already"):
        ask_access(site=cast.organisation, group=group, by=group_lead)


def test_declined_can_be_asked_again(
    cast: Cast,
    group: Organisation,
    group_lead: User,
    asked: GroupAccess,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        decline_access(access=asked, by=cast.lead)
    assert recipients() == [group_lead.email]
    assert "has declined" in mail.outbox[0].subject
    with pytest.raises(NotInThisState, match="has ended already"):
        accept_access(access=asked, by=cast.lead)
    assert ask_access(site=cast.organisation, group=group, by=group_lead).pk != asked.pk


def test_withdrawn_tells_nobody(
    group_lead: User, asked: GroupAccess, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        decline_access(access=asked, by=group_lead)
    assert recipients() == []
    assert asked.ended_by == group_lead


@pytest.mark.parametrize("ends", ["lead", "group_lead"])
def test_either_side_ends_it(
    cast: Cast,
    group_lead: User,
    asked: GroupAccess,
    ends: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    accept_access(access=asked, by=cast.lead)
    people = {"lead": cast.lead, "group_lead": group_lead}
    with django_capture_on_commit_callbacks(execute=True):
        end_access(access=asked, by=people[ends])
    assert recipients() == [next(one.email for name, one in people.items() if name != ends)]
    assert not GroupAccess.objects.of_leader(group_lead).exists()
    with pytest.raises(NotInThisState, match="has ended already"):
        end_access(access=asked, by=people[ends])


def test_neither_declined_once_active_nor_ended_before(cast: Cast, asked: GroupAccess) -> None:
    with pytest.raises(NotInThisState, match="has not accepted yet"):
        end_access(access=asked, by=cast.lead)
    accept_access(access=asked, by=cast.lead)
    with pytest.raises(NotInThisState, match="accepted meanwhile"):
        decline_access(access=asked, by=cast.lead)
    with pytest.raises(NotInThisState, match="sees Anchor Trust already"):
        accept_access(access=asked, by=cast.lead)


def test_a_site_without_a_lead_is_asked_all_the_same(
    cast: Cast, group: Organisation, group_lead: User, sign_in: SignIn
) -> None:
    site = factories.make_organisation("Cove House", partnership=cast.partnership)
    site.parent = group
    site.save()
    address = reverse("organisations:ask_site", args=["tideway", site.slug])
    page = sign_in(group_lead).post(address, follow=True).content.decode()
    assert "it has no lead yet" in page
    assert GroupAccess.objects.waiting().get().site == site


def test_the_database_keeps_its_promises(cast: Cast, group: Organisation, group_lead: User) -> None:
    row = {"site": cast.organisation, "group": group, "asked_by": group_lead}
    GroupAccess.objects.create(**row)
    now = timezone.now()
    for wrong in (row, {**row, "site": group}, {**row, "started_at": now, "site": cast.other_organisation}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GroupAccess.objects.create(**wrong)
    GroupAccess.objects.update(ended_at=now)
    GroupAccess.objects.create(**row)


# Who is seen ----------------------------------------------------------------------------------------------------------


def test_a_site_opens_to_a_group_s_lead_alone(
    cast: Cast, group: Organisation, group_lead: User, asked: GroupAccess
) -> None:
    """Person by state: the lookup is the check. Members and officers come in by doors of their own."""
    cast.organisation.parent = group  # which gives nothing
    cast.organisation.save()
    contributor = User.objects.get(email="contributor@tideway.example")
    people = {**cast.people, "group_lead": group_lead, "group_contributor": contributor}
    seen: dict[str, set[str]] = {}

    def look(state: str) -> None:
        for name, person in people.items():
            try:
                get_site_or_404(person, "harbour", "anchor")
            except Http404:
                continue
            seen.setdefault(name, set()).add(state)

    look("asked")
    accept_access(access=asked, by=cast.lead)
    look("accepted")
    end_access(access=asked, by=cast.lead)
    look("ended")
    assert seen == {"group_lead": {"accepted"}}


def test_not_in_a_partnership_where_the_site_is_not(cast: Cast, group_lead: User, asked: GroupAccess) -> None:
    accept_access(access=asked, by=cast.lead)
    with pytest.raises(Http404):
        get_site_or_404(group_lead, "moorland", "anchor")


def test_a_lead_who_has_left_the_group_sees_nothing(cast: Cast, group_lead: User, asked: GroupAccess) -> None:
    accept_access(access=asked, by=cast.lead)
    group_lead.memberships.update(ended_at=timezone.now())
    with pytest.raises(Http404):
        get_site_or_404(group_lead, "harbour", "anchor")


# Finding --------------------------------------------------------------------------------------------------------------


def test_found_by_whole_name_near_or_by_identifier_anywhere(cast: Cast, group: Organisation) -> None:
    far = factories.make_organisation("Far School", partnership=cast.elsewhere, urn="123456")
    assert find_by_words("anchor trust", group) == [cast.organisation]
    assert find_by_words("Anchor", group) == []
    assert find_by_words("Far School", group) == []
    assert find_by_words("123 456", group) == [far]
    assert find_by_words("Tideway", group) == [], "not itself"
    far.parent = group
    far.save()
    assert find_by_words("Far School", group) == [far]
    cast.organisation.participations.update(is_active=False)
    assert find_by_words("Anchor Trust", group) == []


def test_found_by_local_name_in_the_own_partnership_alone(cast: Cast, group: Organisation) -> None:
    cast.organisation.participations.update(local_name="The Anchor")
    assert find_by_words("the anchor", group) == [cast.organisation]
    far = factories.make_organisation("Far School", partnership=cast.elsewhere)
    far.participations.update(local_name="Distant")
    assert find_by_words("Distant", group) == []


# Pages ----------------------------------------------------------------------------------------------------------------


def test_the_site_s_lead_accepts_on_the_page_of_its_people(
    cast: Cast, group_lead: User, asked: GroupAccess, sign_in: SignIn
) -> None:
    client = sign_in(cast.lead)
    assert "Tideway asks to see the audits of Anchor Trust" in client.get("/home/").content.decode()
    page = client.get(reverse("organisations:members", kwargs=SITE)).content.decode()
    assert "Asks to see your audits: lead@tideway.example" in page
    accept = reverse("organisations:accept_group", kwargs={**SITE, "access": asked.pk})
    page = client.post(accept, follow=True).content.decode()
    assert "The leads of Tideway see your audits now." in page
    assert "Sees your audits since" in page
    end = reverse("organisations:end_group", kwargs={**SITE, "access": asked.pk})
    assert "Shut Tideway out?" in client.get(end).content.decode()
    page = client.post(end, follow=True).content.decode()
    assert "Tideway no longer sees your audits." in page
    assert "Groups that saw your audits before" in page


def test_colleagues_see_who_sees_but_decide_nothing(cast: Cast, asked: GroupAccess, sign_in: SignIn) -> None:
    accept_access(access=asked, by=cast.lead)
    page = sign_in(cast.viewer).get(reverse("organisations:members", kwargs=SITE)).content.decode()
    assert "Sees your audits since" in page
    assert "End it" not in page
    assert "Let a group see" not in page


def test_nobody_accepts_their_own(cast: Cast, group: Organisation, group_lead: User, sign_in: SignIn) -> None:
    """Neither the group what it asked, nor the site what it offered; and nobody else's at all."""
    asked = ask_access(site=cast.organisation, group=group, by=group_lead)
    sign_in(group_lead).post(reverse("organisations:accept_site", args=["tideway", asked.pk]))
    offered = ask_access(site=cast.organisation, group=cast.other_organisation, is_offer=True, by=cast.lead)
    client = sign_in(cast.lead)
    client.post(reverse("organisations:accept_group", kwargs={**SITE, "access": offered.pk}))
    theirs = ask_access(site=cast.other_organisation, group=group, by=group_lead)
    response = client.post(reverse("organisations:accept_group", kwargs={**SITE, "access": theirs.pk}))
    assert response.status_code == 404
    assert not GroupAccess.objects.active().exists()


def test_the_site_offers(cast: Cast, group: Organisation, group_lead: User, sign_in: SignIn) -> None:
    client = sign_in(cast.lead)
    offer = reverse("organisations:offer_group", kwargs=SITE)
    wrong = client.post(offer, {"words": "Tide"}).content.decode()
    assert "We find no organisation called ‘Tide’" in wrong
    page = client.post(offer, {"words": "Tideway"}, follow=True).content.decode()
    assert "We have told the leads of Tideway." in page
    assert "You have offered it on" in page
    client = sign_in(group_lead)
    assert "Anchor Trust offers Tideway to see its audits" in client.get("/home/").content.decode()
    access = GroupAccess.objects.get()
    page = client.post(
        reverse("organisations:accept_site", args=["tideway", access.pk]), follow=True
    ).content.decode()
    assert "You see Anchor Trust now." in page
    assert "Sites of Tideway" in client.get("/home/").content.decode()


def test_several_of_one_name_ask_for_the_identifier(
    cast: Cast, group: Organisation, group_lead: User, sign_in: SignIn
) -> None:
    factories.make_organisation("Anchor Trust", partnership=cast.partnership)
    page = sign_in(group_lead).post(
        reverse("organisations:group_access", args=["tideway"]), {"words": "Anchor Trust"}
    )
    assert "Several organisations are called ‘Anchor Trust’" in page.content.decode()


def test_a_late_answer_says_what_is_so(cast: Cast, asked: GroupAccess, sign_in: SignIn) -> None:
    decline_access(access=asked, by=cast.lead)
    accept = reverse("organisations:accept_group", kwargs={**SITE, "access": asked.pk})
    assert "has ended already" in sign_in(cast.lead).post(accept, follow=True).content.decode()


def test_the_group_s_page_costs_the_same_for_one_and_for_three(
    cast: Cast,
    group: Organisation,
    group_lead: User,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = sign_in(group_lead)
    for extra in (1, 2):
        for _ in range(extra):
            for is_accepted in (True, False):
                site = factories.make_organisation("Site", partnership=cast.partnership)
                factories.make_access(site, group, by=group_lead, is_accepted=is_accepted)
        with django_assert_num_queries(5):
            page = client.get(reverse("organisations:group_access", args=["tideway"]))
        assert page.status_code == 200


def test_lists_cost_the_same_for_one_and_for_three(
    cast: Cast, group_lead: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for extra in (1, 2):
        for _ in range(extra):
            other = factories.make_organisation("Group", partnership=cast.partnership)
            factories.make_access(cast.organisation, other, by=group_lead)
        with django_assert_num_queries(1):
            groups = get_site_groups(cast.organisation)
            assert [str(one.group) + str(one.accepted_by) for one in groups.active]
        with django_assert_num_queries(2):
            assert get_group_sites(other).active
