"""Each part of the rule switched off, one at a time: the attack then finds something out, and with it on nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from surveys.disclosure import Ledger, Scores, earlier, hiding, make_public, merging, release
from surveys.disclosure.cells import Cell, make_cell, make_part
from surveys.disclosure.hiding import GroupMaker
from surveys.disclosure.shown import Figure, ShownTheme
from tests.surveys.disclosure.test_attack import find_out, publish
from tests.surveys.disclosure.worlds import Shape, change, join, make_scores

THREE: Shape = [("T1", ["T1"] * 3), ("T2", ["T2"] * 3), ("T3", ["T3"] * 3)]
Patch = Callable[[pytest.MonkeyPatch], None]


def no_partners(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(GroupMaker, "_find_partners", lambda self, items: [])


def no_partners_and_means(patch: pytest.MonkeyPatch) -> None:
    no_partners(patch)
    patch.setattr(GroupMaker, "_may_show_mean", lambda self, part, items, faults: True)


def no_look_at_themes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(release, "_make_theme", show_theme)


def show_theme(code: str, title: str, scores: Scores, *_: object) -> ShownTheme:
    cell = make_cell(scores.records, make_part(scores.banks, lambda asked: asked.theme == code))
    return ShownTheme(code, title, Figure(cell, None, shows_mean=False))


def hidden_but_not_merged(patch: pytest.MonkeyPatch) -> None:
    """Primary suppression alone, as in a report made by hand: the small variant’s figures are starred out."""
    patch.setattr(merging, "find_fault", lambda cell: None)
    patch.setattr(
        release, "_make_whole", lambda scores, shown: Figure(make_all(scores), None, shows_mean=False)
    )


def make_all(scores: Scores) -> Cell:
    return make_cell(scores.records, make_part(scores.banks))


def nothing_remembered(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ledger, "of", forget)


def forget(scores: Scores, groups: object, hidden: object = ()) -> Ledger:
    return Ledger("another cycle", scores.series, (), {}, ())


def means_of_merged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(merging.Group, "has_mean", True)


def other_themes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(GroupMaker, "_asks_the_same_themes", lambda self: True)
    grades_of_one_bank(patch)
    short_standards(patch)


def short_standards(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(hiding, "FEWEST_SCORES", 0)


def differences_by_number_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(earlier, "shares_a_low_grade", lambda cell: False)


def grades_of_one_bank(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(hiding, "can_have", lambda asked, grades, overall: True)


FEW_IN_ONE = make_scores(
    {"standard": THREE},
    {
        "standard": [
            "222221210", "212122211", "221212120",
            "222212nnn", "211222nnn", "221112nnn", "222121nnn", "122222nnn",
        ]
    },
)  # fmt: skip
FEW_IN_A_THEME = make_scores(
    {"standard": THREE, "health": THREE},
    {
        "standard": ["222221210", "212122211", "221212120", "222212122", "211222212", "221112221"],
        "health": ["222nnn212", "212nnn221", "221nnn122", "222010222", "222111222", "222122222"],
    },
)
SMALL_HOMES = make_scores(
    {"standard": THREE, "health": THREE, "care_home": THREE},
    {
        "standard": ["222221210", "212122211", "221212120", "222212122", "211222212", "221112221"],
        "health": ["222221212", "212122221", "221212122", "222010222", "222111222", "222122111"],
        "care_home": ["111101010", "222222222", "212222222"],
    },
)
ALL_LOW = make_scores(
    {"standard": THREE},
    {"standard": ["222111222", "221011212", "212101222", "122111221", "222110212", "221111222"]},
)
GROWN_HOMES = join(
    SMALL_HOMES, "care_home", ["222222222", "221221222", "222222221", "211222222", "222122222"]
)
ONE_CORRECTED = change(SMALL_HOMES, {1: "200000000"})
MERGED_BANKS = make_scores(
    {"standard": [("T1", ["T1"]), ("T1", ["T1", "T1"])], "health": [("T1", ["T1"])]},
    {"standard": ["222", "222", "221"], "health": ["2", "2"]},
)
TWO_INDICATORS = make_scores(
    {"standard": [("T1", ["T1"] * 2), ("T1", ["T1"] * 2)]},
    {"standard": ["2222", "2212", "2212", "2212", "1100"]},
)
OTHER_THEMES = make_scores(
    {"standard": [("T1", ["T1", "T1"])], "health": [("T1", ["T1"]), ("T2", ["T2"])]},
    {"standard": ["22", "22", "22"], "health": ["22", "12", "12", "02", "11"]},
)
# Five of seven are corrected, enough to be told of, and all five to grade 1: the first version says they were at 2.
ALL_AT_2 = make_scores({"standard": THREE}, {"standard": ["222222222"] * 7})
FIVE_TO_LOW = change(ALL_AT_2, dict.fromkeys(range(1, 6), "111111111"))
FIVE_LOW_CAME = join(ALL_AT_2, "standard", ["111111111"] * 5)

# The one at 0 overall has a 1 in T3, which among four questions cannot be.
TELLING_GRADES = make_scores(
    {
        "standard": [("T2", ["T2"]), ("T1", ["T3"]), ("T3", ["T3", "T3"])],
        "care_home": [("T2", ["T3", "T2"]), ("T3", ["T3"]), ("T3", ["T3", "T3"])],
    },
    {"standard": ["1222", "2221", "2111"], "care_home": ["22222", "00110", "22211"]},
)


@dataclass(frozen=True)
class Case:
    switch_off: Patch
    versions: tuple[Scores, ...]


CASES = {
    "complementary suppression": Case(no_partners_and_means, (ALL_LOW,)),
    "themes with too few in one group": Case(no_look_at_themes, (FEW_IN_A_THEME,)),
    "themes that hold part of what is hidden": Case(no_look_at_themes, (FEW_IN_ONE,)),
    "merging": Case(hidden_but_not_merged, (SMALL_HOMES,)),
    "what was published before, when a variant has grown": Case(
        nothing_remembered, (SMALL_HOMES, GROWN_HOMES)
    ),
    "what was published before, when one is corrected": Case(
        nothing_remembered, (SMALL_HOMES, ONE_CORRECTED)
    ),
    "whether those who changed share a low grade": Case(differences_by_number_alone, (ALL_AT_2, FIVE_TO_LOW)),
    "whether those who came share a low grade": Case(differences_by_number_alone, (ALL_AT_2, FIVE_LOW_CAME)),
    "no means over several banks": Case(means_of_merged, (MERGED_BANKS,)),
    "no themes where merged banks have others": Case(other_themes, (OTHER_THEMES,)),
    "no themes where grades tell the bank": Case(grades_of_one_bank, (TELLING_GRADES,)),
    "no grades over two scores": Case(short_standards, (TWO_INDICATORS,)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_is_needed(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not list(find_out(publish(list(case.versions))))
    case.switch_off(monkeypatch)
    assert next(find_out(publish(list(case.versions))), "")


def test_a_small_part_is_hidden_with_a_partner() -> None:
    document = make_public(FEW_IN_ONE).document
    (variant,) = document["variants"]
    hidden = ["suppressed" in standard["grades"] for standard in variant["standards"]]
    assert hidden == [False, True, True]


def test_what_is_merged_says_why() -> None:
    merged, *_ = make_public(SMALL_HOMES).decisions
    assert "are shown together, by theme and without means" in merged.public
    assert merged.public.endswith(", so that nobody’s scores can be worked out.")
