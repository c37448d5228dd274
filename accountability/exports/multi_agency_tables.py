"""The partnership's multi-agency audits, and of what practitioners said after one what its officers may read."""

from __future__ import annotations

from collections.abc import Iterator

from accountability.exports.columns import keep, name_people
from accountability.models import (
    MultiAgencyAudit,
    Reflection,
    ReflectionAnswer,
    ReflectionSummary,
    ReflectionTheme,
)
from accountability.multi_agency_reflections import get_readable
from s11.organisations.models import Partnership
from surveys.exports.tables import Table, make_table

PLAN = ("title", "month", "begins_on", "ends_on", "reported_on", "again_on", "committee", "method", "about")
FOUND = ("key_messages", "strengths", "weaknesses", "cancelled", "version")


def list_multi_agency_tables(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "multi-agency-audits",
        "the partnership's own audits of a theme, with several agencies; repeats is an id here",
        MultiAgencyAudit.objects.of(partnership),
        {"id": "pk", "theme": "theme__code", "repeats": "repeats_id"}
        | keep(*PLAN, *FOUND)
        | name_people("changed_by")
        | keep("changed_at"),
    )
    yield make_table(
        "multi-agency-organisations",
        "who takes part in an audit (an id in multi-agency-audits)",
        MultiAgencyAudit.taking_part.through.objects.filter(multiagencyaudit__partnership=partnership),
        {"audit": "multiagencyaudit_id", "organisation": "participation__organisation__slug"},
    )
    yield make_table(
        "multi-agency-actions",
        "what was agreed after an audit (an id in multi-agency-audits): the agency and its action",
        MultiAgencyAudit.actions.through.objects.filter(multiagencyaudit__partnership=partnership),
        {
            "audit": "multiagencyaudit_id",
            "organisation": "action__participation__organisation__slug",
            "action": "action__what",
        },
    )
    yield from list_reflection_tables(partnership)


def list_reflection_tables(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "multi-agency-reflections",
        "when practitioners could answer the seven questions after an audit (an id in multi-agency-audits)",
        Reflection.objects.filter(audit__partnership=partnership),
        {"audit": "audit_id"}
        | keep("closes_on", "opened_at", "closed_at", "forgotten_on")
        | name_people("opened_by", "closed_by"),
    )
    readable = get_readable(partnership)
    yield make_table(
        "multi-agency-answers",
        "what practitioners wrote, of questions that are closed and that at least five answered; in no order",
        readable,
        {"id": "pk", "audit": "reflection__audit_id"} | keep("question", "text"),
    )
    yield make_table(
        "multi-agency-themes",
        "what officers call the themes of an audit's answers",
        ReflectionTheme.objects.filter(reflection__audit__partnership=partnership),
        {"id": "pk", "audit": "reflection__audit_id"} | keep("name"),
    )
    yield make_table(
        "multi-agency-answer-themes",
        "which themes an answer has; both are ids in their tables",
        ReflectionAnswer.themes.through.objects.filter(reflectionanswer__in=readable.values("pk")),
        {"answer": "reflectionanswer_id", "theme": "reflectiontheme_id"},
    )
    yield make_table(
        "multi-agency-summaries",
        "what the answers to a question came to",
        ReflectionSummary.objects.filter(reflection__audit__partnership=partnership),
        {"audit": "reflection__audit_id"}
        | keep("question", "text", "version", "changed_at")
        | name_people("changed_by"),
    )
