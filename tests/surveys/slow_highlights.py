"""What every agency achieved, what several lack, and what they plan, a second time, slowly. From plain rows."""

from __future__ import annotations

from fractions import Fraction

from tests.surveys.slow_tables import VARIANTS, Json, Row, Slow, share
from tests.surveys.slow_twin import slow_grade


def slow_highlights(slow: Slow, cycle: Row, series: str) -> Json:
    audits = slow.audits(cycle, series)
    variants = [variant for variant in VARIANTS if any(one["variant"] == variant for one in audits.values())]
    own = {variant: [one for one in audits.values() if one["variant"] == variant] for variant in variants}
    least = {variant: max(1, -(-len(own[variant]) // 2)) for variant in variants}
    scores: dict[str, dict[str, list[str]]] = {}  # by variant and code, in the bank's order
    keys: dict[str, dict[str, str]] = {}  # by key and variant, the code
    for variant in variants:
        scores[variant] = {}
        for one in slow.asked(cycle, variant, series):
            said = [slow.said(audit, series).get(one["id"]) for audit in own[variant]]
            scores[variant][one["code"]] = [score for score in said if score in ("0", "1", "2") and score]
            keys.setdefault(one["key"], {})[variant] = one["code"]
    shared = [slow_shared(key, codes, scores) for key, codes in keys.items()]
    achieved = [
        one
        for one in shared
        if one["lack"]["of"]
        and not one["lack"]["count"]
        and one["lack"]["of"] >= sum(least[variant] for variant in one["codes"])
    ]
    lacking = [one for one in shared if one["lack"]["count"] >= 3]
    lacking.sort(key=lambda one: (-one["lack"]["count"], -Fraction(one["lack"]["count"], one["lack"]["of"])))
    return {
        "rankings": [slow_ranking(variant, scores[variant], least[variant]) for variant in variants],
        "achieved": {
            "themes": slow_whole_themes(slow, cycle, series, audits),
            "standards": slow_whole_standards(slow, cycle, series, own),
            "indicators": achieved,
        },
        "lacking": lacking,
    }


def slow_shared(key: str, codes: dict[str, str], scores: dict[str, dict[str, list[str]]]) -> Json:
    said = [score for variant, code in codes.items() for score in scores[variant][code]]
    return {
        "key": key,
        "codes": codes,
        "scores": {score: said.count(score) for score in ("0", "1", "2")},
        "lack": share(len(said) - said.count("2"), len(said)),
        "variants": {
            variant: share(sum(score != "2" for score in scores[variant][code]), len(scores[variant][code]))
            for variant, code in codes.items()
        },
    }


def slow_ranking(variant: str, scores: dict[str, list[str]], least: int) -> Json:
    means = {
        code: Fraction(sum(int(score) for score in said), len(said))
        for code, said in scores.items()
        if len(said) >= least
    }
    strongest, strongest_more = slow_cut(sorted(means, key=lambda code: -means[code]), means)
    below = {code: mean for code, mean in means.items() if mean < 2}
    weakest, weakest_more = slow_cut(sorted(below, key=lambda code: below[code]), below)
    return {
        "variant": variant,
        "scored_by_at_least": least,
        "strongest": strongest,
        "strongest_more": strongest_more,
        "weakest": weakest,
        "weakest_more": weakest_more,
        "left_out": sum(0 < len(said) < least for said in scores.values()),
    }


def slow_cut(ranked: list[str], means: dict[str, Fraction]) -> tuple[list[str], int]:
    """Five; up to eight where the fifth is level with those after it; else five, and how many more are level."""
    tied = [code for code in ranked[5:] if means[code] == means[ranked[4]]]
    if len(tied) <= 3:
        return ranked[:5] + tied, 0
    return ranked[:5], len(tied)


def slow_whole_themes(slow: Slow, cycle: Row, series: str, audits: dict[int, Row]) -> list[str]:
    found = []
    for number in range(1, 11):
        grades = []
        for audit in audits.values():
            said = slow.said(audit, series)
            asked = slow.asked(cycle, audit["variant"], series)
            grades.append(
                slow_grade(
                    [said[one["id"]] for one in asked if one["theme"] == f"T{number}" and one["id"] in said]
                )
            )
        if any(grades) and set(grades) <= {"2", ""}:
            found.append(f"T{number}")
    return found


def slow_whole_standards(slow: Slow, cycle: Row, series: str, own: dict[str, list[Row]]) -> list[Json]:
    found = []
    for variant, audits in own.items():
        asked = slow.asked(cycle, variant, series)
        for code in dict.fromkeys(one["standard"] for one in asked):
            grades = []
            for audit in audits:
                said = slow.said(audit, series)
                grades.append(
                    slow_grade(
                        [said[one["id"]] for one in asked if one["standard"] == code and one["id"] in said]
                    )
                )
            graded = [grade for grade in grades if grade]
            if graded and set(graded) == {"2"}:
                found.append({"variant": variant, "code": code, **share(len(graded), len(graded))})
    return found


# Actions --------------------------------------------------------------------------------------------------------------


def slow_actions(slow: Slow, cycle: Row, series: str) -> Json:
    audits = {audit["id"] for audit in slow.audits(cycle, "self").values()}
    held = {one["id"]: one for variant in VARIANTS for one in slow.asked(cycle, variant, series)}
    answers = {
        one["id"]: held[one["indicator_id"]] | one
        for one in slow.tables["answer"]
        if one["audit_id"] in audits and one["indicator_id"] in held
    }
    actions = [
        one | {"about": answers[one["answer_id"]]}
        for one in slow.tables["action"]
        if one["answer_id"] in answers
    ]
    themes = sorted({one["theme"] for one in held.values()}, key=lambda code: int(code[1:]))
    keys = dict.fromkeys(one["key"] for one in held.values())
    by_key = [slow_under(slow, actions, answers, "key", key) for key in keys]
    by_key = [one for one in by_key if one["agencies"]]
    by_key.sort(key=lambda one: (-one["agencies"], -one["actions"]))
    whole = slow_under(slow, actions, answers, "", "")
    del whole["code"]
    return {
        **whole,
        "themes": [slow_under(slow, actions, answers, "theme", code) for code in themes],
        "indicators": by_key,
    }


def slow_under(slow: Slow, actions: list[Row], answers: dict[int, Row], column: str, value: str) -> Json:
    own = [one for one in actions if not column or one["about"][column] == value]
    low = [
        one
        for one in answers.values()
        if one["submitted_score"] in (0, 1) and (not column or one[column] == value)
    ]
    kept = [one for one in own if one["status"] != "dropped"]
    outcomes = []
    for one in own:
        looks = slow.rows("actionverification", action_id=one["id"])
        if looks and one["status"] == "done":
            outcomes.append(max(looks, key=lambda row: row["at"])["outcome"])
    planned = {one["answer_id"] for one in kept}
    return {
        "code": value,
        "agencies": len({one["participation_id"] for one in kept}),
        "actions": len(kept),
        "not_started": sum(one["status"] == "not_started" for one in own),
        "in_progress": sum(one["status"] == "in_progress" for one in own),
        "done": sum(one["status"] == "done" for one in own),
        "dropped": sum(one["status"] == "dropped" for one in own),
        "overdue": sum(
            one["status"] in ("not_started", "in_progress") and one["due_on"] < slow.today for one in own
        ),
        "verified": len(outcomes),
        "worked": outcomes.count("worked"),
        "partly": outcomes.count("partly"),
        "failed": outcomes.count("failed"),
        "planned": share(sum(one["id"] in planned for one in low), len(low)),
        "reasoned": share(
            sum(one["id"] not in planned and bool(one["no_action_reason"]) for one in low), len(low)
        ),
    }
