"""The pipeline's pages: the list with its filters and orders, the room, saved views, the file, and what is expected."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import NotAllowed
from surveys.enums import AuditStatus, CycleStatus, Obligation
from surveys.models import Answer, Cycle, SavedView
from surveys.pipeline import Sort, Wanted, get_pipeline, list_rows
from surveys.pipeline_permissions import check_can_copy_cycle
from surveys.views.pipeline import find_newest
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.pipeline_places import invite, refuse

PIPELINE = "/p/harbour/desk/pipeline/"
PAGE = f"{PIPELINE}2026/"
DAY = datetime.timedelta(days=1)
SignIn = Callable[[User], Client]


def text(response: Any) -> str:
    return str(response.content.decode())


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


# --- the list ---


@grounded
def three(cast: Cast) -> Cycle:
    """Anchor (statutory, below Group, half done), Beacon (may, extended), and a school that stalled."""
    banks = (factories.make_questionnaire(), factories.make_questionnaire(Variant.SCHOOL))
    cycle = factories.make_cycle(cast.partnership, questionnaires=banks)
    factories.make_audit(cycle, cast.organisation, scores={"A1.1": 0, "A1.2": 1})
    cast.organisation.parent = factories.make_organisation("The Group", slug="group")
    cast.organisation.ods_code = "RX1"
    cast.organisation.save()
    beacon = factories.make_invitee(cycle, cast.other_organisation, obligation=Obligation.MAY)
    beacon.extended_to, beacon.extension_reason = cycle.closes_on + DAY, "Ill"
    beacon.save()
    cast.other_organisation.participations.update(is_statutory=False, local_name="Zeta Homes")
    school = factories.make_organisation(
        "Cove School", slug="cove", variant=Variant.SCHOOL, partnership=cast.partnership, urn="123456"
    )
    factories.make_audit(cycle, school, scores={"A1.1": 0})
    Answer.objects.filter(audit__invitee__organisation=school).update(updated_at=timezone.now() - 20 * DAY)
    return cycle


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ["Anchor Trust", "Cove School", "Zeta Homes"]),
        (Wanted(state="stalled"), ["Cove School"]),
        (Wanted(variant="standard"), ["Anchor Trust", "Zeta Homes"]),
        (Wanted(obligation="may"), ["Zeta Homes"]),
        (Wanted(statutory="yes"), ["Anchor Trust", "Cove School"]),
        (Wanted(statutory="no"), ["Zeta Homes"]),
        (Wanted(group="group"), ["Anchor Trust"]),
        (Wanted(search="trust anchor"), ["Anchor Trust"]),
        (Wanted(search="beacon"), ["Zeta Homes"]),
        (Wanted(search="zeta"), ["Zeta Homes"]),
        (Wanted(search="rx1"), ["Anchor Trust"]),
        (Wanted(search="123456"), ["Cove School"]),
        (Wanted(search="12345"), []),
        (Wanted(sort=Sort.DUE), ["Anchor Trust", "Cove School", "Zeta Homes"]),
        (Wanted(sort=Sort.CHANGE), ["Cove School", "Anchor Trust", "Zeta Homes"]),
        (Wanted(sort=Sort.PROGRESS), ["Zeta Homes", "Cove School", "Anchor Trust"]),
        (Wanted(sort=Sort.PROGRESS, variant="standard"), ["Zeta Homes", "Anchor Trust"]),
    ],
)
def test_filters_and_orders(three: Cycle, wanted: Wanted, expected: list[str]) -> None:
    assert [line.row.name for line in list_rows(three, wanted)] == expected


def test_what_cannot_be_understood_filters_nothing(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.scrutineer)
    shown = text(client.get(f"{PAGE}?state=nonsense&group=none&sort=%27&variant=school&page=99"))
    assert "Cove School" in shown
    assert "Anchor Trust" not in shown


def test_the_counts_lead_to_the_list(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    shown = text(sign_in(cast.quality_officer).get(PAGE))
    assert f'href="{PAGE}?state=stalled#list"' in shown
    assert "?state=overdue#list" not in shown


def test_the_list_leads_to_reminders_for_whom_they_are(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    keys = [str(line.row.invitee.pk) for line in list_rows(three, Wanted(variant="standard"))]
    address = f"/p/harbour/desk/cycles/2026/remind/?{'&amp;'.join(f'invitee={key}' for key in keys)}"
    shown = text(sign_in(cast.quality_officer).get(f"{PAGE}?variant=standard"))
    assert address in shown.replace("&invitee", "&amp;invitee")
    assert "/remind/" not in text(sign_in(cast.scrutineer).get(PAGE))


def test_a_publisher_sees_counts_and_no_names(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    shown = text(sign_in(cast.publisher).get(PAGE))
    assert "Stalled" in shown
    assert "Cove School" not in shown
    assert "The list names organisations." in shown


@pytest.fixture
def watched(cast: Cast, cycle: Cycle, sign_in: SignIn) -> Callable[[int], Client]:
    """So many of each thing that the page lists, for somebody who looks at it."""

    def make(many: int) -> Client:
        make_many(cast, cycle, many)
        return sign_in(cast.scrutineer)

    return make


def make_many(cast: Cast, cycle: Cycle, many: int) -> None:
    for number in range(many):
        name = f"Place {number}"
        factories.make_audit(
            cycle, invite(cast, cycle, name, has_member=True).organisation, scores={"A1.1": 0}
        )
        refuse(invite(cast, cycle, f"Refused {number}"))
        SavedView.objects.create(user=cast.scrutineer, partnership=cast.partnership, name=name, query="")
        before = cycle.opens_on - (30 + number) * DAY
        factories.make_cycle(
            cast.partnership,
            slug=f"before-{number}",
            questionnaires=(cycle.cycle_questionnaires.get().questionnaire,),
            status=CycleStatus.CLOSED,
            opens_on=before - 10 * DAY,
            closes_on=before,
        )


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("sort", [Sort.NAME, Sort.PROGRESS])
def test_queries_do_not_grow(
    watched: Callable[[int], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
    sort: Sort,
) -> None:
    client = watched(many)
    with django_assert_num_queries(QUERIES[sort]):
        assert client.get(PAGE, {"sort": sort}).status_code == 200
    with django_assert_num_queries(FILE_QUERIES):
        assert client.get(f"{PAGE}file/csv/").status_code == 200


QUERIES = {Sort.NAME: 13, Sort.PROGRESS: 13}
FILE_QUERIES = 10


def test_fifty_stand_on_a_page(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    for number in range(51):
        invite(cast, cycle, f"Place {number:02}")
    client = sign_in(cast.administrator)
    assert "Place 50" not in text(client.get(PAGE))
    assert "Place 50" in text(client.get(f"{PAGE}?page=2"))
    assert "Place 50" in text(client.get(f"{PAGE}?page=2&sort=progress"))
    assert len(client.get(f"{PAGE}file/csv/").content.splitlines()) == 52


# --- the room ---


def test_the_room_leads_to_the_newest_open_cycle(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    assert "Once a cycle is planned" in text(client.get(PIPELINE))
    today = timezone.localdate()
    factories.make_cycle(cast.partnership, slug="planned", status=CycleStatus.PLANNED)
    assert client.get(PIPELINE)["Location"] == f"{PIPELINE}planned/"
    factories.make_cycle(cast.partnership, slug="closed", status=CycleStatus.CLOSED)
    factories.make_cycle(cast.partnership, slug="open")
    factories.make_cycle(cast.partnership, slug="older", opens_on=today - 20 * DAY)
    factories.make_cycle(cast.elsewhere, slug="elsewhere", opens_on=today)
    found = find_newest(cast.partnership)
    assert found is not None
    assert found.slug == "open"


def test_another_partnerships_officer_finds_nothing(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.outsider)
    for page in (PIPELINE, PAGE, f"{PAGE}save/", f"{PAGE}file/csv/", "/p/moorland/desk/pipeline/2026/"):
        assert client.get(page).status_code == 404


# --- saved views ---


def test_a_view_is_saved_listed_followed_and_deleted(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    query = "state=stalled&variant=school&search=&evil=1&sort=nonsense&obligation=%3Cb%3E"
    assert "It shows: Stalled, School." in text(client.get(f"{PAGE}save/?{query}"))
    answer = client.post(f"{PAGE}save/?{query}", {"name": "Schools that stalled"})
    assert answer["Location"] == f"{PAGE}?state=stalled&variant=school"
    view = SavedView.objects.get()
    assert view.query == "state=stalled&variant=school"
    shown = text(client.get(PAGE))
    assert f'href="{PAGE}?state=stalled&amp;variant=school#list">Schools that stalled</a>' in shown
    delete = f"{PAGE}views/{view.pk}/delete/"
    assert delete in shown
    assert client.get(delete).status_code == 405
    other = sign_in(cast.administrator)
    assert "Schools that stalled" not in text(other.get(PAGE))
    assert other.post(delete).status_code == 404
    client = sign_in(cast.quality_officer)
    assert client.post(delete)["Location"] == PAGE
    assert not SavedView.objects.exists()


def test_two_views_of_one_name_are_not_saved(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    client.post(f"{PAGE}save/?state=stalled", {"name": "Mine"})
    assert "You have a view of this name already" in text(
        client.post(f"{PAGE}save/?state=started", {"name": "mine"})
    )
    assert SavedView.objects.count() == 1


def test_a_filter_too_long_to_keep_is_refused(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    answer = client.post(f"{PAGE}save/?search={'%F0%9F%90%9F' * 60}", {"name": "Fish"})
    assert "too long to save" in text(answer)
    assert not SavedView.objects.exists()


# --- the file ---


def test_the_file_holds_what_is_filtered(three: Cycle, cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.scrutineer)
    answer = client.get(f"{PAGE}file/csv/?sort=progress&variant=standard")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Organisation"] for row in rows] == ["Zeta Homes", "Anchor Trust"]
    assert (rows[1]["Answered"], rows[1]["Asked"], rows[1]["State"]) == ("2", "4", "Started")
    assert rows[0]["Last day"] == str(three.closes_on + DAY)
    answer = client.get(f"{PAGE}file/xlsx/?state=stalled")
    assert "2026-pipeline-" in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["Organisation", "Cove School"]
    assert client.get(f"{PAGE}file/pdf/").status_code == 404


def test_no_name_becomes_a_formula(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    names = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1"}
    for name in names:
        invite(cast, cycle, name)
    client = sign_in(cast.administrator)
    rows = list(csv.reader(io.StringIO(client.get(f"{PAGE}file/csv/").content.decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {f"'{name}" for name in names}
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}file/xlsx/").content)).active
    assert sheet is not None
    found = {(row[0].data_type, row[0].value) for row in sheet.iter_rows(min_row=2)}
    assert found == {("s", name) for name in names}


# --- returns and what is expected ---


def test_the_forecast_is_drawn_with_its_words_and_numbers(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    for number in range(8):
        organisation = invite(cast, cycle, f"Place {number}").organisation
        if number < 3:
            at = timezone.now() - (number + 1) * DAY
            status = AuditStatus.SUBMITTED
            factories.make_audit(cycle, organisation, scores=2, status=status, submitted_at=at)
    shown = text(sign_in(cast.publisher).get(PAGE))
    assert "3 of 8 returned" in shown
    assert "returns are expected by the closing day" in shown
    assert "It assumes the average pace since the opening day" in shown
    assert "The forecast as a table" in shown


def test_it_goes_by_the_last_cycle_of_its_kind(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    questionnaire = cycle.cycle_questionnaires.get().questionnaire
    today = timezone.localdate()
    last = factories.make_cycle(
        cast.partnership,
        slug="2025",
        questionnaires=(questionnaire,),
        status=CycleStatus.CLOSED,
        opens_on=today - 300 * DAY,
        closes_on=today - 250 * DAY,
    )
    at = timezone.now() - 251 * DAY
    for number in range(5):
        organisation = invite(cast, cycle, f"Place {number}").organisation
        status = AuditStatus.SUBMITTED
        factories.make_audit(last, organisation, scores=2, status=status, submitted_at=at)
    shown = text(sign_in(cast.publisher).get(PAGE))
    assert "About 5 of 5 returns are expected" in shown
    assert "The earlier cycle is Audit 2025." in shown


def test_it_says_when_it_is_too_early(cast: Cast, cycle: Cycle, sign_in: SignIn) -> None:
    invite(cast, cycle, "Place")
    assert "It is too early to say" in text(sign_in(cast.publisher).get(PAGE))


# --- who may ---


@pytest.mark.parametrize("status", CycleStatus)
def test_who_may_copy(cast: Cast, cycle: Cycle, status: CycleStatus) -> None:
    cycle.status = status
    may = set()
    officers = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
    for name in officers:
        try:
            check_can_copy_cycle(get_desk_or_404(cast.people[name], "harbour"), cycle)
        except NotAllowed:
            continue
        may.add(name)
    assert may == (set() if status == CycleStatus.PLANNED else {"administrator"})


def test_the_plan_of_queries_is_one(
    cast: Cast, cycle: Cycle, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    invite(cast, cycle, "Place")
    with django_assert_num_queries(1):
        assert len(list(get_pipeline(cycle, Wanted(search="place", state="invited")))) == 1
