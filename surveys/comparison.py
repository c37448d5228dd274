"""The same audit elsewhere: an organisation's audits in other partnerships, and where one differs from this one.

For the organisation's own members alone. Officers of one partnership learn nothing of another through any of this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from s11.organisations.models import Membership, User
from s11.web.errors import reason_why_not
from s11.web.text import list_words, plural
from surveys.elsewhere import Outcome, Says, compare, explain_unsendable
from surveys.enums import CycleStatus
from surveys.models import Answer, AnswerEvidence, Audit, Cycle, Invitee, Standard
from surveys.models.audits import AuditQuerySet
from surveys.permissions import check_can_answer_indicator
from surveys.queries import AskedIndicator, get_asked_standards
from surveys.reach import EVERYTHING, Reach
from surveys.wording import WordingChange, compare_wording

# So many are offered, the newest: an organisation compares this year's audits, seldom those of ten years ago.
MOST_AUDITS = 20


def find_audits_elsewhere(user: User, invitee: Invitee) -> AuditQuerySet:
    """The organisation's audits in other partnerships, the newest first, for its active members."""
    members = Membership.objects.active().filter(user=user, organisation=invitee.organisation_id)
    return (
        Audit.objects.filter(
            Exists(members),
            invitee__organisation=invitee.organisation_id,
        )
        .exclude(invitee__cycle__partnership=invitee.cycle.partnership_id)
        .exclude(invitee__cycle__status=CycleStatus.PLANNED)
        .select_related(
            "invitee__organisation",
            "invitee__cycle__partnership",
            "invitee__cycle_questionnaire__questionnaire",
            "invitee__own_tool_return",
        )
        .order_by("-invitee__cycle__closes_on", "-pk")
    )


def has_audit_elsewhere(user: User, invitee: Invitee) -> bool:
    return find_audits_elsewhere(user, invitee).exists()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One of them, and how many answers it holds that count."""

    audit: Audit
    answered: int

    @property
    def name(self) -> str:
        """‘Audit 2026, Fellside Partnership’."""
        return f"{self.audit.cycle}, {self.audit.partnership}"


def list_audits_elsewhere(user: User, invitee: Invitee) -> list[Elsewhere]:
    """One query."""
    answered = (
        Answer.objects.answered()
        .filter(audit=OuterRef("pk"))
        .order_by()
        .values("audit")
        .annotate(number=Count("pk"))
        .values("number")
    )
    found = find_audits_elsewhere(user, invitee).annotate(answered=answered)[:MOST_AUDITS]
    return [Elsewhere(one, vars(one)["answered"] or 0) for one in found]


def list_sources(user: User, invitee: Invitee) -> list[Elsewhere]:
    """Those that an audit can start from: there is something to bring, and they began before this one ends."""
    found = list_audits_elsewhere(user, invitee)
    return [one for one in found if one.answered and one.audit.cycle.opens_on <= invitee.cycle.closes_on]


def sort_by_nearness(found: Iterable[Elsewhere], cycle: Cycle) -> list[Elsewhere]:
    """This year's beside this year's: by how far their closing days lie apart."""
    return sorted(found, key=lambda one: abs(one.audit.cycle.closes_on - cycle.closes_on))


@dataclass(frozen=True, slots=True)
class Row:
    """One key that both ask."""

    here: AskedIndicator
    there: AskedIndicator
    outcome: Outcome
    # Why the answer here cannot be sent there by this person; empty where it can.
    reason: str
    # What the question bank there says otherwise.
    changes: tuple[WordingChange, ...]
    # How many items of the library back the answer here.
    evidence: int

    @property
    def code(self) -> str:
        return self.here.indicator.code

    @property
    def token(self) -> str:
        """What a page sends back of it: the code, and the versions that the person saw here and there."""
        return f"{self.code}:{get_version(self.here)}:{get_version(self.there)}"

    @property
    def is_sendable(self) -> bool:
        return not self.reason


def get_version(item: AskedIndicator) -> int:
    return item.answer.version if item.answer is not None else 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What both audits ask, in this one's order."""

    here: Audit
    there: Audit
    rows: tuple[tuple[Standard, tuple[Row, ...]], ...]
    # How many indicators only one of them asks.
    only_here: int
    only_there: int

    @property
    def all_rows(self) -> list[Row]:
        return [row for _, rows in self.rows for row in rows]

    @property
    def different(self) -> list[tuple[Standard, tuple[Row, ...]]]:
        """By standard, what is to be seen; standards that agree are left out."""
        shown = (Outcome.DIFFERENT, Outcome.ONLY_HERE, Outcome.ONLY_THERE)
        found = [
            (standard, tuple(row for row in rows if row.outcome in shown)) for standard, rows in self.rows
        ]
        return [(standard, rows) for standard, rows in found if rows]

    @property
    def sendable(self) -> list[Row]:
        return [row for row in self.all_rows if row.is_sendable]

    @property
    def new(self) -> list[Row]:
        """What can be sent and is not answered there."""
        return [row for row in self.sendable if row.outcome is Outcome.ONLY_HERE]

    @property
    def words(self) -> str:
        """‘Both ask 61 indicators. 40 answers are the same, 6 differ, 12 are only here and 1 only there. …’"""
        counts = Counter(row.outcome for row in self.all_rows)
        asked_alone = [
            f"{number} only {where}"
            for number, where in ((self.only_here, "here"), (self.only_there, "there"))
            if number
        ]
        counted = [
            f"{plural(counts[Outcome.SAME], 'answer')} the same",
            f"{counts[Outcome.DIFFERENT]} different",
            *([f"{alone} only here"] if (alone := counts[Outcome.ONLY_HERE]) else []),
            *([f"{alone} only there"] if (alone := counts[Outcome.ONLY_THERE]) else []),
        ]
        parts = [f"Both ask {plural(len(self.all_rows), 'indicator')}", ", ".join(counted)]
        parts += [f"Asked {list_words(asked_alone)}"] if asked_alone else []
        return ". ".join(parts) + "."


def get_comparison(here: Audit, there: Audit, reach: Reach = EVERYTHING) -> Comparison:
    """A fixed number of queries. `reach` is the person's in the audit there."""
    asked_there = {
        item.indicator.key: item for standard in get_asked_standards(there) for item in standard.items
    }
    standards = get_asked_standards(here)
    evidence = _count_evidence(here)
    rows = []
    for asked in standards:
        found = tuple(
            _make_row(item, asked_there[item.indicator.key], there, reach, evidence)
            for item in asked.items
            if item.indicator.key in asked_there
        )
        if found:
            rows.append((asked.standard, found))
    shared = sum(len(found) for _, found in rows)
    total = sum(len(asked.items) for asked in standards)
    return Comparison(here, there, tuple(rows), total - shared, len(asked_there) - shared)


def _count_evidence(audit: Audit) -> dict[int, int]:
    links = AnswerEvidence.objects.current().known_to(None).filter(answer__audit=audit).order_by()
    return dict(links.values_list("answer").annotate(number=Count("pk")))


def _make_row(
    here: AskedIndicator, there: AskedIndicator, audit: Audit, reach: Reach, evidence: Mapping[int, int]
) -> Row:
    says = _say(here.answer)
    outcome = compare(says, _say(there.answer))
    reason = explain_unsendable(
        outcome,
        says,
        may_be_not_applicable=there.indicator.may_be_not_applicable,
        reasons=audit.questionnaire.not_applicable_reasons,
    )
    return Row(
        here,
        there,
        outcome,
        reason or reason_why_not(check_can_answer_indicator, reach, there.indicator),
        compare_wording(here.indicator, there.indicator),
        evidence.get(here.answer.pk, 0) if here.answer else 0,
    )


def _say(answer: Answer | None) -> Says | None:
    if answer is None or not (answer.is_answered or answer.is_to_confirm):
        return None
    return Says(answer.score, answer.not_applicable_reason, answer.commentary, counts=answer.confirmed)
