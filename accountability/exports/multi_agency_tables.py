"""The partnership's multi-agency audits, and of what practitioners said after one what its officers may read."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from accountability.exports.columns import keep, name_people
from accountability.models import MultiAgencyAudit, Reflection, ReflectionSummary
from accountability.multi_agency_reflections import get_readable
from s11.organisations.models import Partnership
from surveys.exports.tables import BATCH, Row, Table, make_table

PLAN = ("title", "month", "begins_on", "ends_on", "reported_on", "again_on", "committee", "method", "about")
FOUND = ("key_messages", "strengths", "weaknesses", "cancelled", "version", "changed_at")
COLUMNS = ("id", *PLAN, "theme", "repeats", "organisations", "actions", *FOUND, "changed_by")
ANSWER = ("audit", "question", "text", "themes")


def list_multi_agency_tables(partnership: Partnership) -> Iterator[Table]:
    yield Table(
        "multi-agency-audits",
        "the partnership’s own audits of a theme; repeats is an id here, actions are ids in actions",
        COLUMNS,
        lambda: (_make_audit_row(audit) for audit in _list_audits(partnership).iterator(BATCH)),
    )
    reflections = Reflection.objects.filter(audit__partnership=partnership)
    yield make_table(
        "multi-agency-reflections",
        "when practitioners could answer the seven questions after an audit (an id in multi-agency-audits)",
        reflections,
        {"audit": "audit_id"}
        | keep("closes_on", "opened_at", "closed_at", "forgotten_on")
        | name_people("opened_by", "closed_by"),
    )
    yield Table(
        "multi-agency-answers",
        "what practitioners wrote, of questions that are over and that at least five answered; in no order",
        ANSWER,
        lambda: _list_answers(partnership),
    )
    yield make_table(
        "multi-agency-summaries",
        "what the answers to a question came to",
        ReflectionSummary.objects.filter(reflection__audit__partnership=partnership),
        {"audit": "reflection__audit_id"}
        | keep("question", "text", "version", "changed_at")
        | name_people("changed_by"),
    )


def _list_audits(partnership: Partnership) -> QuerySet[MultiAgencyAudit]:
    found = MultiAgencyAudit.objects.of(partnership).select_related("theme", "changed_by").order_by("pk")
    return found.prefetch_related("taking_part__organisation", "actions")


def _make_audit_row(audit: MultiAgencyAudit) -> Row:
    return {name: getattr(audit, name) for name in (*PLAN, *FOUND)} | {
        "id": audit.pk,
        "theme": audit.theme.code if audit.theme else None,
        "repeats": audit.repeats_id,
        "organisations": ", ".join(one.organisation.slug for one in audit.taking_part.all()),
        "actions": ", ".join(str(one.pk) for one in audit.actions.all()),
        "changed_by": audit.changed_by.email if audit.changed_by else None,
    }


def _list_answers(partnership: Partnership) -> Iterator[Row]:
    for answer in get_readable(partnership).prefetch_related("themes").iterator(BATCH):
        yield {
            "audit": answer.reflection.audit_id,
            "question": answer.question,
            "text": answer.text,
            "themes": ", ".join(theme.name for theme in answer.themes.all()),
        }
