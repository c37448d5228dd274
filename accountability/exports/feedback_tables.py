"""What agencies were given back: each issue, and the sector's figures that were frozen with it."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.exports.columns import keep, name_people
from accountability.models import FeedbackIssue, FeedbackReading, SectorFigure
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table


def list_feedback_tables(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "feedback-issues",
        "issues of a cycle’s feedback reports, and when the agencies were told; ledger says who is in the sector’s "
        "figures, never publish it",
        FeedbackIssue.objects.filter(cycle__partnership=partnership),
        {"cycle": "cycle__slug", "number": "number"}
        | name_people("asked_by")
        | keep("asked_at")
        | name_people("told_by")
        | keep("told_at", "ledger"),
    )
    yield make_table(
        "feedback-readings",
        "who of an agency has opened its feedback report, and when first",
        FeedbackReading.objects.filter(report__issue__cycle__partnership=partnership),
        {"cycle": "report__issue__cycle__slug", "issue": "report__issue__number"}
        | {"organisation": "report__audit__invitee__organisation__slug"}
        | name_people("user")
        | keep("at"),
    )
    yield make_table(
        "sector-figures",
        "where the agencies of a variant stand, as frozen with an issue; without a standard: in all of them",
        SectorFigure.objects.filter(issue__cycle__partnership=partnership),
        {"cycle": "issue__cycle__slug", "issue": "issue__number", "variant": "cycle_questionnaire__variant"}
        | {"standard": "standard__code"}
        | keep("organisations", "lower", "median", "upper"),
    )
