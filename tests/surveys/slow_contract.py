"""The contract's own keys from the tables' plain rows: what the slow twin is given, and participation counted anew."""

from __future__ import annotations

from tests.surveys.slow_tables import VARIANTS, Json, Row, Slow, returned_on, share
from tests.surveys.slow_twin import AnswerRow, AuditRow, IndicatorRow, slow_overview


def slow_contract(slow: Slow, cycle: Row, series: str) -> Json:
    """Without the first three keys, which are names."""
    bank, codes = [], {}
    for variant in VARIANTS:
        for one in slow.asked(cycle, variant, series):
            standard = slow.get("standard", one["standard_id"])
            theme = slow.get("theme", standard["theme_id"])["code"]
            codes[one["id"]] = one["code"]
            bank.append(
                IndicatorRow(
                    variant,
                    one["standard"],
                    one["standard_title"],
                    theme,
                    one["code"],
                    one["key"],
                    one["theme"],
                    one["is_critical"],
                )
            )
    audits, answers = [], []
    for organisation, audit in slow.audits(cycle, series).items():
        audits.append(AuditRow(str(audit["id"]), slow.name(cycle, organisation), audit["variant"]))
        answers += [
            AnswerRow(str(audit["id"]), codes[indicator], said)
            for indicator, said in slow.said(audit, series).items()
        ]
    return {
        "participation": slow_participation(slow, cycle),
        "took_part": slow_parts(slow, cycle),
        **slow_overview(bank, audits, answers),
    }


def slow_parts(slow: Slow, cycle: Row) -> Json:
    invited = slow.invitees(cycle)
    came = [one for one in invited if returned_on(slow, one) is not None]
    with_answers = sum(
        audit is not None and audit["first_submitted_at"] is not None
        for audit in (slow.one("audit", invitee_id=one["id"]) for one in invited)
    )
    return {
        "submitted_with_answers": with_answers,
        "own_tool": len(came) - with_answers,
        "not_submitted": sum(one not in came for one in invited),
    }


def slow_participation(slow: Slow, cycle: Row) -> Json:
    """Of a cycle that is open: members are those of now."""
    invited = slow.invitees(cycle)
    members = [
        (row["organisation_id"], row["user_id"])
        for row in slow.tables["membership"]
        if row["started_at"] and not row["ended_at"] and slow.get("user", row["user_id"])["is_active"]
        if row["organisation_id"] in {one["organisation_id"] for one in invited}
    ]
    registered = {organisation for organisation, _ in members}
    came = [one for one in invited if returned_on(slow, one) is not None]
    on_time = sum(
        str(returned_on(slow, one)) <= str(max(cycle["closes_on"], one["extended_to"] or cycle["closes_on"]))
        for one in came
    )
    started = sum(one in came or has_answered(slow, one) for one in invited)
    both = sum(one["organisation_id"] in registered for one in came)
    return {
        "invited": len(invited),
        "registered": len(registered),
        "users": len({user for _, user in members}),
        "started": started,
        "submitted": len(came),
        "on_time": on_time,
        "submitted_of_invited": share(len(came), len(invited)),
        "submitted_of_registered": share(both, len(registered)),
        "on_time_of_submitted": share(on_time, len(came)),
    }


def has_answered(slow: Slow, invitee: Row) -> bool:
    audit = slow.one("audit", invitee_id=invitee["id"])
    answers = slow.rows("answer", audit_id=audit["id"]) if audit else []
    return any(
        one["confirmed"] and (one["score"] is not None or one["not_applicable_reason"]) for one in answers
    )
