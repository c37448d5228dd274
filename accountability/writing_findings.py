"""Writes of findings: suggested from the figures, added, changed, put in order, tied to numbers, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accountability.enums import FindingStatus, ReportStatus
from accountability.finding_copies import carry_findings
from accountability.finding_drafts import Evidence, suggest
from accountability.models import Finding, FindingFigure, PosterBox, Report
from accountability.report_content import get_documents
from accountability.tokens import fill_tokens
from s11.organisations.models import Removal, User
from s11.organisations.removals import remove
from s11.web import errors
from surveys.models import Theme


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker."""


@dataclass(frozen=True, slots=True)
class FindingInput:
    """What an officer says of a finding."""

    title: str
    found: str
    why_it_matters: str
    next_steps: str
    themes: Sequence[Theme]


@transaction.atomic
def suggest_findings(*, report: Report, by: User) -> list[Finding]:
    """One a suggested theme that no finding of the report has yet."""
    current = lock(report)
    documents = get_documents(current)
    known = set(current.findings.values_list("themes__code", flat=True))
    themes = {theme.code: theme for theme in Theme.objects.all()}
    made = []
    for one in suggest(documents[0]):
        if one.theme in known or one.theme not in themes:
            continue
        entered = FindingInput(one.title, one.found, one.why_it_matters, one.next_steps, [themes[one.theme]])
        finding = _create(current, entered, by)
        link_figures(finding, one.evidence, documents)
        made.append(finding)
    return made


@transaction.atomic
def add_finding(*, report: Report, entered: FindingInput, by: User) -> Finding:
    return _create(lock(report), entered, by)


def _create(report: Report, entered: FindingInput, by: User) -> Finding:
    """The last of a report that is locked."""
    finding = Finding.objects.create(
        partnership=report.partnership,
        report=report,
        title=entered.title,
        found=entered.found,
        why_it_matters=entered.why_it_matters,
        next_steps=entered.next_steps,
        position=_get_next_position(report),
        created_by=by,
    )
    finding.themes.set(entered.themes)
    return finding


@transaction.atomic
def change_finding(*, finding: Finding, entered: FindingInput, seen_version: int, by: User) -> Finding | None:
    """Returns the finding as somebody else has saved it since, and saves nothing; None where all is well."""
    current = Finding.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=finding.pk)
    if current.status != FindingStatus.DRAFT:
        raise NotInThisState("The finding stands on a published poster by now, so its words stay.")
    if current.version != seen_version:
        return current
    current.title, current.found = entered.title, entered.found
    current.why_it_matters, current.next_steps = entered.why_it_matters, entered.next_steps
    current.version += 1
    current.changed_by, current.changed_at = by, timezone.now()
    current.save()
    current.writers.add(by)
    current.themes.set(entered.themes)
    return None


@transaction.atomic
def tie_numbers(*, finding: Finding, evidence: Iterable[Evidence]) -> None:
    """In the order given; what they say is kept as it is now."""
    current = Finding.objects.select_for_update(of=("self",)).select_related("report").get(pk=finding.pk)
    if current.status != FindingStatus.DRAFT or current.report is None:
        raise NotInThisState("The finding stands on a published poster by now, so its numbers stay.")
    current.figures.all().delete()
    link_figures(current, evidence, get_documents(current.report))


def link_figures(finding: Finding, evidence: Iterable[Evidence], documents: Sequence[object]) -> None:
    FindingFigure.objects.bulk_create(
        FindingFigure(
            finding=finding,
            path=one.path,
            label=one.label[:200],
            text=fill_tokens(f"[[{one.path}]]", documents),
            position=position,
        )
        for position, one in enumerate(evidence)
    )


@transaction.atomic
def move_finding(*, finding: Finding, is_up: bool) -> None:
    """One place up or down among its report's; at the end it stays."""
    if finding.report is None:
        return
    lock(finding.report)
    order = list(finding.report.findings.order_by("position", "pk"))
    place = next((place for place, one in enumerate(order) if one.pk == finding.pk), None)
    if place is None:
        return
    other = place + (-1 if is_up else 1)
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order):
        one.position = position
    Finding.objects.bulk_update(order, ["position"])


@transaction.atomic
def drop_finding(*, finding: Finding, by: User) -> Removal:
    """While it is a draft; boxes that were made of it keep their words, and know it again when it is put back."""
    current = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if current.status != FindingStatus.DRAFT:
        raise NotInThisState("The finding stands on a published poster by now, so it stays.")
    if current.carried_to.exists():
        raise NotInThisState(
            "A correction carries this finding on, so it stays. Drop it from the correction."
        )
    boxes = list(current.boxes.values_list("pk", flat=True))
    current.boxes.update(finding=None)
    title = f"The finding ‘{current}’"
    removal = remove("finding", current, title=title, partnership=current.partnership, by=by)
    removal.links += [[PosterBox._meta.label_lower, "finding", box, finding.pk] for box in boxes]
    removal.save(update_fields=["links"])
    return removal


@transaction.atomic
def carry_on(*, report: Report) -> int:
    """Into a correction: what the version before has and it has not."""
    return carry_findings(lock(report))


def lock(report: Report) -> Report:
    """Writes to a report's findings queue here."""
    current = (
        Report.objects.select_for_update(of=("self",))
        .select_related("partnership", "corrects")
        .get(pk=report.pk)
    )
    if current.status in (ReportStatus.CORRECTED, ReportStatus.WITHDRAWN):
        raise NotInThisState(
            f"The report is {current.get_status_display().lower()} by now. Nothing was changed."
        )
    return current


def _get_next_position(report: Report) -> int:
    last = report.findings.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
