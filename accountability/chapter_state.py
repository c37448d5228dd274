"""How the annual report's chapter stands to the parts of its year now: what changed, and what it may not say.

A quotation that left the parts may have lost its consent. So a chapter that still has it is handed out to nobody,
whoever wrote it; and no PDF of an earlier text is, for nobody knows what it quotes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from accountability.board_figures import fill, get_cycles
from accountability.chapter_parts import ChapterPart
from accountability.chapter_quotations import find_marked, list_quotations, mark
from accountability.chapter_year import (
    Changed,
    Maker,
    find_outdated,
    find_year,
    get_year_parts,
    note_quotations,
)
from accountability.enums import BoardPaperKind
from accountability.models import BoardPaper
from accountability.reporting_years import ReportingYear
from accountability.voice_enums import ConsentGiver, VoiceGroup, attribute

# Whose words they are stands below a quotation, and beside what else a group told: it is nobody's quotation.
WHOSE: Final = frozenset(mark(attribute(group, giver)) for group in VoiceGroup for giver in ConsentGiver)


@dataclass(frozen=True, slots=True)
class ChapterState:
    """`withdrawn` are passages that were quotations of a part once, `strange` quotations that no part ever had.

    `usual` is the year that nobody needs to choose.
    """

    year: ReportingYear
    usual: ReportingYear
    parts: tuple[ChapterPart, ...]
    missing: tuple[Maker, ...]
    changes: tuple[Changed, ...]
    withdrawn: tuple[str, ...]
    strange: tuple[str, ...]
    is_pdf_held: bool


def get_state(paper: BoardPaper) -> ChapterState | None:
    """None of a cover paper, which takes in no part."""
    if paper.kind != BoardPaperKind.CHAPTER:
        return None
    usual = find_year(get_cycles(paper.report))
    now = get_year_parts(paper.report.partnership, paper.year or usual)
    quoted, text = note_quotations(now.parts), fill(paper)
    gone = set(paper.quotations) - quoted - WHOSE
    withdrawn = find_marked(text, gone, but=quoted)
    others = (one for one in list_quotations(text) if mark(one) not in quoted)
    return ChapterState(
        year=now.year,
        usual=usual,
        parts=now.parts,
        missing=now.missing,
        changes=tuple(find_outdated(paper.parts, now.parts)),
        withdrawn=tuple(withdrawn),
        strange=tuple(one for one in others if not any(words in one for words in withdrawn)),
        is_pdf_held=bool(withdrawn) or (paper.is_pdf_old and bool(gone)),
    )
