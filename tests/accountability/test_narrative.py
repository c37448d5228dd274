"""Drafted sentences: each number is a token that is found, each sentence is true, and nothing withheld is spoken of."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from accountability import narrative
from accountability.narrative import count_with_ties
from accountability.sentences import Shown
from accountability.tokens import TOKEN, WITHHELD, fill_tokens, find_unknown
from accountability.who_took_part import say_who_took_part
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
    return {**about, "scores": scores, "not_applicable": draw(st.integers(0, 2)), "mean": mean}


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from(["standard", "health+care_home", "school"]), unique=True))
    variants = [
        {
            "variant": key,
            "label": key.title(),
            "audits": draw(st.sampled_from([5, 9, 12])),
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
        (variant["variant"], one["code"])
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
        "all": {"audits": 20, **draw(grades())},
        "variants": variants,
        "themes": [
            {"code": f"T{number}", "title": f"Theme {'ABCDEFGHIJ'[number]}", **draw(grades())}
            for number in range(draw(st.integers(0, 10)))
        ],
        "critical_zeros": [{"variant": key, "indicator": code, "count": 2} for key, code in codes[:2]],
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
        say_who_took_part(cycles),
        *(narrative.say_variant(cycles, one["variant"]) for one in now.document["variants"]),
        narrative.say_strengths(now),
        narrative.say_weaknesses(now),
        narrative.say_weaknesses(now, has_table=True),
        narrative.say_overall(cycles),
        narrative.say_follow_up("Harbour"),
    ]


@settings(max_examples=60, deadline=None)
@given(now=documents(), past=documents())
def test_every_number_is_a_token_that_is_found_and_shown(now: dict[str, Any], past: dict[str, Any]) -> None:
    texts = write(show(now, past))
    for text in texts:
        assert text.strip()
        assert not list(find_unknown(text, [now, past]))
        assert WITHHELD not in fill_tokens(text, [now, past])
    # What is not about figures says numbers of its own: the law's, the scale's and the rule's.
    for text in texts[2:]:
        bare = re.sub(
            r"grade 2|scored it [012]\b|scored 0,|4 March 2027|\b[SH]\d(\.\d)?", "", TOKEN.sub("", text)
        )
        assert not re.search(r"\d", bare), bare


@settings(max_examples=60, deadline=None)
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
            one["at_grade_2"]["of"] == variant["audits"]
            for one in variant["standards"]
            if one["code"] in achieved
        )
        assert ("Every agency achieved" in text) == bool(achieved and everybody)


@settings(max_examples=60, deadline=None)
@given(now=documents())
def test_the_weakest_have_the_lowest_share(now: dict[str, Any]) -> None:
    for variant in now["variants"]:
        text = narrative.say_variant(show(now), variant["variant"])
        match = re.search(
            r"lowest share at grade 2 is (?:for|the same for)(.*?)(?:\n\n[^-]|$)", text, re.DOTALL
        )
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
        variant = {"variant": "standard", "label": "Standard agencies", "audits": 10}
        return {
            "variants": [{**variant, **make_grades(0, 5, 5), "standards": standards}],
            "critical_zeros": [],
        }

    now, past = make(9, 6), make(7, 8)
    text = fill_tokens(narrative.say_variant(show(now, past), "standard"), [now, past])
    assert "5 of 10 (50%) audits are at grade 2 overall, against 5 of 10 (50%) in Audit Y." in text
    assert "rose most for leadership: from 7 of 10 (70%) to 9 of 10 (90%)." in text
    assert "fell most for policies: from 8 of 10 (80%) to 6 of 10 (60%)." in text
    assert text.endswith(narrative.NOT_THE_SAME)
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
    group = {"variant": "standard", "label": "Standard agencies", "audits": 10, **make_grades(0, 5, 5)}
    return {
        "all": {"audits": 10},
        "variants": [{**group, "standards": standards}],
        "themes": [],
        "critical_zeros": [],
    }


def test_of_a_tie_none_is_left_out() -> None:
    text = narrative.say_variant(show(make_standards(9, 9, 9, 9), make_standards(5, 5, 5, 5)), "standard")
    assert "rose most, and by as much, for:" in text
    assert len(set(re.findall(r"- standard ([A-D]): from", text))) == 4
    assert text.endswith(f"\n\n{narrative.NOT_THE_SAME}")


def test_what_all_lack_alike_is_no_strength() -> None:
    assert narrative.say_strengths(show(make_standards(0, 0))[0]) == (
        "Nothing that may be shown stands out from the rest."
    )
    weak, strong = show(make_standards(0, 0))[0], show(make_standards(10, 10))[0]
    assert "these standards are the weakest, and level with" in narrative.say_weaknesses(weak)
    assert "these standards are the strongest, and level with" in narrative.say_strengths(strong)
    assert narrative.say_weaknesses(show(make_standards(10, 10))[0]) == (
        "Nothing that may be shown is below grade 2."
    )
    assert narrative.say_weaknesses(show(make_standards())[0]) == narrative.NOT_SHOWN
    nobody = {**make_standards(), "all": {"audits": 0}}
    assert narrative.say_strengths(show(nobody)[0]) == narrative.NO_SCORES


def test_nobody_is_called_the_strongest_over_what_is_withheld() -> None:
    document = make_standards(3, 7, 9)
    document["variants"][0]["standards"][2] |= {"grades": SUPPRESSED, "at_grade_2": SUPPRESSED}
    now = show(document)[0]
    assert narrative.say_strengths(now).startswith(
        "For standard agencies, of what may be shown, the strongest standard is standard B: "
    )
    assert narrative.say_weaknesses(now).startswith(
        "For standard agencies, of what may be shown, the weakest standard is standard A: "
    )


def test_ten_years_in_one_report() -> None:
    found = [make_standards(5)] * 10
    assert fill_tokens("[[10:variants/standard/audits]]", found) == "10"
    token = "[[11:variants/standard/audits]]"
    assert list(find_unknown(token, found)) == [token]


def make_indicator(code: str, not_applicable: Any, zeros: int, ones: int, twos: int) -> dict[str, Any]:
    return {
        "code": code,
        "key": code,
        "text": "Staff know whom to tell",
        "scores": {"0": zeros, "1": ones, "2": twos},
        "not_applicable": not_applicable,
        "mean": format_mean(ones + 2 * twos, zeros + ones + twos),
    }


def test_who_said_that_it_does_not_apply_is_said_where_it_may_be() -> None:
    document = make_standards(9)
    document["variants"][0]["standards"][0]["indicators"] = [
        make_indicator("A0.1", 2, 0, 3, 5),
        make_indicator("A0.2", 0, 1, 4, 5),
        {**make_indicator("A0.3", SUPPRESSED, 0, 0, 0), "scores": SUPPRESSED, "mean": SUPPRESSED},
    ]
    document["critical_zeros"] = [{"variant": "standard", "indicator": "A0.2", "count": 1}]
    text = fill_tokens(narrative.say_variant(show(document), "standard"), [document])
    assert (
        "- A0.1 Staff know whom to tell. Of the organisations, 3 scored it 1 and 5 scored it 2 (mean 1.63); 2 said "
        "that it does not apply."
    ) in text
    assert "1 scored it 0, 4 scored it 1 and 5 scored it 2 (mean 1.40)." in text
    # Its statement stands among the furthest above; the full list of critical zeros is one table, elsewhere.
    assert text.endswith(
        "Critical indicator that was scored 0, with how many organisations did so: A0.2 (1). The table under ‘What "
        "needs to be better’ says more."
    )
    weaknesses = narrative.say_weaknesses(show(document)[0], has_table=True)
    assert (
        "The critical indicator that was scored 0, whatever the average, is in the table below." in weaknesses
    )
    assert "Staff know whom to tell" not in weaknesses
    assert "A0.3" not in text


def test_a_critical_zero_is_that_of_its_own_variant() -> None:
    """Two banks may number their indicators alike: the number is found by the variant too."""
    document = make_standards(9)
    (group,) = document["variants"]
    group["standards"][0]["indicators"] = [make_indicator("A0.1", 0, 4, 3, 3)]
    other = {**group, "variant": "school", "label": "Schools"}
    other["standards"] = [{**group["standards"][0], "indicators": [make_indicator("A0.1", 0, 1, 1, 8)]}]
    document["variants"].append(other)
    document["critical_zeros"] = [
        {"variant": key, "indicator": "A0.1", "count": count}
        for key, count in (("standard", 4), ("school", 1))
    ]
    texts = [narrative.say_variant(show(document), key) for key in ("standard", "school")]
    said = [re.findall(r"A0\.1 \((\d+)\)", fill_tokens(text, [document])) for text in texts]
    assert said == [["4"], ["1"]]
    # A paper without the table lists them.
    listed = fill_tokens(narrative.say_weaknesses(show(document)[0]), [document])
    assert re.findall(r"Organisations that scored it 0: (\d+)", listed) == ["4", "1"]


def test_the_furthest_are_by_their_exact_mean() -> None:
    document = make_standards(9)
    document["variants"][0]["standards"][0]["indicators"] = [
        make_indicator("A0.1", 0, 0, 200, 1),
        make_indicator("A0.2", 0, 0, 201, 1),
    ]
    text = narrative.say_variant(show(document), "standard")
    assert text.index("- A0.2") < text.index("- A0.1")
