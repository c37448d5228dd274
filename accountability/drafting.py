"""A report's drafts: written from its public figures by accountability.narrative, beside what officers make of them.

`draft_sections` is the door: whoever begins a report, or wants the drafts anew, calls that and nothing else here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from accountability import narrative
from accountability.enums import SectionKind
from accountability.models import Report, ReportComment, ReportSection
from accountability.report_figures import get_figures
from accountability.sentences import Shown
from accountability.who_took_part import say_who_took_part
from surveys.models import Cycle

Json = Any
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Drafted:
    """One section, as it would be drafted now."""

    kind: SectionKind
    text: str
    title: str
    # Which group of variants it is about; empty for the report as a whole.
    subject: str = ""

    @property
    def key(self) -> Key:
        return self.kind, self.subject


@transaction.atomic
def draft_sections(report: Report) -> list[ReportSection]:
    """Write each draft that would say something new; what an officer wrote stays. Returns what changed.

    A group of variants that is not shown any more loses its section; what somebody wrote in it or said of it is kept
    outside the report, and comes back with the group.
    """
    cycles = [one.cycle for one in report.report_cycles.select_related("cycle__partnership")]
    drafts = list(make_drafts(cycles, [one.document for one in get_figures(report)]))
    existing = {(one.kind, one.subject): one for one in report.sections.all()}
    drafted_now = {drafted.key for drafted in drafts}
    gone = [one for key, one in existing.items() if key not in drafted_now]
    kept = _keep_what_was_entered(report, gone)
    _make_room(report, len(drafts), kept)
    changed = []
    for position, drafted in enumerate(drafts, start=1):
        section = existing.get(drafted.key)
        if section is None:
            section = ReportSection(report=report, kind=drafted.kind, subject=drafted.subject)
        is_new = section.pk is None
        if not is_new and section.drafted == drafted.text and not section.is_removed:
            ReportSection.objects.filter(pk=section.pk).update(position=position)
            continue
        section.version += 0 if is_new else 1
        section.title = drafted.title if is_new else section.title
        section.drafted, section.drafted_at, section.position = drafted.text, timezone.now(), position
        section.removed_at = None
        section.save()
        changed.append(section)
    return changed


def _keep_what_was_entered(report: Report, gone: Sequence[ReportSection]) -> list[int]:
    """Taken out of the report are all of them, and deleted those that hold nothing but the draft.

    What an officer emptied is no text of theirs: else nobody would get rid of it.
    """
    said = set(ReportComment.objects.filter(section__in=gone).values_list("section", flat=True))
    kept = [one.pk for one in gone if one.pk in said or (one.is_edited and one.text.strip())]
    report.sections.filter(pk__in=[one.pk for one in gone]).exclude(pk__in=kept).delete()
    report.sections.filter(pk__in=kept, removed_at=None).update(removed_at=timezone.now())
    return kept


def _make_room(report: Report, count: int, kept: Sequence[int]) -> None:
    """Positions are unique at every moment, so all move behind the last before they are given anew; `kept` stand last.

    From there they come back at once, or each new draft would move them further until there is no such number.
    """
    last = report.sections.aggregate(last=Max("position"))["last"] or 0
    report.sections.update(position=F("position") + last + count + len(kept))
    for position, pk in enumerate(kept, start=count + 1):
        report.sections.filter(pk=pk).update(position=position)


def make_drafts(cycles: Sequence[Cycle], figures: Sequence[Json]) -> Iterator[Drafted]:
    """In the report's order; the first cycle is what it is about, others are compared with it."""
    shown = [
        Shown(number, str(cycle), document, cycle.closes_on, is_closed=cycle.is_closed)
        for number, (cycle, document) in enumerate(zip(cycles, figures, strict=True), start=1)
    ]
    now, place = shown[0], str(cycles[0].partnership)

    def make(kind: SectionKind, text: str) -> Drafted:
        return Drafted(kind, text, kind.label)

    yield make(SectionKind.INTRODUCTION, narrative.say_introduction(place, shown))
    yield make(SectionKind.METHOD, narrative.say_method(now))
    yield make(SectionKind.WHO_TOOK_PART, say_who_took_part(shown))
    for variant in now.document["variants"]:
        text = narrative.say_variant(shown, variant["variant"])
        yield Drafted(SectionKind.BY_VARIANT, text, f"Findings: {variant['label']}", variant["variant"])
    yield make(SectionKind.STRENGTHS, narrative.say_strengths(now))
    yield make(SectionKind.WEAKNESSES, narrative.say_weaknesses(now, has_table=True))
    yield make(SectionKind.OVERALL, narrative.say_overall(shown))
    yield make(SectionKind.FOLLOW_UP, narrative.say_follow_up(place))
