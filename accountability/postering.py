"""Writes of posters and briefings: laid out from findings, changed box by box, renamed, issued anew, thrown away.

How they go before the public stands in poster_publishing.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone

from accountability.enums import FindingStatus, PosterKind, ReportStatus
from accountability.finding_drafts import Told, lay_out, token_of
from accountability.finding_words import get_words
from accountability.models import Finding, Poster, PosterBox, PosterNumber, PosterSheet, Report
from accountability.number_list import list_numbers
from accountability.poster_issues import find_holding, has_new_issue, trace_findings
from accountability.poster_numbers import PublicNumbers
from accountability.report_content import get_documents
from accountability.tokens import WITHHELD, fill_tokens
from s11.organisations.models import Removal, User
from s11.organisations.removals import remove
from s11.web import errors

GONE: Final = "Somebody has thrown the draft away meanwhile."


class NotInThisState(errors.NotInThisState):
    """Somebody was quicker, or the poster is no longer what the page showed."""


@transaction.atomic
def begin_poster(*, report: Report, kind: PosterKind, by: User) -> Poster:
    """Laid out from the report's findings, in their order."""
    current = Report.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=report.pk)
    if current.status != ReportStatus.PUBLISHED:
        raise NotInThisState("A poster is laid out from a published report. Publish the report first.")
    findings = current.findings.exclude(status=FindingStatus.WITHDRAWN).prefetch_related(
        "figures", "themes", "writers"
    )
    told = [make_told(finding) for finding in findings]
    if not told:
        raise NotInThisState(
            "The report has no findings yet. Write or suggest some, then lay out the poster."
        )
    cycle = current.report_cycles.select_related("cycle").order_by("position")[0].cycle
    poster = Poster.objects.create(
        partnership=current.partnership, report=current, kind=kind, title=current.title, created_by=by
    )
    boxes = lay_out(kind, told, get_documents(current), str(cycle))
    PosterBox.objects.bulk_create(
        PosterBox(
            poster=poster,
            finding_id=box.finding,
            position=position,
            heading=box.heading[:120],
            figure=box.figure[:60],
            text=box.text[:1_500],
        )
        for position, box in enumerate(boxes, start=1)
    )
    wrote = {writer for finding in findings for writer in (finding.created_by_id, *_list_writers(finding))}
    poster.writers.set(wrote)
    return poster


def _list_writers(written: Finding | Poster) -> list[int]:
    return [writer.pk for writer in written.writers.all()]


def make_told(finding: Finding) -> Told:
    figures, themes = list(finding.figures.all()), list(finding.themes.all())
    return Told(
        pk=finding.pk,
        title=finding.title,
        found=finding.found,
        why_it_matters=finding.why_it_matters,
        next_steps=finding.next_steps,
        path=figures[0].path if figures else "",
        question=get_words(themes[0].code, themes[0].title).question if themes else "",
    )


@transaction.atomic
def change_box(
    *,
    box: PosterBox,
    heading: str,
    figure: str,
    text: str,
    own_numbers: Iterable[str] = (),
    seen_version: int,
    by: User,
) -> PosterBox | None:
    """Returns the box as somebody else has saved it since, and saves nothing; None where all is well.

    `own_numbers` are those that the report does not say, and of which `by` confirms that they tell of nobody's scores.
    """
    poster = lock(box.poster)
    current = PosterBox.objects.select_for_update(of=("self",)).select_related("edited_by").get(pk=box.pk)
    if current.version != seen_version:
        return current
    current.heading, current.figure, current.text = heading, figure, text
    current.version += 1
    current.edited_by, current.edited_at = by, timezone.now()
    current.save()
    poster.writers.add(by)
    _confirm(poster, own_numbers, by)
    _count_version(poster)
    return None


@transaction.atomic
def rename_poster(
    *, poster: Poster, title: str, seen_title: str, own_numbers: Iterable[str] = (), by: User
) -> Poster | None:
    """Returns the poster as somebody else has named it since, and saves nothing; None where all is well."""
    current = lock(poster)
    if current.title == title:
        return None
    if current.title != seen_title:
        return current
    current.title, current.renamed_by, current.renamed_at = title, by, timezone.now()
    current.save(update_fields=["title", "renamed_by", "renamed_at"])
    current.writers.add(by)
    _confirm(current, own_numbers, by)
    _count_version(current)
    return None


def _confirm(poster: Poster, words: Iterable[str], by: User) -> None:
    """Whoever confirmed a number first keeps it."""
    known = set(poster.own_numbers.values_list("words", flat=True))
    PosterNumber.objects.bulk_create(
        PosterNumber(poster=poster, words=one, confirmed_by=by) for one in words if one not in known
    )


def _count_version(poster: Poster) -> None:
    """So that a publisher publishes the words that were on the page, and no later ones."""
    poster.version += 1
    poster.save(update_fields=["version"])


@transaction.atomic
def discard_poster(*, poster: Poster, seen_version: int, by: User) -> Removal:
    """No later words than those that were on the page."""
    current = lock(poster)
    if current.version != seen_version:
        raise NotInThisState(
            "Somebody has changed the poster since you read it. Read it again before you throw it away."
        )
    drop_sheet(current)
    kind = current.get_kind_display().lower()
    title = f"The draft {kind} ‘{current}’"
    return remove("poster", current, title=title, partnership=current.partnership, by=by)


def drop_sheet(poster: Poster) -> None:
    """The PDF of a draft, once nobody needs it."""
    for sheet in PosterSheet.objects.filter(poster=poster):
        name, storage = str(sheet.file.name or ""), sheet.file.storage
        sheet.delete()
        if name:
            transaction.on_commit(partial(storage.delete, name))


# A new issue ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_anew(*, poster: Poster, by: User) -> Poster:
    """A draft with the words of one whose report was corrected, and with the numbers of the version that holds."""
    old = Poster.objects.select_for_update(of=("self",)).select_related("report").get(pk=poster.pk)
    holding = find_holding(old)
    if old.status == FindingStatus.DRAFT or holding is None or holding.pk == old.report_id:
        raise NotInThisState("A new issue is made of a published poster whose report was corrected since.")
    if has_new_issue(old):
        raise NotInThisState("Somebody has begun the new issue meanwhile. Go on with that one.")
    new = Poster.objects.create(
        partnership=old.partnership,
        report=holding,
        kind=old.kind,
        title=old.title,
        replaces=old,
        created_by=by,
    )
    then, now = _get_frozen(old), get_documents(holding)
    carried = trace_findings(old, holding)
    PosterBox.objects.bulk_create(
        PosterBox(
            poster=new,
            finding_id=carried.get(box.finding_id or 0),
            position=box.position,
            heading=box.heading,
            figure=_say_anew(box, then, now),
            text=box.text,
            edited_by=box.edited_by,
            edited_at=box.edited_at,
        )
        for box in old.boxes.select_related("finding", "edited_by").prefetch_related("finding__figures")
    )
    PosterNumber.objects.bulk_create(
        PosterNumber(
            poster=new, words=one.words, confirmed_by=one.confirmed_by, confirmed_at=one.confirmed_at
        )
        for one in old.own_numbers.select_related("confirmed_by")
    )
    new.writers.set({old.created_by_id, *_list_writers(old)})
    return new


def _get_frozen(poster: Poster) -> list[dict[str, object]]:
    assert poster.report is not None  # a poster is laid out from a report
    return get_documents(poster.report)


def _say_anew(box: PosterBox, then: Sequence[object], now: Sequence[object]) -> str:
    """What the same figure says now; as it was where nobody can tell which one it is; empty where it is withheld."""
    if not box.figure:
        return ""
    own = [token_of(one.path) for one in box.finding.figures.all()] if box.finding else []
    said = [one.token for place in range(len(then)) for one in list_numbers(list(then), place)]
    same = [token for token in (*own, *said) if fill_tokens(token, then) == box.figure]
    means = same[:1] if same and same[0] in own else same
    values = {fill_tokens(token, now) for token in means}
    if len(values) != 1:
        return box.figure
    value = values.pop()
    return "" if value == WITHHELD or "[[" in value else value


# Under each verb ------------------------------------------------------------------------------------------------------


def find_unknown_numbers(poster: Poster, boxes: Iterable[PosterBox]) -> list[str]:
    """What stands on it as a number, is none of its report's public ones and is confirmed by nobody, each once."""
    if poster.report is None:
        return []
    numbers = PublicNumbers(get_documents(poster.report))
    found = numbers.find_unknown(poster.title)
    large = []
    for box in boxes:
        large += [] if numbers.says(box.figure) else [box.figure]
        found += numbers.find_unknown(box.heading, box.text)
    own = {one.words for one in poster.own_numbers.all()}
    return [f"‘{words}’" for words in dict.fromkeys((*large, *(one for one in found if one not in own)))]


def lock(poster: Poster) -> Poster:
    current = (
        Poster.objects.select_for_update(of=("self",)).select_related("report").filter(pk=poster.pk).first()
    )
    if current is None:
        raise NotInThisState(GONE)
    if current.status != FindingStatus.DRAFT or current.approved_at is not None:
        raise NotInThisState("The poster is published by now, or being published. Nothing was changed.")
    return current
