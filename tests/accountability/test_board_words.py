"""What the drafts of board papers say: each number a token that is found, nothing withheld, all of it true."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.board_words import (
    BOARD_KEEPS,
    BOARD_LEADS,
    NO_RISK,
    Board,
    Section,
    keep_flat,
    list_edge,
    list_risks,
    list_steps,
    may_tell_outcomes,
    say_changes,
    say_chapter,
    say_cover,
    say_meetings,
    split_sections,
)
from accountability.finding_drafts import Told
from accountability.finding_words import KEEP_GOING, THEMES
from accountability.meetings_overview import MeetingFigures, Outcomes
from accountability.narrative import NOT_THE_SAME
from accountability.sentences import share_of
from accountability.tokens import TOKEN, WITHHELD, fill_tokens, find_unknown
from surveys.disclosure.rules import FEWEST
from surveys.figures import Share
from tests.accountability.test_narrative import SUPPRESSED, documents, make_grades, show

CHAPTER = [
    "Who took part",
    "What we found",
    "What changed since last year",
    "What meetings came to",
    "Training commissioned",
    "Next year",
]
COVER = ["Purpose", "What the board is asked to do", "Key figures", "Risks", "Next steps", "Contact"]


def make_outcomes(agencies: int, made: int, answered: int, done: int, checked: int) -> Outcomes:
    """No more of anything than there is."""
    answered, done = min(answered, made), min(done, made)
    checked = min(checked, done)
    return Outcomes(
        agencies=min(agencies, made),
        made=made,
        unanswered=made - answered,
        overdue_answers=0,
        to_decide=0,
        refused=0,
        actions=made,
        in_progress=0,
        overdue_actions=made - done,
        done=done,
        dropped=0,
        verified=checked,
        worked=checked,
        partly=0,
        failed=0,
    )


def make_meetings(agencies: int, *counts: int) -> dict[str, Any]:
    """Of so many agencies that met a panel; two themes that hold across as many of them, and one that is none."""
    whole = make_outcomes(agencies, *counts)
    return MeetingFigures(
        called=agencies + 2,
        met=agencies,
        final_minutes=0,
        letters=0,
        unsent=0,
        whole=whole,
        themes=(
            ("T0", "Theme A", whole),
            ("T1", "Theme B", whole),
            ("", "No theme", make_outcomes(9, 9, 9, 9, 9)),
        ),
        good_practices=0,
        may_be_shared=0,
    ).as_json()


COUNTS = st.integers(0, 12)
MEETINGS = st.one_of(st.just({}), st.builds(make_meetings, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS))
FINDING = Told(
    1,
    "Staff know whom to tell",
    "[[all/at_grade_2]] audits are at grade 2.\n\n# Loud\n- and\n- so on",
    "A child is heard the first time.",
    "Ask your team.",
)


def make_board(
    *found: dict[str, Any], findings: tuple[Told, ...] = (), meetings: dict[str, Any] | None = None
) -> Board:
    return Board("Harbour", "report three", show(*found), findings, meetings or {}, "desk@harbour.example")


def get_sources(*found: dict[str, Any], meetings: dict[str, Any]) -> list[dict[str, Any]]:
    return [found[0] | {"meetings": meetings, "training": "A course."}, *found[1:]]


@settings(max_examples=60, deadline=None)
@given(found=st.lists(documents(), min_size=1, max_size=2), meetings=MEETINGS, has_finding=st.booleans())
def test_every_number_is_a_token_that_is_found_and_shown(
    found: list[dict[str, Any]], meetings: dict[str, Any], has_finding: bool
) -> None:
    board = make_board(*found, findings=(FINDING,) if has_finding else (), meetings=meetings)
    sources = get_sources(*found, meetings=meetings)
    for text, titles in ((say_chapter(board), CHAPTER), (say_cover(board), COVER)):
        assert [part.title for part in split_sections(text)] == titles
        assert all(part.text for part in split_sections(text))
        assert not list(find_unknown(text, sources))
        if not has_finding or found[0]["all"]["at_grade_2"] != SUPPRESSED:
            assert WITHHELD not in fill_tokens(text, sources)
        bare = re.sub(
            r"grade 2|scored it [012]\b|scored 0,|at 0 somewhere|4 March 2027|\b[SH]\d(\.\d)?|^#+ ",
            "",
            TOKEN.sub("", text),
            flags=re.MULTILINE,
        )
        assert not re.search(r"\d", bare), bare


@settings(max_examples=60, deadline=None)
@given(now=documents(), meetings=MEETINGS)
def test_of_few_agencies_meetings_tell_how_many_they_were_and_no_more(
    now: dict[str, Any], meetings: dict[str, Any]
) -> None:
    text = say_meetings(make_board(now, meetings=meetings))
    tokens = {match[2] for match in TOKEN.finditer(text)}
    if not may_tell_outcomes(meetings):
        assert tokens <= {"meetings/met"}
        return
    assert min(meetings["met"]["count"], meetings["agencies"]) >= FEWEST
    assert ("meetings/done" in tokens) == (meetings["actions"] >= FEWEST)
    assert ("meetings/verified" in tokens) == (meetings["done"]["count"] >= FEWEST)


@settings(max_examples=60, deadline=None)
@given(now=documents())
def test_the_strongest_and_the_weakest_are_just_those(now: dict[str, Any]) -> None:
    shown = show(now)[0]
    strong, weak = list_edge(shown, is_strong=True), list_edge(shown, is_strong=False)
    assert bool(strong) == bool(weak)
    shares = [one for one in now["themes"] if one["at_grade_2"] != SUPPRESSED and one["at_grade_2"]["of"]]
    for one in shares if strong else ():
        assert share_of(weak[0]) <= share_of(one) <= share_of(strong[0])
        assert (one in weak) == (share_of(one) == share_of(weak[0]))
    assert not [one for one in strong if one in weak]


def make_year(*, twos: int, submitted: int, series: str = "moderated") -> dict[str, Any]:
    share = Share(submitted, 10).as_json()
    return {
        "series": series,
        "participation": {"submitted_of_invited": share, "on_time_of_submitted": share},
        "all": make_grades(0, 10 - twos, twos),
        "variants": [],
        "themes": [],
        "critical_zeros": [],
    }


def test_what_most_were_asked_about_is_said_with_its_tie() -> None:
    found = make_year(twos=9, submitted=10)
    found["themes"] = [
        {"code": f"T{one}", "title": f"Theme {'AB'[one]}", **make_grades(0, 5, 5)} for one in (0, 1)
    ]
    meetings = make_meetings(6, 8, 8, 7, 6)
    text = say_meetings(make_board(found, meetings=meetings))
    assert fill_tokens(text, get_sources(found, meetings=meetings)).split("\n\n") == [
        "6 of 8 (75%) organisations that were called met a panel.",
        "Panels asked most organisations about theme A and theme B: 6 organisations each.",
        "8 of 8 (100%) recommendations have an answer.",
        "7 of 8 (88%) agreed actions are done.",
        "An officer has checked 6 of 7 (86%) of those that are done; 6 worked.",
    ]


def test_why_what_was_agreed_is_not_counted() -> None:
    found = make_year(twos=9, submitted=10)
    meetings = make_meetings(6, 8, 8, 7, 6)
    for met, agencies, rule in (
        (4, 4, "They are fewer than five, so"),
        (6, 4, "Those that have been sent what their panel recommends are fewer than five, so"),
        (6, 0, "None has been sent what its panel recommends yet"),
    ):
        counted = meetings | {"met": Share(met, 8).as_json(), "agencies": agencies}
        assert f"met a panel. {rule}" in say_meetings(make_board(found, meetings=counted))


def test_a_board_is_told_what_a_board_does_and_officers_words_stay() -> None:
    practice = [Told(1, "A", "", "", THEMES["T3"].do), Told(2, "B", "", "", THEMES["T4"].do)]
    findings = (*practice, Told(3, "C", "", "", KEEP_GOING), Told(4, "D", "", "", "Ask the council."))
    assert list_steps(findings) == [
        f"**A; B.** {BOARD_LEADS}",
        f"**C.** {BOARD_KEEPS}",
        "**D.** Ask the council.",
    ]


def test_risks_have_their_numbers() -> None:
    found = make_year(twos=9, submitted=4)
    found["participation"]["not_submitted"] = 6
    found["critical_zeros"] = [{"variant": "health", "indicator": code, "count": 5} for code in "AB"]
    meetings = make_meetings(6, 8, 8, 7, 6)
    said = fill_tokens(
        " ".join(list_risks(make_board(found, meetings=meetings))), get_sources(found, meetings=meetings)
    )
    assert "Two critical indicators are at 0 somewhere, of those that may be shown." in said
    assert "6 of the invited did not submit." in said
    assert "actions that are overdue: 1." in said
    assert "partnership’s own count" in say_cover(make_board(found, meetings=meetings))
    assert "partnership’s own count" not in say_cover(make_board(found))


def test_risks_are_said_where_they_are() -> None:
    good, bad = make_year(twos=9, submitted=10), make_year(twos=5, submitted=8, series="self")
    assert list(list_risks(make_board(good, good))) == []
    assert NO_RISK in say_cover(make_board(good))
    said = " ".join(list_risks(make_board(bad, good, meetings=make_meetings(6, 6, 6, 5, 0))))
    for words in (
        "did not submit",
        "grade 2 overall is lower than in Audit Y",
        "submitted is lower",
        "overdue",
        "own scores",
    ):
        assert words in said
    assert "lower" not in " ".join(list_risks(make_board(good, bad)))
    assert "critical" in " ".join(list_risks(make_board(good | {"critical_zeros": [{"count": 2}]})))


def test_a_year_is_compared_with_the_one_before() -> None:
    now, past = make_year(twos=9, submitted=10), make_year(twos=5, submitted=8)
    said = fill_tokens(say_changes(make_board(now, past)), [now, past])
    assert "10 of 10 (100%) invited organisations submitted, against 8 of 10 (80%) in Audit Y." in said
    assert "9 of 10 (90%) audits are at grade 2 overall, against 5 of 10 (50%)." in said
    assert NOT_THE_SAME in said
    assert "no year before" in say_changes(make_board(now))


def test_what_officers_found_stands_in_the_chapter_and_breaks_nothing() -> None:
    found = make_year(twos=9, submitted=10)
    board = make_board(found, findings=(FINDING, FINDING))
    chapter = fill_tokens(say_chapter(board), get_sources(found, meetings={}))
    assert (
        "### Staff know whom to tell\n\n9 of 10 (90%) audits are at grade 2. Loud and so on A child is"
        in chapter
    )
    assert "A course." in chapter
    assert list_steps(board.findings) == ["**Staff know whom to tell.** Ask your team."]
    assert keep_flat(" ## A\n1. b\n\n* c") == "A b c"


def test_text_is_split_at_its_headings() -> None:
    assert split_sections("") == []
    assert split_sections("Hello\n\n## One ##\ntext\n### Below\nmore\n##Not one\n## Two") == [
        Section("opening", "", "Hello"),
        Section("part-1", "One", "text\n### Below\nmore\n##Not one"),
        Section("part-2", "Two", ""),
    ]
