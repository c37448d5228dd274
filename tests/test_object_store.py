"""Files in an S3-compatible store: a real server on this machine (moto), whose signed links are really followed.

Not tried by it: that a link ends after its minute, which the store enforces; the link asks for it.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from s11.backups import get_models, walk
from s11.organisations.models import User
from s11.readiness import get_states
from s11.web.downloads import LONGEST_NAME, fit_name
from s11.web.outages import StoreDown
from s11.web.outside import ON_DISK, make_storage
from surveys.enums import ScanState
from surveys.models import EvidenceVersion
from tests import factories
from tests.conftest import Cast
from tests.surveys.evidence_samples import PDF
from tests.trails import lifted

SignIn = Callable[[User], Client]
PLACE = {"partnership": "harbour", "organisation": "anchor"}
ADD = "/p/harbour/o/anchor/evidence/add/file/"
NAME = "Childrens’ policy, §3 “final”.pdf"
# Nothing listens there.
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    # Imported here: it takes a second, which no other test is to wait for.
    from moto.server import ThreadedMotoServer  # noqa: PLC0415

    found = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    found.start()
    host, port = found.get_host_and_port()
    yield f"http://{host}:{port}"
    found.stop()


def use(settings: Any, address: str, *, bucket: str) -> None:
    settings.FILES_STORE_URL = f"{address}/{bucket}/files"
    files = make_storage(settings.FILES_STORE_URL, key="key", secret="secret", region="eu-west-2")
    settings.STORAGES = settings.STORAGES | {"default": files}


@pytest.fixture
def store(server: str, settings: Any, request: pytest.FixtureRequest) -> str:
    """Its address, with a bucket of the test's own."""
    bucket = f"b{abs(hash(request.node.nodeid))}"
    use(settings, server, bucket=bucket)
    default_storage.connection.create_bucket(  # type: ignore[attr-defined]  # an ObjectStore now
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    return server


def fetch(link: str) -> tuple[bytes, Message]:
    """As a browser does, without anything of ours."""
    with urllib.request.urlopen(link, timeout=10) as answer:  # our own server's address
        return answer.read(), answer.headers


def add(client: Client, name: str = NAME) -> Any:
    return client.post(ADD, {"uploads": SimpleUploadedFile(name, PDF)})


@pytest.mark.django_db
def test_a_download_is_checked_and_then_led_to_a_link_of_a_minute(
    cast: Cast, sign_in: SignIn, store: str
) -> None:
    lead = sign_in(cast.lead)
    assert add(lead).status_code in {200, 302}
    version = EvidenceVersion.objects.get()
    assert list(walk(default_storage)) == [version.file.name]
    page = reverse("surveys:evidence_file", kwargs=PLACE | {"version": version.pk})

    response = lead.get(page)
    link = urlsplit(response.headers["Location"])
    assert (response.status_code, response.headers["Cache-Control"]) == (302, "private, no-store")
    assert f"{link.scheme}://{link.netloc}" == store
    asked = parse_qs(link.query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["X-Amz-Signature"][0]
    content, headers = fetch(response.headers["Location"])
    assert content == PDF
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''Childrens%E2%80%99%20policy"
    )
    assert headers["Cache-Control"] == "private, no-store"

    assert sign_in(cast.outsider).get(page).status_code == 404
    assert Client().get(page).headers["Location"].startswith("/accounts/login/")
    lead = sign_in(cast.lead)
    EvidenceVersion.objects.update(scan_state=ScanState.WAITING)
    assert lead.get(page).status_code == 404, "in quarantine"
    EvidenceVersion.objects.update(scan_state=ScanState.CLEAN)
    default_storage.delete(str(version.file.name))
    assert lead.get(page).status_code == 404, "lost"


@pytest.mark.django_db
def test_a_store_that_is_down_is_said_in_a_sentence_and_nothing_is_half_kept(
    cast: Cast, sign_in: SignIn, settings: Any
) -> None:
    kept = factories.make_evidence(cast.organisation).versions.get()
    use(settings, NOWHERE, bucket="files")
    lead = sign_in(cast.lead)
    page = reverse("surveys:evidence_file", kwargs=PLACE | {"version": kept.pk})
    for response in (lead.get(page), add(lead)):
        assert response.status_code == 503
        assert "The place where files are kept does not answer" in response.content.decode()
    assert EvidenceVersion.objects.count() == 1
    assert get_states(background=False)["files"] == "The store of files does not answer."
    with pytest.raises(CommandError, match="store of files"):
        call_command("backup", str(Path(settings.MEDIA_ROOT).parent / "backup.zip"), stdout=StringIO())


@pytest.mark.django_db
def test_it_is_like_a_folder_to_whoever_uses_it(store: str) -> None:
    assert get_states(background=False)["files"] == "ok"
    assert default_storage.save("a/one", ContentFile(b"1")) == "a/one"
    other = default_storage.save("a/one", ContentFile(b"2"))
    assert other != "a/one", "no name is written twice"
    assert sorted(walk(default_storage)) == sorted(["a/one", other])
    assert default_storage.size("a/one") == 1
    # More than is kept in memory, and than is sent in one piece
    large = bytes(range(256)) * 33_000
    with default_storage.open(default_storage.save("large", ContentFile(large))) as file:
        assert file.read() == large
    default_storage.delete("a/one")
    default_storage.delete("a/one")
    with pytest.raises(FileNotFoundError):
        default_storage.open("a/one")
    with pytest.raises(FileNotFoundError):
        default_storage.size("a/one")
    assert not default_storage.exists("a/one")


@pytest.mark.django_db(transaction=True)
def test_backup_restore_and_verify_know_the_store(cast: Cast, store: str, tmp_path: Path) -> None:
    kept = factories.make_evidence(cast.organisation).versions.get()
    path, out = tmp_path / "backup.zip", StringIO()
    call_command("backup", str(path), stdout=out)
    assert "1 files" in out.getvalue()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(path), stdout=out)
    with transaction.atomic(), lifted():
        for model in get_models():
            model._base_manager.all()._raw_delete(using="default")
    with pytest.raises(CommandError, match="bucket"):
        call_command("restore", str(path), stdout=out)
    default_storage.delete(str(kept.file.name))
    call_command("restore", str(path), stdout=out)
    call_command("verify", "--quiet", stdout=out)
    # What is not the file any more is found there as on the disk.
    default_storage.delete(str(kept.file.name))
    default_storage.save(str(kept.file.name), ContentFile(b"another"))
    with pytest.raises(CommandError, match="changed file: 1"):
        call_command("verify", "--quiet", stdout=out)


@pytest.mark.parametrize(
    ("url", "folder"),
    [("https://s3.example.org/bucket", ""), ("https://s3.example.org:9000/bucket/a/b/", "a/b")],
)
def test_the_address_of_a_store(url: str, folder: str) -> None:
    made = make_storage(url, key="", secret="", region="eu-west-2")["OPTIONS"]
    assert (made["bucket_name"], made["location"]) == ("bucket", folder)
    assert made["endpoint_url"] == url.partition("/bucket")[0]
    assert "access_key" not in made, "the machine's own"


def test_what_is_no_address_of_a_store_is_refused() -> None:
    assert make_storage("", key="", secret="", region="") == ON_DISK
    for url in (
        "s3://bucket",
        "https://s3.example.org/",
        "https:///bucket",
        "https://key:secret@host/bucket",
    ):
        with pytest.raises(ValueError, match="the address of the store and then the bucket"):
            make_storage(url, key="", secret="", region="")


@pytest.mark.parametrize(
    ("name", "starts", "ends"),
    [("policy.pdf", "policy", ".pdf"), ("’" * 250 + ".docx", "’’", ".docx"), ("ä" * 255, "ää", "ä")],
)
def test_a_long_name_is_cut_to_what_a_link_can_carry(name: str, starts: str, ends: str) -> None:
    fitted = fit_name(name)
    assert fitted.startswith(starts)
    assert fitted.endswith(ends)
    assert len(quote(quote(fitted))) <= LONGEST_NAME


def test_errors_of_the_library_are_our_own(settings: Any) -> None:
    use(settings, NOWHERE, bucket="files")
    for ask in (default_storage.exists, default_storage.delete, default_storage.size, default_storage.open):
        with pytest.raises(StoreDown):
            ask("one")
    assert issubclass(StoreDown, OSError)
