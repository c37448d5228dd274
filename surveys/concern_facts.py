"""What is known of every submitted audit of a cycle that could be a concern: the facts that `concerns` judges.

Each audit speaks in one series: the panel's where its minutes are final, else the moderated one where that is final,
else the agency's own. The same holds of the audit before. A fixed number of queries, whatever the number of audits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, Subquery

from s11.organisations.models import Participation
from surveys.concerns import Facts, Indicator, Standard, is_weak
from surveys.enums import CycleKind, Scope, Series
from surveys.models import Answer, Audit, Cycle, Scorecard, SeriesClose
from surveys.models import Indicator as IndicatorRow
from surveys.scoring import Tally, make_tally
from surveys.series import SET_ASIDE, with_outcome

# The uppermost that is final holds.
FINAL: Final = (Series.PANEL, Series.MODERATED)
Scores = Mapping[str, int]  # by the indicator's key
NONE: Final[Scores] = {}


@dataclass(frozen=True, slots=True)
class Judged:
    """One submission's facts, and whose scores they are of."""

    facts: Facts
    series: Series


@dataclass(slots=True)
class _Card:
    """An audit's frozen figures: of the whole, and each standard with its row's id."""

    whole: Tally = field(default_factory=Tally)
    standards: list[tuple[int, str, int | None]] = field(default_factory=list)


@dataclass(slots=True)
class _Scores:
    """What weak answers say now, and every score of the audits before."""

    weak: dict[int, list[tuple[str, str, int, bool]]] = field(default_factory=lambda: defaultdict(list))
    before: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))


def get_judged(cycle: Cycle, audits: Iterable[int] | None = None) -> dict[int, Judged]:
    """By audit: every one that counts in this cycle, of an organisation that takes part here; or some of them."""
    lines = _get_lines(cycle, audits)
    series = _get_series({*lines, *lines.values()} - {None})
    cards = _get_cards({pk: series[pk] for pk in lines})
    scores = _get_scores(lines, series)
    weak = {pk for card in cards.values() for pk, _, grade in card.standards if is_weak(grade)}
    keys = _get_keys(weak)
    found = {}
    for pk, before in lines.items():
        then = scores.before.get(before, NONE) if before else NONE
        card = cards.get(pk, _Card())
        facts = Facts(
            card.whole,
            tuple(_make_standard(*one, keys, then) for one in card.standards),
            tuple(
                Indicator(code, score, then.get(key), is_critical)
                for key, code, score, is_critical in scores.weak.get(pk, ())
            ),
        )
        found[pk] = Judged(facts, series[pk])
    return found


def _make_standard(
    pk: int, name: str, grade: int | None, keys: Mapping[int, list[str]], then: Scores
) -> Standard:
    """Like with like: what the audit before said of the indicators that stand under the standard now."""
    shared = [then[key] for key in keys.get(pk, ()) if key in then]
    return Standard(name, grade, make_tally(shared).grade)


def _get_lines(cycle: Cycle, audits: Iterable[int] | None) -> dict[int, int | None]:
    """Each audit with the organisation's last one here before it. A topic is no step of the line of others."""
    earlier = Audit.objects.counted().filter(
        invitee__organisation=OuterRef("invitee__organisation"),
        invitee__cycle__partnership=cycle.partnership_id,
        invitee__cycle__closes_on__lt=cycle.closes_on,
    )
    if cycle.kind != CycleKind.TOPIC:
        earlier = earlier.exclude(invitee__cycle__kind=CycleKind.TOPIC)
    nearest = earlier.order_by("-invitee__cycle__closes_on", "-pk").values("pk")
    here = Participation.objects.filter(
        partnership=cycle.partnership_id, organisation=OuterRef("invitee__organisation"), is_active=True
    )
    found = Audit.objects.counted().filter(Exists(here), invitee__cycle=cycle, invitee__exempt_reason="")
    if audits is not None:
        found = found.filter(pk__in=list(audits))
    rows = found.annotate(before=Subquery(nearest[:1])).order_by("pk").values_list("pk", "before")
    return dict(rows)


def _get_series(audits: Iterable[int | None]) -> dict[int, Series]:
    found = {pk: Series.SELF for pk in audits if pk is not None}
    closes = SeriesClose.objects.filter(audit__in=list(found), submission=F("audit__submission"))
    final: dict[int, set[str]] = defaultdict(set)
    for pk, series in closes.values_list("audit", "series"):
        final[pk].add(series)
    for pk, closed in final.items():
        found[pk] = next(one for one in FINAL if one in closed)
    return found


def _get_cards(series: Mapping[int, Series]) -> dict[int, _Card]:
    rows = Scorecard.objects.of_last_submission().filter(
        Q(scope=Scope.WHOLE) | Q(scope=Scope.STANDARD), audit__in=list(series)
    )
    found: dict[int, _Card] = defaultdict(_Card)
    names = ("standard", "standard__code", "standard__title", "grade")
    tally = ("n", "sum", "zeros", "not_applicable")
    ordered = rows.order_by("audit", "standard__position")
    for pk, whose, standard, code, title, grade, *counts in ordered.values_list(
        "audit", "series", *names, *tally
    ):
        if whose != series[pk]:
            continue
        if standard is None:
            found[pk].whole = Tally(*counts)
        else:
            found[pk].standards.append((standard, f"{code} {title}", grade))
    return found


def _get_scores(lines: Mapping[int, int | None], series: Mapping[int, Series]) -> _Scores:
    """Now only what is weak; of the audits before everything scored, for a grade is made of it. A query a series."""
    found = _Scores()
    columns = ("audit", "indicator__key", "indicator__code", "outcome", "indicator__is_critical")
    for whose in Series:
        pks = [pk for pk, its in series.items() if its == whose]
        now = Q(audit__in=[pk for pk in pks if pk in lines], outcome__in=(0, 1))
        then = Q(audit__in=[pk for pk in pks if pk not in lines]) & ~Q(outcome=SET_ASIDE)
        rows = with_outcome(Answer.objects.submitted(), whose).filter(now | then)
        for pk, key, code, score, is_critical in rows.order_by("indicator__position").values_list(*columns):
            if pk in lines:
                found.weak[pk].append((key, code, score, is_critical))
            else:
                found.before[pk][key] = score
    return found


def _get_keys(standards: Iterable[int]) -> Mapping[int, list[str]]:
    """Of the indicators that stand under these standards."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = IndicatorRow.objects.filter(standard__in=list(standards)).order_by()
    for standard, key in rows.values_list("standard", "key"):
        found[standard].append(key)
    return found
