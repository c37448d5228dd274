"""Drafted sentences: each number is a token that is found, each sentence is true, and nothing withheld is spoken of."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from accountability import narrative
from accountability.narrative import Shown, count_with_ties
from accountability.tokens import TOKEN, WITHHELD, fill_tokens, find_unknown
from surveys.figures import GradeCounts, Share, format_mean

SUPPRESSED = {"suppressed": True, "why": "withheld"}
DAY = datetime.date(2027, 3, 4)


def make_grades(zeros: int, ones: int, twos: int) -> dict[str, Any]:
    counts = GradeCounts(zeros, ones, twos)
    return {"grades": counts.as_json(), "at_grade_2": counts.at_grade_2.as_json()}


@st.composite
def grades(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.integers(0, 5)) == 0:
        return {"grades": SUPPRESSED, "at_grade_2": SUPPRESSED}
    zeros, ones = draw(st.sampled_from([(0, 0), (0, 0), (0, 3), (2, 1)]))
    return make_grades(zeros, ones, draw(st.sampled_from([0, 5, 9, 12])))


@st.composite
def indicators(draw: st.DrawFn, code: str) -> dict[str, Any]:
    about = {"code": code, "key": f"key-{code}", "text": "Staff know whom to tell."}
    if draw(st.booleans()):
        return {**about, "scores": SUPPRESSED, "not_applicable": SUPPRESSED, "mean": SUPPRESSED}
    zeros, ones, twos = (draw(st.integers(0, 9)) for _ in range(3))
    scores = {"0": zeros, "1": ones, "2": twos}
    mean = format_mean(ones + 2 * twos, zeros + ones + twos)
    return {**about, "scores": scores, "not_applicable": 0, "mean": mean}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from(["standard", "health+care_home", "school"]), unique=True))
    variants = [
        {
            "variant": key,
            "label": key.title(),
            "submitted": draw(st.sampled_from([5, 9, 12])),
            **draw(grades()),
            "mean": SUPPRESSED,
            "standards": [
                {
                    "code": f"{key[0].upper()}{number}",
                    "title": f"Standard {'ABCDEF'[number]}",
                    "theme": "T1",
                    "mean": SUPPRESSED,
                    **draw(grades()),
                    "indicators": [draw(indicators(f"{key[0].upper()}{number}.1"))],
                }
                for number in range(draw(st.integers(0, 6)))
            ],
        }
        for key in keys
    ]
    codes = [
        one["code"]
        for variant in variants
        for standard in variant["standards"]
        for one in standard["indicators"]
        if one["scores"] != SUPPRESSED and one["scores"]["0"]
    ]
    return {
        "series": draw(st.sampled_from(["self", "moderated", "panel"])),
        "participation": {
            name: Share(7, 9).as_json() for name in ("submitted_of_invited", "on_time_of_submitted")
        },
        "disclosure": {"method": ["A small group is not shown."]},
        "all": draw(grades()),
        "variants": variants,
        "themes": [
            {"code": f"T{number}", "title": f"Theme {'ABCDEFGHIJ'[number]}", **draw(grades())}
            for number in range(draw(st.integers(0, 10)))
        ],
        "critical_zeros": [{"variant": "x", "indicator": code, "count": 2} for code in codes[:2]],
    }


def show(*found: dict[str, Any]) -> list[Shown]:
    return [
        Shown(number, f"Audit {'XYZ'[number - 1]}", document, DAY, is_closed=True)
        for number, document in enumerate(found, start=1)
    ]


def write(cycles: list[Shown]) -> list[str]:
    now = cycles[0]
    return [
        narrative.say_introduction("Harbour", cycles),
        narrative.say_method(now),
        narrative.say_who_took_part(cycles),
        *(narrative.say_variant(cycles, one["variant"]) for one in now.document["variants"]),
        narrative.say_strengths(now),
        narrative.say_weaknesses(now),
        narrative.say_overall(cycles),
        narrative.say_follow_up("Harbour"),
    ]


@settings(max_examples=60)
@given(now=documents(), past=documents())
def test_every_number_is_a_token_that_is_found_and_shown(now: dict[str, Any], past: dict[str, Any]) -> None:
    texts = write(show(now, past))
    for text in texts:
        assert text.strip()
        assert not list(find_unknown(text, [now, past]))
        assert WITHHELD not in fill_tokens(text, [now, past])
    # What is not about figures says numbers of its own: the law's, the scale's and the rule's.
    for text in texts[2:]:
        bare = re.sub(r"grade 2|at [012]\b|At 0 in|4 March 2027|\b[SH]\d(\.\d)?", "", TOKEN.sub("", text))
        assert not re.search(r"\d", bare), bare


@settings(max_examples=60)
@given(now=documents())
def test_what_everybody_achieved_is_just_that(now: dict[str, Any]) -> None:
    for variant in now["variants"]:
        text = narrative.say_variant(show(now), variant["variant"])
        said = re.search(r"achieved grade 2 for(.*?)(?:lowest share|furthest|Critical|$)", text, re.DOTALL)
        achieved = {
            one["code"]
            for one in variant["standards"]
            if (share := one["at_grade_2"]) != SUPPRESSED and share["of"] and share["count"] == share["of"]
        }
        assert set(re.findall(r"standards/(\w+)/at_grade_2", said[1] if said else "")) == achieved
        everybody = all(
            one["at_grade_2"]["of"] == variant["submitted"]
            for one in variant["standards"]
            if one["code"] in achieved
        )
        assert ("Every agency achieved" in text) == bool(achieved and everybody)


@settings(max_examples=60)
@given(now=documents())
def test_the_weakest_have_the_lowest_share(now: dict[str, Any]) -> None:
    for variant in now["variants"]:
        text = narrative.say_variant(show(now), variant["variant"])
        match = re.search(r"lowest share at grade 2 is (.*?)(?:\n\n[^-]|$)", text, re.DOTALL)
        shares = {
            one["code"]: Fraction(one["at_grade_2"]["count"], one["at_grade_2"]["of"])
            for one in variant["standards"]
            if one["at_grade_2"] != SUPPRESSED and one["at_grade_2"]["of"]
        }
        least = min(shares.values(), default=Fraction(1))
        assert bool(match) == (least < 1)
        if match:
            said = set(re.findall(r"standards/(\w+)/at_grade_2", match[1]))
            assert said == {code for code, share in shares.items() if share == least}
            assert ("Of what may be shown" in text) == (len(shares) < len(variant["standards"]))


def test_a_year_on_which_a_standard_rose_and_one_fell() -> None:
    def make(first: int, second: int) -> dict[str, Any]:
        standards = [
            {"code": code, "title": title, **make_grades(0, 10 - twos, twos), "indicators": []}
            for code, title, twos in (("A1", "Leadership", first), ("A2", "Policies", second))
        ]
        variant = {"variant": "standard", "label": "Standard agencies", "submitted": 10}
        return {
            "variants": [{**variant, **make_grades(0, 5, 5), "standards": standards}],
            "critical_zeros": [],
        }

    now, past = make(9, 6), make(7, 8)
    text = fill_tokens(narrative.say_variant(show(now, past), "standard"), [now, past])
    assert "5 of 10 (50%) audits are at grade 2 overall, against 5 of 10 (50%) in Audit Y." in text
    assert "rose most for leadership: from 7 of 10 (70%) to 9 of 10 (90%)." in text
    assert "fell most for policies: from 8 of 10 (80%) to 6 of 10 (60%)." in text
    assert "not the same organisations" in text
    assert "rose" not in narrative.say_variant(show(now, now), "standard")


def test_how_many_are_listed() -> None:
    def count(*values: int) -> int:
        return count_with_ties([Fraction(value) for value in values])

    assert count() == 0
    assert count(1, 2, 3) == 3
    assert count(1, 2, 3, 4, 5, 6) == 5
    assert count(1, 2, 3, 4, 5, 5, 5, 6) == 7
    assert count(1, 2, 5, 5, 5, 5, 5, 5, 5) == 2
    assert count(*[5] * 9) == 0


def make_standards(*twos: int) -> dict[str, Any]:
    """A group of ten, with so many at grade 2 in each of its standards."""
    standards = [
        {"code": f"A{place}", "title": f"Standard {'ABCDE'[place]}", **make_grades(0, 10 - count, count)}
        for place, count in enumerate(twos)
    ]
    for one in standards:
        one["indicators"] = []
    group = {"variant": "standard", "label": "Standard agencies", "submitted": 10, **make_grades(0, 5, 5)}
    return {"variants": [{**group, "standards": standards}], "themes": [], "critical_zeros": []}


def test_of_a_tie_none_is_left_out() -> None:
    text = narrative.say_variant(show(make_standards(9, 9, 9, 9), make_standards(5, 5, 5, 5)), "standard")
    assert "rose most, and level, for:" in text
    assert len(set(re.findall(r"- standard ([A-D]): from", text))) == 4
    assert text.endswith(f"\n\n{narrative.NOT_THE_SAME}")


def test_what_all_lack_alike_is_no_strength() -> None:
    assert narrative.say_strengths(show(make_standards(0, 0))[0]) == (
        "Nothing that may be shown stands out from the rest."
    )
    assert "weakest at standard A" in narrative.say_weaknesses(show(make_standards(0, 0))[0])
    assert "strongest at standard A" in narrative.say_strengths(show(make_standards(10, 10))[0])
    assert narrative.say_weaknesses(show(make_standards(10, 10))[0]) == (
        "Nothing that may be shown is below grade 2."
    )
    assert narrative.say_weaknesses(show(make_standards())[0]) == narrative.TOO_FEW


def test_nobody_is_called_the_strongest_over_what_is_withheld() -> None:
    document = make_standards(3, 7, 9)
    document["variants"][0]["standards"][2] |= {"grades": SUPPRESSED, "at_grade_2": SUPPRESSED}
    now = show(document)[0]
    assert narrative.say_strengths(now).startswith(
        "Standard agencies, of what may be shown, strongest at standard B"
    )
    assert narrative.say_weaknesses(now).startswith(
        "Standard agencies, of what may be shown, weakest at standard A"
    )


def test_ten_years_in_one_report() -> None:
    found = [make_standards(5)] * 10
    assert fill_tokens("[[10:variants/standard/submitted]]", found) == "10"
    assert list(find_unknown("[[11:variants/standard/submitted]]", found)) == [
        "[[11:variants/standard/submitted]]"
    ]
