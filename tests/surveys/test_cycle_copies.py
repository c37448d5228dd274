"""Planning a cycle from an earlier one: who is invited, what is asked, when section 175 is due, and the page."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, User
from surveys.cycle_copies import Copy, copy_cycle, make_copy
from surveys.enums import CycleKind, CycleStatus, Duty, MessageKind, Obligation
from surveys.models import Cycle, CycleText
from surveys.workflow import NotInThisState
from tests import factories
from tests.conftest import Cast

PAGE = "/p/harbour/desk/cycles/2025/copy/"
TODAY = datetime.date(2026, 6, 1)
DAY = datetime.timedelta(days=1)
SignIn = Callable[[User], Client]


def text(response: Any) -> str:
    return " ".join(str(response.content.decode()).split())


def make_cycle(cast: Cast, *variants: Variant, kind: CycleKind = CycleKind.FULL) -> Cycle:
    """Last year's, closed; planned a hundred days ago, so that all of the cast were here before it."""
    banks = [
        factories.make_questionnaire(variant, edition="2025-26")
        for variant in variants or (Variant.STANDARD,)
    ]
    for bank in banks:
        bank.duty = Duty.SECTION_175 if bank.variant == Variant.SCHOOL else Duty.SECTION_11
        bank.save()
    cycle = factories.make_cycle(
        cast.partnership,
        slug="2025",
        questionnaires=tuple(banks),
        kind=kind,
        status=CycleStatus.CLOSED,
        opens_on=datetime.date(2025, 9, 5),
        closes_on=datetime.date(2025, 12, 25),
    )
    cast.partnership.participations.update(joined_at=cycle.created_at - DAY)
    return cycle


def join(cast: Cast, name: str, *, variant: Variant = Variant.STANDARD, days: int = 0) -> Organisation:
    """Joined so many days after the cycle was planned."""
    organisation = factories.make_organisation(name, variant=variant, partnership=cast.partnership)
    at = Cycle.objects.get(slug="2025").created_at + days * DAY
    organisation.participations.update(joined_at=at)
    return organisation


def plan(copy: Copy, cast: Cast, **more: Any) -> Cycle:
    given: dict[str, Any] = {
        "title": copy.title,
        "opens_on": copy.dates.opens_on,
        "closes_on": copy.dates.closes_on,
        "asks_sign_off": True,
        "asks_schools": True,
    }
    return copy_cycle(copy=copy, by=cast.administrator, **given | more)


def test_who_is_invited(cast: Cast) -> None:
    cycle = make_cycle(cast)
    factories.make_invitee(cycle, cast.organisation, obligation=Obligation.MAY)
    exempt = factories.make_invitee(cycle, cast.other_organisation)
    exempt.exempt_reason = "Closed for repairs"
    exempt.extended_to, exempt.extension_reason = cycle.closes_on + DAY, "Ill"
    exempt.save()
    left, closed = join(cast, "Left", days=-9), join(cast, "Closed", days=-9)
    for organisation in (left, closed):
        factories.make_invitee(cycle, organisation)
    left.participations.update(is_active=False)
    closed.closed_on = TODAY
    closed.save()
    join(cast, "Left out on purpose", days=-9)
    joined = join(cast, "Joined", days=9)
    may = join(cast, "May", days=9)
    may.participations.update(is_statutory=False)
    join(cast, "A school", variant=Variant.SCHOOL, days=9)

    copy = make_copy(cycle, TODAY)
    assert copy.again == {cast.organisation: Obligation.MAY, cast.other_organisation: Obligation.MUST}
    assert copy.joined == {joined: Obligation.MUST, may: Obligation.MAY}
    assert copy.left == 2
    planned = plan(copy, cast)
    rows = planned.invitees.values_list("organisation__name", "obligation", "exempt_reason", "extended_to")
    assert sorted(rows) == [
        ("Anchor Trust", "may", "", None),
        ("Beacon Homes", "must", "", None),
        ("Joined", "must", "", None),
        ("May", "may", "", None),
    ]
    assert (planned.status, planned.kind) == (CycleStatus.PLANNED, CycleKind.FULL)


def test_the_newest_bank_and_the_cycles_own_words(cast: Cast) -> None:
    cycle = make_cycle(cast)
    CycleText.objects.create(cycle=cycle, kind=MessageKind.OPENING, subject="It is open", body="Dear {name}")
    newest = factories.make_questionnaire(edition="2026-27")
    copy = make_copy(cycle, TODAY)
    assert [(pin.bank, pin.is_newer) for pin in copy.pins] == [(newest, True)]
    planned = plan(copy, cast)
    assert planned.cycle_questionnaires.get().questionnaire == newest
    words = planned.texts.get()
    assert (words.kind, words.subject, words.body) == (MessageKind.OPENING, "It is open", "Dear {name}")
    assert words.updated_by == cast.administrator
    assert cycle.texts.count() == 1


def test_a_topics_standards_go_by_their_codes(cast: Cast) -> None:
    cycle = make_cycle(cast, kind=CycleKind.TOPIC)
    pin = cycle.cycle_questionnaires.get()
    pin.standards.set(pin.questionnaire.standards.all())
    factories.make_questionnaire(edition="2026-27", standards={"A2": 1, "A3": 1})
    copy = make_copy(cycle, TODAY)
    assert copy.pins[0].lost == ("A1",)
    standards = plan(copy, cast).cycle_questionnaires.get().standards
    assert list(standards.values_list("code", flat=True)) == ["A2"]


@pytest.mark.parametrize(
    ("variants", "years", "asks_both"),
    [
        ((Variant.STANDARD,), 1, False),
        ((Variant.SCHOOL,), 2, False),
        ((Variant.STANDARD, Variant.SCHOOL), 1, True),
    ],
)
def test_section_175_is_asked_every_other_year(
    cast: Cast, variants: tuple[Variant, ...], years: int, asks_both: bool
) -> None:
    copy = make_copy(make_cycle(cast, *variants), TODAY)
    assert (copy.dates.years, copy.asks_both) == (years, asks_both)
    # 5 September is a Saturday in 2026 and a Sunday in 2027
    opening = {1: datetime.date(2026, 9, 7), 2: datetime.date(2027, 9, 6)}
    assert copy.dates.opens_on == opening[years]
    assert copy.schools_due == datetime.date(2027, 9, 6)


@pytest.mark.parametrize("asks_schools", [True, False])
def test_schools_may_be_left_out(cast: Cast, asks_schools: bool) -> None:
    cycle = make_cycle(cast, Variant.STANDARD, Variant.SCHOOL)
    factories.make_invitee(cycle, cast.organisation)
    school = join(cast, "A school", variant=Variant.SCHOOL, days=-9)
    factories.make_invitee(cycle, school)
    planned = plan(make_copy(cycle, TODAY), cast, asks_schools=asks_schools)
    expected = {cast.organisation, school} if asks_schools else {cast.organisation}
    assert {invitee.organisation for invitee in planned.invitees.all()} == expected
    assert planned.cycle_questionnaires.count() == len(expected)


def test_a_second_press_makes_no_second_cycle(cast: Cast) -> None:
    copy = make_copy(make_cycle(cast), TODAY)
    plan(copy, cast)
    with pytest.raises(NotInThisState, match="is planned already"):
        plan(copy, cast)
    assert Cycle.objects.count() == 2


def test_the_page_shows_all_of_it_and_plans_it(cast: Cast, sign_in: SignIn) -> None:
    cycle = make_cycle(cast, Variant.STANDARD, Variant.SCHOOL)
    factories.make_invitee(cycle, cast.organisation)
    client = sign_in(cast.administrator)
    assert PAGE in text(client.get("/p/harbour/desk/cycles/2025/"))
    shown = text(client.get(PAGE))
    copy = make_copy(cycle, timezone.localdate())
    assert f'value="{copy.title}"' in shown
    assert "Section 175 is asked every other year: it is due again from 6 September 2027." in shown
    opens_on = timezone.localdate() + 30 * DAY
    data = {"title": "Next", "asks_sign_off": "no", "asks_schools": "no"}
    for name, day in (("opens_on", opens_on), ("closes_on", opens_on + 20 * DAY)):
        data |= {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}
    done = client.post(PAGE, data, follow=True)
    planned = Cycle.objects.get(title="Next")
    assert (planned.opens_on, planned.asks_sign_off) == (opens_on, False)
    assert "Agencies would have fewer than 6 weeks." in text(done)
    assert "Your partnership has a cycle of this title already" in text(client.post(PAGE, data))


def test_a_plan_is_changed_and_not_copied(cast: Cast, sign_in: SignIn) -> None:
    cycle = make_cycle(cast)
    Cycle.objects.filter(pk=cycle.pk).update(status=CycleStatus.PLANNED, closed_at=None)
    client = sign_in(cast.administrator)
    assert client.get(PAGE).status_code == 403
    assert PAGE not in text(client.get("/p/harbour/desk/cycles/2025/"))
    assert sign_in(cast.outsider).get(PAGE).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_grow(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    cycle = make_cycle(cast)
    for number in range(many):
        factories.make_invitee(cycle, join(cast, f"Place {number}", days=-9))
        join(cast, f"New {number}", days=9)
    client = sign_in(cast.administrator)
    with django_assert_num_queries(QUERIES):
        assert client.get(PAGE).status_code == 200


QUERIES = 11
