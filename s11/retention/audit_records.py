"""Audits and their scorecards, actions and what staff answered: what has come due, and what goes with it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from django.db.models import Exists, Max, Model, OuterRef, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from accountability.models import AgencyReturnPicture
from s11.organisations.models import Partnership
from s11.retention.record import Due
from s11.retention.walk import Reach, gather
from surveys.action_plans import UNFINISHED
from surveys.models import (
    Action,
    ActionUpdate,
    AnswerEvidence,
    Audit,
    Escalation,
    Evidence,
    EvidenceChange,
    EvidenceVersion,
    OwnToolReturn,
    PractitionerSurvey,
    Scorecard,
    SupportOffer,
)

SAID_UNFINISHED: Final = "An action born of it is not finished: finish or drop it first."


def _list_audits(audits: QuerySet[Audit], limit: datetime.date, words: str) -> Iterator[Due]:
    found = audits.annotate(closed_on=TruncDate("invitee__cycle__closed_at")).filter(closed_on__lte=limit)
    rows = found.order_by("closed_on", "pk").values_list(
        "pk", "invitee__cycle__slug", "invitee__organisation", "closed_on"
    )
    for pk, cycle, organisation, day in rows:
        yield Due(pk, f"{words} {pk}, cycle {cycle}, organisation {organisation}", day)


def list_audits(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    here = Audit.objects.filter(invitee__cycle__partnership=partnership, destroyed_at=None)
    return _list_audits(here, limit, "Audit")


def list_scorecards(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    """Of audits whose answers are gone: until then the scorecards are what their figures are checked against."""
    here = Audit.objects.filter(invitee__cycle__partnership=partnership, destroyed_at__isnull=False)
    kept = Exists(Scorecard.objects.filter(audit=OuterRef("pk")))
    return _list_audits(here.filter(kept), limit, "Scorecards of audit")


def name_audits(records: Collection[int]) -> Mapping[int, str]:
    rows = Audit.objects.filter(pk__in=records).values_list(
        "pk", "invitee__organisation__name", "invitee__cycle__title"
    )
    return {pk: f"{organisation}, {cycle}" for pk, organisation, cycle in rows}


def gather_audit(partnership: Partnership, record: int) -> Reach:
    audit = Audit.objects.select_related("invitee__cycle").get(
        pk=record, invitee__cycle__partnership=partnership, destroyed_at=None
    )
    follows: dict[type[Model], Collection[int]] = {
        SupportOffer: list(audit.invitee.support_offers.values_list("pk", flat=True)),
        Escalation: list(audit.invitee.escalations.values_list("pk", flat=True)),
    }
    reach = gather(follows, staying={Audit: [record]})
    if Action.objects.filter(pk__in=reach.rows[Action], status__in=UNFINISHED).exists():
        reach.held.append(SAID_UNFINISHED)
    closed_at = audit.invitee.cycle.closed_at
    assert closed_at is not None  # it is due since a day counted from it
    evidence = find_last_named(reach, closed_at)
    versions = EvidenceVersion.objects.filter(evidence__in=evidence).order_by()
    reach.rows[Evidence] |= evidence
    reach.rows[EvidenceVersion] |= set(versions.values_list("pk", flat=True))
    return reach


def find_last_named(reach: Reach, closed_at: datetime.datetime) -> set[int]:
    """Evidence that nothing but these answers names, and that nobody has replaced since the cycle was closed."""
    links, changes = reach.rows[AnswerEvidence], reach.rows[EvidenceChange]
    named = set(AnswerEvidence.objects.filter(pk__in=links).order_by().values_list("evidence", flat=True))
    named |= set(EvidenceChange.objects.filter(pk__in=changes).order_by().values_list("evidence", flat=True))
    others = (
        AnswerEvidence.objects.filter(evidence__in=named).exclude(pk__in=links).values("evidence"),
        EvidenceChange.objects.filter(evidence__in=named).exclude(pk__in=changes).values("evidence"),
        Action.evidence.through.objects.filter(evidence__in=named)
        .exclude(action__in=reach.rows[Action])
        .values("evidence"),
        OwnToolReturn.objects.filter(version__evidence__in=named).values("version__evidence"),
        AgencyReturnPicture.objects.filter(version__evidence__in=named).values("version__evidence"),
        EvidenceVersion.objects.filter(evidence__in=named, added_at__gt=closed_at).values("evidence"),
    )
    for rows in others:
        named -= {pk for row in rows for pk in row.values()}
    return named


def gather_scorecards(partnership: Partnership, record: int) -> Reach:
    reach = Reach()
    cards = Scorecard.objects.filter(audit=record, audit__invitee__cycle__partnership=partnership)
    reach.rows[Scorecard] |= set(cards.order_by().values_list("pk", flat=True))
    return reach


def get_cycle_of_audit(record: int) -> int | None:
    return Audit.objects.filter(pk=record).values_list("invitee__cycle", flat=True).first()


# Actions --------------------------------------------------------------------------------------------------------------


def list_actions(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    """Finished ones that answer no recommendation: those go once their meeting is gone."""
    last = ActionUpdate.objects.filter(action=OuterRef("pk")).order_by().values("action")
    found = Action.objects.filter(participation__partnership=partnership, recommendations=None)
    done = found.exclude(status__in=UNFINISHED).annotate(
        done_on=TruncDate(Coalesce(last.annotate(at=Max("at")).values("at"), "created_at"))
    )
    rows = done.filter(done_on__lte=limit).order_by("done_on", "pk")
    for pk, organisation, day in rows.values_list("pk", "participation__organisation", "done_on"):
        yield Due(pk, f"Action {pk}, organisation {organisation}", day)


def name_actions(records: Collection[int]) -> Mapping[int, str]:
    rows = Action.objects.filter(pk__in=records).values_list(
        "pk", "participation__organisation__name", "what"
    )
    return {pk: f"{organisation}: {what[:80]}" for pk, organisation, what in rows}


def gather_action(partnership: Partnership, record: int) -> Reach:
    Action.objects.exclude(status__in=UNFINISHED).get(pk=record, participation__partnership=partnership)
    return gather({Action: [record]})


def get_cycle_of_action(record: int) -> int | None:
    """Overviews count actions by the answers that they were born of."""
    return Action.objects.filter(pk=record).values_list("answer__audit__invitee__cycle", flat=True).first()


# Surveys --------------------------------------------------------------------------------------------------------------


def list_surveys(partnership: Partnership, limit: datetime.date) -> Iterator[Due]:
    found = PractitionerSurvey.objects.filter(
        invitee__cycle__partnership=partnership, invitee__cycle__closed_at__isnull=False, closes_on__lte=limit
    )
    rows = found.order_by("closes_on", "pk").values_list(
        "pk", "invitee__cycle__slug", "invitee__organisation", "closes_on"
    )
    for pk, cycle, organisation, day in rows:
        yield Due(pk, f"Practitioner survey {pk}, cycle {cycle}, organisation {organisation}", day)


def name_surveys(records: Collection[int]) -> Mapping[int, str]:
    rows = PractitionerSurvey.objects.filter(pk__in=records).values_list(
        "pk", "invitee__organisation__name", "invitee__cycle__title"
    )
    return {pk: f"{organisation}, {cycle}" for pk, organisation, cycle in rows}


def gather_survey(partnership: Partnership, record: int) -> Reach:
    PractitionerSurvey.objects.get(pk=record, invitee__cycle__partnership=partnership)
    return gather({PractitionerSurvey: [record]})
