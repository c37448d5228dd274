"""What pages read of the evidence library: the list, one item, and what backs each answer of an audit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from s11.organisations.models import Organisation, User
from s11.web.prepared import Later, Prepared
from surveys.models import AnswerEvidence, Audit, Evidence, EvidenceVersion, Standard
from surveys.models.evidence import AnswerEvidenceQuerySet

# Long enough to have a policy renewed and approved.
EXPIRING_DAYS = 60
EXPIRING, EXPIRED, UNUSED, REMOVED = "expiring", "expired", "unused", "removed"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the library, with its newest version and how many answers it backs."""

    evidence: Evidence
    version: EvidenceVersion
    answers: int = 0

    @property
    def type_label(self) -> str:
        return self.version.type_label

    @property
    def is_held(self) -> bool:
        """In quarantine, or found infected, which is said before anything else."""
        return self.version.is_held and self.evidence.removed_at is None

    @property
    def state(self) -> str:
        """The tag's word; nothing where nothing is to be said."""
        today = timezone.localdate()
        if self.is_held:
            return self.version.get_scan_state_display()
        if self.evidence.removed_at is not None:
            return "Removed"
        if self.evidence.has_expired(today):
            return "Expired"
        soon = today + datetime.timedelta(days=EXPIRING_DAYS)
        is_expiring = self.evidence.expires_on is not None and self.evidence.expires_on <= soon
        return "Expiring" if is_expiring else ""


@dataclass(frozen=True, slots=True)
class Backing:
    """One item as it backs one answer: the newest version, or the one that a submission pinned."""

    link: AnswerEvidence
    version: EvidenceVersion
    # Where it opens: the download or the link; nothing where it can only be looked up, or is gone.
    address: str = ""

    @property
    def evidence(self) -> Evidence:
        return self.link.evidence

    @property
    def type_label(self) -> str:
        """What it is, and what is to be known before it is opened or why it does not open."""
        said = self.version.type_label
        if self.version.caution:
            said += f", holds {self.version.get_caution_display()}"
        return f"{said}, {self.version.get_scan_state_display().lower()}" if self.version.is_held else said

    @property
    def words(self) -> str:
        """For paper: ‘Safer recruitment policy (PDF, version 2)’."""
        if self.evidence.is_erased:
            return f"{self.evidence.title}, removed: {self.evidence.removal_reason}"
        number = f", version {self.version.number}" if self.version.number > 1 else ""
        where = self.version.url or self.version.reference
        return f"{self.evidence.title} ({self.type_label}{number}){f': {where}' if where else ''}"


Backings = dict[int, tuple[Backing, ...]]


def get_library(
    organisation: Organisation, reader: User, *, words: str = "", kind: str = "", state: str = ""
) -> QuerySet[Evidence]:
    """The organisation's items in the order of their titles; each with its versions at hand and `answers` counted."""
    today = timezone.localdate()
    current = Q(answer_links__removed_at=None)
    own = (
        Evidence.objects.filter(organisation=organisation, removed_at__isnull=False)
        if state == REMOVED
        else Evidence.objects.of(organisation)
    )
    found = own.known_to(reader).annotate(answers=Count("answer_links", filter=current, distinct=True))
    for word in words.split():
        named = Q(title__icontains=word) | Q(versions__name__icontains=word)
        found = found.filter(
            pk__in=Evidence.objects.filter(named | Q(versions__reference__icontains=word)).values("pk")
        )
    if kind:
        found = found.filter(kind=kind)
    if state == EXPIRED:
        found = found.filter(expires_on__lt=today)
    elif state == EXPIRING:
        soon = today + datetime.timedelta(days=EXPIRING_DAYS)
        found = found.filter(expires_on__range=(today, soon))
    elif state == UNUSED:
        found = found.filter(answers=0)
    return found.prefetch_related(_newest_first(reader)).order_by(Lower("title"), "pk")


def _newest_first(reader: User) -> Prefetch[str]:
    versions = (
        EvidenceVersion.objects.known_to(reader)
        .select_related("evidence", "added_by")
        .order_by("evidence", "-number")
    )
    return Prefetch("versions", queryset=versions, to_attr="newest_first")


def make_item(evidence: Evidence) -> Item:
    """From a row of `get_library`."""
    return Item(evidence, evidence.newest_first[0], getattr(evidence, "answers", 0))


def get_item(evidence: Evidence, reader: User) -> tuple[Item, list[EvidenceVersion]]:
    """One item, whether or not it is still in the library, and all its versions that the reader knows, newest first."""
    known = EvidenceVersion.objects.known_to(reader).filter(evidence=evidence)
    versions = list(known.select_related("evidence", "added_by").order_by("-number"))
    uses = evidence.answer_links.filter(removed_at=None).count()
    return Item(evidence, versions[0], uses), versions


def get_uses(evidence: Evidence) -> list[AnswerEvidence]:
    """The answers that it backs, or that a submission says it backs, newest audits first."""
    return list(
        evidence.answer_links.filter(Q(removed_at=None) | Q(submitted_version__isnull=False))
        .select_related(
            "answer__indicator__standard",
            "answer__audit__invitee__cycle__partnership",
            "answer__audit__invitee__organisation",
            "submitted_version",
        )
        .order_by("-answer__audit", "answer__indicator__position")
    )


# What backs the answers of an audit -----------------------------------------------------------------------------------


def get_backings(
    audit: Audit, *, submission: int | None, standard: Standard | None = None, reader: User | None = None
) -> Backings:
    """By answer. As the audit stands, or what its last submission pinned. Two queries, whatever the size.

    Without a reader, as in what is handed on, it has nothing that lies in quarantine.
    """
    links: Iterable[AnswerEvidence]
    if submission is None and standard is not None and reader is not None:
        asked = {"audit": audit.pk, "standard": standard.pk, "reader": reader.pk}
        links, versions = _LINKS.fetch(**asked), _list_newest(_VERSIONS.fetch(**asked))
    elif submission is None:
        current = _select_links(audit.pk, standard).current().known_to(reader)
        links, versions = current, _list_newest(_select_versions(current, reader))
    else:
        pinned = _select_links(audit.pk, standard).pinned()
        links, versions = pinned.select_related("submitted_version__evidence"), {}
    backings: dict[int, list[Backing]] = {}
    for link in links:
        version = versions[link.evidence_id] if submission is None else link.submitted_version
        assert version is not None  # filtered above
        backings.setdefault(link.answer_id, []).append(Backing(link, version, get_address(audit, version)))
    return {answer: tuple(found) for answer, found in backings.items()}


def get_address(audit: Audit, version: EvidenceVersion) -> str:
    """Where it opens: the download, or the link; nothing where it can only be looked up, or is in quarantine."""
    if version.is_held:
        return ""
    if not version.file:
        return version.url
    place = [audit.partnership.slug, audit.organisation.slug]
    return reverse("surveys:evidence_file", args=[*place, version.pk])


def _select_links(audit: int | Later, standard: Standard | Later | None) -> AnswerEvidenceQuerySet:
    links = AnswerEvidence.objects.filter(answer__audit=audit).select_related("evidence").order_by("pk")
    return links if standard is None else links.filter(answer__indicator__standard=standard)


def _select_versions(
    links: QuerySet[AnswerEvidence], reader: User | Later | None
) -> QuerySet[EvidenceVersion]:
    items = links.order_by().values("evidence")
    versions = EvidenceVersion.objects.known_to(reader).filter(evidence__in=items)
    return versions.select_related("evidence").order_by("number")


def _list_newest(versions: Iterable[EvidenceVersion]) -> dict[int, EvidenceVersion]:
    """In ascending order, so that the newest is what stays."""
    return {version.evidence_id: version for version in versions}


def _select_own_links() -> AnswerEvidenceQuerySet:
    return _select_links(Later("audit"), Later("standard")).current().known_to(Later("reader"))


# Of each page of a standard: Django takes longer over the words of these two than over the rest of its queries.
_LINKS: Final = Prepared(_select_own_links)
_VERSIONS: Final = Prepared(lambda: _select_versions(_select_own_links(), Later("reader")))


def get_evidence_counts(audit: Audit) -> dict[int, int]:
    """How many items back each answer as the audit stands, by the answer's id; answers with none are left out."""
    links = AnswerEvidence.objects.filter(answer__audit=audit).current().known_to(None).order_by()
    return dict(links.values_list("answer").annotate(Count("pk")))


# What is there already ------------------------------------------------------------------------------------------------


def find_same(organisation: Organisation, checksum: str) -> EvidenceVersion | None:
    """A version with this very content: one in the library before one that was taken out, the newest first."""
    versions = EvidenceVersion.objects.filter(evidence__organisation=organisation, sha256=checksum)
    return (
        versions.select_related("evidence")
        .order_by(F("evidence__removed_at").asc(nulls_first=True), "-number", "pk")
        .first()
    )
