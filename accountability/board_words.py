"""What a published report says to the board: the annual report's chapter and its cover paper, drafted. Pure.

In the sentences of accountability/narrative.py: every number is a token, a sentence is written only while it is true,
nothing withheld is spoken of, and no agency is named. What meetings came to is said from as many agencies on as a score
needs, since these papers go before the public. Text is Markdown; each part begins with a heading of its own.

The chapter takes in what the partnership's year has to say (ChapterPart), as it was approved: there an agency may be
named, by what it wrote itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from accountability import narrative
from accountability.chapter_parts import ChapterPart
from accountability.finding_drafts import Told
from accountability.finding_words import KEEP_GOING, THEMES
from accountability.sentences import Shown, graded, is_share, lower_first, name_theme, say_number, share_of
from accountability.tokens import without_tokens
from accountability.who_took_part import say_who_took_part
from s11.web.text import list_words
from surveys.disclosure.rules import FEWEST

Json = Any
# Where an officer's words about training stand in the chapter.
TRAINING: Final = "[[training]]"
NO_TRAINING: Final = "No training has been entered here yet."
MEETINGS_ARE_OWN: Final = (
    "Numbers about meetings are the partnership’s own count, which is not in that report. "
)
NO_RISK: Final = "The figures show no risk that stands out."
MOST_NAMED: Final = 3
# To a board, what a draft says to whoever works with children.
BOARD_LEADS: Final = "Agree who leads this across organisations, and when the board hears what has changed."
BOARD_KEEPS: Final = "Ask organisations to keep up what works, and to show others how they do it."
FOR_PRACTICE: Final = frozenset(words.do for words in THEMES.values())
HEADING: Final = re.compile(r"^##[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
# Of a text from elsewhere: headings above the third level.
TOO_HIGH: Final = re.compile(r"^#{1,2}(?=[ \t])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Board:
    """What the drafts are written from. `cycles` begins with the one that the report is about.

    `meetings` is what meetings came to, as accountability.meetings_overview counts it; empty where nobody was called.
    `parts` are what the year has to say in the chapter.
    """

    partnership: str
    reference: str
    cycles: Sequence[Shown]
    findings: Sequence[Told]
    meetings: Json
    contact: str
    parts: Sequence[ChapterPart] = ()

    @property
    def now(self) -> Shown:
        return self.cycles[0]

    @property
    def past(self) -> Shown | None:
        return self.cycles[1] if len(self.cycles) > 1 else None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper as it is read."""

    id: str
    title: str
    text: str


def split_sections(text: str) -> list[Section]:
    """At headings of the second level; what stands before the first has no title. An empty one is left out."""
    pieces = HEADING.split(text)
    found = [Section("opening", "", pieces[0].strip())] if pieces[0].strip() else []
    for number, (title, words) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True), start=1):
        found.append(Section(f"part-{number}", title.strip(), words.strip()))
    return found


def join_sections(parts: Iterable[tuple[str, str]]) -> str:
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in parts)


# The chapter ----------------------------------------------------------------------------------------------------------


def say_chapter(board: Board) -> str:
    return join_sections(
        [
            ("Who took part", say_participation(board)),
            ("What we found", say_findings(board)),
            ("What changed since last year", say_changes(board)),
            ("What meetings came to", say_meetings(board)),
            *((keep_flat(keep_out(part.title)), keep_out(part.text)) for part in board.parts),
            ("Training commissioned", TRAINING),
            ("Next year", say_next_year(board)),
        ]
    )


def say_participation(board: Board) -> str:
    return (
        f"{board.partnership} asked the organisations of its area how well they keep children safe, and checked what "
        f"they said. {say_who_took_part(board.cycles[:1])}"
    )


def say_findings(board: Board) -> str:
    """What officers wrote; without that, what the figures say by themselves."""
    if not board.findings:
        overall = narrative.say_overall(board.cycles[:1])
        strengths, weaknesses = narrative.say_strengths(board.now), narrative.say_weaknesses(board.now)
        return "\n\n".join(dict.fromkeys((overall, strengths, weaknesses)))
    parts = []
    if is_share(board.now.document["all"]["at_grade_2"]):
        parts.append(narrative.say_overall(board.cycles[:1]))
    for one in board.findings:
        words = " ".join(filter(None, (keep_flat(one.found), keep_flat(one.why_it_matters))))
        parts.append(f"### {one.title}\n\n{words}".strip())
    return "\n\n".join(parts)


def say_changes(board: Board) -> str:
    """As the figures have it: of all that submitted, for whole groups and for the standards that moved most."""
    past = board.past
    if past is None:
        return "This is the first report of its kind, so there is no year before to compare it with."
    cycles = (board.now, past)
    now, then = (one.token("participation", "submitted_of_invited") for one in cycles)
    said = [f"{now} invited organisations submitted, against {then} in {past.title}."]
    if all(is_share(one.document["all"]["at_grade_2"]) for one in cycles):
        now, then = (one.token("all", "at_grade_2") for one in cycles)
        said.append(f"{now} audits are at grade 2 overall, against {then}.")
    said += [
        f"{variant['label']}: {moved[:1].lower()}{moved[1:]}"
        for variant in board.now.document["variants"]
        if (moved := narrative.say_moves(board.now, past, variant))
    ]
    return "\n\n".join([*said, narrative.NOT_THE_SAME])


def say_meetings(board: Board) -> str:
    if not board.meetings:
        return "No organisation was called to an accountability meeting."
    if not board.meetings["met"]["count"]:
        return "No organisation has met its panel yet."
    met = "[[meetings/met]] organisations that were called met a panel"
    if not may_tell_outcomes(board.meetings):
        return f"{met}. {_say_why_not(board.meetings)}"
    return "\n\n".join([f"{met}.", *_say_outcomes(board)])


def _say_why_not(meetings: Json) -> str:
    """The rule that keeps what was agreed from being counted."""
    if meetings["met"]["count"] < FEWEST:
        who = "They are"
    elif meetings["agencies"]:
        who = "Those that have been sent what their panel recommends are"
    else:
        return "None has been sent what its panel recommends yet, so there is nothing to count."
    return f"{who} fewer than {say_number(FEWEST)}, so what was agreed with them is not counted here."


def may_tell_outcomes(meetings: Json) -> bool:
    """Of fewer agencies what was asked of them would tell of each."""
    return bool(meetings) and meetings["met"]["count"] >= FEWEST and meetings["agencies"] >= FEWEST


def _say_outcomes(board: Board) -> Iterator[str]:
    meetings = board.meetings
    if most := _say_most_asked(board):
        yield most
    yield "[[meetings/answered]] recommendations have an answer."
    if meetings["actions"] >= FEWEST:
        yield "[[meetings/done]] agreed actions are done."
    if meetings["done"]["count"] >= FEWEST:
        yield "An officer has checked [[meetings/verified]] of those that are done; [[meetings/worked]] worked."


def _say_most_asked(board: Board) -> str:
    """Ties are said, never broken; many that tie say nothing."""
    titles = {one["code"]: one["title"] for one in board.now.document["themes"]}
    asked = [one for one in board.meetings["themes"] if one["code"] in titles and one["agencies"] >= FEWEST]
    most = max((one["agencies"] for one in asked), default=0)
    level = [one for one in asked if one["agencies"] == most]
    if not level or len(level) > MOST_NAMED:
        return ""
    named = list_words([lower_first(titles[one["code"]]) for one in level])
    count = f"[[meetings/themes/{level[0]['code']}/agencies]]"
    return (
        f"Panels asked most organisations about {named}: {count} organisations{' each' if level[1:] else ''}."
    )


def say_next_year(board: Board) -> str:
    steps = list_steps(board.findings)
    follow_up = narrative.say_follow_up(board.partnership)
    return f"{follow_up}\n\nWhat follows from what we found:\n\n{bullets(steps)}" if steps else follow_up


def keep_out(text: str) -> str:
    """A part's words, which others wrote: they begin no section of the chapter, and name no figure to be filled in."""
    words = TOO_HIGH.sub("###", text.replace("\r\n", "\n").strip())
    return without_tokens(words)


def leave_out(text: str, parts: Iterable[ChapterPart]) -> str:
    """A chapter's words without those that stand as they are in a part."""
    for part in parts:
        text = text.replace(keep_out(part.text), " ")
    return text


# The cover paper ------------------------------------------------------------------------------------------------------


def say_cover(board: Board) -> str:
    """One page, so each part is short."""
    return join_sections(
        [
            ("Purpose", say_purpose(board)),
            ("What the board is asked to do", say_asked(board)),
            ("Key figures", bullets(list_key_figures(board))),
            ("Risks", bullets(list_risks(board)) or NO_RISK),
            ("Next steps", bullets(list_cover_steps(board))),
            ("Contact", board.contact),
        ]
    )


def say_purpose(board: Board) -> str:
    return (
        f"To tell the board what {board.now.title} showed of how organisations keep children safe, and to bring the "
        f"chapter for the annual report. All figures are those of {board.reference}, which is published. "
        f"{MEETINGS_ARE_OWN if board.meetings else ''}No organisation is named beside "
        "a figure."
    )


def say_asked(board: Board) -> str:
    asked = ["note what was found, and the risks below", "agree the chapter for the annual report"]
    weak = list_edge(board.now, is_strong=False)
    if 0 < len(weak) <= MOST_NAMED:
        named = list_words([lower_first(one["title"]) for one in weak])
        asked.append(f"agree who leads the work on {named} across organisations")
    return f"The board is asked to:\n\n{bullets(asked)}"


def list_key_figures(board: Board) -> Iterator[str]:
    past = board.past
    for about, *path in (
        ("Submitted, of those invited", "participation", "submitted_of_invited"),
        ("On time, of those submitted", "participation", "on_time_of_submitted"),
        ("Audits at grade 2 overall", "all", "at_grade_2"),
    ):
        if not is_share(_get(board.now.document, path)):
            continue
        then = ""
        if past is not None and is_share(_get(past.document, path)):
            then = f" ({past.title}: {past.token(*path)})"
        yield f"{about}: {board.now.token(*path)}{then}"
    for word, is_strong in (("Strongest", True), ("Weakest", False)):
        level = list_edge(board.now, is_strong=is_strong)
        if 0 < len(level) <= MOST_NAMED:
            tokens = [
                f"{name_theme(board.now.document, one)}, {board.now.token('themes', one['code'], 'at_grade_2')}"
                for one in level
            ]
            yield f"{word} across organisations: {'; '.join(tokens)}"
    if board.meetings and board.meetings["met"]["count"]:
        yield "Met a panel, of those called: [[meetings/met]]"


def list_risks(board: Board) -> Iterator[str]:
    """In general words: what is weak, never who."""
    document = board.now.document
    weak = list_edge(board.now, is_strong=False)
    if 0 < len(weak) <= MOST_NAMED:
        named = list_words([lower_first(one["title"]) for one in weak])
        yield f"The smallest share of audits is at grade 2 for {named}: what is not in place there protects no child."
    yield from _say_zeros(document)
    yield from _say_missing(board.now)
    past = board.past
    if past is not None and _fell(board.now, past, ("all", "at_grade_2")):
        yield f"The share of audits at grade 2 overall is lower than in {past.title}."
    if past is not None and _fell(board.now, past, ("participation", "submitted_of_invited")):
        yield f"The share of organisations that submitted is lower than in {past.title}."
    if may_tell_outcomes(board.meetings) and board.meetings["overdue_actions"]:
        # As with those that are done: of few actions nothing is counted.
        late = "[[meetings/overdue_actions]]" if board.meetings["actions"] >= FEWEST else "Some"
        yield f"Of what was agreed with panels, actions that are overdue: {late}."
    # Scores are what organisations say, unless somebody looked at them.
    if document["series"] == "self":
        yield "The figures are organisations’ own scores. They may be too high where evidence was not checked."


def _say_zeros(document: Json) -> Iterator[str]:
    """Those of which the public reads it: others may be withheld, so there may be more."""
    if count := len(document["critical_zeros"]):
        number = say_number(count)
        what = "critical indicator is" if count == 1 else "critical indicators are"
        yield (
            f"{number[:1].upper()}{number[1:]} {what} at 0 somewhere, of those that may be shown. That is a risk "
            "whatever the average."
        )


def _say_missing(now: Shown) -> Iterator[str]:
    took_part = now.document["participation"]
    if not _has_missing(took_part["submitted_of_invited"]):
        return
    # What was frozen before these were counted has only the share.
    missing = now.token("participation", "not_submitted") if "not_submitted" in took_part else "Some"
    yield f"{missing} of the invited did not submit. How safe children are there is not known from this audit."


def list_cover_steps(board: Board) -> Iterator[str]:
    yield "The chapter goes into the annual report, as the board agrees it."
    yield from list_steps(board.findings)[:MOST_NAMED]
    yield f"{board.partnership} follows what was agreed until somebody has checked that it worked."


# Parts ----------------------------------------------------------------------------------------------------------------


def list_edge(shown: Shown, *, is_strong: bool) -> list[Json]:
    """The themes with the highest share at grade 2, or the lowest; none where all are level, or the lowest is all."""
    themes = graded(shown.document["themes"])
    shares = {share_of(one) for one in themes}
    if len(shares) < 2:
        return []
    edge = max(shares) if is_strong else min(shares)
    return [one for one in themes if share_of(one) == edge]


def list_steps(findings: Iterable[Told]) -> list[str]:
    """Each once, after the findings that end with it: without them nobody would know what ‘this’ is."""
    found: dict[str, list[str]] = {}
    for one in findings:
        if step := say_to_board(keep_flat(one.next_steps)):
            found.setdefault(step, []).append(one.title)
    return [f"**{'; '.join(dict.fromkeys(titles))}.** {step}" for step, titles in found.items()]


def say_to_board(step: str) -> str:
    """An officer's own words stay; a draft's are for practitioners, and a board asks others to act."""
    if step in FOR_PRACTICE:
        return BOARD_LEADS
    return BOARD_KEEPS if step == KEEP_GOING else step


def keep_flat(text: str) -> str:
    """One paragraph, and no heading or list that would break into the paper's own."""
    lines = (re.sub(r"^\s*(#+|[-*+]|\d+[.)])\s+", "", line).strip() for line in text.splitlines())
    return " ".join(filter(None, lines))


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _get(document: Json, path: Sequence[str]) -> Json:
    for part in path:
        document = document[part]
    return document


def _fell(now: Shown, past: Shown, path: Sequence[str]) -> bool:
    shares = [_get(one.document, path) for one in (now, past)]
    if not all(is_share(one) for one in shares):
        return False
    after, before = (Fraction(one["count"], one["of"]) for one in shares)
    return after < before


def _has_missing(share: Json) -> bool:
    return is_share(share) and share["count"] < share["of"]
