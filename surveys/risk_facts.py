"""What is known of every submitted audit of a cycle before a moderator has looked: the facts that `risk` judges.

Five queries, whatever the number of audits. Commentaries are compared by digests that the database makes: none is read.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, TextField, Value
from django.db.models.functions import MD5, NullIf
from django.utils import timezone

from surveys.enums import ActionOrigin, CycleKind
from surveys.figures import half_up
from surveys.models import Action, Answer, AnswerEvidence, Audit, Cycle
from surveys.risk import Facts

HIGHEST: Final = 2
# The audit itself and the two before it.
YEARS: Final = 3
COUNTED: Final = ("scored", "twos", "twos_without_evidence", "with_expired_evidence", "critical_zeros")


@dataclass(frozen=True, slots=True)
class Key:
    """One indicator's answer in one audit, as its last submission holds it."""

    score: int | None
    # Of the commentary; none where there is no commentary.
    digest: str | None


Answers = Mapping[str, Key]
NOTHING: Final[Answers] = {}


@dataclass(slots=True)
class Line:
    """One submitted audit, and the organisation's two before it in this partnership, the nearest first."""

    audit: int
    organisation: int
    earlier: list[int] = field(default_factory=list)


def get_facts(
    cycle: Cycle, today: datetime.date | None = None, audit: Audit | None = None
) -> dict[int, Facts]:
    """By audit: every one that counts in this cycle, or one of them."""
    today = today or timezone.localdate()
    lines = get_lines(cycle, audit)
    counts = _count_answers(lines, today)
    answers = _get_answers(lines)
    actions = _count_panel_actions(cycle)
    found = {}
    for line in lines:
        before = answers.get(line.earlier[0], NOTHING) if line.earlier else NOTHING
        now_percent, before_percent = _compare(answers.get(line.audit, NOTHING), before)
        found[line.audit] = Facts(
            **counts.get(line.audit, {}),
            unchanged_for_three_years=_count_unchanged(line, answers),
            percent=now_percent,
            percent_before=before_percent,
            leaps=_count_leaps(answers.get(line.audit, NOTHING), before),
            open_panel_actions=actions.get(line.organisation, 0),
        )
    return found


def get_lines(cycle: Cycle, audit: Audit | None = None) -> list[Line]:
    """Two queries. A topic is no step of the line, unless it is a topic that is asked about: it asks other things."""
    here = Audit.objects.counted().filter(invitee__cycle=cycle, invitee__exempt_reason="")
    if audit is not None:
        here = here.filter(pk=audit.pk)
    rows = here.order_by("pk").values_list("pk", "invitee__organisation")
    lines = {organisation: Line(pk, organisation) for pk, organisation in rows}
    before = (
        Audit.objects.counted()
        .filter(
            invitee__cycle__partnership=cycle.partnership_id,
            invitee__cycle__closes_on__lt=cycle.closes_on,
            invitee__organisation__in=here.values("invitee__organisation"),
        )
        .exclude(invitee__cycle=cycle)
    )
    if cycle.kind != CycleKind.TOPIC:
        before = before.exclude(invitee__cycle__kind=CycleKind.TOPIC)
    ordered = before.order_by("-invitee__cycle__closes_on", "-pk").values_list("pk", "invitee__organisation")
    for pk, organisation in ordered:
        if len(lines[organisation].earlier) < YEARS - 1:
            lines[organisation].earlier.append(pk)
    return list(lines.values())


def _count_answers(lines: Iterable[Line], today: datetime.date) -> dict[int, dict[str, int]]:
    """What the submission alone says. One query."""
    pinned = AnswerEvidence.objects.filter(answer=OuterRef("pk"), submitted_version__isnull=False)
    expired = pinned.filter(evidence__expires_on__lt=today)
    two, scored = Q(submitted_score=HIGHEST), Q(submitted_score__isnull=False)
    rows = (
        Answer.objects.submitted()
        .filter(audit__in=[line.audit for line in lines])
        .order_by()
        .values_list("audit")
        .annotate(
            scored=Count("pk", filter=scored),
            twos=Count("pk", filter=two),
            twos_without_evidence=Count("pk", filter=two & Q(~Exists(pinned))),
            with_expired_evidence=Count("pk", filter=Exists(expired)),
            critical_zeros=Count("pk", filter=Q(submitted_score=0, indicator__is_critical=True)),
        )
    )
    return {audit: dict(zip(COUNTED, counts, strict=True)) for audit, *counts in rows}


def _get_answers(lines: Iterable[Line]) -> dict[int, dict[str, Key]]:
    """Of each audit and of those before it, by the indicator's key. One query."""
    audits = [pk for line in lines if line.earlier for pk in (line.audit, *line.earlier)]
    rows = Answer.objects.submitted().filter(audit__in=audits).order_by()
    found: dict[int, dict[str, Key]] = defaultdict(dict)
    digest = MD5(NullIf("commentary", Value("", output_field=TextField())))
    for audit, key, *said in rows.values_list("audit", "indicator__key", "submitted_score", digest):
        found[audit][key] = Key(*said)
    return found


def _compare(now: Answers, before: Answers) -> tuple[int | None, int | None]:
    """The sum of scores in hundredths of the highest, over what both audits scored; nothing where that is nothing."""
    shared = [
        (one.score, before[key].score)
        for key, one in now.items()
        if one.score is not None and key in before and before[key].score is not None
    ]
    if not shared:
        return None, None
    highest = HIGHEST * len(shared)
    sums = sum(one for one, _ in shared), sum(other or 0 for _, other in shared)
    return half_up(100 * sums[0], highest), half_up(100 * sums[1], highest)


def _count_leaps(now: Answers, before: Answers) -> int:
    return sum(one.score == HIGHEST and key in before and before[key].score == 0 for key, one in now.items())


def _count_unchanged(line: Line, answers: Mapping[int, Answers]) -> int:
    """Commentaries that stand word for word in the two audits before it."""
    if len(line.earlier) < YEARS - 1:
        return 0
    now, *before = (answers.get(pk, NOTHING) for pk in (line.audit, *line.earlier))
    return sum(
        one.digest is not None and all(key in then and then[key].digest == one.digest for then in before)
        for key, one in now.items()
    )


def _count_panel_actions(cycle: Cycle) -> dict[int, int]:
    """Agreed with a panel and not finished, by organisation. One query."""
    rows = (
        Action.objects.unfinished()
        .filter(participation__partnership=cycle.partnership_id, origin=ActionOrigin.PANEL)
        .order_by()
        .values_list("participation__organisation")
        .annotate(number=Count("pk"))
    )
    return dict(rows)
