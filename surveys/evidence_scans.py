"""Uploaded evidence waits in quarantine until the virus scanner has found it clean.

One job a file. Starting claims a try, so that of two workers only one asks. A scanner that does not answer is asked
again with back-off, by the clock, and never given up: no file must wait for ever because a daemon was down one night.
"""

from __future__ import annotations

import datetime
import logging
from functools import partial
from typing import Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from surveys.emails import send_infected
from surveys.enums import ScanProblem, ScanState
from surveys.kept_zips import discard_copies, discard_zips_holding, find_audits_naming
from surveys.models import EvidenceVersion
from surveys.passport_uploads import discard_uploads_holding
from surveys.virus_scanner import ScannerDown, TooLarge, scan

logger = logging.getLogger(__name__)

# After the first try that came to nothing, the second and so on; from then on as the last.
WAITS: Final = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# A try that is not over by then was a dead worker's.
TAKEN_UP_AFTER: Final = datetime.timedelta(minutes=15)
# Old files come by the clock, so many at a time: new ones are not to wait behind them.
MOST_AT_ONCE: Final = 200
OPEN: Final = (ScanState.WAITING, ScanState.NOT_SCANNED)


def queue_scan(version: EvidenceVersion) -> None:
    """Once its row is final."""
    if version.scan_state == ScanState.WAITING and version.file:
        EvidenceVersion.objects.filter(pk=version.pk).update(scan_due=timezone.now() + TAKEN_UP_AFTER)
        transaction.on_commit(partial(_enqueue, version.pk, version.scan_tries), robust=True)


def _enqueue(pk: int, tries: int) -> None:
    scan_file.enqueue(pk, tries)


def queue_due_scans(now: datetime.datetime) -> int:
    """Files whose scan is due again or was lost, and those from before there was a scanner; how many."""
    if not settings.CLAMD:
        _release_all()
        return 0
    due = EvidenceVersion.objects.filter(
        Q(scan_due__lte=now) | Q(scan_due=None), scan_state__in=OPEN
    ).exclude(file="")
    # ‘waiting’ before ‘not_scanned’: what nobody can open yet comes first.
    found = list(due.order_by("-scan_state", "pk").values_list("pk", "scan_tries")[:MOST_AT_ONCE])
    return sum(_queue_again(pk, tries, now) for pk, tries in found)


def _queue_again(pk: int, tries: int, now: datetime.datetime) -> bool:
    """Of two clocks at once only one queues it."""
    mine = EvidenceVersion.objects.filter(pk=pk, scan_tries=tries, scan_state__in=OPEN)
    if not mine.filter(Q(scan_due__lte=now) | Q(scan_due=None)).update(scan_due=now + TAKEN_UP_AFTER):
        return False
    _enqueue(pk, tries)
    return True


def tell_infected(now: datetime.datetime) -> int:
    """Of what was found, where nobody could be told at once; how many."""
    found = EvidenceVersion.objects.filter(
        scan_state=ScanState.INFECTED, told_at=None, scanned_at__lte=now - TAKEN_UP_AFTER
    )
    return sum(tell_of(version) for version in found.select_related("evidence__organisation", "added_by"))


def tell_of(version: EvidenceVersion) -> bool:
    """Of two runs only one tells; where the mail server takes nothing, a later one does."""
    mine = EvidenceVersion.objects.filter(pk=version.pk, told_at=None)
    if not mine.update(told_at=timezone.now()):
        return False
    try:
        send_infected(version)
    except OSError:
        # smtplib's errors are OSErrors.
        logger.exception(
            "Nobody could be told that evidence version %s is infected; it is tried again", version.pk
        )
        EvidenceVersion.objects.filter(pk=version.pk).update(told_at=None)
        return False
    return True


def _release_all() -> None:
    """The setting was taken away: what waited is marked as what comes from now on."""
    EvidenceVersion.objects.filter(scan_state=ScanState.WAITING).update(
        scan_state=ScanState.NOT_SCANNED, scan_due=None, scan_tries=0, scan_problem=""
    )


@task()
def scan_file(pk: int, tries: int) -> None:
    """Have this file scanned, unless it is by now or another worker has this try."""
    version = _claim(pk, tries)
    if version is None:
        return
    try:
        with version.file.open("rb") as content:
            found = scan(settings.CLAMD, content)
    except FileNotFoundError:
        logger.exception("The file of evidence version %s is not in the storage, so it was not scanned", pk)
        _put_off(version, ScanProblem.MISSING)
    except TooLarge:
        logger.exception("Evidence version %s is larger than StreamMaxLength of clamd.conf: raise it", pk)
        _put_off(version, ScanProblem.TOO_LARGE)
    except ScannerDown as down:
        logger.warning("The virus scanner did not answer about evidence version %s: %s", pk, down)
        _put_off(version, ScanProblem.UNREACHABLE)
    else:
        if found:
            _condemn(version, found)
        else:
            _settle(version, scan_state=ScanState.CLEAN)


def _claim(pk: int, tries: int) -> EvidenceVersion | None:
    if not settings.CLAMD:
        return None
    mine = EvidenceVersion.objects.filter(pk=pk, scan_tries=tries, scan_state__in=OPEN).exclude(file="")
    if not mine.update(scan_tries=F("scan_tries") + 1, scan_due=timezone.now() + TAKEN_UP_AFTER):
        return None
    return EvidenceVersion.objects.select_related("evidence__organisation", "added_by").get(pk=pk)


def _put_off(version: EvidenceVersion, problem: ScanProblem) -> None:
    wait = WAITS[min(version.scan_tries, len(WAITS)) - 1]
    EvidenceVersion.objects.filter(pk=version.pk, scan_tries=version.scan_tries).update(
        scan_due=timezone.now() + wait, scan_problem=problem
    )


def _settle(version: EvidenceVersion, **columns: str) -> int:
    """All versions that this file serves: going back to an earlier one stores nothing anew."""
    same = EvidenceVersion.objects.filter(file=version.file.name, scan_state__in=OPEN)
    return same.update(scanned_at=timezone.now(), scan_due=None, scan_problem="", **columns)


@transaction.atomic
def _condemn(version: EvidenceVersion, found: str) -> None:
    """Its bytes are deleted, here and in every copy; the rows stay, to say what was found."""
    name, evidence = str(version.file.name), version.evidence
    logger.warning(
        "The virus scanner found %s in evidence version %s: its file is deleted", found, version.pk
    )
    finding = found[: EvidenceVersion._meta.get_field("scan_finding").max_length]
    if not _settle(version, scan_state=ScanState.INFECTED, scan_finding=finding, file=""):
        return
    version.refresh_from_db()
    audits = find_audits_naming(evidence)
    for discard in (discard_zips_holding, discard_uploads_holding):
        transaction.on_commit(partial(discard, evidence.organisation, {version.sha256}), robust=True)
    transaction.on_commit(partial(discard_copies, audits), robust=True)
    transaction.on_commit(partial(tell_of, version), robust=True)
    # Last, and before the rows are final: should the storage fail, no row says that a file is gone which is not.
    default_storage.delete(name)
