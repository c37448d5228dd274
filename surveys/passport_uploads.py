"""Uploaded passports: received and checked, kept while their people decide, and discarded."""

from __future__ import annotations

import datetime
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from s11.organisations.models import Organisation, User
from s11.web.undone_files import take_back
from surveys.enums import EvidenceKind
from surveys.evidence_files import Refused, clean_name, receive_file
from surveys.models import Audit, PassportUpload
from surveys.passport_archives import check_archive, open_archive, open_file, read_passport, read_sums
from surveys.passport_fields import Unreadable
from surveys.passport_plans import Plan, get_same_files, make_plan
from surveys.passports import Passport, PassportEvidence
from surveys.reach import Reach

SPOOLED = 1 << 20


def receive_passport(*, audit: Audit, file: File[bytes], by: User) -> PassportUpload:
    """Keep the zip until its person has decided; an earlier one of theirs goes. Raises Unreadable."""
    assert file.file is not None  # an upload is open
    content: IO[bytes] = file.file
    passport = check_archive(content, file.size)
    refusals = dict(_find_refusals(audit, passport, content, file.size))
    upload = PassportUpload(audit=audit, name=clean_name(file.name or ""), refusals=refusals, uploaded_by=by)
    file.seek(0)
    upload.file.save("passport", file, save=False)
    try:
        with transaction.atomic():
            earlier = list(PassportUpload.objects.filter(audit=audit, uploaded_by=by))
            PassportUpload.objects.filter(pk__in=[one.pk for one in earlier]).delete()
            upload.save()
    except BaseException as refusal:
        take_back([str(upload.file.name)], refusal)
        raise
    for one in earlier:
        default_storage.delete(str(one.file.name))
    return upload


def _find_refusals(
    audit: Audit, passport: Passport, content: IO[bytes], size: int
) -> Iterator[tuple[str, str]]:
    """What the library would not take, held against the same rules as any upload. What it has needs no look."""
    files = [item for item in passport.evidence if item.kind == EvidenceKind.FILE and item.newest.file]
    known = get_same_files(audit, [item.newest.sha256 for item in files])
    with open_archive(content, size) as archive:
        for item in files:
            if item.newest.sha256 in known:
                continue
            try:
                with take_out(archive, item) as taken:
                    receive_file(item.newest.name, taken)
            except Refused as refusal:
                yield item.id, str(refusal)


@contextmanager
def take_out(archive: zipfile.ZipFile, item: PassportEvidence) -> Iterator[IO[bytes]]:
    """A file of the zip that can be read from any place in it; its size was held against the limits before."""
    with tempfile.SpooledTemporaryFile(SPOOLED) as taken:
        with open_file(archive, item.newest.file) as member:
            while piece := member.read(SPOOLED):
                taken.write(piece)
        taken.seek(0)
        yield taken


def discard_upload(upload: PassportUpload) -> None:
    name = str(upload.file.name)
    upload.delete()
    default_storage.delete(name)


def discard_expired_uploads(now: datetime.datetime) -> int:
    """Uploads that nobody has decided about within a day; how many there were."""
    expired = list(PassportUpload.objects.expired(now))
    for upload in expired:
        discard_upload(upload)
    return len(expired)


def discard_uploads_holding(organisation: Organisation, checksums: set[str]) -> None:
    """Uploads that hold a file which has been removed for good; one that cannot be read may hold anything."""
    for upload in PassportUpload.objects.for_organisation(organisation):
        if _may_hold(upload, checksums):
            discard_upload(upload)


def _may_hold(upload: PassportUpload, checksums: set[str]) -> bool:
    try:
        with upload.file.open("rb") as content:
            return bool(set(read_sums(content, upload.file.size).values()) & checksums)
    except (FileNotFoundError, Unreadable):
        return True


def get_plan(upload: PassportUpload, audit: Audit, reach: Reach) -> Plan:
    """What bringing it in would do now."""
    with upload.file.open("rb") as content:
        passport = read_passport(content, upload.file.size)
    return make_plan(audit, passport, reach, upload.refusals)
