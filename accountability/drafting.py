"""The first words of a report, written from its public figures; officers change them. Numbers stand as tokens.

`draft_sections` is the door: whoever begins a report, or wants the drafts anew, calls that and nothing else here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils import timezone

from accountability.enums import SectionKind
from accountability.models import Report, ReportSection
from accountability.report_figures import get_figures
from s11.web.dates import date
from s11.web.text import list_words
from surveys.models import Cycle

Json = Any
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Drafted:
    """One section, as it would be drafted now."""

    kind: SectionKind
    text: str
    subject: str = ""


def draft_sections(report: Report) -> list[ReportSection]:
    """Write each draft that would say something new; what an officer wrote stays. Returns what changed."""
    cycles = [one.cycle for one in report.report_cycles.select_related("cycle__partnership")]
    figures = [one.document for one in get_figures(report)]
    existing = {(one.kind, one.subject): one for one in report.sections.all()}
    changed = []
    for position, drafted in enumerate(make_drafts(cycles, figures), start=1):
        section = existing.get((drafted.kind, drafted.subject)) or ReportSection(
            report=report, kind=drafted.kind, subject=drafted.subject, title=drafted.kind.label
        )
        if section.pk and section.drafted == drafted.text:
            continue
        section.version += 1 if section.pk else 0
        section.drafted, section.drafted_at, section.position = drafted.text, timezone.now(), position
        section.save()
        changed.append(section)
    return changed


def make_drafts(cycles: Sequence[Cycle], figures: Sequence[Json]) -> Iterator[Drafted]:
    """In the report's order; the first cycle is what it is about, others are compared with it."""
    cycle, shown = cycles[0], figures[0]
    place = cycle.partnership
    yield Drafted(
        SectionKind.INTRODUCTION,
        f"{place} asks the organisations of its area how well they keep children safe. This report says what "
        f"{cycle} showed: what is done well, what needs to be better, and what happens next.",
    )
    yield Drafted(
        SectionKind.METHOD,
        "Each organisation scored itself against standards that come from the law. A score is 0 (no progress), 1 "
        "(working towards it, with measurable progress) or 2 (achieved). The grade of a standard is the mean of its "
        "scores, rounded to 0, 1 or 2. A figure about the scores of fewer than five organisations is not shown.",
    )
    yield Drafted(SectionKind.WHO_TOOK_PART, _say_who_took_part(cycle))
    yield Drafted(SectionKind.BY_VARIANT, _say_variants(shown))
    yield Drafted(SectionKind.STRENGTHS, _say_standards(shown, is_strong=True))
    yield Drafted(SectionKind.WEAKNESSES, _say_standards(shown, is_strong=False))
    yield Drafted(SectionKind.OVERALL, _say_overall(shown))
    yield Drafted(
        SectionKind.FOLLOW_UP,
        f"Each organisation follows its own action plan, and {place} follows what it agreed with them. The next "
        "audit asks again, and shows what has changed.",
    )


def _say_who_took_part(cycle: Cycle) -> str:
    verb = "submitted" if cycle.is_closed else "have submitted"
    return (
        f"[[participation/submitted_of_invited]] invited organisations {verb}. The closing day was "
        f"{date(cycle.closes_on)}; [[participation/on_time_of_submitted]] came on time."
    )


def _say_overall(shown: Json) -> str:
    if not is_share(shown["all"]["at_grade_2"]):
        return "Too few organisations have submitted for their overall grades to be shown."
    return "[[all/at_grade_2]] audits are at grade 2 overall."


def _say_variants(shown: Json) -> str:
    said = [
        f"{one['label']}: [[variants/{one['variant']}/at_grade_2]] audits are at grade 2 overall."
        for one in shown["variants"]
        if is_share(one["at_grade_2"])
    ]
    return "\n\n".join(said) or "Too few organisations have submitted for their grades to be shown."


def _say_standards(shown: Json, *, is_strong: bool) -> str:
    """The best or the weakest standards of each variant, of those that are shown; ties are named up to three."""
    said = []
    for variant in shown["variants"]:
        graded = [one for one in variant["standards"] if is_share(one["at_grade_2"])]
        if not graded:
            continue
        shares = {one["code"]: _fraction(one) for one in graded}
        edge = (max if is_strong else min)(shares.values())
        if not is_strong and edge == 1:
            said.append(f"{variant['label']}: every standard is at grade 2 in every audit.")
            continue
        at = [one for one in graded if shares[one["code"]] == edge]
        named = [
            f"{one['title']} ([[variants/{variant['variant']}/standards/{one['code']}/at_grade_2]])"
            for one in at[:MOST_NAMED]
        ]
        more = f", and {len(at) - MOST_NAMED} more at the same share" if len(at) > MOST_NAMED else ""
        said.append(
            f"{variant['label']}: {'strongest' if is_strong else 'weakest'} at {list_words(named)}{more}."
        )
    return "\n\n".join(said) or "Too few organisations have submitted for standards to be compared."


def is_share(figure: Json) -> bool:
    """Shown, and of somebody."""
    return isinstance(figure, dict) and bool(figure.get("of"))


def _fraction(standard: Json) -> Fraction:
    share = standard["at_grade_2"]
    return Fraction(share["count"], share["of"])
