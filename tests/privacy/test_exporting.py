"""An export holds what is held about one person, nothing of another, nothing of another partnership, and no secret."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from s11.organisations.models import Contact, DataExport, KnownBrowser, Membership, Partnership, User
from s11.privacy.export_files import list_texts
from s11.privacy.exporting import (
    discard_old_exports,
    gather_export,
    hand_over,
    keep_back,
    queue_lost_exports,
    read_material,
    request_export,
)
from s11.web.errors import NotInThisState
from surveys.models import ActionUpdate, Audit, Message
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.trails import lifted

pytestmark = pytest.mark.django_db


@grounded
def audit(cast: Cast) -> Audit:
    """The lead has a full name, and has done things; so has somebody else."""
    for person, name in (
        (cast.lead, "Jane Gannet"),
        (cast.stranger, "Tom Curlew"),
        (cast.contributor, "Ann Tern"),
        (cast.viewer, "Ann Tern Jr."),
    ):
        person.name = name
        person.save()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    audit = factories.make_audit(cycle, cast.organisation, scores=1)
    audit.answers.update(updated_by=cast.lead, commentary="Written by Jane Gannet after Ann Tern left.")
    action = factories.make_action(
        cast.organisation,
        cast.partnership,
        what="Ask Ann Tern at ann@tern.example, or Ann Tern Jr. otherwise",
        owner="Jane Gannet",
        owner_user=cast.lead,
        created_by=cast.contributor,
    )
    today = timezone.localdate()
    before = {"status_before": action.status, "percent_before": 0, "due_before": today}
    after = {"status_after": action.status, "percent_after": 10, "due_after": today}
    ActionUpdate.objects.create(
        action=action, text="Jane Gannet was ill.", by=cast.contributor, **before, **after
    )
    return audit


def make(
    capture: DjangoCaptureOnCommitCallbacks, partnership: Partnership | None, by: User, **about: Any
) -> DataExport:
    with capture(execute=True):
        export = request_export(partnership=partnership, by=by, **about)
    export.refresh_from_db()
    assert not export.error
    return export


def list_models(material: dict[str, Any]) -> set[str]:
    return {table["model"] for table in material["tables"]}


def read(export: DataExport) -> dict[str, bytes]:
    with export.file.open("rb") as stored, zipfile.ZipFile(stored) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_own_holds_everything_but_others_and_secrets(
    cast: Cast, audit: Audit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    Authenticator.objects.create(
        user=cast.lead,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "My blue key", "credential": "secret-half"},
    )
    KnownBrowser.objects.create(user=cast.lead, token_hash="hash-of-a-cookie")
    with lifted(LogEntry):
        LogEntry.objects.filter(object_repr__contains="Gannet").update(
            actor=cast.lead, remote_addr="192.0.2.7"
        )
    export = make(django_capture_on_commit_callbacks, None, cast.lead, user=cast.lead)
    files = read(export)
    everything = b"".join(files.values()).decode()
    assert {
        "organisations.User",
        "organisations.Membership",
        "organisations.KnownBrowser",
        "mfa.Authenticator",
        "surveys.Answer",
        "surveys.Action",
        "auditlog.LogEntry",
    } <= list_models(json.loads(files["data.json"]))
    for held in (
        "Jane Gannet",
        cast.lead.email,
        "My blue key",
        "192.0.2.7",
        "Anchor Trust",
        "[another person]",
    ):
        assert held in everything, held
    for other in (
        "Ann Tern",
        "Jr.",
        "ann@tern.example",
        "Tom Curlew",
        "secret-half",
        "hash-of-a-cookie",
        cast.lead.password,
    ):
        assert other not in everything, other
    rows = list(csv.DictReader(io.StringIO(files["tables/surveys-answer.csv"].decode("utf-8-sig"))))
    assert len(rows) == audit.answers.count()
    assert "Written by Jane Gannet after [another person] left." in rows[0].values()
    # What others wrote waits for somebody to read it.
    assert "was ill" not in everything
    # The record of changes is there to be read: no JSON within JSON, and no names of tables.
    lines = files["tables/auditlog-logentry.csv"].decode()
    assert "type: nothing → webauthn" in lines
    assert ".None" not in lines


def test_officers_find_their_own_partnership_alone(
    cast: Cast, audit: Audit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    Membership.objects.create(
        user=cast.outsider, organisation=cast.organisation, role="viewer", started_at=None
    )
    participation = cast.organisation.participations.get(partnership=cast.partnership)
    factories.make_organisation("Elsewhere House", slug="elsewhere", partnership=cast.elsewhere)
    there = cast.elsewhere.participations.get()
    for place, job in ((participation, "Director here"), (there, "Director there")):
        Contact.objects.create(
            participation=place,
            kind="chief_executive",
            name="Jane Gannet",
            job_title=job,
            email="old@gannet.example",
        )
    capture = django_capture_on_commit_callbacks
    export = make(
        capture,
        cast.partnership,
        cast.administrator,
        user=cast.lead,
        email=cast.lead.email,
        name="Jane Gannet",
    )
    material = read_material(export)
    said = json.dumps(material)
    assert "ask the organisation" in said  # its commentary is not the partnership's to hand out
    assert "Written by" not in said
    assert "surveys.Answer" in list_models(material)
    assert not {"organisations.Session", "mfa.Authenticator", "surveys.Evidence"} & list_models(material)
    assert "Director there" not in said
    assert [mention["text"] for mention in material["mentions"]] == ["Jane Gannet was ill."]
    # By another address: the same contact, no account.
    by_address = make(capture, cast.partnership, cast.administrator, email="OLD@gannet.example")
    assert list_models(read_material(by_address)) == {"organisations.Contact", "auditlog.LogEntry"}
    assert "Director here" in json.dumps(read_material(by_address))
    # Somebody with a role elsewhere alone is nobody here.
    nobody = make(capture, cast.elsewhere, cast.outsider, email=cast.lead.email)
    assert read_material(nobody)["tables"] == []


def test_what_is_kept_back_is_not_handed_over(
    cast: Cast, audit: Audit, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    Message.objects.create(
        partnership=cast.partnership,
        email=cast.lead.email,
        user=cast.lead,
        kind="notice",
        subject="=Hello",
        body="B",
    )
    export = make(django_capture_on_commit_callbacks, cast.partnership, cast.administrator, user=cast.lead)
    numbers = [mention["number"] for mention in read_material(export)["mentions"]]
    assert not export.file
    keep_back(export=export, shown=numbers, chosen=[*numbers, 999])
    hand_over(export=export, by=cast.administrator)
    export.refresh_from_db()
    assert export.kept_back == numbers
    files = read(export)
    assert b"was ill" not in b"".join(files.values())
    assert b"kept back" in files["tables/mentions.csv"]
    # No cell is a formula.
    assert b"'=Hello" in files["tables/surveys-message.csv"]
    # The same choice once more leaves the file; another one takes it away, before anybody downloads it.
    first = str(export.file.name)
    keep_back(export=export, shown=numbers, chosen=numbers)
    assert default_storage.exists(first)
    keep_back(export=export, shown=numbers, chosen=[])
    export.refresh_from_db()
    assert (export.state, export.reviewed_by) == ("To review", None)
    hand_over(export=export, by=cast.administrator)
    export.refresh_from_db()
    assert b"was ill" in read(export)["data.json"]
    assert not default_storage.exists(first)


def test_files_go_and_the_record_stays(
    cast: Cast,
    audit: Audit,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    settings: LazySettings,
) -> None:
    settings.DATA_EXPORT_DAYS = 3
    export = make(django_capture_on_commit_callbacks, None, cast.lead, user=cast.lead)
    names = [str(export.material.name), str(export.file.name)]
    now = timezone.now()
    assert discard_old_exports(now + datetime.timedelta(days=2)) == 0
    assert discard_old_exports(now + datetime.timedelta(days=4)) == 1
    assert not any(default_storage.exists(name) for name in names)
    export.refresh_from_db()
    assert export.state == "Expired"
    assert LogEntry.objects.get_for_object(export).exists()
    with pytest.raises(NotInThisState, match="deleted"):
        hand_over(export=export, by=cast.lead)


def test_is_tried_again_and_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    export = request_export(partnership=None, user=cast.lead, by=cast.lead)
    assert request_export(partnership=None, user=cast.lead, by=cast.lead) == export
    assert queue_lost_exports(timezone.now()) == 0

    def fail(export: DataExport) -> None:
        raise ValueError

    monkeypatch.setattr("s11.privacy.exporting.gather", fail)
    gather_export.enqueue(export.pk, 0)
    gather_export.enqueue(export.pk, 0)
    export.refresh_from_db()
    assert (export.attempts, export.error) == (1, "")
    for hours in (1, 2, 3):
        queue_lost_exports(timezone.now() + datetime.timedelta(hours=hours))
    export.refresh_from_db()
    assert "could not be put together" in export.error


def test_pages(
    cast: Cast,
    audit: Audit,
    sign_in: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sign_in(cast.administrator)
    here = "/p/harbour/desk/privacy/"
    refused = client.post(f"{here}exports/new/", {"email": "", "name": ""})
    assert "Enter an e-mail address, or a name, or both" in refused.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(f"{here}exports/new/", {"email": cast.lead.email, "name": "Jane Gannet"})
    export = DataExport.objects.get()
    assert (response["Location"], export.user) == (f"{here}exports/{export.pk}/", cast.lead)
    page = client.get(response["Location"]).content.decode()
    assert "Jane Gannet was ill." in page
    number = read_material(export)["mentions"][0]["number"]
    client.post(response["Location"], {"shown": [number], "back": [number]})
    client.post(f"{response['Location']}hand-over/")
    content = client.get(f"{response['Location']}file/").getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"was ill" not in archive.read("data.json")
        assert b"kept back" in archive.read("data.json")
    assert "Download the file" in client.get(response["Location"]).content.decode()
    client.post(f"{response['Location']}delete/")
    assert client.get(f"{response['Location']}file/").status_code == 404
    # Nobody else's, and not the person's own page either.
    client = sign_in(cast.outsider)
    assert client.get(f"/p/moorland/desk/privacy/exports/{export.pk}/").status_code == 404
    assert sign_in(cast.lead).get(f"/home/details/held/{export.pk}/file/").status_code == 404


def test_what_is_ticked_is_saved_before_the_file_is_made(
    cast: Cast,
    audit: Audit,
    sign_in: Callable[[User], Client],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    Message.objects.create(
        partnership=cast.partnership, email=cast.lead.email, user=cast.lead, kind="notice", body="Was ill."
    )
    export = make(django_capture_on_commit_callbacks, cast.partnership, cast.administrator, user=cast.lead)
    client = sign_in(cast.administrator)
    here = f"/p/harbour/desk/privacy/exports/{export.pk}/"
    numbers = [text["number"] for text in list_texts(read_material(export))]

    def make_file(**fields: object) -> bytes:
        client.post(here, {"shown": numbers, "make": "yes", **fields})
        with zipfile.ZipFile(io.BytesIO(client.get(f"{here}file/").getvalue())) as archive:
            return archive.read("data.json")

    assert b"Was ill." in make_file()
    assert b"Was ill." not in make_file(back=numbers)
    # No second button makes it past the boxes.
    page = client.get(here).content.decode()
    assert (page.count('name="make"'), f"{here}hand-over/" in page) == (1, False)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same(
    cast: Cast,
    sign_in: Callable[[User], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    DataExport.objects.bulk_create(
        DataExport(partnership=cast.partnership, user=user, requested_by=cast.administrator)
        for user in list(cast.people.values())[:count]
    )
    client = sign_in(cast.administrator)
    client.get("/p/harbour/desk/privacy/")
    with django_assert_num_queries(6):
        client.get("/p/harbour/desk/privacy/")
