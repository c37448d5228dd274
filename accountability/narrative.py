"""What a report's public figures say, in plain sentences for its sections. Pure: figures in, text with tokens out.

Every number in a sentence is a token (accountability/tokens.py), so it changes with the figures and is traced by its
name; a sentence is written only while it is true. What is withheld is spoken of nowhere. Ties are said, never broken.
Text is Markdown, as officers write it; several of a kind are a list, for their titles have commas of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from accountability.enums import SectionKind
from accountability.sentences import (
    Json,
    Shown,
    end_sentence,
    graded,
    is_counted,
    is_share,
    list_bullets,
    lower_first,
    mean_of,
    name_theme,
    say_audits_at_2,
    say_one_or_list,
    share_of,
)
from s11.web.text import list_words

# So many of the weakest, and more only where they tie with the last of them.
MOST_LISTED: Final = 5
MOST_TIED: Final = 8
NOT_SHOWN: Final = "The scores are not shown, so that no organisation can be found in a number."
NO_SCORES: Final = "There are no scores to report."
NOT_THE_SAME: Final = (
    "This compares all organisations that submitted in each cycle, not only those that submitted in both."
)


def say_introduction(partnership: str, cycles: Sequence[Shown]) -> str:
    now = cycles[0]
    has_schools = any("school" in one["variant"] for one in now.document["variants"])
    law = (
        "Section 11 of the Children Act 2004 asks councils, health bodies, police and others to keep children safe in "
        "all they do"
    )
    schools = (
        "; sections 175 and 157 of the Education Act 2002 ask the same of schools and colleges"
        if has_schools
        else ""
    )
    before = (
        f" Where it says so, it compares this with {list_words([one.title for one in cycles[1:]])}."
        if cycles[1:]
        else ""
    )
    return (
        f"{law}{schools}. {partnership} asks the organisations of its area, in rounds of audits, how well they do "
        f"this, and checks what they say.\n\nThis report says what {now.title} showed: what is done well, what "
        f"needs to be better, and what happens next.{before}"
    )


def say_method(now: Shown) -> str:
    series = {
        "self": "The figures are the organisations’ own scores.",
        "moderated": (
            "The figures are moderated: where the partnership looked at an answer and gave another score, that score "
            "counts."
        ),
        "panel": (
            "The figures are those agreed with a panel: where it gave another score, that score counts, and else the "
            "one that the partnership’s moderation came to."
        ),
    }[now.document["series"]]
    rules = list_bullets(now.document["disclosure"]["method"])
    return (
        "Each organisation scored itself against a set of statements, called indicators, that were written for its "
        "kind of organisation and stand under standards. It gave evidence and planned what to do. A score is 0 (no "
        "progress), 1 (working towards it, with measurable progress) or 2 (achieved). What does not apply to an "
        "organisation has no score and lowers no figure. The grade of a standard is the mean of its scores, rounded "
        f"to 0, 1 or 2; a half is rounded up. {series}\n\n"
        f"So that no organisation can be found in a number:\n\n{rules}"
    )


# One group of variants ------------------------------------------------------------------------------------------------


def say_variant(cycles: Sequence[Shown], key: str) -> str:
    """Overall, what all achieved, what is weakest, what changed, critical indicators; empty for what is withheld."""
    now = cycles[0]
    variant = now.find_variant(key)
    assert variant is not None  # asked of what it has
    found = [
        _say_grades(cycles, key, variant),
        _say_achieved(now, variant),
        _say_weakest(now, variant),
        _say_indicators(now, variant),
        *(_say_changes(now, past, variant) for past in cycles[1:2]),
        _say_critical(now, variant),
    ]
    return "\n\n".join(filter(None, found)) or NOT_SHOWN


def _say_grades(cycles: Sequence[Shown], key: str, variant: Json) -> str:
    if not is_share(variant["at_grade_2"]):
        return ""
    now = cycles[0]
    then = [
        f"{past.token('variants', key, 'at_grade_2')} in {past.title}"
        for past in cycles[1:]
        if (before := past.find_variant(key)) is not None and is_share(before["at_grade_2"])
    ]
    return _say_against(
        say_audits_at_2(now.token("variants", key, "at_grade_2"), variant["at_grade_2"]), then
    )


def _say_against(said: str, then: Sequence[str]) -> str:
    return f"{said}, against {list_words(then)}." if then else f"{said}."


def _say_achieved(now: Shown, variant: Json) -> str:
    """‘Every agency achieved grade 2 for safer recruitment: 14 of 14 (100%).’"""
    all_two = [one for one in graded(variant["standards"]) if share_of(one) == 1]
    named = [f"{lower_first(one['title'])}: {_standard(now, variant, one)}" for one in all_two]
    if not named:
        return ""
    who = (
        "Every agency"
        if all(one["at_grade_2"]["of"] == variant["audits"] for one in all_two)
        else "Every agency with a grade there"
    )
    return say_one_or_list(f"{who} achieved grade 2 for", named)


def _say_weakest(now: Shown, variant: Json) -> str:
    below = [one for one in graded(variant["standards"]) if share_of(one) < 1]
    if not below:
        return ""
    least = min(share_of(one) for one in below)
    named = [
        f"{lower_first(one['title'])}: {_standard(now, variant, one)}"
        for one in below
        if share_of(one) == least
    ]
    all_shown = len(graded(variant["standards"])) == len(variant["standards"])
    lowest = (
        "The lowest share at grade 2 is"
        if all_shown
        else "Of what may be shown, the lowest share at grade 2 is"
    )
    return say_one_or_list(f"{lowest} for", named, f"{lowest} the same for")


def _say_indicators(now: Shown, variant: Json) -> str:
    """The lowest by mean; fewer than all have achieved each of them."""
    rows = [
        (mean, standard, one)
        for standard in variant["standards"]
        for one in standard["indicators"]
        if is_counted(one["scores"]) and (mean := mean_of(one["scores"])) is not None and mean < 2
    ]
    rows.sort(key=lambda row: row[0])
    most = count_with_ties([mean for mean, _, _ in rows])
    if not most:
        return ""
    lines = [_indicator(now, variant, standard, one) for _, standard, one in rows[:most]]
    asked = [one for standard in variant["standards"] for one in standard["indicators"]]
    of_shown = "" if all(is_counted(one["scores"]) for one in asked) else ", of what may be shown"
    return f"What is furthest from being achieved{of_shown}:\n\n{list_bullets(lines)}"


def _say_changes(now: Shown, past: Shown, variant: Json) -> str:
    moved = say_moves(now, past, variant)
    if not moved:
        return ""
    return f"{moved}\n\n{NOT_THE_SAME}"


def say_moves(now: Shown, past: Shown, variant: Json) -> str:
    """The largest rise and fall in the share at grade 2, over standards that both cycles have."""
    before = past.find_variant(variant["variant"])
    if before is None:
        return ""
    then = {(one["code"], one["title"]): one for one in graded(before["standards"])}
    moved = [
        (share_of(one) - share_of(then[one["code"], one["title"]]), one)
        for one in graded(variant["standards"])
        if (one["code"], one["title"]) in then
    ]
    said = []
    for word, edge in (("rose", max), ("fell", min)):
        most = edge((change for change, _ in moved), default=Fraction(0))
        if (most > 0) != (word == "rose") or most == 0:
            continue
        named = [
            f"{lower_first(one['title'])}: from {_standard(past, variant, one)} to {_standard(now, variant, one)}"
            for change, one in moved
            if change == most
        ]
        rose = f"The share at grade 2 {word} most"
        said.append(say_one_or_list(f"{rose} for", named, f"{rose}, and by as much, for"))
    return "\n\n".join(said)


def _list_critical(now: Shown, variant: Json) -> list[tuple[Json, Json]]:
    """Each with its standard."""
    zeros = {(one["variant"], one["indicator"]) for one in now.document["critical_zeros"]}
    return [
        (standard, one)
        for standard in variant["standards"]
        for one in standard["indicators"]
        if (variant["variant"], one["code"]) in zeros
    ]


def _say_critical(now: Shown, variant: Json) -> str:
    """Their codes and counts alone: their statements stand once, in the table of what needs to be better."""
    found = [
        f"{one['code']} ({now.token(*_path(variant, standard, one), 'scores', '0')})"
        for standard, one in _list_critical(now, variant)
    ]
    if not found:
        return ""
    what = "Critical indicator that was" if len(found) == 1 else "Critical indicators that were"
    return (
        f"{what} scored 0, with how many organisations did so: {list_words(found)}. The table under "
        f"‘{SectionKind.WEAKNESSES.label}’ says more."
    )


# All of them ----------------------------------------------------------------------------------------------------------


def say_strengths(now: Shown) -> str:
    """Themes at the top, across everybody; then each group's best standards."""
    if not has_grades(now):
        return _say_no_scores(now)
    return (
        "\n\n".join(_say_edge(now, is_strong=True)) or "Nothing that may be shown stands out from the rest."
    )


def say_weaknesses(now: Shown, *, has_table: bool = False) -> str:
    """`has_table`: whoever shows it draws the table of critical indicators below, so they are not listed here too."""
    if not has_grades(now):
        return _say_no_scores(now)
    said = [*_say_edge(now, is_strong=False), _say_all_critical(now, has_table=has_table)]
    return "\n\n".join(filter(None, said)) or "Nothing that may be shown is below grade 2."


def _say_all_critical(now: Shown, *, has_table: bool) -> str:
    lines = [
        _critical(now, variant, standard, one)
        for variant in now.document["variants"]
        for standard, one in _list_critical(now, variant)
    ]
    if not lines:
        return ""
    is_one = len(lines) == 1
    if has_table:
        what, are = ("The critical indicator", "is") if is_one else ("All critical indicators", "are")
        was = "was" if is_one else "were"
        return f"{what} that {was} scored 0, whatever the average, {are} in the table below."
    what = "A critical indicator that was scored 0" if is_one else "Critical indicators that were scored 0"
    return f"{what}, listed whatever the average:\n\n{list_bullets(lines)}"


def has_grades(now: Shown) -> bool:
    """Of a theme or a standard, for somebody to read."""
    return any(graded(rows) for _, rows, _ in list_rankings(now))


def _say_no_scores(now: Shown) -> str:
    return NOT_SHOWN if now.document["all"]["audits"] else NO_SCORES


def list_rankings(now: Shown) -> list[tuple[str, list[Json], tuple[str, ...]]]:
    """Whose themes or standards are compared with one another, which, and where their figures are."""
    return [
        ("Across all organisations", now.document["themes"], ("themes",)),
        *(
            (f"For {lower_first(one['label'])}", one["standards"], ("variants", one["variant"], "standards"))
            for one in now.document["variants"]
        ),
    ]


def _say_edge(now: Shown, *, is_strong: bool) -> Iterator[str]:
    word = "strongest" if is_strong else "weakest"
    for whose, listed, path in list_rankings(now):
        rows = graded(listed)
        shares = [share_of(one) for one in rows]
        if not stands_out(shares, is_strong=is_strong):
            continue
        edge = (max if is_strong else min)(shares)
        tied = [
            f"{_name(now, one, path)}: {now.token(*path, one['code'], 'at_grade_2')}"
            for one in rows
            if share_of(one) == edge
        ]
        # Variants that are shown together have themes in common, and no standards.
        what = "standard" if path[0] == "variants" and "+" not in path[1] else "theme"
        begin = whose if len(rows) == len(listed) else f"{whose}, of what may be shown,"
        if len(tied) == 1:
            yield f"{begin} the {word} {what} is {tied[0]} audits at grade 2."
        else:
            several = f"{begin} these {what}s are the {word}, and level with one another at grade 2"
            yield f"{several}:\n\n{list_bullets(tied)}"


def _name(now: Shown, row: Json, path: tuple[str, ...]) -> str:
    """A theme across everybody says who is not asked about it."""
    title = lower_first(row["title"])
    return name_theme(now.document, row, title) if path == ("themes",) else title


def stands_out(shares: Sequence[Fraction], *, is_strong: bool) -> bool:
    """What all lack alike is no strength, and what all have is no weakness."""
    if not shares:
        return False
    if is_strong:
        return max(shares) == 1 or max(shares) > min(shares)
    return min(shares) < 1


def say_overall(cycles: Sequence[Shown]) -> str:
    now = cycles[0]
    share = now.document["all"]["at_grade_2"]
    if not is_share(share):
        return _say_no_scores(now)
    then = [
        f"{past.token('all', 'at_grade_2')} in {past.title}"
        for past in cycles[1:]
        if is_share(past.document["all"]["at_grade_2"])
    ]
    return _say_against(say_audits_at_2(now.token("all", "at_grade_2"), share), then)


def say_follow_up(partnership: str) -> str:
    return (
        f"Each organisation follows the action plan that it made with its audit. {partnership} follows what it agreed "
        "with them until somebody has checked that it worked, and helps where several organisations lack the same "
        "thing. The next audit asks again and shows what has changed."
    )


def count_with_ties(values: Sequence[Fraction]) -> int:
    """How many of these, the lowest first, to list: five, more where they tie with the fifth, none of a long tie."""
    most = min(MOST_LISTED, len(values))
    while 0 < most < len(values) and values[most] == values[most - 1]:
        most += 1
    if most > MOST_TIED:
        # To name some of them would be arbitrary.
        return values.index(values[most - 1])
    return most


# Parts of sentences ---------------------------------------------------------------------------------------------------


def _standard(shown: Shown, variant: Json, standard: Json) -> str:
    return shown.token("variants", variant["variant"], "standards", standard["code"], "at_grade_2")


def _indicator(shown: Shown, variant: Json, standard: Json, one: Json) -> str:
    """‘Of the organisations, 3 scored it 1 and 8 scored it 2 (mean 1.73); 2 said that it does not apply.’"""
    path = _path(variant, standard, one)
    counts = [
        f"{shown.token(*path, 'scores', score)} scored it {score}" for score in "012" if one["scores"][score]
    ]
    return (
        f"{one['code']} {end_sentence(one['text'])} Of the organisations, {list_words(counts)} "
        f"(mean {shown.token(*path, 'mean')}){_not_applicable(shown, path, one)}."
    )


def _critical(shown: Shown, variant: Json, standard: Json, one: Json) -> str:
    path = _path(variant, standard, one)
    return (
        f"{one['code']} {end_sentence(one['text'])} Organisations that scored it 0: "
        f"{shown.token(*path, 'scores', '0')}{_not_applicable(shown, path, one)}."
    )


def _not_applicable(shown: Shown, path: Sequence[str], one: Json) -> str:
    """It passes disclosure control with the scores: withheld with them, and shown where they are."""
    count = one["not_applicable"]
    if not isinstance(count, int) or not count:
        return ""
    return f"; {shown.token(*path, 'not_applicable')} said that it does not apply"


def _path(variant: Json, standard: Json, one: Json) -> tuple[str, ...]:
    return ("variants", variant["variant"], "standards", standard["code"], "indicators", one["code"])
