"""What the public may see of a cycle: the overview's figures after disclosure control.

Four queries fetch who answered what; surveys.disclosure decides. Participation counts who took part and may be shown.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from s11.organisations.enums import Variant
from surveys.destroyed import check_is_whole
from surveys.disclosure import (
    NAMES,
    NOT_APPLICABLE,
    NOT_ASKED,
    Asked,
    Bank,
    Decision,
    Heading,
    Json,
    Ledger,
    Record,
    Release,
    Scores,
    make_public,
)
from surveys.enums import Series
from surveys.models import Cycle
from surveys.overview_banks import Bank as AskedBank
from surveys.overview_banks import get_banks, keep_asked_in
from surveys.overview_rows import get_audits, get_series_answers
from surveys.participation import ParticipationByDay, get_participation_by_day
from surveys.series import SET_ASIDE


@dataclass(frozen=True)
class PublicOverview:
    """`document` may be published as it stands, and holds nothing else.

    `decisions` are for officers. `ledger` says who was in which figure: it is kept beside the publication, is never
    shown, and is given to `get_public_overview` for every later publication of the partnership.
    """

    document: Json
    decisions: tuple[Decision, ...]
    ledger: Json
    release: Release


def get_public_overview(
    cycle: Cycle, series: Series = Series.SELF, published_before: Sequence[Json] = ()
) -> PublicOverview:
    """`published_before` are the ledgers of all that the partnership has published, corrections included."""
    check_is_whole(cycle)
    ledgers = [Ledger.from_json(ledger) for ledger in published_before]
    public = make_public(get_scores(cycle, series), ledgers)
    about = {"partnership": cycle.partnership.slug, "cycle": cycle.slug, "series": series.value}
    took_part = say_who_took_part(get_participation_by_day(cycle), public.document["all"]["audits"])
    document = {**about, "participation": took_part, **public.document}
    return PublicOverview(document, public.decisions, public.ledger.as_json(), public.release)


def say_who_took_part(found: ParticipationByDay, audits: int) -> Json:
    """How many took part, which is about nobody's scores; and how many of them are in no score, so that whoever adds up
    the groups knows where the rest is."""
    return {
        **found.figures.as_json(),
        **found.figures.parts_as_json(),
        "not_in_scores": found.figures.submitted_with_answers - audits,
        "variants": [
            {
                "variant": variant.value,
                "label": NAMES[variant],
                "invited": one.invited,
                "submitted": one.submitted,
                **one.parts_as_json(),
            }
            for variant, one in found.took_part.items()
        ],
    }


def get_scores(cycle: Cycle, series: Series) -> Scores:
    audits = {
        audit: (organisation, variant)
        for audit, organisation, variant in get_audits(cycle, series).values_list(
            "pk", "invitee__organisation", "invitee__cycle_questionnaire__variant"
        )
    }
    answers: dict[int, dict[int, str]] = {audit: {} for audit in audits}
    for audit, indicator, outcome in get_series_answers(cycle, series).values_list(
        "audit", "indicator", "outcome"
    ):
        answers[audit][indicator] = NOT_APPLICABLE if outcome == SET_ASIDE else str(outcome)
    counted = {one for said in answers.values() for one in said}
    indicators = keep_asked_in(cycle, get_banks([cycle]), counted)
    banks, orders = make_banks(indicators)
    return Scores(
        cycle=cycle.slug,
        series=series.value,
        banks=tuple(banks),
        themes=make_themes(indicators),
        records=tuple(
            Record(
                organisation, variant, "".join(answers[audit].get(one, NOT_ASKED) for one in orders[variant])
            )
            for audit, (organisation, variant) in sorted(audits.items())
        ),
    )


def make_banks(
    indicators: Mapping[Variant, AskedBank],
) -> tuple[list[Bank], Mapping[str, list[int]]]:
    """The banks, and by variant the indicators' ids in their order."""
    banks: list[Bank] = []
    orders: dict[str, list[int]] = {}
    for variant in Variant:
        listed = indicators.get(variant, ())
        orders[variant.value] = [one.pk for one in listed]
        banks.append(
            Bank(
                variant.value,
                tuple(
                    make_heading(tuple(held))
                    for _, held in itertools.groupby(listed, key=lambda one: one.standard_pk)
                ),
            )
        )
    return banks, orders


def make_heading(listed: AskedBank) -> Heading:
    """Of the indicators of one standard."""
    held = listed[0]
    asked = tuple(Asked(one.code, one.key, one.text, one.theme, one.is_critical) for one in listed)
    return Heading(held.standard, held.standard_title, held.standard_theme, asked)


def make_themes(indicators: Mapping[Variant, AskedBank]) -> tuple[tuple[str, str], ...]:
    themes = {
        (one.theme_position, one.theme, one.theme_title) for bank in indicators.values() for one in bank
    }
    return tuple((code, title) for _, code, title in sorted(themes))
