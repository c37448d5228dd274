"""Offers of support with every step, calibrations, and what staff say: what the partnership has beside audits."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from s11.organisations.models import Partnership
from surveys.enums import COUNTED
from surveys.exports.tables import BATCH, Row, Table, make_table
from surveys.models import (
    CalibrationItem,
    CalibrationScore,
    CalibrationScorer,
    SupportConcern,
    SupportNote,
    SupportOffer,
    SurveyTally,
)

STAFF = (
    "organisation",
    "cycle",
    "code",
    "statement",
    "indicator",
    "yes",
    "partly",
    "no",
    "do_not_know",
    "not_my_job",
)


def list_support_tables(partnership: Partnership) -> Iterator[Table]:
    here = {"invitee__cycle__partnership": partnership}
    of_offer = {f"offer__{path}": value for path, value in here.items()}
    yield make_table(
        "support-offers",
        "support that was offered, the agency’s answer and what came of it",
        SupportOffer.objects.filter(**here),
        {"id": "pk", "organisation": "invitee__organisation__slug", "cycle": "invitee__cycle__slug"}
        | _same("series", "submission", "message", "status", "answer")
        | {"answered_by": "answered_by__email", "answered_at": "answered_at", "outcome": "outcome"}
        | {"owner": "owner__email", "made_by": "made_by__email", "made_at": "made_at"},
    )
    yield make_table(
        "support-concerns",
        "why it was offered; offer is an id in support-offers",
        SupportConcern.objects.filter(**of_offer),
        {"offer": "offer_id"} | _same("kind", "words"),
    )
    yield make_table(
        "support-notes",
        "every step with an offer; an empty cell stayed as it was",
        SupportNote.objects.filter(**of_offer),
        {"offer": "offer_id"}
        | _same("status", "answer", "text")
        | {"owner": "owner__email", "by": "by__email", "at": "at"},
    )
    yield from _list_calibrations(partnership)
    yield _list_staff(partnership)


def _list_calibrations(partnership: Partnership) -> Iterator[Table]:
    """Nobody's score leaves before everybody has finished: each scores alone, here too."""
    here = {"calibration__cycle__partnership": partnership}
    unfinished = CalibrationScorer.objects.filter(finished_at=None).values("calibration")
    item = "item__answer__"
    yield make_table(
        "calibrations",
        "answers drawn for moderators to score alone, by rule and seed; a row an answer",
        CalibrationItem.objects.filter(**here),
        {"calibration": "calibration_id", "cycle": "calibration__cycle__slug"}
        | {name: f"calibration__{name}" for name in ("rule", "size", "seed", "at")}
        | {"by": "calibration__by__email", "position": "position", "submission": "submission"}
        | {
            "organisation": "answer__audit__invitee__organisation__slug",
            "indicator": "answer__indicator__key",
        },
    )
    yield make_table(
        "calibration-scores",
        "what each gave, of calibrations that all have finished; no figure reads these scores",
        CalibrationScore.objects.filter(**{f"item__{path}": value for path, value in here.items()}).exclude(
            item__calibration__in=unfinished
        ),
        {"calibration": "item__calibration_id", "position": "item__position"}
        | {"organisation": f"{item}audit__invitee__organisation__slug", "indicator": f"{item}indicator__key"}
        | {"scorer": "scorer__user__email"}
        | _same("score", "is_not_applicable", "reason", "at"),
    )


def _list_staff(partnership: Partnership) -> Table:
    """As on the desk: of agencies that have submitted, once a survey is over, and of five people or more."""

    def list_rows() -> Iterator[Row]:
        submitted = Q(survey__invitee__audit__status__in=COUNTED) | Q(
            survey__invitee__own_tool_return__isnull=False
        )
        tallies = SurveyTally.objects.filter(submitted, survey__invitee__cycle__partnership=partnership)
        found = tallies.select_related(
            "statement", "survey__invitee__cycle", "survey__invitee__organisation"
        ).order_by("survey", "statement__position")
        for tally in found.iterator(BATCH):
            if tally.result is not None:
                yield _make_staff_row(tally)

    return Table(
        "practitioner-surveys",
        "what staff say beside an indicator, of surveys that are over; counts of at least five people, never one’s",
        STAFF,
        list_rows,
    )


def _make_staff_row(tally: SurveyTally) -> Row:
    invitee, said = tally.survey.invitee, tally.statement
    about = (invitee.organisation.slug, invitee.cycle.slug, said.code, said.text, said.key)
    counts = (tally.yes, tally.partly, tally.no, tally.unknown, tally.not_mine)
    return dict(zip(STAFF, (*about, *counts), strict=True))


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}
