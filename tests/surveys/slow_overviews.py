"""Everything that stands beside the overview's own figures, a second time, slowly: from plain rows of the tables.

Written from the rules alone and sharing nothing with the code it checks: loops over dicts, scores as text, every figure
counted anew. Sentences are left out.
"""

from __future__ import annotations

import datetime
from fractions import Fraction

from tests.surveys.slow_contract import slow_contract
from tests.surveys.slow_highlights import slow_actions, slow_highlights
from tests.surveys.slow_tables import SERIES, VARIANTS, Json, Row, Slow, marks, returned_on, share
from tests.surveys.slow_twin import slow_grade, slow_grades, slow_mean
from tests.surveys.slow_years import slow_returns, slow_years

STAFF = "How many paid staff work in regulated activity with children?"
BANDS = {"staff-0": (0, 9), "staff-10": (10, 49), "staff-50": (50, 249), "staff-250": (250, 10**9)}


def slow_full_overview(
    tables: dict[str, list[Row]], cycle: Row, series: str, compared: list[str], today: datetime.date
) -> Json:
    """`compared` are slugs of the earlier cycles, the oldest first."""
    slow = Slow(tables, today)
    cycles = [slow.one("cycle", slug=slug, partnership_id=cycle["partnership_id"]) for slug in compared]
    assert all(cycles)
    years = [one for one in cycles if one] + [cycle]
    return {
        **slow_contract(slow, cycle, series),
        "years": slow_years(slow, years, series),
        "returns": slow_returns(slow, years),
        "groups": slow_groups(slow, cycle, series),
        "series_compared": slow_series(slow, cycle, series),
        "heat_map": slow_heat(slow, cycle, series),
        "highlights": slow_highlights(slow, cycle, series),
        "actions": slow_actions(slow, cycle, series),
    }


# By kind of agency ---------------------------------------------------------------------------------------------------


def slow_groups(slow: Slow, cycle: Row, series: str) -> list[Json]:
    invited = slow.invitees(cycle)
    audits = slow.audits(cycle, series)
    sector_of = {row["organisation_id"]: slow_sector(slow, row) for row in invited}
    duty_of = {row["organisation_id"]: slow_duty(slow, cycle, row) for row in invited}
    band_of = {organisation: slow_band(slow, audit) for organisation, audit in audits.items()}
    found = []
    for name, group_of, keys in (
        ("sector", sector_of, ["education", "health", "care", "not_known"]),
        ("size", band_of, [*BANDS, "not_known"]),
        ("duty", duty_of, ["statutory", "voluntary"]),
    ):
        groups = []
        for key in keys:
            own = [audit for organisation, audit in audits.items() if group_of.get(organisation) == key]
            asked = [row for row in invited if group_of.get(row["organisation_id"]) == key]
            if not own and (name == "size" or not asked):
                continue
            came = sum(returned_on(slow, row) is not None for row in asked)
            groups.append(
                {
                    "group": key,
                    "submitted_of_invited": share(came, len(asked)) if name != "size" else None,
                    "submitted": len(own),
                    **marks([list(slow.said(audit, series).values()) for audit in own]),
                    "themes": slow_themes(slow, cycle, series, own),
                }
            )
        found.append({"by": name, "groups": groups})
    return found


def slow_themes(slow: Slow, cycle: Row, series: str, audits: list[Row]) -> list[Json]:
    found = []
    for number in range(1, 11):
        grades = []
        for audit in audits:
            under = {
                one["id"]
                for one in slow.asked(cycle, audit["variant"], series)
                if one["theme"] == f"T{number}"
            }
            grades.append(
                slow_grade([score for key, score in slow.said(audit, series).items() if key in under])
            )
        if any(grades):
            found.append({"code": f"T{number}", "at_grade_2": slow_grades(grades)["at_grade_2"]})
    return found


def slow_sector(slow: Slow, invitee: Row) -> str:
    by_variant = {"school": "education", "health": "health", "care_home": "care"}
    variant = slow.variant(invitee)
    if variant in by_variant:
        return by_variant[variant]
    organisation = slow.get("organisation", invitee["organisation_id"])
    registers = {"urn": "education", "ods_code": "health", "ofsted_number": "care"}
    known = [sector for column, sector in registers.items() if organisation[column]]
    return known[0] if len(known) == 1 else "not_known"


def slow_duty(slow: Slow, cycle: Row, invitee: Row) -> str:
    place = slow.one(
        "participation", partnership_id=cycle["partnership_id"], organisation_id=invitee["organisation_id"]
    )
    return "statutory" if place and place["is_statutory"] else "voluntary"


def slow_band(slow: Slow, audit: Row) -> str:
    for question in slow.rows("profilequestion", text=STAFF):
        answer = slow.one("profileanswer", audit_id=audit["id"], question_id=question["id"])
        if answer is None:
            continue
        later = [
            row
            for row in slow.rows("profilechange", answer_id=answer["id"])
            if row["at"] > audit["submitted_at"]
        ]
        value = min(later, key=lambda row: row["version"])["value_before"] if later else answer["value"]
        for key, (least, most) in BANDS.items():
            if value.isdecimal() and least <= int(value) <= most:
                return key
    return "not_known"


# Series ---------------------------------------------------------------------------------------------------------------


def slow_series(slow: Slow, cycle: Row, series: str) -> Json:
    submitted = sum(returned_on(slow, row) is not None for row in slow.invitees(cycle))
    steps = []
    for before, after in (("self", "moderated"), ("moderated", "panel"), ("self", "panel")):
        later = slow.audits(cycle, after)
        audits = [one for organisation, one in slow.audits(cycle, before).items() if organisation in later]
        variants = []
        for variant in [variant for variant in VARIANTS if any(one["variant"] == variant for one in audits)]:
            own = [one for one in audits if one["variant"] == variant]
            asked = slow.asked(cycle, variant, series)
            variants.append(
                {
                    "variant": variant,
                    **slow_shift(slow, own, before, after, None),
                    "standards": [
                        {"code": code}
                        | slow_shift(
                            slow, own, before, after, {one["id"] for one in asked if one["standard"] == code}
                        )
                        for code in dict.fromkeys(one["standard"] for one in asked)
                    ],
                }
            )
        steps.append(
            {
                "from": before,
                "to": after,
                **slow_shift(slow, audits, before, after, None),
                "variants": variants,
            }
        )
    have = {one: share(len(slow.audits(cycle, one)), submitted) for one in SERIES}
    return {"have": have, "steps": steps}


def slow_shift(slow: Slow, audits: list[Row], before: str, after: str, under: set[int] | None) -> Json:
    pairs = []
    for audit in audits:
        was, is_now = slow.said(audit, before), slow.said(audit, after)
        keys = [key for key in was if under is None or key in under]
        if keys:
            pairs.append(([was[key] for key in keys], [is_now[key] for key in keys]))
    moves = [move for was, is_now in pairs for move in zip(was, is_now, strict=True)]
    grades = [(slow_grade(was), slow_grade(is_now)) for was, is_now in pairs]
    graded = [(was, is_now) for was, is_now in grades if was and is_now]
    return {
        "audits": len(pairs),
        "before": marks([was for was, _ in pairs]),
        "after": marks([is_now for _, is_now in pairs]),
        "answers": len(moves),
        "up": sum("NA" not in move and move[0] < move[1] for move in moves),
        "down": sum("NA" not in move and move[0] > move[1] for move in moves),
        "set_aside": sum(was != "NA" and is_now == "NA" for was, is_now in moves),
        "scored": sum(was == "NA" and is_now != "NA" for was, is_now in moves),
        "grades_up": sum(was < is_now for was, is_now in graded),
        "grades_down": sum(was > is_now for was, is_now in graded),
    }


# Organisation by standard ---------------------------------------------------------------------------------------------


def slow_heat(slow: Slow, cycle: Row, series: str) -> list[Json]:
    audits = slow.audits(cycle, series)
    found = []
    for variant in VARIANTS:
        rows = []
        asked = slow.asked(cycle, variant, series)
        for invitee in slow.rows("invitee", cycle_id=cycle["id"]):
            if slow.variant(invitee) != variant:
                continue
            audit = None if invitee["exempt_reason"] else audits.get(invitee["organisation_id"])
            rows.append(slow_heat_row(slow, series, invitee, audit, asked))
        if rows:
            rows.sort(key=lambda row: row[0])
            found.append({"variant": variant, "organisations": [row for _, row in rows]})
    return found


def slow_heat_row(
    slow: Slow, series: str, invitee: Row, audit: Row | None, asked: list[Row]
) -> tuple[tuple[object, ...], Json]:
    name = slow.name(slow.get("cycle", invitee["cycle_id"]), invitee["organisation_id"])
    if audit is None:
        state = "not_submitted"
        if invitee["exempt_reason"]:
            state = "exempt"
        elif slow.one("owntoolreturn", invitee_id=invitee["id"]):
            state = "own_tool"
        elif returned_on(slow, invitee):
            state = "not_in_series"
        order = ["not_in_series", "not_submitted", "own_tool", "exempt"].index(state)
        empty: Json = {"state": state, "grade": None, "mean": None, "critical_zeros": 0, "standards": {}}
        return (1 + order, name), {"organisation": name, **empty}
    said = slow.said(audit, series)
    scored = [Fraction(score) for score in said.values() if score != "NA"]
    grade = slow_grade(list(said.values()))
    standards = {}
    for code in dict.fromkeys(one["standard"] for one in asked):
        under = [said[one["id"]] for one in asked if one["standard"] == code and one["id"] in said]
        if under:
            standards[code] = int(slow_grade(under)) if slow_grade(under) else None
    zeros = sum(one["is_critical"] and said.get(one["id"]) == "0" for one in asked)
    below = sum(one in (0, 1) for one in standards.values())
    mean = sum(scored, Fraction()) / len(scored) if scored else Fraction(3)
    concern = (0, int(grade) if grade else 3, -below, -zeros, mean, name)
    return concern, {
        "organisation": name,
        "state": "graded",
        "grade": int(grade) if grade else None,
        "mean": slow_mean(list(said.values())),
        "critical_zeros": zeros,
        "standards": standards,
    }
