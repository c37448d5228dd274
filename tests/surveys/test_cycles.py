"""The desk's cycles: what each officer sees, and opening, closing and changing."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from s11.organisations.models import User
from surveys.cycle_plans import delete_plan
from surveys.enums import AuditStatus, CycleKind, CycleStatus
from surveys.models import Cycle, Questionnaire
from surveys.workflow import NotInThisState, close_cycle, open_cycle
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

CYCLES = "/p/harbour/desk/cycles/"
CYCLE = f"{CYCLES}2026/"
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
OFFICERS = (
    "administrator",
    "quality_officer",
    "panel_member",
    "panel_chair",
    "scrutineer",
    "publisher",
)
SignIn = Callable[[User], Client]


def text(response: Any) -> str:
    return str(response.content.decode())


def parts(name: str, day: datetime.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@grounded
def bank(db: None) -> Questionnaire:
    return factories.make_questionnaire()


def make_cycle(
    cast: Cast, bank: Questionnaire, status: CycleStatus = CycleStatus.PLANNED, **kwargs: Any
) -> Cycle:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), status=status, **kwargs)
    factories.make_invitee(cycle, cast.organisation)
    return cycle


@grounded
def planned(cast: Cast, bank: Questionnaire) -> Cycle:
    return make_cycle(cast, bank)


@grounded
def opened(cast: Cast, bank: Questionnaire) -> Cycle:
    return make_cycle(cast, bank, CycleStatus.OPEN)


# --- who may ---

PAGES = {
    "": OFFICERS,
    "2026/": OFFICERS,
    "2026/open/": ("administrator",),
    "2026/close/": ("administrator",),
    "2026/change/": ("administrator",),
    "2026/delete/": ("administrator",),
    "2026/closing-day/": ("administrator",),
    "2026/question-banks/standard/": ("administrator",),
    "2026/invite/": ("administrator",),
    "2026/invitees/anchor/": OFFICERS,
    "2026/invitees/anchor/obligation/": ("administrator",),
    "2026/invitees/anchor/extension/": ("administrator",),
    "2026/invitees/anchor/exemption/": ("administrator",),
}
# What the state of the cycle forbids, also to an administrator
NOT_THEN = {
    CycleStatus.PLANNED: ("2026/close/", "2026/closing-day/"),
    CycleStatus.OPEN: ("2026/change/", "2026/delete/", "2026/question-banks/standard/"),
    CycleStatus.CLOSED: tuple(
        page for page, who in PAGES.items() if page != "2026/open/" and who != OFFICERS
    ),
}


@pytest.mark.parametrize("status", CycleStatus)
def test_who_may_see_which_page(
    cast: Cast, bank: Questionnaire, sign_in: SignIn, status: CycleStatus
) -> None:
    make_cycle(cast, bank, status)
    for person, user in cast.people.items():
        client = sign_in(user)
        for page, allowed in PAGES.items():
            expected = 404
            if person in OFFICERS:
                expected = 200 if person in allowed and page not in NOT_THEN[status] else 403
            assert client.get(f"{CYCLES}{page}").status_code == expected, (person, page)


POSTS = {
    "open/": (CycleStatus.PLANNED,),
    "close/": (CycleStatus.OPEN,),
    "delete/": (CycleStatus.PLANNED,),
    "invitees/anchor/extension/undo/": (CycleStatus.PLANNED, CycleStatus.OPEN),
    "invitees/anchor/exemption/undo/": (CycleStatus.PLANNED, CycleStatus.OPEN),
    "invitees/anchor/remove/": (CycleStatus.PLANNED, CycleStatus.OPEN),
}


@pytest.mark.parametrize("status", CycleStatus)
@pytest.mark.parametrize("action", POSTS)
def test_who_may_do_what_and_when(
    cast: Cast, bank: Questionnaire, sign_in: SignIn, status: CycleStatus, action: str
) -> None:
    make_cycle(cast, bank, status)
    # The administrator comes last: what one of the others could do would change what they can.
    for person, user in sorted(cast.people.items(), key=lambda one: one[0] == "administrator"):
        expected = 403 if person in OFFICERS else 404
        if person == "administrator" and status in POSTS[action]:
            expected = 302
        assert sign_in(user).post(f"{CYCLE}{action}").status_code == expected, person


def test_another_partnerships_cycle_is_not_found(cast: Cast, bank: Questionnaire, sign_in: SignIn) -> None:
    factories.make_cycle(cast.elsewhere, questionnaires=(bank,), slug="theirs")
    client = sign_in(cast.administrator)

    assert client.get(f"{CYCLES}theirs/").status_code == 404
    assert "theirs" not in text(client.get(CYCLES))
    assert client.get("/p/moorland/desk/cycles/theirs/").status_code == 404


# --- the list ---


def test_list_shows_returns(cast: Cast, opened: Cycle, sign_in: SignIn) -> None:
    factories.make_audit(opened, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED)
    page = text(sign_in(cast.publisher).get(CYCLES))

    assert "1 of 2 (50%)" in page
    assert "Plan a cycle" not in page


def test_empty_list_names_the_first_step(cast: Cast, sign_in: SignIn) -> None:
    assert "Plan the first one" in text(sign_in(cast.administrator).get(CYCLES))


@pytest.mark.parametrize("number", [1, 3])
def test_list_queries(
    cast: Cast,
    bank: Questionnaire,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
) -> None:
    for slug in range(number):
        make_cycle(cast, bank, slug=f"2026-{slug}")
    client = sign_in(cast.administrator)
    with django_assert_num_queries(6):
        client.get(CYCLES)


# --- opening ---


def test_opening(cast: Cast, planned: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    page = text(client.get(f"{CYCLE}open/"))
    assert "1 organisation can answer at once" in page
    assert "Standard audit 2026-27" in strip_tags(page)
    response = client.post(f"{CYCLE}open/", follow=True)

    assert "is open: agencies can answer now" in text(response)
    planned.refresh_from_db()
    assert planned.status == CycleStatus.OPEN
    assert planned.opened_at is not None


def test_opening_before_its_day_makes_today_the_opening_day(
    cast: Cast, bank: Questionnaire, sign_in: SignIn
) -> None:
    cycle = make_cycle(cast, bank, opens_on=TODAY + 5 * DAY)
    client = sign_in(cast.administrator)
    page = text(client.get(f"{CYCLE}open/"))
    assert "its opening day becomes today" in page
    assert "Open it now, before its day" in page
    client.post(f"{CYCLE}open/")

    cycle.refresh_from_db()
    assert cycle.opens_on == TODAY


def test_opening_late_keeps_the_planned_day(cast: Cast, planned: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    assert "Its opening day stays" in text(client.get(f"{CYCLE}open/"))
    day = planned.opens_on
    client.post(f"{CYCLE}open/")

    planned.refresh_from_db()
    assert planned.opens_on == day < TODAY


def without_invitees(cycle: Cycle) -> None:
    cycle.invitees.all().delete()


def without_banks(cycle: Cycle) -> None:
    cycle.invitees.all().delete()
    cycle.cycle_questionnaires.all().delete()


def without_standards(cycle: Cycle) -> None:
    cycle.kind = CycleKind.TOPIC
    cycle.save()


def closing_yesterday(cycle: Cycle) -> None:
    cycle.closes_on = TODAY - DAY
    cycle.save()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (without_invitees, "Nobody is invited yet. Invite organisations first."),
        (without_banks, "The cycle has no question bank"),
        (without_standards, "No standards are chosen for Standard. Choose them first."),
        (closing_yesterday, "The closing day is in the past. Change the dates first."),
    ],
)
def test_a_cycle_that_cannot_be_opened_says_why(
    cast: Cast, planned: Cycle, sign_in: SignIn, spoil: Callable[[Cycle], None], sentence: str
) -> None:
    spoil(planned)
    client = sign_in(cast.administrator)

    assert sentence in text(client.get(CYCLE))
    assert sentence in text(client.get(f"{CYCLE}open/"))
    refused = client.post(f"{CYCLE}open/")
    assert refused.status_code == 403
    assert sentence in text(refused)
    planned.refresh_from_db()
    assert planned.status == CycleStatus.PLANNED


def test_two_who_open_at_once(cast: Cast, planned: Cycle) -> None:
    second = Cycle.objects.get()
    open_cycle(cycle=planned, by=cast.administrator)

    with pytest.raises(NotInThisState, match="is open by now, so nothing was changed"):
        open_cycle(cycle=second, by=cast.administrator)


# --- closing ---


def test_closing(cast: Cast, opened: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    page = text(client.get(f"{CYCLE}close/"))
    assert "0 of 1 (0%)" in page
    assert "1 organisation has not, and cannot afterwards" in page
    assert "That day is not over" in page
    client.post(f"{CYCLE}close/")

    opened.refresh_from_db()
    assert (opened.status, opened.closed_by) == (CycleStatus.CLOSED, cast.administrator)
    assert "Closed" in text(client.get(CYCLE))


def test_two_who_close_at_once(cast: Cast, opened: Cycle) -> None:
    second = Cycle.objects.get()
    close_cycle(cycle=opened, by=cast.administrator)

    with pytest.raises(NotInThisState, match="is closed by now"):
        close_cycle(cycle=second, by=cast.administrator)


# --- changing ---


def test_title_and_dates_of_a_plan(cast: Cast, planned: Cycle, sign_in: SignIn) -> None:
    data = {
        "title": "A better title",
        "asks_sign_off": "yes",
        **parts("opens_on", TODAY),
        **parts("closes_on", TODAY + 9 * DAY),
    }
    response = sign_in(cast.administrator).post(f"{CYCLE}change/", data)

    assert response.headers["Location"] == CYCLE
    planned.refresh_from_db()
    assert (planned.title, planned.opens_on, planned.closes_on) == ("A better title", TODAY, TODAY + 9 * DAY)
    assert planned.asks_sign_off
    assert planned.slug == "2026"


def test_a_title_of_another_cycle_is_refused(
    cast: Cast, planned: Cycle, bank: Questionnaire, sign_in: SignIn
) -> None:
    other = factories.make_cycle(cast.partnership, questionnaires=(bank,), slug="2025")
    Cycle.objects.filter(pk=other.pk).update(title="Audit 2025")
    data = {"title": "AUDIT 2025", "asks_sign_off": "yes"}
    data |= parts("opens_on", TODAY) | parts("closes_on", TODAY + DAY)
    client = sign_in(cast.administrator)
    page = text(client.post(f"{CYCLE}change/", data))
    assert "Your partnership has a cycle of this title already; choose another" in page

    assert client.post(f"{CYCLE}change/", {**data, "title": planned.title}).status_code == 302


def test_a_plan_can_be_deleted(cast: Cast, planned: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    assert "/delete/" in text(client.get(CYCLE))
    assert "its list of 1 organisation " in text(client.get(f"{CYCLE}delete/"))
    assert Cycle.objects.exists()
    response = client.post(f"{CYCLE}delete/", follow=True)

    assert f"The plan of {planned} is deleted." in text(response)
    assert not Cycle.objects.exists()
    entry = LogEntry.objects.filter(object_repr=str(planned)).latest("pk")
    assert (entry.action, entry.actor) == (LogEntry.Action.DELETE, cast.administrator)


def test_a_plan_with_an_imported_audit_or_opened_meanwhile_stays(cast: Cast, planned: Cycle) -> None:
    factories.make_audit(planned, cast.other_organisation)
    with pytest.raises(NotInThisState, match="holds audits"):
        delete_plan(cycle=planned, by=cast.administrator)
    Cycle.objects.update(status=CycleStatus.OPEN)
    with pytest.raises(NotInThisState, match="is open by now"):
        delete_plan(cycle=planned, by=cast.administrator)

    assert Cycle.objects.exists()


@pytest.mark.parametrize("page", ["", "open/", "invite/"])
def test_nobody_is_said_to_be_told(cast: Cast, planned: Cycle, sign_in: SignIn, page: str) -> None:
    """Opening and inviting send no mail, and the pages that do it say so."""
    assert (
        "e-mail"
        in text(sign_in(cast.administrator).get(f"{CYCLE}{page}")).split("<main")[1].split("<footer")[0]
    )


def test_dates_the_wrong_way_round_are_refused(cast: Cast, planned: Cycle, sign_in: SignIn) -> None:
    data = {
        "title": "A",
        "asks_sign_off": "yes",
        **parts("opens_on", TODAY + DAY),
        **parts("closes_on", TODAY),
    }
    page = text(sign_in(cast.administrator).post(f"{CYCLE}change/", data))

    assert "Closing day must be after the opening day" in page
    planned.refresh_from_db()
    assert planned.title == "Audit 2026"


def test_the_closing_day_moves_and_the_trail_says_so(cast: Cast, opened: Cycle, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    response = client.post(f"{CYCLE}closing-day/", parts("closes_on", TODAY + DAY))

    assert response.headers["Location"] == CYCLE
    opened.refresh_from_db()
    assert opened.closes_on == TODAY + DAY
    entry = LogEntry.objects.get_for_object(opened).latest("timestamp")
    assert (set(entry.changes_dict), entry.actor) == ({"closes_on"}, cast.administrator)


def test_the_closing_day_moves_only_to_a_later_day_than_today(
    cast: Cast, opened: Cycle, sign_in: SignIn
) -> None:
    page = text(sign_in(cast.administrator).post(f"{CYCLE}closing-day/", parts("closes_on", TODAY)))

    assert "Closing day must be later than today" in page


def test_on_time_is_judged_by_the_closing_day_of_now(
    cast: Cast, bank: Questionnaire, sign_in: SignIn
) -> None:
    cycle = make_cycle(cast, bank, CycleStatus.OPEN, closes_on=TODAY - DAY)
    factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    client = sign_in(cast.administrator)
    assert "0 of 1 (0%)" in text(client.get(CYCLE))
    client.post(f"{CYCLE}closing-day/", parts("closes_on", TODAY + DAY))

    assert "0 of 1 (0%)" not in text(client.get(CYCLE))


def test_another_bank_for_a_variant(cast: Cast, planned: Cycle, sign_in: SignIn) -> None:
    own = factories.make_questionnaire(partnership=cast.partnership)
    factories.make_questionnaire(Variant.HEALTH)
    client = sign_in(cast.administrator)
    page = text(client.get(f"{CYCLE}question-banks/standard/"))
    assert "Standard audit 2026-27 (your own)" in page
    assert "Health audit" not in page
    client.post(f"{CYCLE}question-banks/standard/", {"bank": own.pk})

    assert planned.cycle_questionnaires.get().questionnaire == own
    assert client.get(f"{CYCLE}question-banks/health/").status_code == 404
    # PostgreSQL takes no NUL, so an address that holds one must never reach it.
    assert client.get(f"{CYCLE}question-banks/%00/").status_code == 404


def test_standards_of_a_topic(cast: Cast, planned: Cycle, sign_in: SignIn, bank: Questionnaire) -> None:
    without_standards(planned)
    client = sign_in(cast.administrator)
    refused = client.post(f"{CYCLE}question-banks/standard/", {"bank": bank.pk})
    assert f"Select at least one standard of {bank}" in text(refused)
    client.post(f"{CYCLE}question-banks/standard/", {"bank": bank.pk, "standards": ["A2"]})

    assert [one.code for one in planned.cycle_questionnaires.get().standards.all()] == ["A2"]
    assert client.post(f"{CYCLE}open/").status_code == 302
