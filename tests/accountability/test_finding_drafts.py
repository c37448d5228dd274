"""Findings suggested from public figures, and the boxes of posters, in words for whoever works with children."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from accountability.enums import PosterKind
from accountability.finding_drafts import AGREE, MOST_BOXES, Told, lay_out, mixes_grades, suggest
from accountability.finding_words import KEEP_GOING, THEMES, get_words
from accountability.report_charts import make_themes_chart
from tests.accountability.posters import make_document, make_theme

# Words of an audit, which nobody in a staff room has to know.
OF_AUDITS = re.compile(
    r"\b(audits?|indicators?|standards?|grade|score|mean|compliance|framework|robust)\b", re.IGNORECASE
)


def test_the_weakest_themes_then_the_strongest() -> None:
    themes = [
        make_theme(f"T{number}", count) for number, count in enumerate([9, 3, 10, 5, 4, 8, 10], start=1)
    ]
    assert [one.theme for one in suggest(make_document(*themes))] == ["T2", "T5", "T4", "T7"]


def test_nothing_withheld_is_suggested_and_nothing_twice() -> None:
    hidden = {"code": "T1", "title": "Hidden", "at_grade_2": {"suppressed": True}}
    assert suggest(make_document(hidden)) == []
    assert [one.theme for one in suggest(make_document(hidden, make_theme("T2", 4)))] == ["T2"]
    level = [make_theme("T1", 4), make_theme("T2", 4)]
    assert [one.theme for one in suggest(make_document(*level))] == ["T1", "T2"]
    assert suggest(make_document(make_theme("T1", 10), make_theme("T2", 10))) == []


@pytest.mark.parametrize("kind", list(PosterKind))
@pytest.mark.parametrize("number", [1, 3, 12])
def test_never_more_than_seven_boxes(kind: PosterKind, number: int) -> None:
    document = {
        "participation": {"submitted_of_invited": {"count": 7, "of": 9}},
        **make_document(make_theme("T1", 4)),
    }
    told = [
        Told(
            one,
            f"Finding {one}",
            "[[themes/T1/at_grade_2]] are.",
            "It matters.",
            "Ask.",
            "themes/T1/at_grade_2",
        )
        for one in range(number)
    ]
    boxes = lay_out(kind, told, [document], "Audit 2026")
    assert len(boxes) == (MOST_BOXES if kind == PosterKind.BRIEFING else min(number + 1, MOST_BOXES))
    assert not any("[[" in box.figure + box.text for box in boxes)
    assert "4 of 10 (40%)" in [box.figure for box in boxes]
    assert "are." in [box.text for box in boxes]


def make_scored(series: str = "self") -> dict[str, Any]:
    """Of one theme, whose second indicator is the lowest."""
    indicators = [
        {"code": code, "text": f"The board assures itself of {code}.", "mean": mean, "scores": {"2": 1}}
        for code, mean in (("A1.1", "1.80"), ("A1.2", "1.10"))
    ]
    standard: dict[str, Any] = {
        "code": "A1",
        "title": "Voice",
        "theme": "T3",
        "at_grade_2": {"count": 4, "of": 10},
    }
    variant = {"variant": "health", "label": "Health", "standards": [standard | {"indicators": indicators}]}
    return make_document(make_theme("T3", 4)) | {"variants": [variant], "series": series}


def test_a_suggestion_is_in_words_for_a_staff_room_and_its_indicator_stands_behind_it() -> None:
    (one,) = suggest(make_scored())
    assert one.title == "Needs work: listening to children and families"
    assert one.found.startswith(
        "[[themes/T3/at_grade_2]] organisations say that this mostly happens: children"
    )
    assert (one.why_it_matters, one.next_steps) == (THEMES["T3"].why, THEMES["T3"].do)
    assert not OF_AUDITS.search(re.sub(r"\[\[.*?\]\]", "", f"{one.title} {one.found}"))
    assert [evidence.label for evidence in one.evidence] == [
        "All organisations, the theme as a whole",
        "Health, lowest mean: A1.2 The board assures itself of A1.2.",
        "Health, the standard Voice",
    ]
    assert mixes_grades([evidence.path for evidence in one.evidence])
    assert not mixes_grades(["themes/T3/at_grade_2"])
    # Variants together are shown by themes: theirs add up.
    assert not mixes_grades(["themes/T3/at_grade_2", "variants/health+school/standards/T3/at_grade_2"])
    (moderated,) = suggest(make_scored("moderated"))
    assert "organisations show that this mostly happens" in moderated.found


def test_a_number_that_is_not_of_all_says_who_was_not_asked() -> None:
    school = {"variant": "school", "label": "Schools", "audits": 11, "standards": []}
    asked = make_document(make_theme("T3", 15, 26), make_theme("T4", 25, 37))
    standard: dict[str, Any] = {
        "code": "A1",
        "title": "Voice",
        "theme": "T3",
        "at_grade_2": None,
        "indicators": [],
    }
    health = {"variant": "health", "label": "Health", "audits": 26, "standards": [standard]}
    document: dict[str, Any] = asked | {"variants": [health, school], "all": {"audits": 37}}
    some, everybody = suggest(document)
    assert some.found.endswith("Not asked about it: schools.")
    assert "not asked" not in everybody.found
    assert make_themes_chart(document).note == "T3 Theme T3 – not asked about it: schools."
    # Where no kind of organisation accounts for the rest, nobody is named.
    school["audits"] = 12
    assert suggest(document)[0].found.endswith(
        "The others are not asked about it, or it does not apply to them."
    )


def test_what_is_strong_is_to_be_kept() -> None:
    *_, strong = suggest(make_document(make_theme("T1", 3), make_theme("T6", 10)))
    assert (strong.title, strong.next_steps) == ("Going well: recruiting safely", KEEP_GOING)


def test_every_theme_has_words_and_none_is_of_an_audit() -> None:
    bank = yaml.safe_load(Path(settings.BASE_DIR, "surveys/questionnaires/themes.yaml").read_text())
    codes = [theme["code"] for theme in (bank["themes"] if isinstance(bank, dict) else bank)]
    assert sorted(THEMES) == sorted(codes)
    for code in codes:
        words = get_words(code, "")
        sentences = (words.topic, words.means, words.why, words.do, words.question)
        assert not OF_AUDITS.search(" ".join(sentences)), code
        assert max(len(one) for one in sentences) <= 110, code
        assert words.question.endswith("?"), code
        assert len(f"3 Needs work: {words.topic}") <= 60, code
    assert get_words("X", "Own theme").question == "Where do we stand with this: own theme?"


def test_a_briefing_ends_with_questions_for_a_team() -> None:
    told = [Told(1, "Needs work: A", "", "", "Do A.", question="What of A?"), Told(2, "B", "", "", "Do A.")]
    document = {"participation": {"submitted_of_invited": {"count": 7, "of": 9}}, **make_document()}
    boxes = lay_out(PosterKind.BRIEFING, told, [document], "Audit 2026")
    assert boxes[-1].text == f"What of A?\n\nWhere do we stand with this: B?\n\n{AGREE}"
    assert boxes[-2].text == "Do A."
