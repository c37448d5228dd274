"""Import and export on the desk: who may, the preview, saving what was seen, and what a worker does."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from auditlog.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations.models import Officer, Organisation, Participation, User
from surveys.enums import CycleStatus, DocumentKind
from surveys.models import Document, TableUpload
from surveys.models.tables import KEPT_FOR
from surveys.resources import exports, uploads
from surveys.resources.base import CHANGED_MEANWHILE
from surveys.resources.jobs import FAILED, TAKEN_UP_AFTER, queue_tables, work_on_table
from surveys.resources.uploads import discard_expired_tables
from surveys.views import tables as views
from tests import factories
from tests.cells import taken_back
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.table_files import make_csv

SignIn = Callable[[User], Client]
TABLES = "/p/harbour/desk/tables/"
ORGANISATIONS = f"{TABLES}organisations/"
PARTICIPATION = f"{TABLES}participation/"
CHANGE = {"Key": "anchor", "Statutory": "no", "Name here": "=The Anchor"}
WHO: dict[str, tuple[int, int, int]] = {
    # Sees the pages; imports organisations; imports participation
    "administrator": (200, 302, 302),
    "quality_officer": (200, 302, 403),
    "scrutineer": (200, 403, 403),
    "publisher": (403, 403, 403),
    "panel_member": (403, 403, 403),
    "panel_chair": (403, 403, 403),
    "outsider": (404, 404, 404),
    "lead": (404, 404, 404),
    "contributor": (404, 404, 404),
    "signatory": (404, 404, 404),
    "viewer": (404, 404, 404),
    "stranger": (404, 404, 404),
}


def make_file(*rows: dict[str, str], name: str = "changed.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_csv(*rows))


def upload(client: Client, *rows: dict[str, str], to: str = ORGANISATIONS) -> str:
    """The preview's address."""
    response = client.post(to, {"file": make_file(*rows)})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def get_fingerprint(found: TableUpload) -> str:
    assert found.preview is not None
    return str(found.preview["fingerprint"])


def confirm(client: Client, address: str) -> Any:
    seen = get_fingerprint(TableUpload.objects.get(pk=address.strip("/").rsplit("/", 1)[1]))
    return client.post(address, {"seen": seen}, follow=True)


@pytest.fixture
def administrator(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.administrator)


@grounded
def cycle(cast: Cast) -> Any:
    cycle = factories.make_cycle(
        cast.partnership, slug="now", questionnaires=(factories.make_questionnaire(),)
    )
    factories.make_invitee(cycle, cast.organisation)
    return cycle


def test_who_exports_and_who_imports(cast: Cast, cycle: Any, sign_in: SignIn) -> None:
    rows = {"Key": "anchor", "Must it take part?": "may"}
    found = {}
    for person in WHO:
        client = sign_in(cast.people[person])
        with taken_back():
            seen = {
                client.get(address).status_code
                for address in (TABLES, ORGANISATIONS, PARTICIPATION, f"{ORGANISATIONS}file/csv/")
            }
            done = (
                client.post(ORGANISATIONS, {"file": make_file(CHANGE)}).status_code,
                client.post(PARTICIPATION, {"file": make_file(rows)}).status_code,
            )
            assert TableUpload.objects.count() == done.count(302), person
        found[person] = (*seen, *done)
    assert found == WHO


def test_a_scrutineer_reads_why_there_is_nothing_to_upload(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.scrutineer).get(ORGANISATIONS).content.decode()
    assert "Only an administrator or quality officer of Harbour can do this." in page
    assert 'type="file"' not in page
    page = sign_in(cast.scrutineer).get(TABLES).content.decode()
    assert "Export. Import: Only an administrator or quality officer of Harbour can do this." in page


def test_an_officer_of_another_partnership_finds_nothing(cast: Cast, sign_in: SignIn) -> None:
    address = upload(sign_in(cast.administrator), CHANGE)
    client = sign_in(cast.outsider)
    assert client.get(address).status_code == client.post(f"{address}discard/").status_code == 404
    pk = address.strip("/").rsplit("/", 1)[1]
    moved = client.get(f"/p/moorland/desk/tables/uploads/{pk}/", follow=True).content.decode()
    assert "The Anchor" not in moved
    text = client.get("/p/moorland/desk/tables/organisations/file/csv/").content.decode()
    assert "anchor" not in text


def test_another_officers_upload_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    address = upload(sign_in(cast.administrator), CHANGE)
    assert sign_in(cast.quality_officer).get(address).status_code == 404


def test_the_preview_says_what_changes_and_nothing_is_saved_before(cast: Cast, administrator: Client) -> None:
    address = upload(administrator, CHANGE)
    page = administrator.get(address).content.decode()
    assert "1 row in the file: 1 to change." in page
    assert "=The Anchor" in page
    assert "Save 1 row" in page
    participation = cast.organisation.participations.get()
    assert (participation.is_statutory, participation.local_name) == (True, "")
    done = confirm(administrator, address).content.decode()
    assert "What the file has changed" in done
    participation.refresh_from_db()
    assert (participation.is_statutory, participation.local_name) == (False, "=The Anchor")
    assert LogEntry.objects.get_for_object(participation).first().actor == cast.administrator
    kept = TableUpload.objects.get()
    assert not kept.file
    # Pressed twice, it is saved once.
    assert (
        "has been saved already"
        in administrator.post(address, {"seen": get_fingerprint(kept)}, follow=True).content.decode()
    )


def test_a_row_that_was_changed_meanwhile_is_shown_again(cast: Cast, administrator: Client) -> None:
    address = upload(administrator, CHANGE, {"Key": "beacon", "Statutory": "no", "Name here": ""})
    Participation.objects.filter(organisation=cast.organisation).update(local_name="Somebody else’s")
    page = confirm(administrator, address).content.decode()
    assert CHANGED_MEANWHILE in page
    assert "Somebody else’s" in page
    assert cast.other_organisation.participations.get().is_statutory
    # What is shown now can be confirmed.
    confirm(administrator, address)
    assert not cast.other_organisation.participations.get().is_statutory


def test_an_old_page_saves_nothing(cast: Cast, administrator: Client) -> None:
    address = upload(administrator, CHANGE)
    page = administrator.post(address, {"seen": "0" * 64}, follow=True).content.decode()
    assert CHANGED_MEANWHILE in page
    assert administrator.post(address, {}).status_code == 200
    assert cast.organisation.participations.get().is_statutory


def test_faults_are_listed_and_nothing_can_be_saved(cast: Cast, administrator: Client) -> None:
    address = upload(administrator, CHANGE, {"Key": "beacon", "Statutory": "perhaps", "Name here": "<b>"})
    page = administrator.get(address).content.decode()
    assert "Line 3, Statutory: &#34;perhaps&#34; is not yes or no; write yes or no." in page
    assert "1 row to put right" in page
    assert "Save 1 row" not in page
    assert CHANGED_MEANWHILE in confirm(administrator, address).content.decode()
    assert cast.organisation.participations.get().is_statutory


def test_what_is_held_is_shown_with_its_reason(cast: Cast, administrator: Client) -> None:
    address = upload(administrator, {"Key": "anchor", "Name": "Other"})
    page = administrator.get(address).content.decode()
    assert "Stays as it is: it has a lead, who changes its name" in page
    assert "that a file may not change" in page
    assert "Save" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Key,Name\n1,Caf\xe9\n", "is not UTF-8"),
        (b"", "is empty"),
        (b"%PDF-1.7", "is neither a workbook (.xlsx) nor a CSV file"),
    ],
)
def test_a_file_that_is_no_table_is_refused_on_the_page(
    cast: Cast, administrator: Client, content: bytes, sentence: str
) -> None:
    response = administrator.post(ORGANISATIONS, {"file": SimpleUploadedFile("x.csv", content)})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not TableUpload.objects.exists()
    assert "Choose the file" in administrator.post(ORGANISATIONS).content.decode()


def test_a_file_that_is_too_large_is_named(
    cast: Cast, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views.table, "largest_upload", 20)
    response = administrator.post(ORGANISATIONS, {"file": SimpleUploadedFile("large.csv", b"x" * 100)})
    assert "‘large.csv’ is larger than 30 MB: split it into several files." in response.content.decode()


def test_a_later_file_takes_the_place_of_an_earlier_one(
    cast: Cast, administrator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    upload(administrator, CHANGE)
    name = str(TableUpload.objects.get().file.name)
    with django_capture_on_commit_callbacks(execute=True):
        address = upload(administrator, {**CHANGE, "Name here": "Later"})
    assert TableUpload.objects.count() == 1
    assert not default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        page = administrator.post(f"{address}discard/", follow=True).content.decode()
    assert "is thrown away, and nothing was changed" in page
    assert not TableUpload.objects.exists()
    assert "no longer kept" in administrator.get(address, follow=True).content.decode()


def test_uploads_are_gone_after_a_day(cast: Cast, administrator: Client) -> None:
    address = upload(administrator, CHANGE)
    now = timezone.now()
    assert discard_expired_tables(now) == 0
    assert discard_expired_tables(now + KEPT_FOR + datetime.timedelta(minutes=1)) == 1
    assert "no longer kept" in administrator.get(address, follow=True).content.decode()


def test_a_closed_cycle_is_only_exported(cast: Cast, cycle: Any, administrator: Client) -> None:
    row = {"Key": "anchor", "Must it take part?": "may"}
    address = upload(administrator, row, to=PARTICIPATION)
    cycle.status, cycle.closed_at = CycleStatus.CLOSED, timezone.now()
    cycle.save()
    assert "is closed, so nothing can be imported" in administrator.get(PARTICIPATION).content.decode()
    assert administrator.post(address, {"seen": "x"}).status_code == 403
    assert administrator.get(f"{PARTICIPATION}file/csv/?cycle=now").status_code == 200


def test_a_cycle_that_is_only_planned_stands_behind_the_open_one(
    cast: Cast, cycle: Any, administrator: Client
) -> None:
    factories.make_cycle(
        cast.partnership,
        slug="next",
        opens_on=cycle.opens_on + datetime.timedelta(days=365),
        closes_on=cycle.closes_on + datetime.timedelta(days=365),
        status=CycleStatus.PLANNED,
    )
    assert f"{PARTICIPATION}file/csv/?cycle=now" in administrator.get(PARTICIPATION).content.decode()


def test_a_table_of_a_cycle_says_so_where_there_is_none(cast: Cast, administrator: Client) -> None:
    assert "there is no cycle yet" in administrator.get(PARTICIPATION).content.decode()
    assert administrator.get(f"{PARTICIPATION}file/csv/").status_code == 404
    assert administrator.get(f"{TABLES}nothing/").status_code == 404
    assert administrator.get(f"{ORGANISATIONS}file/pdf/").status_code == 404


# In the background ----------------------------------------------------------------------------------------------------


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large."""
    monkeypatch.setattr(uploads, "SMALL", 0)
    monkeypatch.setattr(uploads, "FEW", 0)
    monkeypatch.setattr(exports, "FEW_ROWS", 0)


@pytest.mark.usefixtures("large")
def test_a_large_file_is_checked_and_saved_by_a_worker(
    cast: Cast, administrator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    address = upload(administrator, CHANGE)
    page = administrator.get(address).content.decode()
    assert "it is checked in the background" in page
    assert "hx-get" in page
    pk = TableUpload.objects.get().pk
    assert "HX-Refresh" not in administrator.get(address, headers={"HX-Request": "true"})
    work_on_table.call(pk)
    assert administrator.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Save 1 row" in administrator.get(address).content.decode()
    page = confirm(administrator, address).content.decode()
    assert "Saving 1 row." in page
    assert cast.organisation.participations.get().is_statutory
    # Discarding is too late now, and so is another word.
    assert "has been saved already" in administrator.post(f"{address}discard/", follow=True).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        work_on_table.call(pk)
    work_on_table.call(pk)
    assert "What the file has changed" in administrator.get(address).content.decode()
    participation = cast.organisation.participations.get()
    assert not participation.is_statutory
    assert LogEntry.objects.get_for_object(participation).first().actor == cast.administrator


@pytest.mark.usefixtures("large")
def test_a_large_file_that_is_no_table_says_so_once_it_is_read(cast: Cast, administrator: Client) -> None:
    response = administrator.post(ORGANISATIONS, {"file": SimpleUploadedFile("x.csv", b"%PDF-1.7")})
    work_on_table.call(TableUpload.objects.get().pk)
    assert "is neither a workbook" in administrator.get(response["Location"]).content.decode()


@pytest.mark.usefixtures("large")
def test_who_has_left_meanwhile_saves_nothing(cast: Cast, administrator: Client) -> None:
    address = upload(administrator, CHANGE)
    found = TableUpload.objects.get()
    work_on_table.call(found.pk)
    confirm(administrator, address)
    Officer.objects.filter(user=cast.administrator).update(ended_at=timezone.now())
    work_on_table.call(found.pk)
    found.refresh_from_db()
    assert found.error == "You are no officer of Harbour any more, so nothing was saved."
    assert cast.organisation.participations.get().is_statutory


@pytest.mark.usefixtures("large")
def test_a_worker_that_fails_says_so_and_one_that_died_is_followed(cast: Cast, administrator: Client) -> None:
    address = upload(administrator, CHANGE)
    found = TableUpload.objects.get()
    now = timezone.now()
    assert queue_tables(now) == 0
    assert queue_tables(now + TAKEN_UP_AFTER + datetime.timedelta(minutes=1)) == 1
    found.refresh_from_db()
    assert found.is_checked
    confirm(administrator, address)
    with patch("surveys.resources.jobs.save_upload", side_effect=MemoryError):
        work_on_table.call(found.pk)
    page = administrator.get(address).content.decode()
    assert FAILED in page
    assert "Save 1 row" in page


@pytest.mark.usefixtures("large")
def test_a_large_table_is_built_by_a_worker_and_kept(
    cast: Cast,
    administrator: Client,
    sign_in: SignIn,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    assert "Make the CSV file" in administrator.get(ORGANISATIONS).content.decode()
    assert administrator.get(f"{ORGANISATIONS}file/csv/").status_code == 302
    response = administrator.post(f"{ORGANISATIONS}file/csv/")
    assert "Being made" in administrator.get(response["Location"]).content.decode()
    document = Document.objects.get(kind=DocumentKind.TABLE)
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(f"{ORGANISATIONS}file/xlsx/")
    assert Document.objects.filter(kind=DocumentKind.TABLE, built_at__isnull=False).count() == 1
    address = f"{TABLES}files/{document.pk}/"
    assert administrator.get(f"{address}file/").status_code == 404
    built = Document.objects.exclude(file="").get()
    file = administrator.get(f"{TABLES}files/{built.pk}/file/")
    assert b"".join(file.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert f"organisations-{timezone.localdate()}.xlsx" in file["Content-Disposition"]
    assert sign_in(cast.quality_officer).get(address).status_code == 404


# Sizes ----------------------------------------------------------------------------------------------------------------


def add_places(cast: Cast, count: int) -> list[dict[str, str]]:
    places = [
        factories.make_organisation(f"Quay {number}", slug=f"quay-{number}", partnership=cast.partnership)
        for number in range(count)
    ]
    return [{"Key": place.slug, "Statutory": "no", "Name here": f"{place} here"} for place in places]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_rows(
    cast: Cast, administrator: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    rows = add_places(cast, count)
    administrator.get(TABLES)
    with django_assert_num_queries(6):
        administrator.get(f"{ORGANISATIONS}file/csv/")
    with django_assert_num_queries(5):
        administrator.get(ORGANISATIONS)
    with django_assert_num_queries(11):
        address = upload(administrator, *rows)
    with django_assert_num_queries(4):
        administrator.get(address)
    with django_assert_num_queries(5):
        administrator.get(TABLES)


def test_a_long_preview_is_paged_and_its_kinds_can_be_chosen(cast: Cast, administrator: Client) -> None:
    places = Organisation.objects.bulk_create(
        Organisation(name=f"Q{n:02}", slug=f"q{n:02}", variant="standard") for n in range(60)
    )
    Participation.objects.bulk_create(
        Participation(partnership=cast.partnership, organisation=one, is_statutory=True) for one in places
    )
    rows = [{"Key": one.slug, "Name": one.name, "Variant": "", "Statutory": "no"} for one in places]
    for row in rows:
        del row["Variant"]
    address = upload(administrator, *rows, {"Key": "anchor", "Name": "Other", "Statutory": "yes"})
    page = administrator.get(address).content.decode()
    assert page.count("line ") == 50
    assert "Q49" in page
    assert "Q50" not in page
    assert "Q59" in administrator.get(f"{address}?page=2").content.decode()
    held = administrator.get(f"{address}?show=held").content.decode()
    assert "Stays as it is" in held
    assert "Q01" not in held
    assert "Save 60 rows" in held
