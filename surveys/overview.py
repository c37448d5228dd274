"""What a whole cycle shows: the figures of the overview report, from frozen scorecards and submitted answers.

Every mean, grade and percentage is made here at the edge, by surveys.figures, from whole numbers. `get_overview` has
the database group and count, and loops over no audit; `make_overview` makes the same of what was read for more figures
(full_overview).
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from s11.organisations.enums import Variant
from s11.web.dates import as_london
from surveys.destroyed import check_is_whole
from surveys.enums import Scope, Series
from surveys.figures import GradeCounts, ParticipationFigures, Share, format_mean
from surveys.models import Cycle
from surveys.overview_banks import WHOLE, Bank, Held
from surveys.overview_basis import NOT_APPLICABLE, UNGRADED, Basis, Cards, Counts
from surveys.overview_rows import count_basis

Json = dict[str, Any]


class ScoreCounts:
    """What follows from how often each score was given; whoever has these counts is one."""

    __slots__ = ()
    zeros: int
    ones: int
    twos: int
    not_applicable: int

    @property
    def n(self) -> int:
        return self.zeros + self.ones + self.twos

    @property
    def total(self) -> int:
        return self.ones + 2 * self.twos

    @property
    def mean(self) -> str | None:
        return format_mean(self.total, self.n)

    def scores_as_json(self) -> Json:
        return {
            "scores": {"0": self.zeros, "1": self.ones, "2": self.twos},
            "not_applicable": self.not_applicable,
            "mean": self.mean,
        }


@dataclass(frozen=True, slots=True)
class IndicatorFigures(ScoreCounts):
    """How the audits of one variant answered one indicator."""

    code: str
    key: str
    text: str
    is_critical: bool
    zeros: int
    ones: int
    twos: int
    not_applicable: int

    def as_json(self) -> Json:
        return {"code": self.code, "key": self.key, **self.scores_as_json()}


@dataclass(frozen=True, slots=True)
class StandardFigures:
    """One standard in one variant. `n` and `total` are over all its scored answers."""

    code: str
    title: str
    theme: str
    n: int
    total: int
    grades: GradeCounts
    indicators: tuple[IndicatorFigures, ...]

    @property
    def mean(self) -> str | None:
        return format_mean(self.total, self.n)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def as_json(self) -> Json:
        return {
            "code": self.code,
            "title": self.title,
            "theme": self.theme,
            "mean": self.mean,
            **grades_as_json(self.grades),
            "indicators": [indicator.as_json() for indicator in self.indicators],
        }


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """One variant's audits. `submitted` counts those of the series; one without any score has no grade."""

    variant: Variant
    submitted: int
    n: int
    total: int
    grades: GradeCounts
    standards: tuple[StandardFigures, ...]

    @property
    def mean(self) -> str | None:
        return format_mean(self.total, self.n)

    @property
    def indicators(self) -> tuple[IndicatorFigures, ...]:
        return tuple(itertools.chain.from_iterable(standard.indicators for standard in self.standards))

    def as_json(self) -> Json:
        return {
            "variant": self.variant.value,
            "submitted": self.submitted,
            **grades_as_json(self.grades),
            "mean": self.mean,
            "standards": [standard.as_json() for standard in self.standards],
        }


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """One theme across variants: audits by their grade over all that they scored under it."""

    code: str
    title: str
    variants: Mapping[Variant, GradeCounts]

    @property
    def grades(self) -> GradeCounts:
        return sum(self.variants.values(), GradeCounts())

    @property
    def at_grade_2(self) -> Share:
        return self.grades.at_grade_2

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def as_json(self) -> Json:
        return {"code": self.code, "at_grade_2": self.at_grade_2.as_json()}


@dataclass(frozen=True, slots=True)
class CriticalZero:
    """A critical indicator that an organisation scored 0: listed whatever the average."""

    organisation: str
    indicator: str
    text: str
    variant: Variant
    slug: str


@dataclass(frozen=True, slots=True)
class BelowGrade2:
    """An audit at grade 0 or 1 overall."""

    organisation: str
    variant: Variant
    grade: int
    mean: str
    slug: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All that one cycle shows in one series, as at `made_at`."""

    cycle: Cycle
    series: Series
    made_at: datetime.datetime
    participation: ParticipationFigures
    submitted_of_invited: Mapping[Variant, Share]
    returns: Mapping[datetime.date, int]
    variants: tuple[VariantFigures, ...]
    themes: tuple[ThemeFigures, ...]
    critical_zeros: tuple[CriticalZero, ...]
    below_grade_2: tuple[BelowGrade2, ...]
    # Makes a digest of the figures that stand beside these (full_overview), so that a version is of all of them.
    digest_beside: Callable[[], str] | None = field(default=None, compare=False, repr=False)

    @property
    def submitted(self) -> int:
        """Audits of this series; `participation.submitted` counts returns of every kind."""
        return sum(variant.submitted for variant in self.variants)

    @property
    def grades(self) -> GradeCounts:
        return sum((variant.grades for variant in self.variants), GradeCounts())

    @property
    def in_series(self) -> Share:
        """How many of the submitted audits have figures of this series."""
        return Share(self.submitted, self.participation.submitted)

    @property
    def zeros_by_organisation(self) -> list[tuple[CriticalZero, list[str]]]:
        """The first critical zero of each organisation, and the codes of all of its; none without names."""
        by_slug: dict[str, list[CriticalZero]] = {}
        for zero in self.critical_zeros:
            by_slug.setdefault(zero.slug, []).append(zero)
        return [(zeros[0], [zero.indicator for zero in zeros]) for slug, zeros in by_slug.items() if slug]

    @property
    def today(self) -> datetime.date:
        """The day in England on which the figures were made."""
        return as_london(self.made_at).date()

    @property
    def until(self) -> datetime.date:
        """The last day that the figures know of: the day they were made, or the day the cycle was closed."""
        return as_london(self.cycle.closed_at or self.made_at).date()

    @property
    def fingerprint(self) -> str:
        """Eight digits that differ as soon as one figure does: the version on every page of a report."""
        beside = self.digest_beside() if self.digest_beside is not None else ""
        return hashlib.sha256(f"{json.dumps(as_json(self))}{beside}".encode()).hexdigest()[:8]

    def without_names(self) -> Overview:
        """For those who read figures and not audits: which organisation is behind one is left out."""
        return dataclasses.replace(
            self,
            critical_zeros=tuple(
                dataclasses.replace(zero, organisation="", slug="") for zero in self.critical_zeros
            ),
            below_grade_2=(),
        )


def get_overview(cycle: Cycle, series: Series = Series.SELF) -> Overview:
    """Counted by the database, whatever the number of audits. Refuses what is not whole any more. Eight queries."""
    check_is_whole(cycle)
    return make_overview(cycle, series, count_basis(cycle, series))


def make_overview(cycle: Cycle, series: Series, basis: Basis) -> Overview:
    participation = basis.participation
    return Overview(
        cycle=cycle,
        series=series,
        made_at=timezone.now(),
        participation=participation.figures,
        submitted_of_invited=participation.variants,
        returns=participation.returns,
        variants=tuple(make_variants(basis.indicators, basis.cards, basis.counts)),
        themes=tuple(make_themes(basis.indicators, basis.cards)),
        critical_zeros=tuple(
            CriticalZero(organisation, indicator, text, Variant(variant), slug)
            for organisation, indicator, text, variant, slug in basis.critical_zeros
        ),
        below_grade_2=tuple(
            BelowGrade2(organisation, Variant(variant), grade, str(format_mean(total, n)), slug)
            for grade, organisation, slug, variant, n, total in basis.below_grade_2
        ),
    )


def make_variants(
    indicators: Mapping[Variant, Bank],
    cards: Cards,
    counts: Mapping[int, Counts],
) -> Iterable[VariantFigures]:
    """In the order of every report; a variant without a submitted audit is left out."""
    for variant in Variant:
        whole = cards.get((variant.value, *WHOLE))
        if whole is None:
            continue
        by_standard = itertools.groupby(indicators.get(variant, ()), key=lambda one: one.standard_pk)
        yield VariantFigures(
            variant=variant,
            submitted=whole.audits,
            n=whole.n,
            total=whole.total,
            grades=whole.grades,
            standards=tuple(
                make_standard(variant, tuple(listed), cards, counts) for _, listed in by_standard
            ),
        )


def make_standard(
    variant: Variant, listed: Bank, cards: Cards, counts: Mapping[int, Counts]
) -> StandardFigures:
    """`listed` are all of its indicators."""
    held = listed[0]
    card = cards.get((variant.value, Scope.STANDARD.value, held.standard), UNGRADED)
    return StandardFigures(
        code=held.standard,
        title=held.standard_title,
        theme=held.standard_theme,
        n=card.n,
        total=card.total,
        grades=card.grades,
        indicators=tuple(make_indicator(one, counts.get(one.pk, {})) for one in listed),
    )


def make_indicator(indicator: Held, counts: Counts) -> IndicatorFigures:
    return IndicatorFigures(
        code=indicator.code,
        key=indicator.key,
        text=indicator.text,
        is_critical=indicator.is_critical,
        zeros=counts.get(0, 0),
        ones=counts.get(1, 0),
        twos=counts.get(2, 0),
        not_applicable=counts.get(NOT_APPLICABLE, 0),
    )


def make_themes(indicators: Mapping[Variant, Bank], cards: Cards) -> Iterable[ThemeFigures]:
    """In order; a theme in which no audit has a grade is left out."""
    themes = {
        (one.theme_position, one.theme, one.theme_title) for bank in indicators.values() for one in bank
    }
    for _, code, title in sorted(themes):
        keys = {variant: (variant.value, Scope.THEME.value, code) for variant in Variant}
        grades = {variant: cards[key].grades for variant, key in keys.items() if key in cards}
        if any(counted.total for counted in grades.values()):
            yield ThemeFigures(code, title, grades)


def grades_as_json(grades: GradeCounts) -> Json:
    return {"grades": grades.as_json(), "at_grade_2": grades.at_grade_2.as_json()}


def as_json(overview: Overview) -> Json:
    """The contract that other programs read: keys and their order are fixed."""
    return {
        "partnership": overview.cycle.partnership.slug,
        "cycle": overview.cycle.slug,
        "series": overview.series.value,
        "participation": overview.participation.as_json(),
        "took_part": overview.participation.parts_as_json(),
        "all": {"submitted": overview.submitted, **grades_as_json(overview.grades)},
        "variants": [variant.as_json() for variant in overview.variants],
        "themes": [theme.as_json() for theme in overview.themes],
        "critical_zeros": [
            {"organisation": zero.organisation, "indicator": zero.indicator}
            for zero in overview.critical_zeros
        ],
    }
