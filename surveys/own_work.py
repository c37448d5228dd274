"""What one person has to do in the audits of their organisations: what is assigned, waits for them, or was returned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web.languages import say
from s11.web.spoken import list_words, plural
from surveys.asking import Scope
from surveys.enums import WRITABLE, AuditStatus, CycleKind, CycleStatus, SignOffDecision
from surveys.models import Answer, Assignment, Audit, Indicator, ProfileAnswer, SignOff
from surveys.queries import SCOPES, pick_asked
from surveys.reach import WRITERS, make_given

Roles = Mapping[int, Iterable[MembershipRole]]


@dataclass(frozen=True, slots=True)
class OwnWork:
    """One thing to do: its words, the audit, and the page on which it is done."""

    text: str
    audit: Audit
    page: str
    query: str = ""


def get_own_work(user: User, roles: Roles) -> list[OwnWork]:
    """By organisation id what the person is there. The same number of queries for any number of audits."""
    return [*get_steps(roles), *get_assigned(user, roles)]


def _list_places(roles: Roles, *wanted: MembershipRole) -> list[int]:
    return [organisation for organisation, held in roles.items() if set(wanted) & set(held)]


def get_steps(roles: Roles) -> list[OwnWork]:
    """What waits for a signatory or for a lead. Two queries."""
    signing = set(_list_places(roles, MembershipRole.SIGNATORY))
    leading = set(_list_places(roles, MembershipRole.LEAD))
    found = (
        Audit.objects.filter(
            status__in=(AuditStatus.AWAITING_SIGN_OFF, AuditStatus.RETURNED),
            invitee__organisation__in=signing | leading,
            invitee__cycle__status=CycleStatus.OPEN,
            invitee__exempt_reason="",
        )
        .select_related("invitee__organisation", "invitee__cycle__partnership")
        .order_by("invitee__cycle__closes_on", "pk")
    )
    signatures = SignOff.objects.filter(decision=SignOffDecision.SIGNED, submission=None)
    signed = set(signatures.filter(audit__in=found).values_list("audit", flat=True))
    works = []
    for audit in found:
        organisation = audit.invitee.organisation_id
        what = {"cycle": audit.cycle, "organisation": audit.organisation}
        if audit.status == AuditStatus.RETURNED:
            if organisation in leading:
                works.append(
                    OwnWork(
                        say("Correct {cycle} of {organisation} and submit it again", **what), audit, "audit"
                    )
                )
        elif audit.pk in signed:
            if organisation in leading:
                works.append(
                    OwnWork(
                        say("Submit {cycle} of {organisation}: it is signed off", **what),
                        audit,
                        "audit_check",
                    )
                )
        elif organisation in signing:
            works.append(OwnWork(say("Sign off {cycle} of {organisation}", **what), audit, "audit_sign_off"))
    return works


def get_assigned(user: User, roles: Roles) -> list[OwnWork]:
    """One line an audit in which something that the person has is not answered yet. Six queries at most."""
    assignments: dict[int, list[Assignment]] = {}
    found = Assignment.objects.filter(
        user=user,
        audit__status__in=WRITABLE,
        audit__invitee__organisation__in=_list_places(roles, *WRITERS),
        audit__invitee__cycle__status=CycleStatus.OPEN,
        audit__invitee__exempt_reason="",
    )
    for one in found.select_related("standard", "indicator"):
        assignments.setdefault(one.audit_id, []).append(one)
    if not assignments:
        return []
    answers = Answer.objects.filter(audit__in=list(assignments))
    answered = set(answers.answered().values_list("audit", "indicator"))
    works = []
    for audit, indicators in _get_asked(list(assignments), set(answers.values_list("audit", "indicator"))):
        given = make_given(assignments[audit.pk], user)
        own = [indicator for indicator in indicators if given.holds(indicator)]
        left = [indicator for indicator in own if (audit.pk, indicator.pk) not in answered]
        if left:
            parts = list_words([part.code for one in assignments[audit.pk] if (part := one.part)])
            text = say(
                "Answer {parts} of {cycle} for {organisation}: {answered} of {indicators} answered",
                parts=parts,
                cycle=audit.cycle,
                organisation=audit.organisation,
                answered=len(own) - len(left),
                indicators=plural(len(own), "indicator"),
            )
            works.append(OwnWork(text, audit, "audit", "?mine"))
    return works


def _get_asked(audits: list[int], rows: set[tuple[int, int]]) -> list[tuple[Audit, list[Indicator]]]:
    """What each audit asks, by the rules of its own pages. Four queries."""
    judged = Indicator.objects.only(
        "questionnaire", "standard", "is_core", "applies_if", "in_force", "is_prepare", "position"
    )
    found = (
        Audit.objects.filter(pk__in=audits)
        .select_related("invitee__organisation", "invitee__cycle__partnership")
        .prefetch_related(
            "invitee__cycle_questionnaire__standards",
            Prefetch("invitee__cycle_questionnaire__questionnaire__indicators", queryset=judged),
        )
        .order_by("invitee__cycle__closes_on", "pk")
    )
    profiles: dict[int, dict[str, str]] = {}
    facts = ProfileAnswer.objects.filter(audit__in=audits).exclude(value="")
    for audit_id, code, value in facts.values_list("audit", "question__code", "value"):
        profiles.setdefault(audit_id, {})[code] = value
    return [
        (
            audit,
            pick_asked(
                audit.questionnaire.indicators.all(),
                cycle=audit.cycle,
                scope=Scope(
                    SCOPES[CycleKind(audit.cycle.kind)],
                    frozenset(one.pk for one in audit.invitee.cycle_questionnaire.standards.all()),
                ),
                profile=profiles.get(audit.pk),
                with_rows=frozenset(indicator for owner, indicator in rows if owner == audit.pk),
            ),
        )
        for audit in found
    ]
