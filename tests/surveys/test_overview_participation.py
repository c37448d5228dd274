"""Who was invited, is registered, has started and has submitted, and when: sentence by sentence."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from s11.organisations.enums import MembershipRole, Variant
from s11.organisations.models import Membership, Organisation, User
from surveys.enums import AuditStatus, CycleStatus
from surveys.figures import Share
from surveys.invitees import get_invitees, make_rows
from surveys.models import Cycle, Invitee
from surveys.participation import get_participation, get_participation_by_day
from surveys.workflow import recall_audit
from tests import factories

pytestmark = pytest.mark.django_db
CLOSES = datetime.date(2026, 7, 17)


@pytest.fixture
def cycle() -> Cycle:
    return factories.make_cycle(
        factories.make_partnership("Harbour", slug="harbour"),
        questionnaires=(
            factories.make_questionnaire(),
            factories.make_questionnaire(Variant.SCHOOL),
        ),
        opens_on=datetime.date(2026, 6, 1),
        closes_on=CLOSES,
    )


def invite(cycle: Cycle, name: str, variant: Variant = Variant.STANDARD) -> Organisation:
    organisation = factories.make_organisation(name, variant=variant, partnership=cycle.partnership)
    factories.make_invitee(cycle, organisation)
    return organisation


def join(email: str, organisation: Organisation, **fields: Any) -> User:
    user = factories.make_member(email, organisation=organisation)
    Membership.objects.filter(user=user, organisation=organisation).update(**fields)
    return user


def submit(cycle: Cycle, organisation: Organisation, at: datetime.datetime) -> Any:
    return factories.make_audit(cycle, organisation, scores=2, submitted_at=at, status=AuditStatus.SUBMITTED)


def test_the_invited_are_those_who_are_not_exempt(cycle: Cycle) -> None:
    invite(cycle, "Anchor")
    exempt = invite(cycle, "Beacon")
    submit(cycle, exempt, timezone.now())
    join("lead@beacon.example", exempt)
    Invitee.objects.filter(organisation=exempt).update(exempt_reason="It has closed.")
    found = get_participation(cycle)
    assert (found.invited, found.registered, found.users, found.started, found.submitted) == (1, 0, 0, 0, 0)


def test_registered_have_an_active_member_and_users_are_distinct(cycle: Cycle) -> None:
    anchor, beacon, cove, dale, elm = (
        invite(cycle, name) for name in ("Anchor", "Beacon", "Cove", "Dale", "Elm")
    )
    both = join("both@example.org", anchor)
    join("both@example.org", beacon)
    join("second@example.org", anchor)
    Membership.objects.create(
        user=both, organisation=anchor, role=MembershipRole.SIGNATORY, started_at=timezone.now()
    )
    join("gone@example.org", cove, ended_at=timezone.now() + datetime.timedelta(minutes=1))
    join("asked@example.org", dale, started_at=None)
    switched_off = join("off@example.org", elm)
    User.objects.filter(pk=switched_off.pk).update(is_active=False)
    outside = factories.make_organisation("Fell", partnership=cycle.partnership)
    join("stranger@example.org", outside)
    found = get_participation(cycle)
    assert (found.invited, found.registered, found.users) == (5, 2, 2)


def test_once_closed_registered_and_users_stay_as_at_that_moment(cycle: Cycle) -> None:
    anchor, beacon, cove = (invite(cycle, name) for name in ("Anchor", "Beacon", "Cove"))
    closed_at = datetime.datetime(2026, 8, 1, 12, tzinfo=datetime.UTC)
    hour = datetime.timedelta(hours=1)
    join("left-later@example.org", anchor, started_at=closed_at - hour, ended_at=closed_at + hour)
    join("left-before@example.org", beacon, started_at=closed_at - 2 * hour, ended_at=closed_at - hour)
    join("came-later@example.org", cove, started_at=closed_at + hour)
    found = get_participation(cycle)
    assert (found.registered, found.users) == (1, 1)  # as at now: the one who came later
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.CLOSED, closed_at=closed_at)
    cycle.refresh_from_db()
    submit(cycle, anchor, closed_at - hour)
    found = get_participation(cycle)
    assert (found.registered, found.users, found.submitted_and_registered) == (1, 1, 1)


def test_who_was_deactivated_before_the_close_was_not_registered(cycle: Cycle) -> None:
    closed_at = datetime.datetime(2026, 8, 1, 12, tzinfo=datetime.UTC)
    hour = datetime.timedelta(hours=1)
    for name, deactivated_at in {"Later": closed_at + hour, "Before": closed_at - hour, "When": None}.items():
        person = join(f"{name}@example.org", invite(cycle, name), started_at=closed_at - 2 * hour)
        User.objects.filter(pk=person.pk).update(is_active=False, deactivated_at=deactivated_at)
    assert get_participation(cycle).registered == 0
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.CLOSED, closed_at=closed_at)
    cycle.refresh_from_db()
    found = get_participation(cycle)
    assert (found.registered, found.users) == (1, 1)
    states = {row.name: row.state for row in make_rows(cycle, get_invitees(cycle))}
    assert states == {"Later": "registered", "Before": "invited", "When": "invited"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({}, 0),
        ({"commentary": "Nothing decided."}, 0),
        ({"score": 0}, 1),
        ({"not_applicable_reason": "It does not do this"}, 1),
        ({"score": 2, "confirmed": False}, 0),
    ],
)
def test_started_is_a_confirmed_score_or_not_applicable(
    cycle: Cycle, answer: dict[str, Any], expected: int
) -> None:
    audit = factories.make_audit(cycle, invite(cycle, "Anchor"))
    if answer:
        audit.answers.create(indicator=audit.questionnaire.indicators.get(code="A1.1"), **answer)
    assert get_participation(cycle).started == expected


def test_submitted_ones_are_started_and_returned_ones_are_submitted(cycle: Cycle) -> None:
    submit(cycle, invite(cycle, "Anchor"), timezone.now()).answers.all().delete()
    factories.make_audit(cycle, invite(cycle, "Beacon"), scores=1, status=AuditStatus.RETURNED)
    factories.make_audit(cycle, invite(cycle, "Cove"), scores=1)
    found = get_participation(cycle)
    assert (found.started, found.submitted) == (3, 2)


def test_submitted_without_a_member_counts_in_one_rate_and_not_the_other(cycle: Cycle) -> None:
    submit(cycle, invite(cycle, "Anchor"), timezone.now())
    beacon = invite(cycle, "Beacon")
    submit(cycle, beacon, timezone.now())
    join("lead@beacon.example", beacon)
    found = get_participation(cycle)
    assert str(found.submitted_of_invited) == "2 of 2 (100%)"
    assert str(found.submitted_of_registered) == "1 of 1 (100%)"


def test_on_time_ends_with_the_closing_day_in_england(cycle: Cycle) -> None:
    in_england = datetime.timezone(datetime.timedelta(hours=1))  # summer
    midnight = datetime.datetime(2026, 7, 18, tzinfo=in_england)
    second = datetime.timedelta(seconds=1)
    submit(cycle, invite(cycle, "Anchor"), midnight - second)
    submit(cycle, invite(cycle, "Beacon"), midnight)
    extended = invite(cycle, "Cove")
    Invitee.objects.filter(organisation=extended).update(extended_to=datetime.date(2026, 7, 18))
    submit(cycle, extended, midnight)
    found = get_participation_by_day(cycle)
    assert str(found.figures.on_time_of_submitted) == "2 of 3 (67%)"
    assert found.returns == {CLOSES: 1, datetime.date(2026, 7, 18): 2}


def test_a_return_for_correction_keeps_on_time_and_a_recall_does_not(cycle: Cycle) -> None:
    early = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)
    late = datetime.datetime(2026, 8, 1, 12, tzinfo=datetime.UTC)
    returned = submit(cycle, invite(cycle, "Anchor"), early)
    returned.submitted_at = late
    returned.save()
    recalled = submit(cycle, invite(cycle, "Beacon"), early)
    recall_audit(audit=recalled, by=factories.make_user("lead@example.org"))
    found = get_participation_by_day(cycle)
    assert (found.figures.started, found.figures.submitted, found.figures.on_time) == (2, 1, 1)
    assert found.returns == {early.date(): 1}


def test_submitted_of_invited_by_variant(cycle: Cycle) -> None:
    invite(cycle, "Mill", Variant.SCHOOL)
    submit(cycle, invite(cycle, "Hill", Variant.SCHOOL), timezone.now())
    invite(cycle, "Anchor")
    found = get_participation_by_day(cycle).variants
    assert list(found.items()) == [(Variant.STANDARD, Share(0, 1)), (Variant.SCHOOL, Share(1, 2))]


@pytest.mark.parametrize("organisations", [1, 3])
def test_queries_do_not_grow(
    cycle: Cycle, organisations: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(organisations):
        organisation = invite(cycle, f"Organisation {number}")
        submit(cycle, organisation, timezone.now())
        join(f"lead@{number}.example", organisation)
    with django_assert_num_queries(2):
        assert get_participation(cycle).submitted == organisations


def test_nothing_leaks_from_another_cycle_or_partnership(cycle: Cycle) -> None:
    anchor = invite(cycle, "Anchor")
    bank = cycle.cycle_questionnaires.get(variant="standard").questionnaire
    elsewhere = factories.make_partnership("Moorland", slug="moorland")
    for place, slug in ((cycle.partnership, "2025"), (elsewhere, "2026")):
        other = factories.make_cycle(place, slug=slug, questionnaires=(bank,))
        factories.make_invitee(other, anchor)
        submit(other, anchor, timezone.now())
        stranger = factories.make_organisation(f"Stranger {slug}", partnership=place)
        factories.make_invitee(other, stranger)
        join(f"lead@{slug}.example", stranger)
    found = get_participation(cycle)
    assert (found.invited, found.registered, found.users, found.started, found.submitted) == (1, 0, 0, 0, 0)
