"""Loading a register at the desk: its pages, its jobs, and what becomes of files."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations.enums import LoadState, Register, Variant
from s11.organisations.forms import registers as forms
from s11.organisations.loading import jobs, loads, reading
from s11.organisations.loading.applying import SAID_QUICKER
from s11.organisations.loading.reading import Source, read_register
from s11.organisations.models import Organisation, RegisterLoad, User
from s11.organisations.registers.maps import read_map
from tests import factories
from tests.conftest import Cast
from tests.organisations.register_files import HEAD, SAMPLE, make_gias, make_links, school

AREA = "Northshire"
HERE = {"partnership": "harbour"}


@pytest.fixture
def desk(
    cast: Cast,
    sign_in: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Desk:
    return Desk(sign_in(cast.administrator), django_capture_on_commit_callbacks)


class Desk:
    """An administrator's browser; jobs run when their transaction is over."""

    def __init__(self, client: Client, commits: Any) -> None:
        self.client = client
        self.commits = commits

    def post(self, name: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        with self.commits(execute=True):
            return self.client.post(reverse(f"organisations:{name}", kwargs=HERE | kwargs), data or {})

    def upload(self, content: bytes, *, links: bytes = b"", **data: str) -> RegisterLoad:
        sent: dict[str, Any] = {"register": "gias", "areas": AREA, **data}
        sent["file"] = SimpleUploadedFile("edubase.csv", content)
        if links:
            sent["links"] = SimpleUploadedFile("links.csv", links)
        response = self.post("registers", sent)
        assert response.status_code == 302, response.content.decode()
        return RegisterLoad.objects.get(pk=response.url.rstrip("/").split("/")[-1])

    def apply(self, load: RegisterLoad, **data: str | list[str]) -> RegisterLoad:
        response = self.post("register_load", {"seen": load.digest, **data}, load=load.pk)
        assert response.status_code == 302, response.content.decode()
        load.refresh_from_db()
        return load

    def show(self, load: RegisterLoad, query: str = "") -> str:
        response = self.client.get(
            reverse("organisations:register_load", kwargs=HERE | {"load": load.pk}) + query
        )
        assert response.status_code == 200
        return str(response.content.decode())


def list_files() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "registers"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_file_is_shown_applied_and_the_second_time_there_is_nothing(desk: Desk, cast: Cast) -> None:
    load = desk.upload(SAMPLE.read_bytes(), areas="Test LA Name")
    assert (load.state, load.counts["new"], load.counts["parents"]) == (LoadState.READY, 60, 60)
    assert Organisation.objects.exclude(urn="").count() == 0
    page = desk.show(load)
    assert "What the file would change" in page
    assert "school 1" in page
    assert "Takes part from now on, as part of trust name 1." in page

    desk.apply(load)
    assert load.state == LoadState.DONE
    assert Organisation.objects.exclude(urn="").count() == 60
    assert "What the file changed" in desk.show(load)
    again = desk.upload(SAMPLE.read_bytes(), areas="Test LA Name")
    page = desk.show(again)
    assert "There is nothing to change: everything is as the register says." in page
    assert ">Apply<" not in page.replace("\n", "").replace("  ", "")
    assert (again.counts["writes"], again.counts["unchanged"]) == (0, 60)


def test_the_file_is_gone_once_it_is_read_and_nothing_of_a_head_teacher_is_kept(desk: Desk) -> None:
    content = make_gias(school(100001, "Hill School"))
    load = desk.upload(content, links=make_links(("100001", "100002", "Successor")))
    assert (load.file.name, load.links.name) == ("", "")
    kept = [path.read_text() for path in list_files()]
    assert ["Hill School" in text for text in kept] == [True]
    assert HEAD not in "".join(kept)
    assert HEAD not in str(RegisterLoad.objects.values())
    desk.apply(load)
    assert list_files() == []


def test_the_local_authority_is_asked_for_and_remembered(desk: Desk, cast: Cast) -> None:
    sent = {"register": "gias", "file": SimpleUploadedFile("edubase.csv", make_gias(school(100001, "A")))}
    response = desk.post("registers", sent)
    assert response.status_code == 422
    assert (
        "Write your local authority: the file holds the schools of all England" in response.content.decode()
    )
    assert "Local authority (optional)" not in response.content.decode()
    assert "The file of links (optional)" in response.content.decode()
    desk.apply(desk.upload(make_gias(school(100001, "A"))))
    page = desk.client.get(reverse("organisations:registers", kwargs=HERE)).content.decode()
    assert f'value="{AREA}"' in page


def test_what_cannot_be_read_says_why_and_leaves_no_file(desk: Desk) -> None:
    load = desk.upload(make_gias(school(100001, ""), school(2, "B")))
    assert load.state == LoadState.FAILED
    page = desk.show(load)
    assert "The file was not loaded" in page
    assert "line 2, name: it is empty" in page
    assert list_files() == []
    desk.post("retry_load", load=load.pk)
    load.refresh_from_db()
    assert load.state == LoadState.FAILED


def test_too_large_a_file_is_never_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s11.organisations.views.registers.registers.largest_upload", 1_000)
    monkeypatch.setattr(forms, "LARGEST_REGISTER", forms.MEGABYTE)
    sent = {"register": "gias", "areas": AREA, "file": SimpleUploadedFile("big.csv", b"x" * 5_000)}
    response = desk.post("registers", sent)
    assert "The file has more than 1 MB" in response.content.decode()
    assert not RegisterLoad.objects.exists()


def test_a_page_changes_nothing_on_what_others_also_have(desk: Desk, cast: Cast) -> None:
    shared = factories.make_organisation(
        "Hill School", variant=Variant.SCHOOL, partnership=cast.partnership, urn="100001"
    )
    shared.participations.create(partnership=cast.elsewhere)
    before = Organisation.objects.filter(pk=shared.pk).values().get()
    load = desk.upload(make_gias(school(100001, "Hill School", status="Closed", closed="31-08-2020")))
    assert "so an operator sets that" in desk.show(load, "?kind=left")
    desk.apply(load)
    assert Organisation.objects.filter(pk=shared.pk).values().get() == before
    assert not shared.participations.get(partnership=cast.partnership).is_active
    assert shared.participations.get(partnership=cast.elsewhere).is_active


def test_organisations_that_look_the_same_are_decided_together(desk: Desk, cast: Cast) -> None:
    for number in range(3):
        factories.make_organisation(f"School {number}", variant=Variant.SCHOOL, partnership=cast.partnership)
    content = make_gias(*(school(100_000 + n, f"SCHOOL {n}") for n in range(3)))
    load = desk.upload(content)
    assert "3 of them are the same: give them the register’s URN" in desk.show(load)
    response = desk.post("register_load", {"seen": load.digest}, load=load.pk)
    assert "Choose what the organisations are that look the same" in response.content.decode()
    desk.apply(load, alike="same", another=["100002"])
    assert list(Organisation.objects.exclude(urn="").order_by("urn").values_list("urn", "name")) == [
        ("100000", "School 0"),
        ("100001", "School 1"),
        ("100002", "SCHOOL 2"),
    ]
    assert Organisation.objects.filter(name="School 2", urn="").exists()
    again = desk.upload(content)
    assert again.counts["writes"] == 0


def test_one_that_looks_like_two_rows_stays_as_it_is(desk: Desk, cast: Cast) -> None:
    factories.make_organisation("Hill School", variant=Variant.SCHOOL, partnership=cast.partnership)
    load = desk.upload(make_gias(school(100001, "Hill School"), school(100002, "Hill School")))
    assert "the same: give them" not in desk.show(load)
    desk.apply(load, alike="leave")
    assert not Organisation.objects.exclude(urn="").exists()


def test_what_is_applied_must_be_what_was_seen(desk: Desk, cast: Cast) -> None:
    load = desk.upload(make_gias(school(100001, "A"), school(100002, "B")))
    factories.make_organisation("A", variant=Variant.SCHOOL, partnership=cast.partnership, urn="100001")
    desk.apply(load)
    assert (load.state, load.error, load.counts["new"]) == (LoadState.READY, SAID_QUICKER, 1)
    assert not Organisation.objects.filter(urn="100002").exists()
    desk.apply(load)
    assert (load.state, load.error) == (LoadState.DONE, "")
    assert Organisation.objects.filter(urn="100002").exists()


def test_an_old_page_applies_nothing(desk: Desk) -> None:
    load = desk.upload(make_gias(school(100001, "A")))
    desk.post("register_load", {"seen": "another"}, load=load.pk)
    load.refresh_from_db()
    assert load.state == LoadState.READY
    desk.apply(load)
    desk.post("register_load", {"seen": load.digest}, load=load.pk)
    assert Organisation.objects.filter(urn="100001").count() == 1
    desk.post("discard_load", load=load.pk)
    assert RegisterLoad.objects.filter(pk=load.pk).exists()


def test_discarding_and_a_newer_file(desk: Desk) -> None:
    first = desk.upload(make_gias(school(100001, "A")))
    second = desk.upload(make_gias(school(100002, "B")))
    assert not RegisterLoad.objects.filter(pk=first.pk).exists()
    assert len(list_files()) == 1
    desk.post("discard_load", load=second.pk)
    assert not RegisterLoad.objects.exists()
    assert list_files() == []


# Jobs


@contextmanager
def at_work(load: RegisterLoad, state: LoadState) -> Iterator[None]:
    """As if a worker had died on it."""
    long_ago = timezone.now() - jobs.TAKEN_UP_AFTER
    RegisterLoad.objects.filter(pk=load.pk).update(state=state, attempts=1, queued_at=long_ago)
    yield
    load.refresh_from_db()


def test_a_killed_job_is_taken_up_again_and_leaves_one_result(desk: Desk, cast: Cast) -> None:
    load = desk.upload(make_gias(school(100001, "A")))
    with (
        patch("s11.organisations.loading.writing.Writer.write_steps", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        desk.apply(load)
    load.refresh_from_db()
    assert (load.state, Organisation.objects.filter(urn="100001").count()) == (LoadState.APPLYING, 0)
    with at_work(load, LoadState.APPLYING):
        assert loads.queue_due_loads(timezone.now()) == 1
    assert (load.state, load.attempts) == (LoadState.DONE, 2)
    # A worker that comes late with either attempt finds it done.
    for attempt in (1, 2):
        jobs.apply_load.call(load.pk, attempt)
    assert Organisation.objects.filter(urn="100001").count() == 1
    assert loads.queue_due_loads(timezone.now()) == 0


def test_reading_is_taken_up_again_and_given_up(desk: Desk, cast: Cast) -> None:
    with patch.object(jobs, "_read", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        desk.upload(make_gias(school(100001, "A")))
    load = RegisterLoad.objects.get()
    with at_work(load, LoadState.READING):
        loads.queue_due_loads(timezone.now())
    assert (load.state, load.attempts) == (LoadState.READY, 2)
    RegisterLoad.objects.filter(pk=load.pk).update(attempts=jobs.MOST_ATTEMPTS)
    for state, then in ((LoadState.READING, LoadState.FAILED), (LoadState.APPLYING, LoadState.READY)):
        long_ago = timezone.now() - jobs.TAKEN_UP_AFTER
        RegisterLoad.objects.filter(pk=load.pk).update(state=state, attempts=3, queued_at=long_ago)
        assert loads.queue_due_loads(timezone.now()) == 0
        load.refresh_from_db()
        assert (load.state, load.error) == (then, jobs.SAID_GIVEN_UP)


def test_a_fault_of_ours_can_be_tried_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with patch.object(jobs, "_read_rows", side_effect=RuntimeError("disk")):
        load = desk.upload(make_gias(school(100001, "A")))
    assert (load.state, load.error) == (LoadState.FAILED, jobs.SAID_GIVEN_UP)
    assert "could not be read" in caplog.text
    assert "Try again" in desk.show(load)
    desk.post("retry_load", load=load.pk)
    load.refresh_from_db()
    assert load.state == LoadState.READY


def test_a_fault_while_applying_shows_the_file_again(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    load = desk.upload(make_gias(school(100001, "A")))
    with patch("s11.organisations.loading.writing.Writer.write_steps", side_effect=RuntimeError("disk")):
        desk.apply(load)
    assert (load.state, load.error) == (LoadState.READY, jobs.SAID_GIVEN_UP)
    assert desk.apply(load).state == LoadState.DONE


def test_while_it_is_read_the_page_says_how_far_it_is(desk: Desk) -> None:
    load = desk.upload(make_gias(school(100001, "A")))
    RegisterLoad.objects.filter(pk=load.pk).update(state=LoadState.READING, progress=40)
    response = desk.client.get(reverse("organisations:register_load", kwargs=HERE | {"load": load.pk}))
    assert response["Refresh"] == "3"
    assert "40% is read." in response.content.decode()


def test_progress_is_told_while_reading(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", -1.0)
    told: list[int] = []
    stream = io.BytesIO(make_gias(*(school(100_000 + n, f"S {n}") for n in range(9))))
    read_register(
        Source(stream, "edubase.csv"),
        None,
        read_map("gias"),
        cast.partnership,
        areas="",
        into=io.BytesIO(),
        tell=told.append,
    )
    assert told == sorted(told)
    assert (len(told), told[0] < 30, told[-1] > 80) == (9, True, True)


def test_what_nobody_applies_goes_after_a_week_and_files_after_a_day(desk: Desk) -> None:
    load = desk.upload(make_gias(school(100001, "A")))
    done = desk.apply(desk.upload(b"Code,Name\nRJ1,A\n", register="ods", areas=""))
    assert done.state == LoadState.CHOOSING
    now = timezone.now()
    for days, count, left in ((0, 0, 2), (2, 1, 1), (8, 1, 0)):
        with desk.commits(execute=True):
            assert loads.discard_expired_loads(now + datetime.timedelta(days=days)) == count
        assert RegisterLoad.objects.count() == left
        assert RegisterLoad.objects.filter(pk=load.pk).exists() == bool(left)
    assert list_files() == []


# Columns


def choose(desk: Desk, load: RegisterLoad, **data: str) -> Any:
    return desk.post(
        "register_columns", {"variant": "health", "is_statutory": "yes", "areas": "", **data}, load=load.pk
    )


def test_columns_are_chosen_in_a_preview(desk: Desk, cast: Cast) -> None:
    content = b"Id,What,Area\nrj1,Harbour Trust,Northshire\nrj2,Bay Surgery,Southshire\n"
    load = desk.upload(content, register="ods", areas="")
    assert load.state == LoadState.CHOOSING
    page = desk.client.get(reverse("organisations:register_columns", kwargs=HERE | {"load": load.pk}))
    assert "Id: rj1" in page.content.decode()
    chosen = {"has_header": "on", "shown": "True", "identifier": "Id", "name": "What", "area_name": "Area"}
    response = choose(desk, load, **chosen | {"name": ""})
    assert "Choose the column that holds the name" in response.content.decode()
    assert choose(desk, load, **chosen, areas="northshire").status_code == 302
    load.refresh_from_db()
    assert (load.state, load.counts["new"], load.counts["elsewhere"]) == (LoadState.READY, 1, 1)
    # Of these the file is kept, to choose other columns.
    assert "Choose other columns" in desk.show(load)
    choose(desk, load, **chosen)
    load.refresh_from_db()
    assert load.counts["new"] == 2
    desk.apply(load)
    assert list(
        Organisation.objects.exclude(ods_code="").order_by("ods_code").values_list("ods_code", "variant")
    ) == [
        ("RJ1", Variant.HEALTH),
        ("RJ2", Variant.HEALTH),
    ]
    assert list_files() == []


def test_wrong_columns_can_be_chosen_anew(desk: Desk) -> None:
    load = desk.upload(b"Id,What\nrj1,Harbour Trust\n", register="ods", areas="")
    chosen = {"has_header": "on", "shown": "True"}
    choose(desk, load, **chosen, identifier="What", name="Id")
    load.refresh_from_db()
    assert load.state == LoadState.FAILED
    page = desk.show(load)
    assert "line 2, ODS code: ‘HARBOUR TRUST’ is not one" in page
    assert "Choose other columns" in page
    choose(desk, load, **chosen, identifier="Id", name="What")
    load.refresh_from_db()
    assert (load.state, load.counts["new"]) == (LoadState.READY, 1)


def test_a_file_without_a_header_has_numbered_columns(desk: Desk) -> None:
    load = desk.upload(b"RJ1,Harbour Trust\nRJ2,Bay Surgery\n", register="ods", areas="")
    page = choose(desk, load, shown="True").content.decode()
    assert "Column 2: Harbour Trust" in page
    choose(desk, load, shown="False", identifier="Column 1", name="Column 2")
    load.refresh_from_db()
    assert load.counts["new"] == 2


def test_a_file_that_is_none_is_refused_before_columns_are_chosen(desk: Desk) -> None:
    load = desk.upload(b"\0", register="ods", areas="")
    response = desk.client.get(
        reverse("organisations:register_columns", kwargs=HERE | {"load": load.pk}), follow=True
    )
    assert "holds a NUL character" in response.content.decode()
    assert not RegisterLoad.objects.exists()


# Whose it is


def test_another_partnerships_load_is_not_there(
    desk: Desk, cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    load = desk.upload(make_gias(school(100001, "A")))
    client = sign_in(cast.outsider)
    for name in ("register_load", "register_columns", "discard_load", "retry_load"):
        for partnership in ("harbour", "moorland"):
            url = reverse(f"organisations:{name}", args=[partnership, load.pk])
            assert client.get(url).status_code in {404, 405}
            assert client.post(url).status_code == 404
    assert RegisterLoad.objects.filter(pk=load.pk).exists()
    assert str(load) not in client.get(reverse("organisations:registers", args=["moorland"])).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    count: int, desk: Desk, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        factories.make_organisation(f"Like {number}", variant=Variant.SCHOOL, partnership=cast.partnership)
    rows = [school(100_000 + n, f"School {n}") for n in range(count)]
    rows += [school(200_000 + n, f"Like {n}") for n in range(count)]
    load = desk.upload(make_gias(*rows))
    for _ in range(count - 1):
        RegisterLoad.objects.create(
            partnership=cast.partnership,
            register=Register.GIAS,
            variant=Variant.SCHOOL,
            state=LoadState.DONE,
            applied_at=timezone.now(),
            requested_by=factories.make_user(f"{RegisterLoad.objects.count()}@x.example"),
        )
    with django_assert_num_queries(7):
        desk.show(load)
    with django_assert_num_queries(5):
        desk.client.get(reverse("organisations:registers", kwargs=HERE))


def test_the_group_of_a_school_is_put_on_the_list(desk: Desk, cast: Cast) -> None:
    desk.apply(desk.upload(make_gias(school(100001, "Hill School", trust="Wide Trust", trust_code="77"))))
    hill = Organisation.objects.get(urn="100001")
    url = reverse("organisations:organisation", kwargs=HERE | {"organisation": hill.slug})
    page = desk.client.get(url).content.decode()
    assert "Add Wide Trust to your list" in page
    desk.post("add_group", organisation=hill.slug)
    group = Organisation.objects.get(group_uid="77")
    assert not group.participations.get(partnership=cast.partnership).is_statutory
    assert "Add Wide Trust" not in desk.client.get(url).content.decode()
    desk.post("add_group", organisation=hill.slug)
    assert group.participations.count() == 1
