"""The tables as plain rows, and what one asks of them again and again: the ground that the slow overviews stand on.

Shares nothing with the code it checks. What is asked twice is kept, or a test would take minutes.
"""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.surveys.slow_twin import slow_grade, slow_grades, slow_mean, slow_percent

Row = dict[str, Any]
Json = dict[str, Any]
VARIANTS = ["standard", "health", "care_home", "school"]
SERIES = ["self", "moderated", "panel"]


def share(count: int, of: int) -> Json:
    return {"count": count, "of": of, "percent": slow_percent(count, of)}


class Slow:
    """The tables as lists of dicts, and what one asks of them again and again."""

    def __init__(self, tables: dict[str, list[Row]], today: datetime.date) -> None:
        self.tables, self.today = tables, today
        self.kept: dict[Any, Any] = {}

    def rows(self, table: str, **columns: Any) -> list[Row]:
        return [
            row for row in self.tables[table] if all(row[name] == value for name, value in columns.items())
        ]

    def one(self, table: str, **columns: Any) -> Row | None:
        found = self.rows(table, **columns)
        assert len(found) < 2, (table, columns)
        return found[0] if found else None

    def get(self, table: str, key: int) -> Row:
        found = self.one(table, id=key)
        assert found is not None, (table, key)
        return found

    def name(self, cycle: Row, organisation: int) -> str:
        """What the partnership calls it."""
        place = self.one(
            "participation", partnership_id=cycle["partnership_id"], organisation_id=organisation
        )
        return str((place and place["local_name"]) or self.get("organisation", organisation)["name"])

    # Who ----------------------------------------------------------------------------------------------------------

    def invitees(self, cycle: Row) -> list[Row]:
        return [row for row in self.rows("invitee", cycle_id=cycle["id"]) if not row["exempt_reason"]]

    def variant(self, invitee: Row) -> str:
        return str(self.get("cyclequestionnaire", invitee["cycle_questionnaire_id"])["variant"])

    def audits(self, cycle: Row, series: str) -> dict[int, Row]:
        """By organisation, those that figures of the series are about."""
        if ("audits", cycle["id"], series) in self.kept:
            return dict(self.kept["audits", cycle["id"], series])
        found = self.kept["audits", cycle["id"], series] = {}
        for invitee in self.invitees(cycle):
            audit = self.one("audit", invitee_id=invitee["id"])
            if audit is None or audit["status"] not in ("submitted", "returned"):
                continue
            closes = self.rows(
                "seriesclose", audit_id=audit["id"], submission=audit["submission"], series=series
            )
            if series == "self" or closes:
                found[invitee["organisation_id"]] = audit | {"variant": self.variant(invitee)}
        return found

    # What they say ------------------------------------------------------------------------------------------------

    def said(self, audit: Row, series: str) -> dict[int, str]:
        """By indicator: '0', '1', '2' or 'NA', as last submitted."""
        if ("said", audit["id"], series) in self.kept:
            return dict(self.kept["said", audit["id"], series])
        found = self.kept["said", audit["id"], series] = {}
        for answer in self.rows("answer", audit_id=audit["id"]):
            if answer["submitted_score"] is None and not answer["submitted_not_applicable"]:
                continue
            said = "NA" if answer["submitted_score"] is None else str(answer["submitted_score"])
            for layer in SERIES[1 : 1 + SERIES.index(series)]:
                rows = self.rows(
                    "moderation", answer_id=answer["id"], submission=audit["submission"], series=layer
                )
                if rows:
                    newest = max(rows, key=lambda row: row["version"])
                    if newest["is_not_applicable"]:
                        said = "NA"
                    elif newest["score"] is not None:
                        said = str(newest["score"])
            found[answer["indicator_id"]] = said
        return found

    def asked(self, cycle: Row, variant: str, series: str) -> list[Row]:
        """Indicators that the cycle holds or that were answered in the series, with what they stand under."""
        pin = self.one("cyclequestionnaire", cycle_id=cycle["id"], variant=variant)
        if pin is None:
            return []
        answered = {
            indicator
            for audit in self.audits(cycle, series).values()
            if audit["variant"] == variant
            for indicator in self.said(audit, series)
        }
        found = []
        for one in sorted(
            self.rows("indicator", questionnaire_id=pin["questionnaire_id"]), key=lambda row: row["position"]
        ):
            in_scope = {
                "full": True,
                "core": one["is_core"],
                "topic": any(
                    row["standard_id"] == one["standard_id"]
                    for row in self.rows("cyclequestionnaire_standards", cyclequestionnaire_id=pin["id"])
                ),
            }[cycle["kind"]]
            in_force = one["is_prepare"] or one["in_force"] is None or one["in_force"] <= cycle["opens_on"]
            if (in_scope and in_force) or one["id"] in answered:
                standard, theme = self.get("standard", one["standard_id"]), self.get("theme", one["theme_id"])
                found.append(
                    one | {"variant": variant, "standard": standard["code"], "standard_title": standard["title"],
                           "theme": theme["code"], "theme_title": theme["title"]}
                )  # fmt: skip
        return found


def is_under(one: Row, scope: str, code: str) -> bool:
    return scope == "whole" or one[scope] == code


def marks(scores: list[list[str]]) -> Json:
    """Of audits that were asked something: grades, at grade 2, mean."""
    return {
        **slow_grades([slow_grade(one) for one in scores]),
        "mean": slow_mean([score for one in scores for score in one]),
        "scored": sum(score != "NA" for one in scores for score in one),
    }


def both(slow: Slow, now: Row, then: Row, series: str) -> list[tuple[Row, Row]]:
    """Of organisations with an audit of the same variant in both: this one's and the earlier one's."""
    earlier = slow.audits(then, series)
    return [
        (audit, earlier[organisation])
        for organisation, audit in slow.audits(now, series).items()
        if organisation in earlier and earlier[organisation]["variant"] == audit["variant"]
    ]


def returned_on(slow: Slow, invitee: Row) -> datetime.date | None:
    """The day in England on which an audit or an own tool first came; None where neither has."""
    audit, tool = (
        slow.one("audit", invitee_id=invitee["id"]),
        slow.one("owntoolreturn", invitee_id=invitee["id"]),
    )
    moment = audit["first_submitted_at"] if audit else None
    if moment is None and tool is not None:
        moment = tool["submitted_at"]
    return moment.astimezone(ZoneInfo("Europe/London")).date() if moment is not None else None
