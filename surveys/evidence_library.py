"""Writes to an organisation's evidence library. What backs the answers of its audits is in evidence_links.py.

Each file of an upload stands alone: a wrong one is refused in a sentence, the good ones are kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from s11.organisations.models import Organisation, Removal, User
from s11.organisations.removals import find_removals, remove
from s11.web import dates
from s11.web.errors import NotInThisState
from s11.web.undone_files import take_back
from surveys.enums import EvidenceKind, ScanState
from surveys.evidence import find_same
from surveys.evidence_files import FoundFile, Refused, clean_name, receive_file, refuse_large
from surveys.evidence_limits import MOST_FILES_AT_ONCE, MOST_ITEMS
from surveys.evidence_past import record_taken_off
from surveys.evidence_scans import queue_scan
from surveys.kept_zips import discard_copies, discard_zips_holding, find_audits_naming
from surveys.models import Evidence, EvidenceVersion
from surveys.passport_uploads import discard_uploads_holding

ERASED_TITLE = "Removed evidence"
STRIPPED: Final = (
    "What the camera or a program had written into it, such as the place and the day, is removed."
)


class LibraryFull(Exception):
    """The sentence says what to do."""

    def __init__(self) -> None:
        super().__init__(
            f"The library holds {MOST_ITEMS:,} items, which is the most: take out what you no longer need first."
        )


@dataclass(frozen=True, slots=True)
class Period:
    """From when and until when evidence says what is so; both may be open."""

    effective_on: datetime.date | None = None
    expires_on: datetime.date | None = None


OPEN: Final = Period()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `evidence` is the item that holds it now; none where it was refused."""

    sentence: str
    evidence: Evidence | None = None
    version: EvidenceVersion | None = None
    # With this very content, of an item that had been taken out and is in the library again.
    put_back: EvidenceVersion | None = None
    is_new: bool = False

    @property
    def held(self) -> EvidenceVersion | None:
        """The version with this very content, however it came to be in the library; none where it was refused."""
        return self.version or self.put_back


# Adding ---------------------------------------------------------------------------------------------------------------


def add_files(
    *,
    organisation: Organisation,
    files: Iterable[File[bytes]],
    by: User,
    period: Period | None = None,
    too_large: Iterable[str] = (),
) -> list[Outcome]:
    """One outcome a file, in their order. `too_large` are names whose content was not even received."""
    outcomes = []
    for position, file in enumerate(files):
        try:
            if position >= MOST_FILES_AT_ONCE:
                raise Refused(clean_name(file.name or ""), "was one too many at once: choose it again")
            outcomes.append(_add_file(organisation, file, period or OPEN, by))
        except (Refused, LibraryFull) as refusal:
            outcomes.append(Outcome(str(refusal)))
    return [*outcomes, *(Outcome(str(refuse_large(name))) for name in too_large)]


def _add_file(organisation: Organisation, file: File[bytes], period: Period, by: User) -> Outcome:
    found, kept = _receive(file)
    if same := find_same(organisation, found.sha256):
        return _use_same(found, same)
    version = store_file(found, File(kept), by)
    try:
        outcome = _create_item(organisation, found, version, period)
    except BaseException as refusal:
        take_back([str(version.file.name)], refusal)
        raise
    if not outcome.is_new:
        # Somebody else added the same file at the same moment.
        _discard(version)
    return outcome


def _receive(file: File[bytes]) -> tuple[FoundFile, IO[bytes]]:
    assert file.file is not None  # an upload is open
    return receive_file(file.name or "", file.file)


def store_file(found: FoundFile, file: File[bytes], by: User) -> EvidenceVersion:
    """The file in the storage, and its row, unsaved."""
    version = EvidenceVersion(
        number=1,
        scan_state=ScanState.WAITING if settings.CLAMD else ScanState.NOT_SCANNED,
        name=found.name,
        content_type=found.type.content_type,
        size=found.size,
        sha256=found.sha256,
        is_stripped=found.is_stripped,
        caution=found.caution,
        added_by=by,
    )
    version.file.save(found.name, file, save=False)
    return version


def _discard(version: EvidenceVersion) -> None:
    default_storage.delete(str(version.file.name))


@transaction.atomic
def _create_item(
    organisation: Organisation, found: FoundFile, version: EvidenceVersion, period: Period
) -> Outcome:
    _lock_library(organisation)
    if same := find_same(organisation, found.sha256):
        return _use_same(found, same)
    version.evidence = _create(organisation, EvidenceKind.FILE, found.title, period, version.added_by)
    version.save()
    queue_scan(version)
    return Outcome(_say_added(version), version.evidence, version, is_new=True)


def _say_added(version: EvidenceVersion) -> str:
    """And what was done with it, or is to be known of it."""
    said = f"‘{version.name}’ is added."
    if version.is_stripped:
        said += f" {STRIPPED}"
    if version.caution:
        said += f" It holds {version.get_caution_display()}: whoever opens it is told."
    if version.scan_state == ScanState.WAITING:
        said += " It is being scanned for viruses: until it is found clean only you see it."
    return said


def _lock_library(organisation: Organisation) -> None:
    """Nobody adds the same file, or the item above the limit, at the same time.

    `no_key`: rows that name the organisation are still written meanwhile.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _create(
    organisation: Organisation, kind: EvidenceKind, title: str, period: Period, by: User | None
) -> Evidence:
    if Evidence.objects.of(organisation).count() >= MOST_ITEMS:
        raise LibraryFull
    return Evidence.objects.create(
        organisation=organisation,
        kind=kind,
        title=title,
        effective_on=period.effective_on,
        expires_on=period.expires_on,
        added_by=by,
    )


def _refuse_erased(found: FoundFile, evidence: Evidence) -> None:
    """What was removed for good never comes back unnoticed."""
    if evidence.is_erased:
        raise Refused(
            found.name,
            f"was removed on {dates.date(evidence.removed_at)} ({evidence.removal_reason}): choose a copy without "
            "what it showed",
        )


def _refuse_infected(found: FoundFile, same: EvidenceVersion) -> None:
    """What the scanner found once is not kept a second time."""
    if same.scan_state == ScanState.INFECTED:
        raise Refused(
            found.name,
            f"was added before, and the virus scanner found {same.scan_finding} in it: choose a copy that is clean",
        )


def _use_same(found: FoundFile, same: EvidenceVersion) -> Outcome:
    """The same content is never stored twice."""
    evidence = same.evidence
    _refuse_erased(found, evidence)
    _refuse_infected(found, same)
    if same.scan_state == ScanState.WAITING:
        return Outcome(
            f"‘{found.name}’ has been added already, and is being scanned for viruses: it is in the library once it "
            "is found clean.",
            evidence,
            same,
        )
    if evidence.removed_at is not None:
        Evidence.objects.filter(pk=evidence.pk).update(removed_at=None, removed_by=None)
        return Outcome(
            f"‘{found.name}’ had been taken out, and is in the library again as ‘{evidence}’.",
            evidence,
            put_back=same,
        )
    if evidence.versions.filter(number__gt=same.number).exists():
        return Outcome(
            f"You have ‘{found.name}’ already, as an earlier version of ‘{evidence}’.", evidence, same
        )
    return Outcome(f"You have ‘{found.name}’ already, as ‘{evidence}’.", evidence, same)


@transaction.atomic
def add_words(
    *,
    organisation: Organisation,
    kind: EvidenceKind,
    title: str,
    by: User,
    url: str = "",
    reference: str = "",
    period: Period | None = None,
) -> Evidence:
    """A link, or a reference to where a thing can be seen. Raises LibraryFull."""
    _lock_library(organisation)
    evidence = _create(organisation, kind, title, period or OPEN, by)
    evidence.versions.create(number=1, url=url, reference=reference, added_by=by)
    return evidence


# Replacing and removing -----------------------------------------------------------------------------------------------


def replace_file(
    *, evidence: Evidence, file: File[bytes], by: User, period: Period = OPEN
) -> EvidenceVersion:
    """A new version with its own period; earlier versions stay.

    Raises Refused, or NotInThisState where the item was taken out meanwhile.
    """
    found, kept = _receive(file)
    same = find_same(evidence.organisation, found.sha256)
    if same is not None:
        _refuse_infected(found, same)
    if same is not None and same.evidence_id != evidence.pk:
        _refuse_erased(found, same.evidence)
        raise Refused(found.name, f"is kept already, as ‘{same.evidence}’: use that item instead")
    if same is not None and not evidence.versions.filter(number__gt=same.number).exists():
        raise Refused(found.name, "is the file that you have here already: choose the new one")
    version = store_file(found, File(kept), by) if same is None else _copy_version(same, found, by)
    try:
        return _add_version(evidence, version, period)
    except BaseException as refusal:
        if same is None:
            take_back([str(version.file.name)], refusal)
        raise


def _copy_version(same: EvidenceVersion, found: FoundFile, by: User) -> EvidenceVersion:
    """Back to an earlier version: its stored file serves both."""
    return EvidenceVersion(
        name=found.name,
        content_type=same.content_type,
        size=same.size,
        sha256=same.sha256,
        file=same.file.name,
        is_stripped=same.is_stripped,
        caution=same.caution,
        scan_state=same.scan_state,
        scanned_at=same.scanned_at,
        added_by=by,
    )


def replace_words(
    *, evidence: Evidence, by: User, url: str = "", reference: str = "", period: Period = OPEN
) -> EvidenceVersion:
    """A new address, or a new place, of a link or reference. Raises NotInThisState."""
    return _add_version(evidence, EvidenceVersion(url=url, reference=reference, added_by=by), period)


@transaction.atomic
def _add_version(evidence: Evidence, version: EvidenceVersion, period: Period) -> EvidenceVersion:
    _lock_item(evidence)
    newest = evidence.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version.evidence, version.number = evidence, newest + 1
    version.save()
    queue_scan(version)
    evidence.effective_on, evidence.expires_on = period.effective_on, period.expires_on
    evidence.save(update_fields=["effective_on", "expires_on"])
    return version


@transaction.atomic
def take_out(*, evidence: Evidence, by: User) -> Removal:
    """Out of the library and off every answer that is not submitted; what a submission pinned stays readable."""
    _lock_item(evidence)
    links = list(evidence.answer_links.filter(submitted_version=None).select_related("answer"))
    record_taken_off(links, by=by, at=timezone.now())
    title, owner = f"The evidence ‘{evidence}’", evidence.organisation
    removal = remove("evidence", *links, title=title, organisation=owner, marked=[evidence], by=by)
    _mark_removed(evidence, by)
    return removal


@transaction.atomic
def erase(*, evidence: Evidence, reason: str, by: User) -> None:
    """Delete its files and words everywhere, its title too; the rows stay, to say that and why."""
    _lock_item(evidence, may_be_out=True)
    audits = find_audits_naming(evidence)
    names = set(evidence.versions.exclude(file="").values_list("file", flat=True))
    evidence.title, evidence.removal_reason = ERASED_TITLE, reason
    _mark_removed(evidence, by)
    _take_off_all(evidence, by)
    # The checksum stays, so that the same file is recognised when somebody adds it again.
    evidence.versions.update(file="", name="", url="", reference="")
    checksums = set(evidence.versions.exclude(sha256="").values_list("sha256", flat=True))
    # Once the item is free again: whoever brings an upload in holds that, and waits for the item.
    for discard in (discard_zips_holding, discard_uploads_holding):
        transaction.on_commit(partial(discard, evidence.organisation, checksums), robust=True)
    transaction.on_commit(partial(discard_copies, audits), robust=True)
    for removal in find_removals("evidence", evidence):
        removal.delete()
    # Last, and before the rows are final: should the storage fail, no row says that a file is gone which is not.
    for name in names:
        default_storage.delete(name)


def _take_off_all(evidence: Evidence, by: User) -> None:
    """What a submission pins stays; its own verbs take that off once it is recalled or submitted again."""
    links = evidence.answer_links.filter(submitted_version=None)
    record_taken_off(links, by=by, at=timezone.now())
    links.delete()


def _mark_removed(evidence: Evidence, by: User) -> None:
    evidence.removed_at, evidence.removed_by = timezone.now(), by
    evidence.save()


def _lock_item(evidence: Evidence, *, may_be_out: bool = False) -> None:
    """Nobody replaces or removes the same item at the same time; the caller's copy may be old, so it is renewed."""
    evidence.refresh_from_db(from_queryset=Evidence.objects.select_for_update(of=("self",)))
    if evidence.is_erased or (evidence.removed_at is not None and not may_be_out):
        raise NotInThisState(
            f"‘{evidence}’ was removed on {dates.datetime(evidence.removed_at)}, so nothing was changed."
        )
